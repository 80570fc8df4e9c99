/** Answers of the commands that send or verify a package. */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'

/** A recording that is partly or wholly contained in a known work. */
const originalityMatch = z.object({
  kind: z.string().describe('exact, video, audio, shape or text'),
  asset: z.string().describe('the recording of this project'),
  of: z.string().describe('the recording in the other work'),
  work: z.string(),
  work_title: z.string(),
  minted: z.boolean(),
  similarity: z.number(),
  start_s: z.number().nullable().describe('of the span on the own clock; null for the whole'),
  end_s: z.number().nullable(),
  of_start_s: z.number().nullable(),
  of_end_s: z.number().nullable(),
})
export type OriginalityMatch = z.infer<typeof originalityMatch>

/** Matches of another shape are what a valuation says of its own. */
export const originalityAnswer = z.object({ status: z.string(), matches: z.array(z.json()) })

export const uploadAnswer = z.object({
  target: z.string().describe('folder, tus, s3, kubo or pinning'),
  location: z.string().describe('where it is now: a path or an address'),
  bytes_sent: z.number().describe('by this run'),
  bytes_skipped: z.number().describe('found there already'),
  verified: z.boolean().describe('true only when everything was read back and hashed to what was sent'),
  note: z.string().optional().describe('why it is not verified'),
  said: sayingSchema.optional().describe('the same as a code with slots'),
})
export type UploadAnswer = z.infer<typeof uploadAnswer>

export const verifyAnswer = z.object({
  path: z.string(),
  ok: z.boolean().describe('nothing is wrong with it'),
  root_cid: z.string().nullable().describe('of the bytes that are there'),
  token_id: z.string().nullable(),
  files: z.number().int(),
  bytes: z.number(),
  failures: z.array(
    z
      .object({ path: z.string().describe('in the package'), what: z.string() })
      .describe('what is wrong with which file'),
  ),
  signer: z.string().nullable().describe('the account whose signature beside it is of exactly this package'),
  credentials: z
    .object({ files: z.number().int(), signers: z.array(z.string()) })
    .nullable()
    .describe('C2PA manifests beside it; null where there are none'),
  sealed: z
    .object({ recipient: z.string(), files: z.number().int() })
    .nullable()
    .describe('recordings that open with a key only; null where they lie open'),
  blocking: z.array(z.string()).describe('checks that failed when it was packed, for which nothing may be minted'),
})
export type VerifyAnswer = z.infer<typeof verifyAnswer>

export const signAnswer = z.object({
  path: z.string(),
  signer: z.string(),
  manifest_sha256: z.string(),
  signature: z.string(),
})

export const credentialsAnswer = z.object({
  path: z.string().describe('folder of the C2PA manifests'),
  root_sha256: z.string().describe('of the certificate that vouches for them, by which others recognise it'),
  self_signed: z.literal(true).describe('nobody but this machine vouches for it'),
  files: z.array(
    z.object({
      path: z.string().describe('in the package'),
      credentials: z.string(),
      embedded: z.string().nullable().describe('a copy that carries its manifest'),
      note: z.string().optional().describe('why there is none'),
    }),
  ),
})
export type CredentialsAnswer = z.infer<typeof credentialsAnswer>
