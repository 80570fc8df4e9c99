/** The calls that the signer knows and signs. An explicit list: what is not in it is refused. */
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import type { AllowedCall } from './allowed-call.ts'
import { collectionCalls } from './collection-calls.ts'
import { marketCalls } from './market-calls.ts'
import { starsCalls } from './stars-calls.ts'

export const allowedCalls: readonly AllowedCall[] = [...collectionCalls, ...marketCalls, ...starsCalls]

/** Dangerous calls, by name, so that a refusal can say what it is. */
const DANGEROUS_CALLS: Readonly<Record<string, Saying>> = {
  '0x095ea7b3': say('signing.danger.approval'),
  '0xa22cb465': say('signing.danger.approvalOfAll'),
  '0x23b872dd': say('signing.danger.transfer'),
  '0xa9059cbb': say('signing.danger.tokens'),
  '0x39509351': say('signing.danger.allowance'),
  '0xd505accf': say('signing.danger.permit'),
  '0xf2fde38b': say('signing.danger.collection'),
  '0x715018a6': say('signing.danger.collectionForEver'),
}

export function dangerOf(selector: string): Saying | undefined {
  return DANGEROUS_CALLS[selector]
}
