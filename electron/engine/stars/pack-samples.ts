/** A lab's material as vectors: what its pack is fitted to. */
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { matrixFromRows } from '../../../shared/stars/algebra/dense.ts'
import { STARPACK_LIMITS } from '../../../shared/stars/starpack.ts'
import type { TaskSamples } from '../../../shared/stars/task/task-parts.ts'
import { LARGEST_MAGNITUDE } from '../../../shared/stars/world/parse-world.ts'
import type { MediaTools } from '../media/tools.ts'
import type { Encoders } from '../models/encoders.ts'
import { SENTENCE_NUMBERS } from '../models/encoders.ts'
import type { PictureTextEncoder } from '../models/picture-text-encoder.ts'
import { measureJoint, pictureForModel } from './joint-pictures.ts'
import { rounded } from './measurements.ts'
import { measurePicture } from './measure-picture.ts'
import { measureSound } from './measure-sound.ts'
import { readNumbersFile } from './numbers-file.ts'
import type { Sense } from './pack-folder.ts'
import { readPackFolder } from './pack-folder.ts'
import { pictureEncoder, pictureOfFile, picturesMeaning } from './picture-meaning.ts'
import { soundEncoder } from './sound-meaning.ts'
import { captionEncoder, type EncoderIdentity } from './starpack-task.ts'

export interface SamplesContext {
  readonly encoders: Encoders
  /** A model that was brought and looks at the pictures instead. */
  readonly joint?: PictureTextEncoder | null
  /** What decodes sounds and films; those are refused without. */
  readonly tools?: MediaTools
  readonly signal: AbortSignal
  /** 0 to 1. */
  onProgress(fraction: number): void
  log(line: string): void
  /** Told of each file that does not count, with the reason. */
  leaveOut(line: string): void
}

export interface PackSamples {
  readonly encoder: EncoderIdentity
  /** What turned captions to vectors. */
  readonly captions: EncoderIdentity
  readonly samples: TaskSamples
}

const BATCH = 32

