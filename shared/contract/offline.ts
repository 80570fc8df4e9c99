/** Files that go to a machine without a network and come back signed. */
import { z } from 'zod'
import { addressText, bytes32 } from './chain-basics.ts'

const hexBytes = z.string().regex(/^0x([0-9a-f]{2})+$/)

const common = {
  network: z.string(),
  account: addressText,
  /** Owner of the collection, if it is not the account's own. */
  creator: addressText.nullable(),
  /** Its purpose, as in the journal. */
  key: z.string().min(1).max(1_000),
  contract: addressText,
  token_id: bytes32.nullable(),
  unsigned: hexBytes,
}

export const unsignedFile = z.object({ format: z.literal('asterism-unsigned-1'), ...common })
export type UnsignedFile = z.infer<typeof unsignedFile>
export const signedFile = z.object({ format: z.literal('asterism-signed-1'), ...common, signed: hexBytes })
export type SignedFile = z.infer<typeof signedFile>
