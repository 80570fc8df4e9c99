/**
 * What a render shows and lets hear, worked out before anything is decoded: for every frame of the output the clip that
 * is on top, for every audible clip the samples it fills. The topmost track that is not muted and has a clip wins; where
 * none has one the picture is black. The output begins at the project's zero, or before it where a clip does.
 */
import { shiftOf } from '../../../../shared/document/clip-clock.ts'
import { isAsRecorded } from '../../../../shared/document/clip-sound.ts'
import type { Clip, Stream, Track } from '../../../../shared/document/records.ts'
import { clipAt } from '../../../../shared/document/timeline.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { IDENTITY_MAP, type ClockMap } from '../../../../shared/signal/time-map.ts'
import { secondsFromTicks, TICKS_PER_SECOND, type FrameRate } from '../../../../shared/units.ts'
import type { ProjectView } from '../package/project-view.ts'

export const SOUND_HZ = 48_000

/** A run of frames out of one clip, or of black where there is no clip. */
export interface PicturePiece {
  readonly firstFrame: number
  readonly frames: number
  readonly source: { readonly stream: Stream; readonly map: ClockMap } | null
}

/** A clip's share of the sound. */
export interface SoundPiece {
  readonly firstSample: number
  readonly samples: number
  readonly stream: Stream
  /** Of the stream's clock to the project, moved as the clip was moved. */
  readonly map: ClockMap
  /** How loud it is; null: as recorded. */
  readonly loudness: ClipLoudness | null
}

/** Of a clip whose own first sample is `clipStart` of the output, which may lie before its first. */
interface ClipLoudness {
  readonly clip: Clip
  readonly clipStart: number
}

export interface RenderPlan {
  readonly rate: FrameRate
  /** Project time of frame 0 and sample 0, on the grid of frames. */
  readonly startSeconds: number
  readonly frames: number
  /** As long as the frames. */
  readonly samples: number
  /** Without gaps or overlaps, from frame 0 to the last. */
  readonly pictures: readonly PicturePiece[]
  readonly sounds: readonly SoundPiece[]
}

/** A shift of a clip against its clock's map by less than this is rounding, not a move. */
const ROUNDING_SECONDS = 2 / TICKS_PER_SECOND

/** The map of a clip: its clock's, shifted by as much as the clip was moved by hand. */
function mapOfClip(view: ProjectView, clip: Clip, stream: Stream): ClockMap {
  const record = view.timeMapOf(stream.clockId)
  const map: ClockMap = record ? { ...record, covariance: [0, 0, 0] } : IDENTITY_MAP
  const shift = shiftOf(clip, map)
  if (Math.abs(shift) <= ROUNDING_SECONDS) return map
  return {
    ...map,
    offsetSeconds: map.offsetSeconds + shift,
    knots: map.knots?.map((knot) => ({ ...knot, projectSeconds: knot.projectSeconds + shift })),
  }
}

function picturePieces(
  view: ProjectView,
  tracks: readonly Track[],
  frames: number,
  startSeconds: number,
  rate: FrameRate,
): PicturePiece[] {
  const frameTicks = (TICKS_PER_SECOND * rate.denominator) / rate.numerator
  const origin = startSeconds * TICKS_PER_SECOND
  // A cut within a thousandth of a frame of a frame's start is that frame's start.
  const frameOf = (tick: number): number =>
    Math.max(0, Math.min(frames, Math.ceil((tick - origin) / frameTicks - 1e-3)))
  const edges = new Set([0, frames])
  for (const track of tracks) {
    for (const clip of track.clips) {
      edges.add(frameOf(clip.startTicks))
      edges.add(frameOf(clip.startTicks + clip.durationTicks))
    }
  }
  const sorted = [...edges].sort((a, b) => a - b)
  const pieces: (PicturePiece & { readonly clip: Clip | null })[] = []
  sorted.slice(0, -1).forEach((firstFrame, n) => {
    const count = sorted[n + 1]! - firstFrame
    const tick = origin + (firstFrame + Math.min(0.5, count / 2)) * frameTicks
    const clip = tracks.map((track) => clipAt(track, tick)).find((each) => each !== undefined) ?? null
    const last = pieces.at(-1)
    if (last && last.clip === clip) {
      pieces[pieces.length - 1] = { ...last, frames: last.frames + count }
      return
    }
    const stream = clip ? view.stream(clip.streamId) : undefined
    const source = clip && stream ? { stream, map: mapOfClip(view, clip, stream) } : null
    pieces.push({ firstFrame, frames: count, source, clip })
  })
  return pieces.map(({ firstFrame, frames: count, source }) => ({ firstFrame, frames: count, source }))
}

function soundPieces(view: ProjectView, tracks: readonly Track[], samples: number, startSeconds: number): SoundPiece[] {
  const sampleOf = (ticks: number): number =>
    Math.max(0, Math.min(samples, Math.round((secondsFromTicks(ticks) - startSeconds) * SOUND_HZ)))
  return tracks.flatMap((track) =>
    track.clips.flatMap((clip): SoundPiece[] => {
      const stream = view.stream(clip.streamId)
      const firstSample = sampleOf(clip.startTicks)
      const count = sampleOf(clip.startTicks + clip.durationTicks) - firstSample
      if (!stream || count <= 0) return []
      const clipStart = (secondsFromTicks(clip.startTicks) - startSeconds) * SOUND_HZ
      const loudness = isAsRecorded(clip) ? null : { clip, clipStart }
      return [{ firstSample, samples: count, stream, map: mapOfClip(view, clip, stream), loudness }]
    }),
  )
}

/** A part of the timeline that is rendered by itself. */
export interface RenderPart {
  readonly tracks: readonly Track[]
  readonly fromSeconds: number
  readonly toSeconds: number
}

/**
 * @param rate Of the output's pictures; a render of sound alone is cut to whole frames of it as well.
 * @param part All tracks that are not muted, from the project's zero to the last end, without it.
 * @throws AsterismError `bad_input` when nothing on the timeline is to be seen or heard.
 */
export function planRender(view: ProjectView, rate: FrameRate, part?: RenderPart): RenderPlan {
  const active = part?.tracks ?? view.tracks.filter((track) => !track.muted && track.clips.length > 0)
  const pictures = active.filter((track) => track.sensor === 'video')
  const sounds = active.filter((track) => track.sensor === 'audio')
  const clips = [...pictures, ...sounds].flatMap((track) => track.clips)
  if (clips.length === 0) {
    throw new AsterismError('bad_input', say('export.nothingSeen'), {
      fix: say('export.fix.unmute'),
    })
  }
  const perSecond = rate.numerator / rate.denominator
  const first = part?.fromSeconds ?? Math.min(0, ...clips.map((clip) => secondsFromTicks(clip.startTicks)))
  const end =
    part?.toSeconds ?? Math.max(...clips.map((clip) => secondsFromTicks(clip.startTicks + clip.durationTicks)))
  // A part begins where it was asked to; the whole keeps to the frames that are counted from the project's zero.
  const startSeconds = part ? first : Math.floor(first * perSecond + 1e-6) / perSecond
  const frames = Math.max(1, Math.ceil((end - startSeconds) * perSecond - (part ? 0.5 : 1e-3)))
  const samples = Math.round((frames / perSecond) * SOUND_HZ)
  return {
    rate,
    startSeconds,
    frames,
    samples,
    pictures: picturePieces(view, pictures, frames, startSeconds, rate),
    sounds: soundPieces(view, sounds, samples, startSeconds),
  }
}