const embeddingsSchema = z.looseObject({
  encoder: z.object({ id: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  x: z.array(z.array(z.number().min(-LARGEST_MAGNITUDE).max(LARGEST_MAGNITUDE)).min(1)).min(1),
})
const labelledSchema = embeddingsSchema.extend({
  classNames: z
    .array(z.string().min(1))
    .min(2)
    .max(STARPACK_LIMITS.classes)
    .refine((names) => new Set(names).size === names.length, 'two classes have the same name'),
  y: z.array(z.number().int().nonnegative()),
})
const captionedSchema = embeddingsSchema.extend({ captions: z.array(z.string()) })

/** The mean of what was seen or heard second by second. */
function meanOf(path: string, vectors: readonly (readonly number[] | undefined)[]): number[] {
  const known = vectors.flatMap((vector) => (vector ? [vector] : []))
  if (known.length === 0) throw new AsterismError('bad_input', say('packBuild.tellsNothing'), { path })
  return rounded(known[0].map((_, j) => known.reduce((sum, vector) => sum + vector[j], 0) / known.length))
}

/** The vector of a file as a project has it of a window. @throws what cannot be read, decoded or told */
async function vectorOf(path: string, sense: Sense, context: SamplesContext): Promise<readonly number[]> {
  const { encoders, joint, tools, signal } = context
  if (sense === 'picture') {
    if (!joint) return await picturesMeaning(encoders, await pictureOfFile(path))
    return rounded(await joint.picture(await pictureForModel(path, await joint.facts())))
  }
  if (!tools) throw new AsterismError('tool_missing', say('packBuild.noDecoder'), { path })
  const first = { rank: 0, startSeconds: 0 }
  if (sense === 'sound') {
    const { bins } = await measureSound(path, first, tools, signal)
    return meanOf(
      path,
      bins.map(({ meaning }) => meaning),
    )
  }
  if (!joint) {
    const { bins } = await measurePicture(path, first, tools, signal, encoders)
    return meanOf(
      path,
      bins.map(({ meaning }) => meaning),
    )
  }
  const { bins } = await measureJoint(path, first, tools, signal, joint)
  return meanOf(
    path,
    bins.map(({ vector }) => vector),
  )
}

/** The vectors of sentences, in their order; null for one that says nothing to the model. */
async function sentenceVectors(
  sentences: readonly string[],
  { encoders, joint, signal }: SamplesContext,
): Promise<(readonly number[] | null)[]> {
  if (!joint && encoders.identity('use-lite') === null)
    throw new AsterismError('not_found', say('packBuild.noSentences'), {
      fix: say('packBuild.fix.noSentences'),
    })
  const vectors: (readonly number[] | null)[] = []
  for (let at = 0; at < sentences.length; at += BATCH) {
    throwIfCancelled(signal)
    const batch = sentences.slice(at, at + BATCH)
    const said = joint
      ? await Promise.all(batch.map((sentence) => joint.sentence(sentence)))
      : await encoders
          .sentences(batch)
          .then((all) => batch.map((_, n) => all.subarray(n * SENTENCE_NUMBERS, (n + 1) * SENTENCE_NUMBERS)))
    vectors.push(...said.map((vector) => (vector.some((value) => value !== 0) ? Array.from(vector) : null)))
  }
  return vectors
}

/** Rows with captions as samples; those whose words say nothing are left out. */
async function captioned(
  rows: readonly { readonly x: readonly number[]; readonly caption: string }[],
  context: SamplesContext,
): Promise<TaskSamples> {
  const said = await sentenceVectors(
    rows.map(({ caption }) => caption),
    context,
  )
  const known = rows.flatMap(({ x }, at) => {
    const y = said[at]
    return y ? [{ x, y }] : []
  })
  if (known.length < rows.length)
    context.leaveOut(`Left out, since their words say nothing: ${rows.length - known.length}`)
  const set = { x: matrixFromRows(known.map(({ x }) => x)), y: matrixFromRows(known.map(({ y }) => y)) }
  return { kind: 'captions', set }
}

async function fromFolder(folder: string, context: SamplesContext): Promise<PackSamples> {
  const { joint, signal } = context
  const found = await readPackFolder(folder, context.leaveOut)
  const files =
    found.kind === 'classes' ? found.files : found.files.map((file) => ({ ...file, sense: 'picture' as const }))
  const isHeard = files[0]?.sense === 'sound'
  if (isHeard && joint)
    throw new AsterismError('bad_input', say('packBuild.cannotHear'), {
      path: folder,
      fix: say('packBuild.fix.cannotHear'),
    })
  const read: { at: number; x: readonly number[] }[] = []
  let refusal: Saying | null = null
  for (const [at, { path, sense }] of files.entries()) {
    throwIfCancelled(signal)
    context.onProgress((0.9 * at) / files.length)
    const x = await vectorOf(path, sense, context).catch((error: Error) => {
      if (error instanceof AsterismError && (error.code === 'cancelled' || error.code === 'tool_missing')) throw error
      const [name, [line]] = [basename(path), error.message.split('\n')]
      refusal ??= say('packBuild.noneReadAs', {
        name,
        why: (error instanceof AsterismError && error.said?.what) || line,
      })
      context.leaveOut(`Not read: ${name} (${line})`)
      return null
    })
    if (x) read.push({ at, x })
  }
  if (read.length === 0)
    throw new AsterismError('bad_input', refusal ?? say('packBuild.noneRead'), {
      path: folder,
    })
  const seen = joint ? joint.identity : pictureEncoder()
  const encoders = { encoder: isHeard ? soundEncoder() : seen, captions: joint ? joint.identity : captionEncoder() }
  if (found.kind === 'captions') {
    const rows = read.map(({ at, x }) => ({ x, caption: found.files[at].caption }))
    return { ...encoders, samples: await captioned(rows, context) }
  }
  const set = {
    x: matrixFromRows(read.map(({ x }) => x)),
    y: Int32Array.from(read, ({ at }) => found.files[at].label),
  }
  return { ...encoders, samples: { kind: 'classes', classNames: found.classNames, set } }
}

function refuseEmbeddings(path: string, why: Saying, fix?: Saying): never {
  throw new AsterismError('bad_input', why, fix === undefined ? { path } : { path, fix })
}

async function fromEmbeddings(path: string, context: SamplesContext): Promise<PackSamples> {
  const value = await readNumbersFile(path, context.signal)
  const isCaptioned = typeof value === 'object' && value !== null && 'captions' in value
  const parsed = (isCaptioned ? captionedSchema : labelledSchema).safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    refuseEmbeddings(
      path,
      say('packBuild.malformed', { place: issue.path.join('.'), what: issue.message }),
      say('packBuild.fix.malformed', {
        labelled: '{encoder:{id, sha256}, classNames, x, y}',
        captioned: '{encoder:{id, sha256}, x, captions}',
      }),
    )
  }
  const { encoder, x } = parsed.data
  if (x[0].length > STARPACK_LIMITS.dimension)
    throw new AsterismError(
      'too_large',
      say('packBuild.longRows', { numbers: x[0].length, most: STARPACK_LIMITS.dimension }),
      { path },
    )
  if ('captions' in parsed.data) {
    const { captions } = parsed.data as z.infer<typeof captionedSchema>
    if (x.length !== captions.length)
      refuseEmbeddings(path, say('packBuild.captionsShort', { rows: x.length, captions: captions.length }))
    const own = context.joint ? context.joint.identity : pictureEncoder()
    if (encoder.sha256 !== own.sha256)
      refuseEmbeddings(
        path,
        say('packBuild.otherEncoder', { own: own.id, other: encoder.id }),
        say('packBuild.fix.otherEncoder'),
      )
    const rows = x.map((row, at) => ({ x: row, caption: captions[at] }))
    return {
      encoder,
      captions: context.joint ? context.joint.identity : captionEncoder(),
      samples: await captioned(rows, context),
    }
  }
  const { classNames, y } = parsed.data as z.infer<typeof labelledSchema>
  if (x.length !== y.length || y.some((label) => label >= classNames.length))
    refuseEmbeddings(path, say('packBuild.labels'))
  return {
    encoder,
    captions: captionEncoder(),
    samples: { kind: 'classes', classNames, set: { x: matrixFromRows(x), y: Int32Array.from(y) } },
  }
}

/** @throws AsterismError `not_found`, `bad_input`, `too_large`, `tool_missing`, `cancelled` */
export async function readPackSamples(source: string, context: SamplesContext): Promise<PackSamples> {
  const status = await stat(source).catch((cause: unknown) => {
    throw new AsterismError('not_found', say('packBuild.nothing'), { path: source, cause })
  })
  return status.isDirectory() ? await fromFolder(source, context) : await fromEmbeddings(source, context)
}
