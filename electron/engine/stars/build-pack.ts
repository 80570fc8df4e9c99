/** Builds a lab's pack: from a folder of pictures, one subfolder a class, or from embeddings with labels. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { matrixFromRows } from '../../../shared/stars/algebra/dense.ts'
import type { StarpackContent } from '../../../shared/stars/starpack.ts'
import { STARPACK_LIMITS } from '../../../shared/stars/starpack.ts'
import type { FittedTask } from '../../../shared/stars/task/fit-task.ts'
import type { LabelledSet } from '../../../shared/stars/world/parse-world.ts'
import { LARGEST_MAGNITUDE } from '../../../shared/stars/world/parse-world.ts'
import type { Encoders } from '../models/encoders.ts'
import type { PictureTextEncoder } from '../models/picture-text-encoder.ts'
import { builtInStarpack } from './built-in-pack.ts'
import { fitTaskInWorker } from './compute.ts'
import { readNumbersFile } from './numbers-file.ts'
import { pictureForModel } from './joint-pictures.ts'
import { rounded } from './measurements.ts'
import { pictureEncoder, pictureOfFile, picturesMeaning } from './picture-meaning.ts'
import { loadStarpack, writeStarpack } from './starpack-file.ts'

export interface PackToBuild {
  readonly source: string
  readonly out: string
  /** An ed25519 key (PKCS 8, PEM); made where there is none. */
  readonly key: string
  readonly title: string | null
}

interface BuildContext {
  readonly encoders: Encoders
  /** A model that was brought and looks at the pictures instead. */
  readonly joint?: PictureTextEncoder | null
  readonly signal: AbortSignal
  /** 0 to 1. */
  onProgress(fraction: number): void
  log(line: string): void
}

interface Samples {
  readonly encoder: { readonly id: string; readonly sha256: string }
  readonly classNames: readonly string[]
  readonly set: LabelledSet
}

const PICTURES = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff'])
const MOST_PICTURES = 20_000
const LONGEST_TITLE = 200

const embeddingsSchema = z.looseObject({
  encoder: z.object({ id: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  classNames: z
    .array(z.string().min(1))
    .min(2)
    .max(STARPACK_LIMITS.classes)
    .refine((names) => new Set(names).size === names.length, 'two classes have the same name'),
  x: z.array(z.array(z.number().min(-LARGEST_MAGNITUDE).max(LARGEST_MAGNITUDE))).min(1),
  y: z.array(z.number().int().nonnegative()),
})

/** How a picture becomes a vector, and by which encoder. */
interface Look {
  readonly encoder: Samples['encoder']
  /** The picture of a file as the encoder wants it. */
  picture(path: string): Promise<Uint8Array>
  vector(rgb: Uint8Array): Promise<readonly number[]>
}

async function lookOf({ encoders, joint }: BuildContext): Promise<Look> {
  if (!joint)
    return {
      encoder: pictureEncoder(),
      picture: (path) => pictureOfFile(path),
      vector: (rgb) => picturesMeaning(encoders, rgb),
    }
  const facts = await joint.facts()
  return {
    encoder: joint.identity,
    picture: (path) => pictureForModel(path, facts),
    // As the windows of a project have them.
    vector: async (rgb) => rounded(await joint.picture(rgb)),
  }
}

async function fromPictures(folder: string, context: BuildContext): Promise<Samples> {
  const entries = await readdir(folder, { withFileTypes: true })
  const classNames = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  if (classNames.length < 2 || classNames.length > STARPACK_LIMITS.classes)
    throw new AsterismError(
      'bad_input',
      'The folder does not hold a subfolder of pictures for each of two or more classes.',
      {
        path: folder,
      },
    )
  const files: { path: string; label: number }[] = []
  for (const [label, name] of classNames.entries()) {
    const names = (await readdir(join(folder, name))).filter((file) => PICTURES.has(extname(file).toLowerCase())).sort()
    if (names.length === 0)
      throw new AsterismError('bad_input', `The folder of the class "${name}" holds no pictures.`, { path: folder })
    files.push(...names.map((file) => ({ path: join(folder, name, file), label })))
  }
  if (files.length > MOST_PICTURES)
    throw new AsterismError('too_large', `${files.length} pictures are more than ${MOST_PICTURES}.`, { path: folder })
  const look = await lookOf(context)
  const x: (readonly number[])[] = []
  const y: number[] = []
  for (const [at, { path, label }] of files.entries()) {
    throwIfCancelled(context.signal)
    context.onProgress((0.9 * at) / files.length)
    const rgb = await look.picture(path).catch((error: Error) => {
      context.log(`Not read: ${basename(path)} (${error.message.split('\n')[0]})`)
      return null
    })
    if (!rgb) continue
    x.push(await look.vector(rgb))
    y.push(label)
  }
  return { encoder: look.encoder, classNames, set: { x: matrixFromRows(x), y: Int32Array.from(y) } }
}

async function fromEmbeddings(path: string, signal: AbortSignal): Promise<Samples> {
  const parsed = embeddingsSchema.safeParse(await readNumbersFile(path, signal))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new AsterismError(
      'bad_input',
      `The embeddings are not well formed: ${issue.path.join('.')}: ${issue.message}.`,
      {
        path,
        fix: 'They must be {encoder:{id, sha256}, classNames, x, y}.',
      },
    )
  }
  const { encoder, classNames, x, y } = parsed.data
  if (x.length !== y.length || y.some((label) => label >= classNames.length))
    throw new AsterismError('bad_input', 'Every row x needs one label y, the place of its class in classNames.', {
      path,
    })
  if (x[0].length > STARPACK_LIMITS.dimension)
    throw new AsterismError(
      'too_large',
      `Rows have ${x[0].length} numbers; ${STARPACK_LIMITS.dimension} is the limit.`,
      { path },
    )
  return { encoder, classNames, set: { x: matrixFromRows(x), y: Int32Array.from(y) } }
}

/** The key in a file; a new one, readable by its owner alone, where there is no file. */
async function keyFrom(path: string, log: (line: string) => void): Promise<string> {
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new AsterismError('bad_input', 'The key cannot be read.', { path, cause: error })
  })
  if (known !== null) {
    try {
      createPrivateKey(known)
    } catch (cause) {
      throw new AsterismError('bad_input', 'The file holds no private key.', { path, cause })
    }
    return known
  }
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const file = await open(path, 'wx', 0o600)
  await file.writeFile(made)
  await file.sync()
  await file.close()
  log('A new key was made. Keep it: the pack is yours only as long as you can sign with it.')
  return made
}

