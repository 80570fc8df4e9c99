/**
 * The submission package: a folder and, of the same bytes, a CAR file. The same project and options give the same root
 * CID: nothing in it tells the time of packing, the machine, the folder or the order of work.
 */
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { probeRecording, type RecordingProbe } from './recording-probe.ts'
import { runChecks } from '../checks/index.ts'
import type { CheckResult } from '../checks/check.ts'
import { startsAsCar, verifyCar } from '../content/car-reader.ts'
import { writeCarOfDirectory } from '../content/car.ts'
import { fileError, isMissing, withFileErrors } from '../../file-errors.ts'
import { buyerProfile } from '../profiles/index.ts'
import { sealAssets, type SealedAssets } from '../sealed/seal.ts'
import { writeDocument, writeDocuments } from './documents.ts'
import { safeName, uniqueNames } from './file-names.ts'
import type { PackageInput, PackageOptions } from './input.ts'
import { manifestBytes, manifestSchema, MANIFEST_NAME } from './manifest.ts'
import { copyAsset } from './media-copy.ts'
import type { PackagedAsset } from './packaged.ts'
import { makePreview } from './preview.ts'
import { viewProject, type ProjectView } from './project-view.ts'
import { removeVouchers } from './beside.ts'
import { pathExists, publishFolder, withTemporaryFolder } from './temporary-folder.ts'
import { verifyPackage } from './verify.ts'

export interface BuiltPackage {
  /** The folder, absolute. */
  readonly path: string
  readonly root_cid: string
  /** The CAR file beside the folder, absolute. */
  readonly car: string
  /** How many files the folder holds. */
  readonly files: number
  /** Their bytes. */
  readonly bytes: number
  readonly checks: readonly CheckResult[]
  /** sha-256 of metadata.json, `0x` and 64 hexadecimal digits. */
  readonly token_id: string
  readonly car_bytes: number
  /** The age recipient of the encrypted recordings; null if they are not encrypted. */
  readonly sealed_for: string | null
  /** True if the same package was already there. */
  readonly reused: boolean
}

/** Shares of the work, in the order in which it is done. */
const STAGES = { copy: 0.3, look: 0.05, preview: 0.2, check: 0.15, seal: 0.1, archive: 0.2 } as const

/** Extensions of files to probe with ffprobe; other files of a capture folder are data. */
const MEDIA_FILE =
  /\.(mp4|m4v|mov|qt|mkv|webm|avi|mts|m2ts|mpg|mpeg|3gp|insv|lrv|wav|mp3|m4a|aac|flac|ogg|oga|opus|aif|aiff|caf)$/i

type Progress = (stage: keyof typeof STAGES, fraction: number, text: Wording) => void

function progressOf(options: PackageOptions): Progress {
  const starts = new Map<string, number>()
  let start = 0
  for (const [stage, share] of Object.entries(STAGES)) {
    starts.set(stage, start)
    start += share
  }
  return (stage, fraction, text) =>
    options.onProgress?.({ fraction: (starts.get(stage) ?? 0) + STAGES[stage] * Math.min(1, fraction), stage: text })
}

async function copyAssets(
  input: PackageInput,
  view: ProjectView,
  directory: string,
  signal: AbortSignal,
  progress: Progress,
): Promise<PackagedAsset[]> {
  const nameOf = uniqueNames()
  const total = view.assets.reduce((sum, asset) => sum + asset.byteLength, 0) || 1
  let doneBytes = 0
  const packaged: PackagedAsset[] = []
  for (const asset of view.assets) {
    const onBytes = (bytes: number): void => {
      doneBytes += bytes
      progress('copy', doneBytes / total, say('work.copying', { name: asset.title }))
    }
    const context = { directory, keepLocationData: view.rights?.keepLocationData ?? false, signal, onBytes }
    packaged.push(await copyAsset(asset, input.assetPath(asset.id), nameOf(asset.fileName), context))
  }
  return packaged
}

