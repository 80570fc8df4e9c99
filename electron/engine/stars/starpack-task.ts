/** A task as numbers to reckon with, and as a pack carries it; and whether this machine can look at what it is about. */
import { AsterismError } from '../../../shared/errors.ts'
import type { StarpackContent } from '../../../shared/stars/starpack.ts'
import { say, type Reason, reasonOf } from '../../../shared/sayings/saying.ts'
import { doubtsOf } from '../../../shared/stars/task/held-out.ts'
import type { PackTask } from '../../../shared/stars/task/pack-task.ts'
import type { ReferenceSketch } from '../../../shared/stars/task/reference-sketch.ts'
import type { FittedTask } from '../../../shared/stars/task/task-parts.ts'
import { withIntercept } from '../../../shared/stars/world/judging-set.ts'
import { modelEntry } from '../models/catalogue.ts'
import { hasModel } from '../models/model-bytes.ts'
import { pictureEncoder } from './picture-meaning.ts'
import { soundEncoder } from './sound-meaning.ts'

type StarpackTask = StarpackContent['tasks'][number]
type ReferenceOfPack = NonNullable<StarpackTask['reference']>

export interface EncoderIdentity {
  readonly id: string
  readonly sha256: string
}

/** The sentence encoder that goes with the picture encoder that ships. */
export function captionEncoder(): EncoderIdentity {
  const { id, sha256 } = modelEntry('use-lite')
  return { id, sha256 }
}

function base64(values: ArrayLike<number>): string {
  return Buffer.from(Float32Array.from(values).buffer).toString('base64')
}

function numbers(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  return Float64Array.from(new Float32Array(bytes.buffer))
}

/** @returns Where a task holds what is no number, by its path; null where it holds none. */
export function wildNumbers(task: StarpackTask): string | null {
  const { ridge, probe, influence, reference } = task
  const arrays: Record<string, unknown> = {
    'ridge.gram': ridge.gram,
    'ridge.moment': ridge.moment,
    'probe.x': probe.x,
    'probe.y': probe.y,
    influence,
    'reference.whitening.mean': reference?.whitening.mean,
    'reference.whitening.axes': reference?.whitening.axes,
    'reference.centroids.x': reference?.centroids.x,
    'reference.reservoir.x': reference?.reservoir.x,
  }
  const wild = Object.entries(arrays).find(
    ([, text]) => typeof text === 'string' && !numbers(text).every(Number.isFinite),
  )
  return wild ? wild[0] : null
}

/** Enough digits for every use, and the same on every machine. */
function short(value: number): number {
  return Number(value.toPrecision(6))
}

function sketchForPack({
  whitening,
  centroids,
  counts,
  reservoir,
  labels,
  distances,
}: ReferenceSketch): ReferenceOfPack {
  const { mean, axes } = whitening
  return {
    whitening: { mean: base64(mean), axes: base64(axes.data), kept: axes.columns },
    centroids: { counts: [...counts], x: base64(centroids.data) },
    reservoir: { rows: reservoir.rows, x: base64(reservoir.data), y: [...labels] },
    distances: distances.map(short),
  }
}

function sketchFromPack(reference: ReferenceOfPack, dimension: number): ReferenceSketch {
  const { whitening, centroids, reservoir, distances } = reference
  const { kept } = whitening
  return {
    whitening: {
      mean: numbers(whitening.mean),
      axes: { rows: dimension, columns: kept, data: numbers(whitening.axes) },
    },
    centroids: { rows: centroids.counts.length, columns: kept, data: numbers(centroids.x) },
    counts: centroids.counts,
    reservoir: { rows: reservoir.rows, columns: kept, data: numbers(reservoir.x) },
    labels: reservoir.y,
    distances,
  }
}