function base64(values: ArrayLike<number>): string {
  return Buffer.from(Float32Array.from(values).buffer).toString('base64')
}

function contentOf(title: string, encoder: Samples['encoder'], fitted: FittedTask): StarpackContent {
  const { task, halfWidth, figures } = fitted
  const { columns, rows, data } = task.probe
  const shipped = builtInStarpack()
  const short = (value: number): number => Number(value.toPrecision(6))
  return {
    format: 'starpack',
    version: 1,
    id: task.id,
    title,
    kind: 'lab',
    createdAt: new Date().toISOString().slice(0, 10),
    note: `Held against what "${title}" asks for. A probe that its maker knows can be gamed.`,
    benchmark: title,
    calibration: shipped.calibration,
    tasks: [
      {
        id: task.id,
        weight: 1,
        encoder: { ...encoder },
        dimension: task.dimension,
        classes: task.classNames.length,
        classNames: [...task.classNames],
        gainQuantiles: task.gainQuantiles.map(short),
        halfWidth: short(Math.min(5, Math.max(0.1, halfWidth))),
        ridge: {
          lambda: task.lambda,
          count: task.statistics.count,
          gram: base64(task.statistics.gram.data),
          moment: base64(task.statistics.moment.data),
        },
        probe: { rows, x: base64(data.filter((_, i) => i % columns < columns - 1)), y: Array.from(task.probeLabels) },
        influence: null,
        scores: {
          base: short(figures.accuracy_base),
          current: short(figures.accuracy_current),
          baseSize: task.statistics.count,
        },
      },
    ],
    provenance: { datasets: [], recipe: 'shared/stars/task/fit-task.ts on the samples of its maker', judged: [] },
  }
}

/** A pack may take the place of a pack, and of nothing else. */
async function refuseAllButPacks(path: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => null)
  if (!folder?.isDirectory())
    throw new AsterismError('not_found', 'The folder that the pack is to be written to is not there.', { path })
  const entry = await stat(path).catch(() => null)
  if (entry === null || entry.size === 0) return
  await loadStarpack(path).catch((cause: unknown) => {
    throw new AsterismError('conflict', 'There is something of this name that is no valuation pack.', {
      path,
      fix: say('export.fix.otherName'),
      kept: say('kept.asItIs'),
      cause,
    })
  })
}

/** Fits, signs and writes a pack. @throws AsterismError `bad_input`, `too_large`, `not_found`, `cancelled`. */
export async function buildPack(
  { source, out, key, title }: PackToBuild,
  context: BuildContext,
): Promise<{ bytes: Uint8Array; figures: FittedTask['figures'] }> {
  if (title !== null && (title.trim() === '' || title.length > LONGEST_TITLE))
    throw new AsterismError('bad_input', `A title has 1 to ${LONGEST_TITLE} letters.`)
  await refuseAllButPacks(out)
  const status = await stat(source).catch((cause: unknown) => {
    throw new AsterismError('not_found', 'There is nothing there to build a pack from.', { path: source, cause })
  })
  const samples = status.isDirectory()
    ? await fromPictures(source, context)
    : await fromEmbeddings(source, context.signal)
  const name = title ?? basename(source, extname(source))
  const id = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
  const fitted = await fitTaskInWorker(id, samples.classNames, samples.set, { signal: context.signal })
  throwIfCancelled(context.signal)
  const bytes = writeStarpack(contentOf(name, samples.encoder, fitted), await keyFrom(key, context.log))
  if (bytes.length > STARPACK_LIMITS.bytes)
    throw new AsterismError(
      'too_large',
      `The pack would have ${bytes.length} bytes; ${STARPACK_LIMITS.bytes} is the limit.`,
    )
  const part = `${out}.part`
  const file = await open(part, 'w')
  await file.writeFile(bytes)
  await file.sync()
  await file.close()
  await rename(part, out)
  return { bytes, figures: fitted.figures }
}