/** Probes every recording; the decoding check reports those that cannot be read. */
async function withProbes(
  input: PackageInput,
  view: ProjectView,
  assets: readonly PackagedAsset[],
  directory: string,
  signal: AbortSignal,
): Promise<PackagedAsset[]> {
  const isMedia = (asset: PackagedAsset, path: string): boolean =>
    MEDIA_FILE.test(path) ||
    (!asset.isFolder &&
      view.streamsOf(asset.asset.id).some((stream) => stream.sensor === 'video' || stream.sensor === 'audio'))
  const needed = assets.some((asset) => asset.files.some((file) => isMedia(asset, file.path)))
  if (needed && (input.tools.ffprobe === null || input.tools.ffmpeg === null)) {
    throw new AsterismError('tool_missing', say('package.needsFfmpeg'), {
      fix: say('package.fix.ffmpeg'),
      kept: say('kept.nothingPacked'),
    })
  }
  const result: PackagedAsset[] = []
  for (const asset of assets) {
    const probes = new Map<string, RecordingProbe>()
    const unreadable: string[] = []
    for (const file of asset.files) {
      if (!isMedia(asset, file.path) || input.tools.ffprobe === null) continue
      const probe = await probeRecording(input.tools.ffprobe, join(directory, file.path), signal)
      if (probe === null) unreadable.push(file.path)
      else probes.set(file.path, probe)
    }
    result.push({ ...asset, probes, unreadable })
  }
  return result
}

/** Last of all that is done with the recordings: every check has seen them as they are. */
async function seal(
  directory: string,
  assets: readonly PackagedAsset[],
  secret: Uint8Array,
  signal: AbortSignal,
  progress: Progress,
): Promise<SealedAssets> {
  const total = assets.flatMap((asset) => asset.files).reduce((sum, file) => sum + file.bytes, 0)
  let done = 0
  return await sealAssets(directory, assets, secret, signal, (bytes) =>
    progress('seal', (done += bytes) / Math.max(1, total), say('work.sealing')),
  )
}

/** Refuses to replace a folder that is not a package: it may hold the user's own files. */
async function refuseForeign(path: string): Promise<void> {
  if (!(await pathExists(path))) return
  try {
    manifestSchema.parse(JSON.parse(await readFile(join(path, MANIFEST_NAME), 'utf8')))
  } catch (error) {
    throw new AsterismError('conflict', say('package.folderOther'), {
      path,
      fix: say('package.fix.otherFolder'),
      cause: error,
    })
  }
}

/** Refuses to replace a file with the archive's name that is not an archive. */
async function refuseForeignCar(car: string): Promise<void> {
  if (!(await pathExists(car)) || (await startsAsCar(car))) return
  throw new AsterismError('conflict', say('package.fileOther'), {
    path: car,
    fix: say('package.fix.otherFolder'),
    kept: say('kept.asItIs'),
  })
}

/** True when the folder holds exactly the package that was just built. */
async function isSamePackage(path: string, manifest: Buffer, signal: AbortSignal): Promise<boolean> {
  try {
    if (!manifest.equals(await readFile(join(path, MANIFEST_NAME)))) return false
  } catch (error) {
    if (isMissing(error)) return false
    throw fileError(error, path)
  }
  return (await verifyPackage(path, { signal })).ok
}

async function hasCar(car: string, rootCid: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await verifyCar(car, signal)).rootCid === rootCid
  } catch (error) {
    // Whatever is wrong with the old archive, the new one takes its place.
    if (error instanceof AsterismError && ['not_found', 'corrupt_file', 'empty_file'].includes(error.code)) return false
    throw error
  }
}

function creatorAddressOf(input: PackageInput): string | null {
  if (input.creatorAddress === null) return null
  if (!/^0x[0-9a-fA-F]{40}$/.test(input.creatorAddress)) {
    throw new AsterismError('bad_input', say('package.noAddress', { address: input.creatorAddress }))
  }
  return input.creatorAddress
}

