/** Jobs: their kinds with inputs and outputs, and their state as every client sees it. */
import { failureSaidSchema, sayingSchema } from '../sayings/saying-schema.ts'
import { z } from 'zod'
import { ERROR_CODES } from '../errors.ts'
import {
  importAnswer,
  mintAnswer,
  mintBatchAnswer,
  packAnswer,
  practiceAnswer,
  probeAnswer,
  registerAnswer,
  registerFilesAnswer,
  syncAnswer,
  syncFilesAnswer,
  valueAnswer,
} from './answers.ts'
import { addressText } from './chain-basics.ts'
import { fileToken } from './file-token.ts'
import {
  keyOpenAnswer,
  keyOpenInput,
  keyReleaseAnswer,
  keyReleaseInput,
  keyRequestAnswer,
  keyRequestInput,
} from './lease-keys.ts'
import { listSignAnswer, listSignInput } from './lists.ts'
import { packBuildAnswer, packBuildInput } from './packs.ts'
import { modelDownloadInput, modelsAnswer } from './models.ts'
import { registerPairInput } from './space.ts'
import { starsAnswer, starsInput } from './stars.ts'
import { exportAnswer, exportInput } from './export.ts'
import { transcribeAnswer } from './transcribe.ts'
import { credentialsAnswer, signAnswer, uploadAnswer, verifyAnswer } from './package-answers.ts'
import { schemeOf } from '../publish/destination.ts'
import { signedVoucher, voucherInput } from './vouchers.ts'
import { pendingChangeAnswer, pendingChangeInput } from './pending.ts'
import {
  actAnswer,
  attestInput,
  chainActInput,
  ledgerAnswer,
  ledgerInput,
  royaltyBasisPoints,
  signedAttestation,
} from './chain-acts.ts'

export { fileToken }

export const SYNC_METHODS = ['auto', 'audio', 'motion', 'timecode', 'event'] as const
const syncMethod = z.enum(SYNC_METHODS)

/** Never a folder. The upload decides which schemes are known. */
const mintTerms = {
  network: z.string(),
  dryRun: z.boolean(),
  /** Which wallet; null or absent: the one in use, or the practice account. */
  account: addressText.nullable().optional(),
  /** Royalty of the collection, if this mint creates it; absent: what the project says, or 5 %. */
  royaltyBasisPoints: royaltyBasisPoints.optional(),
}

const uploadAddress = z
  .string()
  .max(2000)
  .refine((text) => schemeOf(text) !== null, 'must be an address')

