/** Signed lists that users import as files: what a lab wants, and which works are known elsewhere. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { addressText, bytes32, wei } from './chain-basics.ts'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { fileToken } from './file-token.ts'

const shortText = z.string().trim().min(1).max(200)

/**
 * One need of a lab. Empty fields ask for nothing. Further fields (texts, examples, weights, which the scoring of
 * wanted lists reads) are signed and kept as they are.
 */
const wantedNeed = z.looseObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  title: shortText.optional(),
  text: z.string().max(2000).optional().describe('what is asked for; shown where there is no title'),
  note: z.string().max(2000).default(''),
  sensors: z
    .array(z.string().max(32))
    .max(32)
    .default([])
    .describe('kinds of streams that must be there, as probe names them'),
  least_seconds: z.number().min(0).default(0).describe('of the longest recording'),
  licences: z.array(z.string().max(64)).max(32).default([]).describe('SPDX identifiers, any of them'),
  training_use: z.enum(['allowed', 'constrained']).nullable().default(null).describe('what must at least be granted'),
  budget_wei: wei.default('0').describe('for a work that fits'),
})
export type WantedNeed = z.infer<typeof wantedNeed>

export const wantedContent = z.looseObject({
  title: shortText,
  /** Unix time in seconds at which it expires. */
  until: z.number().int().min(0),
  needs: z.array(wantedNeed).min(1).max(500),
})

const fingerprintContent = z.object({
  title: shortText,
  /** The version of the fingerprint method; lists without it come from versions with older methods. */
  prints_version: z.number().int().min(1).optional(),
  works: z
    .array(
      z.object({
        title: z.string().max(200),
        token_id: bytes32,
        recordings: z
          .array(
            z.object({ title: z.string().max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/), prints: z.base64() }),
          )
          .max(1000),
      }),
    )
    .max(20_000),
})
export type FingerprintContent = z.infer<typeof fingerprintContent>

const signedBy = {
  format: z.literal('asterism-list-1'),
  network: z.string(),
  chain_id: z.number().int(),
  issuer: addressText,
  issued_at: z.number().int().min(0),
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
}
export const signedList = z.discriminatedUnion('kind', [
  z.object({ ...signedBy, kind: z.literal('wanted'), content: wantedContent }),
  z.object({ ...signedBy, kind: z.literal('fingerprints'), content: fingerprintContent }),
])
export type SignedList = z.infer<typeof signedList>
export type ListKind = SignedList['kind']
export const LIST_KINDS = ['wanted', 'fingerprints'] as const satisfies readonly ListKind[]

/** How well the open project meets a need. */
const needMatch = wantedNeed.extend({
  fits: z.boolean(),
  missing: z.array(z.string()).describe('what the project lacks, in words'),
  missing_said: z.array(sayingSchema).describe('the same, for a window to say in its language'),
})
export type NeedMatch = z.infer<typeof needMatch>

const listEntry = z.object({
  id: z.string().describe('of the issuer and the content'),
  kind: z.enum(LIST_KINDS),
  title: z.string(),
  issuer: addressText,
  issued_at: z.number().int(),
  until: z.number().int().nullable().describe('of a wanted list; null for others'),
  over: z.boolean(),
  works: z.number().int().describe('of a list of fingerprints; 0 for others'),
  needs: z.array(needMatch).describe('of a wanted list, held against the open project; without one nothing fits'),
})
export type ListEntry = z.infer<typeof listEntry>

export const listsAnswer = z.object({
  lists: z.array(listEntry),
  refused: z.array(z.object({ id: z.string(), path: z.string(), reason: z.string(), said: sayingSchema.optional() })),
})
export type ListsAnswer = z.infer<typeof listsAnswer>

export const listSignInput = z.object({
  kind: z.enum(LIST_KINDS),
  /** Of a wanted list; null for the works that were minted on this machine. */
  content: fileToken.nullable(),
  network: z.string(),
  account: addressText.nullable(),
  out: fileToken,
})
export const listSignAnswer = z.object({
  path: z.string(),
  kind: z.enum(LIST_KINDS),
  issuer: addressText,
  title: z.string(),
})

export const listsContract = {
  all: oc.output(listsAnswer),
  take: oc.input(z.object({ file: fileToken })).output(listsAnswer),
  remove: oc.input(z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) })).output(listsAnswer),
}