/** @param captions What turned the captions of a caption task to vectors. */
export function taskForPack(
  { task, halfWidth, scores, heldOut }: FittedTask,
  encoder: EncoderIdentity,
  captions: EncoderIdentity,
): StarpackTask {
  const { columns, rows, data } = task.probe
  const x = base64(data.filter((_, i) => i % columns < columns - 1))
  const common = {
    id: task.id,
    weight: 1,
    encoder: { ...encoder },
    dimension: task.dimension,
    gainQuantiles: task.gainQuantiles.map(short),
    halfWidth: short(Math.min(5, Math.max(0.1, halfWidth))),
    ridge: {
      lambda: task.lambda,
      count: task.statistics.count,
      gram: base64(task.statistics.gram.data),
      moment: base64(task.statistics.moment.data),
    },
    influence: task.influence && base64(task.influence.data),
    ...(task.sketch && { reference: sketchForPack(task.sketch) }),
    scores: { base: short(scores.base), current: short(scores.current), baseSize: task.statistics.count },
    heldOut: {
      ...heldOut,
      spearman: short(heldOut.spearman),
      spearmanLow: short(heldOut.spearmanLow),
      chance: short(heldOut.chance),
    },
  }
  if (task.kind === 'captions')
    return {
      ...common,
      targets: 'captions',
      captions: { encoder: { ...captions }, dimension: task.probeCaptions.columns },
      probe: { rows, x, y: base64(task.probeCaptions.data) },
    }
  return {
    ...common,
    classes: task.classNames.length,
    classNames: [...task.classNames],
    probe: { rows, x, y: Array.from(task.probeLabels) },
  }
}

/** What is to be doubted of a pack, one reason a line; of packs that do not say how well they predict, nothing. */
export function doubtsOfPack({ tasks }: Pick<StarpackContent, 'tasks'>): Reason[] {
  return tasks.flatMap(({ heldOut, scores }) => (heldOut ? doubtsOf(heldOut, scores.current).map(reasonOf) : []))
}

function refuseEncoder({ id, sha256 }: EncoderIdentity, of: string): never {
  throw new AsterismError('unsupported_format', say('starpack.otherEncoder', { of, id, digest: sha256.slice(0, 16) }), {
    fix: say('starpack.fix.bring'),
  })
}

/** Which vectors of a project the task is about. @throws AsterismError `unsupported_format` */
function vectorsOf(task: StarpackTask, joint: string | null): PackTask['vectors'] {
  const { sha256 } = task.encoder
  const vectors = new Map<string, PackTask['vectors']>([
    ...(joint === null ? [] : [[joint, 'joint'] as const]),
    [soundEncoder().sha256, 'sound'],
    [pictureEncoder().sha256, 'meaning'],
  ]).get(sha256)
  if (vectors === undefined) refuseEncoder(task.encoder, 'vectors')
  if (task.targets !== 'captions') return vectors
  const { encoder } = task.captions
  const known =
    vectors === 'joint'
      ? encoder.sha256 === joint
      : vectors === 'meaning' && encoder.sha256 === captionEncoder().sha256 && hasModel(modelEntry('use-lite'))
  if (!known) refuseEncoder(encoder, 'captions')
  return vectors
}

/**
 * A pack's task to reckon with.
 *
 * @param title What the pack is called: a person knows it by that, not by its id.
 * @param joint The digest of the model of pictures and words that looks at the project, if one does.
 * @throws AsterismError `unsupported_format` where it asks for vectors of an encoder that this machine does not have.
 */
export function taskFromPack(task: StarpackTask, title: string, joint: string | null): PackTask {
  const p = task.dimension + 1
  const outputs = task.targets === 'captions' ? task.captions.dimension : task.classes
  const { rows } = task.probe
  const common = {
    id: task.id,
    title,
    dimension: task.dimension,
    vectors: vectorsOf(task, joint),
    lambda: task.ridge.lambda,
    statistics: {
      gram: { rows: p, columns: p, data: numbers(task.ridge.gram) },
      moment: { rows: p, columns: outputs, data: numbers(task.ridge.moment) },
      count: task.ridge.count,
    },
    probe: withIntercept({ rows, columns: task.dimension, data: numbers(task.probe.x) }),
    gainQuantiles: task.gainQuantiles,
    influence: task.influence === null ? null : { rows: p, columns: outputs, data: numbers(task.influence) },
    sketch: task.reference ? sketchFromPack(task.reference, task.dimension) : null,
  }
  return task.targets === 'captions'
    ? { ...common, kind: 'captions', probeCaptions: { rows, columns: outputs, data: numbers(task.probe.y) } }
    : { ...common, kind: 'classes', classNames: task.classNames, probeLabels: Int32Array.from(task.probe.y) }
}
