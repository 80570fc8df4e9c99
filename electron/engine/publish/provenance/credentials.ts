/**
 * Content credentials of a package: a C2PA manifest for every recording and preview in it, beside the package under
 * `<name>.credentials/`. In the package they would change its address with every signature; copies with the manifest
 * inside can be made on top.
 */
import { lstat, mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { CredentialsAnswer } from '../../../../shared/contract/package-answers.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import type { SignTask } from '../../../workers/credentials.ts'
import { isMissing, withFileErrors } from '../file-errors.ts'
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
const SIDECAR = '.c2pa'
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
  const media = files.filter(({ path }) => path.startsWith('media/') || isPreview(path))
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
    for (const { embedAt } of plans) if (embedAt) await mkdir(dirname(embedAt), { recursive: true })
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
    const path = join(folder, `${source.slice(packageFolder.length + 1)}${SIDECAR}`)
    await writeWholeBytes(path, result.manifest, signal)
  }
  return {
    path: folder,
    root_sha256: identity.rootSha256,
    self_signed: true,
    files: plans.map(({ file, embedAt, note }) => ({
      path: file.path,
      credentials: join(folder, `${file.path}${SIDECAR}`),
      embedded: embedAt,
      ...(note ? { note } : {}),
    })),
  }
}

const isPreview = (path: string): boolean => path.startsWith('preview/')

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
  throw new AsterismError('corrupt_file', 'rights.json of the package does not say what training may use.', { path })
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
const hashSchema = z.object({
  manifests: z.array(
    z.looseObject({ assertions: z.looseObject({ 'c2pa.hash.data': z.object({ alg: z.string(), hash: z.string() }) }) }),
  ),
})

/** What the library says of a sidecar without its file, whose hash is compared here, and of a root of one's own. */
const EXPECTED = new Set(['assertion.dataHash.mismatch', 'signingCredential.untrusted'])

/**
 * Holds the credentials beside a package against its files.
 * @param sha256Of hexadecimal, of a file of the package; null where there is none
 */
export async function checkCredentials(
  packagePath: string,
  sha256Of: (path: string) => string | null,
  signal?: AbortSignal,
): Promise<CheckedCredentials> {
  const folder = credentialsFolder(packagePath)
  const { paths, odd } = await sidecarsIn(folder)
  const oddities = odd.map((path) => ({ path: `${basename(folder)}/${path}`, what: 'is no manifest that can be read' }))
  if (paths.length === 0) return { answer: null, failures: oddities }
  const manifests: Buffer[] = []
  for (const path of paths) manifests.push(await readFile(join(folder, path)))
  const tasks = manifests.map((manifest) => ({ kind: 'read', manifest }) as const)
  const results = await inCredentialsThread({ identity: null, tasks }, signal)
  const signers = new Set<string>()
  const failures = paths.flatMap((path, n) => {
    const result = results[n]!
    const subject = path.slice(0, -SIDECAR.length)
    const what =
      result.kind === 'read'
        ? faultOf(JSON.parse(result.store), JSON.parse(result.full), sha256Of(subject), signers)
        : 'is no manifest that can be read'
    return what === null ? [] : [{ path: `${basename(folder)}/${path}`, what }]
  })
  return { answer: { files: paths.length, signers: [...signers].sort() }, failures: [...oddities, ...failures] }
}

function faultOf(store: unknown, full: unknown, sha256: string | null, signers: Set<string>): string | null {
  const [told, hashed] = [storeSchema.safeParse(store), hashSchema.safeParse(full)]
  const active = told.success ? told.data.manifests[told.data.active_manifest] : undefined
  if (!told.success || !active || !hashed.success) return 'is not a manifest for a file of a package'
  const [bad] = (told.data.validation_status ?? []).filter(({ code }) => !EXPECTED.has(code))
  if (bad) return `does not hold: ${bad.code}`
  if (sha256 === null) return 'is of a file that is not in the package'
  const { alg, hash } = hashed.data.manifests[0]!.assertions['c2pa.hash.data']
  const stated = Buffer.from(hash.replace(/^b64'|'$/g, ''), 'base64').toString('hex')
  if (alg !== 'sha256' || stated !== sha256) return 'is of other bytes than the file has'
  const { issuer, common_name: name, cert_serial_number: serial } = active.signature_info
  signers.add(`${name} (${issuer}, ${serial}), self-signed`)
  return null
}

/** Manifests beside a package, and what lies in the place of one but is none: a pipe would be read for ever. */
async function sidecarsIn(folder: string): Promise<{ paths: string[]; odd: string[] }> {
  try {
    if (!(await stat(folder)).isDirectory()) return { paths: [], odd: [] }
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(SIDECAR)).sort()
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
