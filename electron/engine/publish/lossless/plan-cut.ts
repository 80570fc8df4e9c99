/** Whether a timeline is cuts of one recording, and what of the recording a cut without encoding would keep. */
import type { Stream } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { clockSecondsOf } from '../../../../shared/signal/time-map.ts'
import type { ExportInput } from '../export/exporter.ts'
import { sequenceRate } from '../formats/edit-rates.ts'
import type { ProjectView } from '../package/project-view.ts'
import { planRender } from '../render/plan.ts'
import { SourceShelf } from '../render/source-media.ts'
import { readMovie, type Movie, type MovieTrack } from './movie.ts'
import { cutPoints, keptRanges, type SampleRange, type Span } from './ranges.ts'

export interface LosslessPlan {
  readonly movie: Movie
  readonly picture: MovieTrack
  /** Container time of the recording. */
  readonly wanted: readonly Span[]
  readonly kept: readonly SampleRange[]
  readonly hasSound: boolean
  /** Rate of the pictures a second, roughly. */
  readonly perSecond: number
}

const FIX = 'Keep to cuts of one recording, or export with the preset "standard", which encodes.'
/** Sound further from its pictures than this was moved on purpose. */
const TOGETHER_SECONDS = 0.002

function refuse(what: string): AsterismError {
  return new AsterismError('bad_input', what, { fix: FIX, kept: 'Nothing was written.' })
}

/** The one camera that the pictures are of. */
function onlyStream(streams: readonly (Stream | undefined)[]): Stream {
  const [first] = streams
  if (!first) throw refuse('There is no picture on the timeline to cut without encoding.')
  if (streams.some((stream) => stream?.id !== first.id)) {
    throw refuse('The pictures on the timeline are of several recordings; without encoding they cannot be joined.')
  }
  return first
}

/** @throws AsterismError `bad_input` or `unsupported_format` saying why the timeline cannot be cut without encoding. */
export async function planLossless(view: ProjectView, input: ExportInput, signal: AbortSignal): Promise<LosslessPlan> {
  const rate = sequenceRate(view)
  const plan = planRender(view, rate)
  const pieces = plan.pictures.flatMap(({ source, ...piece }) => (source ? [{ ...piece, ...source }] : []))
  const stream = onlyStream(pieces.map((piece) => piece.stream))
  const shelf = new SourceShelf(view, input, signal)
  const media = await shelf.mediaOf(stream)
  const period = rate.denominator / rate.numerator
  const atFrame = (frame: number): number => plan.startSeconds + frame * period
  const wanted = pieces.map(({ firstFrame, frames, map }): Span => ({
    fromSeconds: clockSecondsOf(map, atFrame(firstFrame)) - media.shiftSeconds,
    toSeconds: clockSecondsOf(map, atFrame(firstFrame + frames)) - media.shiftSeconds,
  }))
  for (const sound of plan.sounds) {
    if (sound.stream.assetId !== stream.assetId) {
      const title = view.asset(sound.stream.assetId)?.title ?? ''
      throw refuse(`The sound of "${title}" is heard as well; only that of the recording itself goes along.`)
    }
    const from = plan.startSeconds + sound.firstSample / 48_000
    const beside = pieces.find((piece) => atFrame(piece.firstFrame + piece.frames) > from)
    const off = beside ? clockSecondsOf(beside.map, from) - clockSecondsOf(sound.map, from) : 0
    if (Math.abs(off) > TOGETHER_SECONDS) throw refuse('Its sound was moved against its pictures.')
  }
  const { probe, stream: inFile } = await shelf.mediaOf(stream)
  const movie = await readMovie(probe.path)
  const picture = movie.tracks.filter((track) => track.handler === 'vide')[inFile.kindIndex]
  if (!picture) throw refuse('The recording holds no pictures that can be cut without encoding.')
  const perSecond = picture.table.ticks.length / Math.max(1e-9, lengthOf(picture))
  const kept = keptRanges(cutPoints(picture), wanted, 0.5 / perSecond)
  if (kept.length === 0) throw refuse('Nothing of the recording is left.')
  return { movie, picture, wanted, kept, hasSound: plan.sounds.length > 0, perSecond }
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

/** How much more than the timeline shows is kept; 0 for what is less than half a picture. */
export function extraSeconds({ kept, wanted, perSecond }: LosslessPlan): number {
  const extra = spanSeconds(kept) - spanSeconds(wanted)
  return extra < 0.5 / perSecond ? 0 : extra
}
