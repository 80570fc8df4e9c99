/** Builds a lab's pack: from a folder of media with classes or captions, or from embeddings with either. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { access, constants, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { StarpackContent } from '../../../shared/stars/starpack.ts'
import { STARPACK_LIMITS, STARPACK_VERSION } from '../../../shared/stars/starpack.ts'
import type { FittedTask } from '../../../shared/stars/task/task-parts.ts'
import { withFileErrors } from '../file-errors.ts'
import { refuseNoFile } from '../publish/export/whole-file.ts'
import { builtInStarpack } from './built-in-pack.ts'
import { fitTaskInWorker } from './compute.ts'
import { type PackSamples, readPackSamples, type SamplesContext } from './pack-samples.ts'
import { loadStarpack, writeStarpack } from './starpack-file.ts'
import { taskForPack } from './starpack-task.ts'

export interface PackToBuild {
  readonly source: string
  readonly out: string
  /** An ed25519 key (PKCS 8, PEM); made where there is none. */
  readonly key: string
  readonly title: string | null
}

const LONGEST_TITLE = 200

/** The key in a file; a new one, readable by its owner alone, where there is no file. */
async function keyFrom(path: string, log: (line: string) => void): Promise<string> {
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new AsterismError('bad_input', say('packBuild.keyUnread'), { path, cause: error })
  })
  if (known !== null) {
    try {
      createPrivateKey(known)
    } catch (cause) {
      throw new AsterismError('bad_input', say('packBuild.noKey'), { path, cause })
    }
    return known
  }
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await withFileErrors(path, async () => {
    await writeFile(path, made, { flag: 'wx', mode: 0o600, flush: true })
  })
  log('A new key was made. Keep it: the pack is yours only as long as you can sign with it.')
  return made
}

function contentOf(title: string, { encoder, captions }: PackSamples, fitted: FittedTask): StarpackContent {
  return {
    format: 'starpack',
    version: STARPACK_VERSION,
    id: fitted.task.id,
    title,
    kind: 'lab',
    createdAt: new Date().toISOString().slice(0, 10),
    note: `Held against what "${title}" asks for. A probe that its maker knows can be gamed.`,
    benchmark: title,
    calibration: builtInStarpack().calibration,
    tasks: [taskForPack(fitted, encoder, captions)],
    provenance: {
      datasets: [],
      recipe: `shared/stars/task/${fitted.task.kind === 'captions' ? 'fit-caption-task.ts' : 'fit-task.ts'} on the samples of its maker`,
      judged: [],
    },
  }
}

/** A pack may take the place of a pack, and of nothing else. */
async function refuseAllButPacks(path: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => null)
  if (!folder?.isDirectory()) throw new AsterismError('not_found', say('packBuild.noFolder'), { path })
  // Known before hours of looking at samples, not after them.
  await withFileErrors(path, () => access(dirname(path), constants.W_OK))
  await refuseNoFile(path)
  const entry = await stat(path).catch(() => null)
  if (entry === null || entry.size === 0) return
  await loadStarpack(path).catch((cause: unknown) => {
    throw new AsterismError('conflict', say('packBuild.taken'), {
      path,
      fix: say('export.fix.otherName'),
      kept: say('kept.asItIs'),
      cause,
    })
  })
}

/** Under its name when it is whole: a pack is given away, so that anybody may read it. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`
  try {
    await writeFile(part, bytes, { flush: true })
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** Fits, signs and writes a pack. @throws AsterismError as `readPackSamples`, and `conflict`. */
export async function buildPack(
  { source, out, key, title }: PackToBuild,
  context: SamplesContext,
): Promise<{ bytes: Uint8Array; figures: FittedTask['figures'] }> {
  if (title !== null && (title.trim() === '' || title.length > LONGEST_TITLE))
    throw new AsterismError('bad_input', say('packBuild.title', { most: LONGEST_TITLE }))
  await refuseAllButPacks(out)
  const samples = await readPackSamples(source, context)
  const name = title ?? basename(source, extname(source))
  const id = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
  const fitted = await fitTaskInWorker(id, samples.samples, { signal: context.signal })
  throwIfCancelled(context.signal)
  const bytes = writeStarpack(contentOf(name, samples, fitted), await keyFrom(key, context.log))
  if (bytes.length > STARPACK_LIMITS.bytes)
    throw new AsterismError('too_large', say('packBuild.tooLong', { bytes: bytes.length, most: STARPACK_LIMITS.bytes }))
  await withFileErrors(out, () => writeWhole(out, bytes))
  return { bytes, figures: fitted.figures }
}
