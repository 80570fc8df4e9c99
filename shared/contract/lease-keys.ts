/** How the lessee gets the key of a sealed work: request and release are files. */
import { z } from 'zod'
import { fileToken } from './file-token.ts'
import { addressText, bytes32 } from './chain-basics.ts'
import { workReference } from './chain-acts.ts'

/** Of age, X25519. */
const ageRecipient = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/)

const asked = {
  network: z.string(),
  chain_id: z.number().int(),
  collection: addressText,
  token_id: bytes32.describe('sha-256 of metadata.json'),
  user: addressText.describe('who leases the work'),
  recipient: ageRecipient.describe('what the key is encrypted for'),
}

/** What a lessee signs: the work, and the public key that is to receive its key. */
export const keyRequest = z.object({
  format: z.literal('asterism-key-request-1'),
  ...asked,
  issued_at: z.number().int().min(0).describe('Unix time in seconds'),
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
})
export type KeyRequest = z.infer<typeof keyRequest>

/** The key of a work, encrypted for one lessee. */
export const releasedKey = z.object({
  format: z.literal('asterism-released-key-1'),
  ...asked,
  work: ageRecipient.describe('the recipient of the sealed work, by which its key is recognised'),
  expires: z.number().int().describe('when the lease ends, as the chain said, Unix time'),
  key: z.string().max(4096).describe('the key of the work as an age file in armour'),
})
export type ReleasedKey = z.infer<typeof releasedKey>

export const keyRequestInput = z.object({
  network: z.string(),
  account: addressText.nullable(),
  work: workReference,
  out: fileToken,
})
export const keyRequestAnswer = z.object({ path: z.string(), ...asked })

/** Null: the package of the open project. */
export const keyReleaseInput = z.object({
  request: fileToken,
  package: fileToken.nullable(),
  /** The network of the lease; null: any network of value, or practice. */
  network: z.string().nullable(),
  /** Null: beside the package, named after the lessee. */
  out: fileToken.nullable(),
})
export const keyReleaseAnswer = z.object({
  path: z.string(),
  ...asked,
  expires: z.number().int().describe('when the lease ends, Unix time'),
})

export const keyOpenInput = z.object({ package: fileToken, key: fileToken, out: fileToken })
export const keyOpenAnswer = z.object({
  path: z.string(),
  token_id: bytes32,
  files: z.number().int(),
  bytes: z.number(),
  expires: z.number().int().describe('when the lease ends, Unix time; nothing here ends with it by itself'),
})
