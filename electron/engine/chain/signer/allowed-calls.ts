/** The calls that the signer knows and signs. An explicit list: what is not in it is refused. */
import type { AllowedCall } from './allowed-call.ts'
import { collectionCalls } from './collection-calls.ts'
import { marketCalls } from './market-calls.ts'
import { starsCalls } from './stars-calls.ts'

export const allowedCalls: readonly AllowedCall[] = [...collectionCalls, ...marketCalls, ...starsCalls]

/** Calls that take something away from their owner when signed by mistake; named so that a refusal can say what it is. */
const DANGEROUS_CALLS: Readonly<Record<string, string>> = {
  '0x095ea7b3': 'an approval: somebody else could take this work, or these tokens',
  '0xa22cb465': 'an approval of everything: somebody else could take all works of a collection',
  '0x23b872dd': 'a transfer that its receiver may not be able to take',
  '0xa9059cbb': 'a transfer of tokens to somebody else',
  '0x39509351': 'an approval: somebody else could take these tokens',
  '0xd505accf': 'an approval by signature: somebody else could take these tokens',
  '0xf2fde38b': 'giving your collection away',
  '0x715018a6': 'giving up your collection for ever',
}

export function dangerOf(selector: string): string | undefined {
  return DANGEROUS_CALLS[selector]
}
