/** Whether a timeline is cuts of one recording, and what of the recording a cut would keep as it is. */
import type { Stream } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { clockSecondsOf } from '../../../../shared/signal/time-map.ts'
import type { MediaStream } from '../../media/probe.ts'
import type { ExportInput } from '../export/exporter.ts'
import { sequenceRate } from '../../../../shared/document/edit-rates.ts'
import type { ProjectView } from '../package/project-view.ts'
import { planRender } from '../render/plan.ts'
import { SourceShelf } from '../render/source-media.ts'
import { readMovie, type Movie, type MovieTrack } from './movie.ts'
import { isHevc } from './hevc-parameter-sets.ts'
import { whyNoEdges } from './encode-edges.ts'
import { copied, exactPieces, joinedSpans, type CutPiece } from './exact-pieces.ts'
import { cutPoints, keptRanges, type Span } from './ranges.ts'

/** `lossless`: nothing is encoded, ranges grow outward to key pictures. `exact`: to the picture, edges are encoded. */
export type LosslessWay = 'lossless' | 'exact'

export interface LosslessPlan {
  readonly movie: Movie
  readonly picture: MovieTrack
  readonly stream: MediaStream
  /** Container time of the recording. */
  readonly wanted: readonly Span[]
  /** One behind the other in the cut. */
  readonly pieces: readonly CutPiece[]
  /** The same, without the seams between what is copied and what is encoded. */
  readonly kept: readonly Span[]
  readonly hasSound: boolean
  /** Rate of the pictures a second, roughly. */
  readonly perSecond: number
}

const FIX = say('export.fix.oneRecording')
/** Sound further from its pictures than this was moved on purpose. */
const TOGETHER_SECONDS = 0.002

function refuse(what: Saying): AsterismError {
  return new AsterismError('bad_input', what, { fix: FIX, kept: say('kept.nothingWritten') })
}

/** The one camera that the pictures are of. */
function onlyStream(streams: readonly (Stream | undefined)[]): Stream {
  const [first] = streams
  if (!first) throw refuse(say('export.nothingToCut'))
  if (streams.some((stream) => stream?.id !== first.id)) {
    throw refuse(say('export.severalRecordings'))
  }
  return first
}

/** @throws AsterismError `bad_input` or `unsupported_format` saying why the timeline cannot be cut without encoding. */
export async function planLossless(
  view: ProjectView,
  input: ExportInput,
  way: LosslessWay,
  signal: AbortSignal,
): Promise<LosslessPlan> {
  const rate = sequenceRate(view)
  const plan = planRender(view, rate)
  const shown = plan.pictures.flatMap(({ source, ...piece }) => (source ? [{ ...piece, ...source }] : []))
  const stream = onlyStream(shown.map((piece) => piece.stream))
  const shelf = new SourceShelf(view, input, signal)
  const media = await shelf.mediaOf(stream)
  const period = rate.denominator / rate.numerator
  const atFrame = (frame: number): number => plan.startSeconds + frame * period
  const wanted = shown.map(({ firstFrame, frames, map }): Span => ({
    fromSeconds: clockSecondsOf(map, atFrame(firstFrame)) - media.shiftSeconds,
    toSeconds: clockSecondsOf(map, atFrame(firstFrame + frames)) - media.shiftSeconds,
  }))
  for (const sound of plan.sounds) {
    if (sound.stream.assetId !== stream.assetId) {
      const title = view.asset(sound.stream.assetId)?.title ?? ''
      throw refuse(say('export.otherSound', { title }))
    }
    if (sound.loudness) throw refuse(say('export.soundChanged'))
    const from = plan.startSeconds + sound.firstSample / 48_000
    const beside = shown.find((piece) => atFrame(piece.firstFrame + piece.frames) > from)
    const off = beside ? clockSecondsOf(beside.map, from) - clockSecondsOf(sound.map, from) : 0
    if (Math.abs(off) > TOGETHER_SECONDS) throw refuse(say('export.soundMoved'))
  }
  const movie = await readMovie(media.probe.path)
  const picture = movie.tracks.filter((track) => track.handler === 'vide')[media.stream.kindIndex]
  if (!picture) throw refuse(say('export.noCuttable'))
  const perSecond = picture.table.ticks.length / Math.max(1e-9, lengthOf(picture))
  const points = cutPoints(picture, isHevc(picture.format))
  const halfPicture = 0.5 / perSecond
  const pieces =
    way === 'exact'
      ? exactPieces(picture, points, wanted, halfPicture)
      : keptRanges(points, wanted, halfPicture).map(copied)
  if (pieces.length === 0) throw refuse(say('export.nothingLeft'))
  if (pieces.some((piece) => piece.kind === 'encoded')) {
    const why = await whyNoEdges(picture, media.stream, input.tools, signal)
    if (why !== null) {
      throw new AsterismError('unsupported_format', say('export.noExactCut', { why }), {
        fix: say('export.fix.losslessOrStandard'),
        kept: say('kept.nothingWritten'),
      })
    }
  }
  const kept = joinedSpans(pieces)
  return { movie, picture, stream: media.stream, wanted, pieces, kept, hasSound: plan.sounds.length > 0, perSecond }
}

function lengthOf({ table }: MovieTrack): number {
  let ticks = 0
  for (const each of table.ticks) ticks += each
  return ticks / table.timescale
}

/** Of spans, one behind the other. */
export function spanSeconds(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.toSeconds - span.fromSeconds, 0)
}

/** How many pictures would be encoded anew. */
export function encodedPictures({ pieces }: LosslessPlan): number {
  return pieces.reduce((sum, piece) => sum + (piece.kind === 'encoded' ? piece.pictures.length : 0), 0)
}

/** How much more than the timeline shows is kept; 0 for what is less than half a picture. */
export function extraSeconds({ kept, wanted, perSecond }: LosslessPlan): number {
  const extra = spanSeconds(kept) - spanSeconds(wanted)
  return extra < 0.5 / perSecond ? 0 : extra
}
