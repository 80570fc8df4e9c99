/**
 * Content credentials of a package: a C2PA manifest for every recording and preview in it, beside the package under
 * `<name>.credentials/`. In the package they would change its address with every signature; copies with the manifest
 * inside can be made on top.
 */
import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { CredentialsAnswer } from '../../../../shared/contract/package-answers.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ReadTask, SignTask } from '../../../workers/credentials.ts'
import { isMissing, makeFolder, withFileErrors } from '../../file-errors.ts'
import { MANIFEST_NAME, manifestSchema } from '../package/manifest.ts'
import { sha256Hex } from '../package/signature.ts'
import { writeWholeBytes } from '../export/whole-file.ts'
import { definitionOf, type CredentialedFile } from './definition.ts'
import { credentialsIdentity } from './identity.ts'
import { inCredentialsThread } from './thread.ts'

/** Putting a manifest inside takes more than four times the file in memory (300 MB: 1.3 GB). */
const LARGEST_EMBEDDED_BYTES = 100_000_000
/** One of ours takes some ten thousand bytes. */
const LARGEST_SIDECAR_BYTES = 4 << 20
export const CREDENTIALS_SUFFIX = '.c2pa'
const EMBEDDABLE = new Set([
  'audio/mpeg',
  'audio/wav',
  'image/avif',
  'image/heic',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
  'video/mp4',
  'video/quicktime',
])

/** Where the credentials of a package lie, given its folder or its CAR file. */
export function credentialsFolder(packagePath: string): string {
  return `${packagePath.replace(/\.car$/, '')}.credentials`
}

