/**
 * The accounts of this machine as the window sees them: addresses and states. Pass phrases, recovery words and keys are
 * entered and shown on a page of another origin; no input or answer here contains any of them.
 */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { base } from './base.ts'
import { addressText, wei } from './chain-basics.ts'

const walletAccount = z.object({
  address: addressText.describe('with its checksum'),
  kind: z.enum(['practice', 'keystore', 'watch', 'ledger', 'frame']),
  has_words: z.boolean().describe('its key comes from words, which can be shown again'),
  backup: z
    .enum(['unchecked', 'checked'])
    .nullable()
    .describe('of a wallet made here: whether its words were entered again; null: the key came from elsewhere'),
  open: z.boolean().describe('its pass phrase was given, and it has not locked itself since'),
  in_use: z.boolean(),
})
export type WalletAccount = z.infer<typeof walletAccount>

const walletsAnswer = z.object({
  accounts: z.array(walletAccount),
  refused: z
    .array(z.object({ name: z.string(), reason: z.string(), said: sayingSchema.optional() }))
    .describe('files among the wallets that are none'),
})
export type WalletsAnswer = z.infer<typeof walletsAnswer>

const one = z.object({ address: addressText })
/** The account concerned, and the current state of all. */
const done = walletsAnswer.extend(one.shape)

export const walletsContract = {
  list: base.output(walletsAnswer),
  balance: base.input(one.extend({ network: z.string() })).output(z.object({ wei })),
  use: base.input(one).output(done),
  lock: base.output(walletsAnswer),
  /** Creates a wallet, and offers to back it up at once. */
  create: base.output(done),
  importSecret: base.output(done),
  importFile: base.output(done),
  backUp: base.input(one).output(done),
  exportFile: base.input(one).output(done),
  /** The next account of the same recovery words. */
  derive: base.input(one).output(done),
  /** Adds an account whose key is in a device or another wallet, with the consent of the user. */
  connect: base.input(z.object({ device: z.enum(['ledger', 'frame']) })).output(done),
  watch: base.input(z.object({ address: z.string().max(200) })).output(done),
  /** Play money of the practice network. */
  fund: base.input(one).output(z.object({ wei })),
}