export const jobKinds = {
  probe: { input: z.object({ files: z.array(fileToken).min(1).max(10_000) }), output: probeAnswer },
  syncFiles: { input: z.object({ a: fileToken, b: fileToken, method: syncMethod }), output: syncFilesAnswer },
  registerFiles: {
    input: z.object({ target: fileToken, source: fileToken, scale: z.boolean() }),
    output: registerFilesAnswer,
  },
  value: { input: z.object({ world: fileToken }), output: valueAnswer },
  packBuild: { input: packBuildInput, output: packBuildAnswer },
  import: {
    input: z.object({
      files: z.array(fileToken).min(1).max(10_000),
      /** Also imports recordings that are beside films and belong to them. */
      beside: z.boolean().optional(),
    }),
    output: importAnswer,
  },
  derive: { input: z.object({ assetId: z.string() }), output: z.object({ made: z.array(z.string()) }) },
  sync: { input: z.object({ referenceAssetId: z.string().nullable(), method: syncMethod }), output: syncAnswer },
  register: { input: z.object({ referenceAssetId: z.string().nullable() }), output: registerAnswer },
  registerPair: { input: registerPairInput, output: registerFilesAnswer },
  stars: { input: starsInput, output: starsAnswer },
  pack: {
    input: z.object({
      out: fileToken.nullable(),
      licence: z.string().nullable(),
      profile: z.string().nullable(),
      /** Root CID of the package that this one replaces. */
      supersedes: z.string().max(120).nullable().optional(),
      /** Encrypts the recordings; the key is released to whoever leases the work. */
      seal: z.boolean().optional(),
    }),
    output: packAnswer,
  },
  /** To an address, or into a folder that the host showed; the window never names a path. */
  upload: {
    input: z.object({
      package: fileToken.nullable(),
      to: z.union([z.object({ folder: fileToken }), z.object({ address: uploadAddress })]),
      headers: fileToken.nullable(),
      bytesPerSecond: z.number().positive().nullable(),
      /** Signs in with an account of a network (EIP-4361), at an address of the same server. */
      signIn: z.object({ at: z.string().max(2000), network: z.string(), account: addressText.nullable() }).optional(),
    }),
    output: uploadAnswer,
  },
  sign: { input: z.object({ package: fileToken.nullable(), network: z.string() }), output: signAnswer },
  credentials: {
    input: z.object({ package: fileToken.nullable(), embedIn: fileToken.nullable() }),
    output: credentialsAnswer,
  },
  verify: { input: z.object({ package: fileToken }), output: verifyAnswer },
  mint: {
    input: z.object({ package: fileToken.nullable(), ...mintTerms }),
    output: mintAnswer,
  },
  mintBatch: {
    input: z.object({ packages: z.array(fileToken).min(2).max(200), ...mintTerms }),
    output: mintBatchAnswer,
  },
  transcribe: { input: z.object({ assetId: z.string().nullable() }), output: transcribeAnswer },
  modelDownload: { input: modelDownloadInput, output: modelsAnswer },
  export: { input: exportInput, output: exportAnswer },
  chainAct: { input: chainActInput, output: actAnswer },
  voucher: { input: voucherInput, output: signedVoucher },
  listSign: { input: listSignInput, output: listSignAnswer },
  keyRequest: { input: keyRequestInput, output: keyRequestAnswer },
  keyRelease: { input: keyReleaseInput, output: keyReleaseAnswer },
  keyOpen: { input: keyOpenInput, output: keyOpenAnswer },
  attest: { input: attestInput, output: signedAttestation },
  ledger: { input: ledgerInput, output: ledgerAnswer },
  pendingChange: { input: pendingChangeInput, output: pendingChangeAnswer },
  practiceStart: { input: z.object({}), output: practiceAnswer },
} as const

export type JobKind = keyof typeof jobKinds
export type JobInput<K extends JobKind> = z.infer<(typeof jobKinds)[K]['input']>
export type JobOutput<K extends JobKind> = z.infer<(typeof jobKinds)[K]['output']>
export const JOB_KINDS = Object.keys(jobKinds) as [JobKind, ...JobKind[]]

export const failureSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  path: z.string().optional(),
  fix: z.string().optional(),
  kept: z.string().optional(),
  said: failureSaidSchema.optional(),
})

/** The subject of a job, for hosts that describe it in their own language together with its kind. */
const jobAbout = z.object({
  /** The name of a file, a network or a format. */
  subject: z.string().optional(),
  /** For kinds that do several things, which one: the act on a chain, or `cost` if nothing is sent. */
  task: z.string().optional(),
  /** The recording that it works on. */
  assetId: z.string().optional(),
  /** The format of an export, so that a failed one can be repeated at another place. */
  exportAs: exportInput.pick({ format: true, preset: true, atSeconds: true }).optional(),
})
export type JobAbout = z.infer<typeof jobAbout>

export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  /** The whole description in English. */
  title: z.string(),
  about: jobAbout.optional(),
  /** `interrupted`: it was running when the program ended, and can be resumed. */
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']),
  /** 0 to 1. */
  fraction: z.number().min(0).max(1),
  /** Its current step, in English, and as a saying if there is one. */
  stage: z.string(),
  said: sayingSchema.optional(),
  etaSeconds: z.number().nullable(),
  /** Name of the machine that runs or ran it, if it is another one. */
  machine: z.string().optional(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  failure: failureSchema.nullable(),
  log: z.array(z.string()),
  result: z.json().nullable(),
})
export type Job = z.infer<typeof jobSchema>

/** True if a job will not change by itself any more. */
export function hasEnded(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
}