export interface CredentialsOptions {
  readonly home: string
  readonly version: string
  /** A folder for copies with their manifests inside; null: sidecars only. */
  readonly embedIn: string | null
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

/** @param packageFolder a package that was verified */
export async function writeCredentials(packageFolder: string, options: CredentialsOptions): Promise<CredentialsAnswer> {
  const { home, version, embedIn, signal, onProgress } = options
  const identity = await credentialsIdentity(home)
  const manifestBytes = await withFileErrors(packageFolder, () => readFile(join(packageFolder, MANIFEST_NAME)))
  const { files } = manifestSchema.parse(JSON.parse(manifestBytes.toString('utf8')))
  const media = files.filter(({ path }) => isCredentialed(path))
  const recordings = media.filter(({ path }) => !isPreview(path))
  const context = {
    version,
    trainingMining: await trainingMiningOf(packageFolder),
    manifestSha256: sha256Hex(manifestBytes).slice(2),
  }
  const plans = media.map((file) => {
    const ingredients = isPreview(file.path) ? recordings : []
    return { file, definition: definitionOf(file, { ...context, ingredients }), ...embedding(file, embedIn) }
  })
  if (embedIn !== null) {
    for (const { embedAt } of plans) if (embedAt) await makeFolder(dirname(embedAt))
  }
  const tasks = plans.flatMap(({ file, definition, embedAt }): SignTask[] => {
    const { path, sha256, media_type: format } = file
    const task = { kind: 'sign', source: join(packageFolder, path), sha256, format, definition } as const
    return [{ ...task, embedAt: null }, ...(embedAt ? [{ ...task, embedAt }] : [])]
  })
  const { privateKeyPem, certificates } = identity
  const results = await inCredentialsThread({ identity: { privateKeyPem, certificates }, tasks }, signal, (done) =>
    onProgress?.(done / tasks.length),
  )
  const folder = credentialsFolder(packageFolder)
  for (const [n, result] of results.entries()) {
    const { source, embedAt } = tasks[n]!
    if (result.kind !== 'signed') {
      const why = result.kind === 'failed' ? result.reason : 'no manifest came back'
      throw new AsterismError('internal', `No credentials could be made: ${why}.`, { path: source })
    }
    if (embedAt !== null) continue
    const path = join(folder, `${source.slice(packageFolder.length + 1)}${CREDENTIALS_SUFFIX}`)
    await writeWholeBytes(path, result.manifest, signal)
  }
  return {
    path: folder,
    root_sha256: identity.rootSha256,
    self_signed: true,
    files: plans.map(({ file, embedAt, note }) => ({
      path: file.path,
      credentials: join(folder, `${file.path}${CREDENTIALS_SUFFIX}`),
      embedded: embedAt,
      ...(note ? { note } : {}),
    })),
  }
}

const isPreview = (path: string): boolean => path.startsWith('preview/')
const isCredentialed = (path: string): boolean => path.startsWith('media/') || isPreview(path)

function embedding(
  file: CredentialedFile & { readonly bytes: number },
  embedIn: string | null,
): { embedAt: string | null; note: string | null } {
  if (embedIn === null) return { embedAt: null, note: null }
  if (!EMBEDDABLE.has(file.media_type)) return { embedAt: null, note: 'A file of this kind cannot carry a manifest.' }
  if (file.bytes > LARGEST_EMBEDDED_BYTES) return { embedAt: null, note: 'It is too large to carry its manifest.' }
  return { embedAt: join(embedIn, file.path), note: null }
}

const rightsSchema = z.object({ training_mining: z.object({ entries: z.record(z.string(), z.json()) }) })

async function trainingMiningOf(packageFolder: string): Promise<Record<string, never>> {
  const path = join(packageFolder, 'rights.json')
  const parsed = rightsSchema.safeParse(JSON.parse(await withFileErrors(path, () => readFile(path, 'utf8'))))
  if (parsed.success) return parsed.data.training_mining.entries as Record<string, never>
  throw new AsterismError('corrupt_file', say('credentials.noRights'), { path })
}

export interface CheckedCredentials {
  readonly answer: { readonly files: number; readonly signers: readonly string[] } | null
  readonly failures: readonly { readonly path: string; readonly what: string }[]
}

const storeSchema = z.object({
  active_manifest: z.string(),
  manifests: z.record(
    z.string(),
    z.looseObject({
      signature_info: z.object({ issuer: z.string(), common_name: z.string(), cert_serial_number: z.string() }),
    }),
  ),
  validation_status: z.array(z.object({ code: z.string() })).optional(),
})
const usesSchema = z.record(z.string(), z.looseObject({ use: z.string() }))
const hashSchema = z.object({
  manifests: z.array(
    z.looseObject({
      label: z.string(),
      assertions: z.looseObject({
        'c2pa.hash.data': z.object({ alg: z.string(), hash: z.string() }),
        'cawg.training-mining': z.looseObject({ entries: usesSchema }),
        'org.asterism.package': z.looseObject({ manifest_sha256: z.string() }),
      }),
    }),
  ),
})

/** What the library says of a sidecar without its file, whose hash is compared here, and of a root of one's own. */
const EXPECTED = new Set(['assertion.dataHash.mismatch', 'signingCredential.untrusted'])

/** The library starts anew for each so many: of manifests that somebody else made, few are in memory at a time. */
const READ_AT_A_TIME = 32

interface CredentialedPackage {
  readonly paths: readonly string[]
  /** Hexadecimal, of a file of the package; null where there is none. */
  sha256Of(path: string): string | null
  /** Rights.json, as it was read. */
  readonly rights: unknown
}

/** Holds the credentials beside a package against its files, its manifest and its rights. */
export async function checkCredentials(
  packagePath: string,
  { paths: packaged, sha256Of, rights }: CredentialedPackage,
  signal?: AbortSignal,
): Promise<CheckedCredentials> {
  const folder = credentialsFolder(packagePath)
  const failures: { path: string; what: string }[] = []
  const fail = (path: string, what: string): void => void failures.push({ path: `${basename(folder)}/${path}`, what })
  const { paths, odd } = await sidecarsIn(folder)
  for (const path of odd) fail(path, 'is no manifest that can be read')
  if (paths.length === 0) return { answer: null, failures }
  const subjectOf = (path: string): string => path.slice(0, -CREDENTIALS_SUFFIX.length)
  const known = paths.filter((path) => {
    const isOfPackage = sha256Of(subjectOf(path)) !== null
    if (!isOfPackage) fail(path, 'is of a file that is not in the package')
    return isOfPackage
  })
  const beside = new Set([...paths, ...odd])
  for (const path of packaged)
    if (isCredentialed(path) && !beside.has(`${path}${CREDENTIALS_SUFFIX}`))
      fail(`${path}${CREDENTIALS_SUFFIX}`, 'is missing beside the others')
  const expected = {
    manifestSha256: sha256Of(MANIFEST_NAME),
    uses: rightsSchema.safeParse(rights).data?.training_mining.entries,
  }
  /** Of each who signed one, the first that is signed so. */
  const signers = new Map<string, string>()
  for (let from = 0; from < known.length; from += READ_AT_A_TIME) {
    const some = known.slice(from, from + READ_AT_A_TIME)
    const tasks: ReadTask[] = []
    for (const path of some) tasks.push({ kind: 'read', manifest: await readFile(join(folder, path)) })
    const results = await inCredentialsThread({ identity: null, tasks }, signal)
    for (const [n, result] of results.entries()) {
      const told =
        result.kind === 'read'
          ? heldAgainst(JSON.parse(result.store), JSON.parse(result.full), {
              sha256: sha256Of(subjectOf(some[n]!)),
              ...expected,
            })
          : { fault: 'is no manifest that can be read' }
      if ('fault' in told) fail(some[n]!, told.fault)
      else if (!signers.has(told.signer)) signers.set(told.signer, some[n]!)
    }
  }
  for (const path of [...signers.values()].slice(1)) fail(path, 'is signed with another key than the others')
  return { answer: { files: paths.length, signers: [...signers.keys()].sort() }, failures }
}

interface ExpectedOfManifest {
  readonly sha256: string | null
  readonly manifestSha256: string | null
  /** What training may use, by purpose; absent where the package does not say. */
  readonly uses: unknown
}

function heldAgainst(
  store: unknown,
  full: unknown,
  { sha256, manifestSha256, uses }: ExpectedOfManifest,
): { signer: string } | { fault: string } {
  const [told, hashed] = [storeSchema.safeParse(store), hashSchema.safeParse(full)]
  const active = told.success ? told.data.manifests[told.data.active_manifest] : undefined
  const inFull = hashed.data?.manifests.find(({ label }) => label === told.data?.active_manifest)
  if (!told.success || !active || !inFull) return { fault: 'is not a manifest for a file of a package' }
  const [bad] = (told.data.validation_status ?? []).filter(({ code }) => !EXPECTED.has(code))
  if (bad) return { fault: `does not hold: ${bad.code}` }
  const { 'c2pa.hash.data': data, 'org.asterism.package': place, 'cawg.training-mining': training } = inFull.assertions
  const stated = Buffer.from(data.hash.replace(/^b64'|'$/g, ''), 'base64').toString('hex')
  if (data.alg !== 'sha256' || stated !== sha256) return { fault: 'is of other bytes than the file has' }
  if (uses !== undefined && !isDeepStrictEqual(training.entries, uses))
    return { fault: 'states other uses for training than rights.json' }
  if (manifestSha256 !== null && place.manifest_sha256 !== manifestSha256) return { fault: 'is of another package' }
  const { issuer, common_name: name, cert_serial_number: serial } = active.signature_info
  return { signer: `${name} (${issuer}, ${serial}), self-signed` }
}

/** Manifests beside a package, and what lies in the place of one but is none: a pipe would be read for ever. */
async function sidecarsIn(folder: string): Promise<{ paths: string[]; odd: string[] }> {
  try {
    if (!(await stat(folder)).isDirectory()) return { paths: [], odd: [] }
    const names = (await readdir(folder, { recursive: true }))
      .filter((name) => name.endsWith(CREDENTIALS_SUFFIX))
      .sort()
    const [paths, odd]: [string[], string[]] = [[], []]
    for (const name of names) {
      const status = await lstat(join(folder, name))
      const fits = status.isFile() && status.size <= LARGEST_SIDECAR_BYTES
      ;(fits ? paths : odd).push(name.replaceAll('\\', '/'))
    }
    return { paths, odd }
  } catch (error) {
    if (isMissing(error)) return { paths: [], odd: [] }
    throw error
  }
}
