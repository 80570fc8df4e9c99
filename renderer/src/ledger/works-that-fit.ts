import type { LedgerWork } from './acts.ts'

/** The works in which every word stands, whatever its case: in title, token, owner, lessee, issuers or models. Newest first. */
export function worksThatFit(works: readonly LedgerWork[], wanted: string): LedgerWork[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  return works
    .filter((work) => {
      const text = textOf(work)
      return words.every((word) => text.includes(word))
    })
    .reverse()
}

function textOf({ title, token_id: token, owner, lease, offer, stars, contributions }: LedgerWork): string {
  const attested = [...stars.map(({ issuer }) => [issuer]), ...contributions.map(Object.values)].flat()
  return [title, token, owner, lease?.user, offer?.seller, ...attested].join('\n').toLowerCase()
}
