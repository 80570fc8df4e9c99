/** The protocol between a host and the signer's process: plain JSON, one answer per request. */
import { z } from 'zod'
import { ERROR_CODES } from '../../../../shared/errors.ts'
import { failureSaidSchema } from '../../../../shared/sayings/saying-schema.ts'
import { signInSchema } from './sign-in-policy.ts'
import { typedDataSchema } from './typed-data-policy.ts'
import type { SigningDescription } from './description.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
const passphrase = z.string().max(4096)

/** What holds a key besides this program. */
export const deviceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ledger'), path: z.string().max(64) }),
  z.object({ kind: z.literal('frame') }),
])
export type Device = z.infer<typeof deviceSchema>

const payloadSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('transaction'), unsigned: z.string(), creator: address.optional() }),
  z.object({ kind: z.literal('typed-data'), data: typedDataSchema }),
  z.object({ kind: z.literal('sign-in'), signIn: signInSchema }),
])
export type SigningPayload = z.infer<typeof payloadSchema>

export const signerRequestSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('create'), passphrase }),
  z.object({
    op: z.literal('import'),
    passphrase,
    source: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('secret'), secret: z.string().max(4096) }),
      z.object({ kind: z.literal('keystore'), json: z.string().max(65_536) }),
    ]),
  }),
  z.object({
    op: z.literal('derive'),
    address,
    passphrase,
    index: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1),
  }),
  z.object({ op: z.literal('words'), address, passphrase }),
  z.object({ op: z.literal('check-words'), address, passphrase, words: z.string().max(1024) }),
  z.object({ op: z.literal('unlock'), address, passphrase }),
  z.object({ op: z.literal('unlock-practice') }),
  /** An account whose key is elsewhere: requested once and shown there, then used. */
  z.object({ op: z.literal('connect'), device: deviceSchema }),
  z.object({ op: z.literal('unlock-device'), address, device: deviceSchema }),
  z.object({ op: z.literal('describe'), payload: payloadSchema }),
  z.object({ op: z.literal('sign'), payload: payloadSchema, confirmation: z.string() }),
  z.object({ op: z.literal('lock') }),
])
export type SignerRequest = z.infer<typeof signerRequestSchema>

/** The first message of a host, once: the token that every later one must carry, and the folder of the program. */
export const openSchema = z.object({ open: z.object({ token: z.string().min(43), home: z.string().min(1) }) })
export const envelopeSchema = z.object({ id: z.number().int(), token: z.string(), request: z.unknown() })

export interface WalletMade {
  readonly address: string
  readonly path: string
}
export interface Unlocked {
  readonly address: string
}
export interface Described {
  readonly description: SigningDescription
  /** To be returned with `sign` once the user has agreed to exactly this description. Valid once, for ten minutes. */
  readonly confirmation: string
}
export interface Signed {
  /** A transaction ready to be sent, or a 65-byte signature; `0x…`. */
  readonly signed: string
}
/** For a person to write down, and for nothing else. */
export interface Words {
  readonly words: string
}
export type SignerResult = WalletMade | Unlocked | Described | Signed | Words | Record<string, never>

export const signerAnswerSchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({
    id: z.number().int(),
    ok: z.literal(false),
    error: z.object({
      code: z.enum(ERROR_CODES),
      message: z.string(),
      fix: z.string().optional(),
      path: z.string().optional(),
      said: failureSaidSchema.optional(),
    }),
  }),
])
export type SignerAnswer = z.infer<typeof signerAnswerSchema>
