/** Transactions that were signed and are not final yet. */
import { z } from 'zod'
import { addressText } from './chain-basics.ts'

const hash = z.string().regex(/^0x[0-9a-f]{64}$/)

export const pendingAnswer = z.object({
  pending: z.array(
    z.object({
      transaction: hash,
      account: z.string(),
      contract: z.string(),
      token_id: z.string().nullable(),
      nonce: z.number().int(),
      stage: z.string().describe('signed, sent or mined'),
      max_fee_per_gas_wei: z.string(),
      cancels: z.boolean().describe('it does nothing but take the place of another'),
    }),
  ),
})
export type PendingAnswer = z.infer<typeof pendingAnswer>

export const pendingChangeInput = z.object({
  network: z.string(),
  account: addressText.nullable(),
  hash,
  /** `send`: broadcasts the signed bytes unchanged, for example of a transaction signed on another machine. */
  change: z.enum(['bump', 'cancel', 'send']),
})

export const pendingChangeAnswer = z.object({
  transaction: hash.describe('that settled it'),
  outcome: z.enum(['done', 'cancelled', 'void']).describe('void: neither can be taken into a block any more'),
  replaced: hash.nullable().describe('null: it was in a block already'),
  fee_wei: z.string(),
})
export type PendingChangeAnswer = z.infer<typeof pendingChangeAnswer>

export const takenSignedAnswer = z.object({ network: z.string(), account: z.string() })