/**
 * Packs a project into `<outDirectory>/<name>/` and `<outDirectory>/<name>.car`, where the name is the project's title
 * made safe. Both appear under these names only when they are complete; a package of an earlier run is replaced, the
 * same package is left as it is. Failed checks do not stop the packing: they are in the result and in manifest.json,
 * and a package with a failed blocking check is refused by whatever mints.
 *
 * @throws AsterismError `not_found` (a recording is missing), `corrupt_file` (one has changed), `conflict`,
 *   `disk_full`, `not_writable`, `tool_missing`, `tool_failed`, `bad_input`, `cancelled`.
 */
export async function buildPackage(
  input: PackageInput,
  outDirectory: string,
  options: PackageOptions = {},
): Promise<BuiltPackage> {
  const signal = options.signal ?? new AbortController().signal
  const progress = progressOf(options)
  const view = viewProject(input.records)
  if (view.assets.length === 0) {
    throw new AsterismError('bad_input', say('export.noRecordings'), { fix: say('export.fix.importFirst') })
  }
  const profile = buyerProfile(input.buyerProfileId ?? 'none')
  const licence = input.licence ?? view.rights?.licence ?? null
  const creatorAddress = creatorAddressOf(input)
  const path = join(resolve(outDirectory), safeName(view.project.title))
  const car = `${path}.car`
  await refuseForeign(path)
  await refuseForeignCar(car)

  return withTemporaryFolder(path, async (temporary) => {
    const directory = join(temporary, 'package')
    await withFileErrors(directory, () => mkdir(directory))
    const copied = await copyAssets(input, view, directory, signal, progress)
    progress('look', 0, say('work.lookingAtRecordings'))
    const assets = await withProbes(input, view, copied, directory, signal)
    progress('preview', 0, say('work.preview'))
    const secret = input.sealingSecret ?? null
    const preview = await makePreview(input.tools.ffmpeg, directory, assets, secret !== null, signal)
    const onProgress = (fraction: number): void => progress('check', fraction, say('work.checking'))
    onProgress(0)
    const context = {
      directory,
      view,
      rights: view.rights,
      licence,
      assets,
      preview,
      profile,
      tools: input.tools,
      signal,
    }
    const checks = await runChecks({ ...context, onProgress })
    const sealed = secret === null ? null : await seal(directory, assets, secret, signal, progress)
    const documents = await writeDocuments({
      directory,
      view,
      assets,
      sealed,
      preview,
      licence,
      creatorAddress,
      stars: input.stars,
      supersedes: input.supersedes ?? null,
    })
    const listed = [...(sealed?.assets ?? assets).flatMap((asset) => asset.files), ...documents]
    const manifest = manifestBytes(listed, checks, profile.id)
    const files = [...listed, await writeDocument(directory, MANIFEST_NAME, manifest)]

    const reused = await isSamePackage(path, manifest, signal)
    const archived = await writeCarOfDirectory(directory, join(temporary, 'package.car'), {
      signal,
      onProgress: (done, total) => progress('archive', done / Math.max(1, total), say('work.archive')),
    })
    if (!reused) {
      await removeVouchers(path)
      await publishFolder(directory, path)
    }
    if (!reused || !(await hasCar(car, archived.rootCid, signal))) {
      await withFileErrors(car, () => rename(join(temporary, 'package.car'), car))
    }
    const metadata = documents.find((file) => file.path === 'metadata.json')
    if (metadata === undefined) throw new AsterismError('internal', 'The package came out without metadata.json.')
    return {
      path,
      root_cid: archived.rootCid,
      car,
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      checks,
      token_id: `0x${metadata.sha256}`,
      car_bytes: archived.carBytes,
      sealed_for: sealed?.key.recipient ?? null,
      reused,
    }
  })
}
