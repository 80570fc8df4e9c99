/** What the clock alone changes of works: auctions end and leases expire without anybody doing anything. */
import type { LedgerWork } from './acts.ts'

/** The work as it is at a moment, by what was read of it before: a lease that has expired is none. */
export function workAt(work: LedgerWork, nowMilliseconds: number): LedgerWork {
  const isExpired = work.lease !== null && Date.parse(work.lease.expires) <= nowMilliseconds
  return isExpired ? { ...work, lease: null } : work
}

/** When the clock changes one of them next; null: never. */
export function nextChange(works: readonly LedgerWork[], nowMilliseconds: number): number | null {
  const moments = works.flatMap(({ offer, lease }) =>
    [offer?.ends, lease?.expires].flatMap((time) => (time ? [Date.parse(time)] : [])),
  )
  const later = moments.filter((moment) => moment > nowMilliseconds)
  return later.length === 0 ? null : later.reduce((first, moment) => Math.min(first, moment))
}
