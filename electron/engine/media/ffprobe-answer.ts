/** What ffprobe prints, checked and turned into the media engine's own words. Nothing here runs anything. */
import { z } from 'zod'
import type { FrameRate } from '../../../shared/units.ts'

export interface MediaStream {
  readonly kind: 'video' | 'audio' | 'data' | 'subtitle'
  /** Of the container. */
  readonly index: number
  /** Among the file's streams of this kind; pictures attached to a sound file do not count as video. */
  readonly kindIndex: number
  /** As ffprobe names it; `unknown` when it has no name. */
  readonly codec: string
  /** The four characters by which the container names it; empty where it has none. */
  readonly codecTag: string
  /** On the clock (see `MediaProbe.clockOriginSeconds`). */
  readonly startSeconds: number
  readonly durationSeconds: number | null
  /** What its encoder put before `startSeconds`, where the container does not take it off. */
  readonly delaySeconds?: number
  /** One standard deviation of where it begins, where nobody can tell how late its encoder made it. */
  readonly startSigmaSeconds?: number
  readonly width?: number
  readonly height?: number
  /** Width of a pixel over its height; absent where it is 1. */
  readonly pixelAspect?: number
  readonly pixelFormat?: string
  readonly colorTransfer?: string
  /** The matrix between its colours and RGB, as ffmpeg names it; absent where the file does not say. */
  readonly colorSpace?: string
  /** The average over the file: of a variable rate, what the frame count and the duration give. */
  readonly frameRate?: FrameRate
  readonly frameCount?: number
  readonly isVariableRate?: boolean
  readonly keyframeIntervalSeconds?: number
  /** Clockwise turn that shows the picture upright: 0 <= r < 360. */
  readonly rotationDegrees?: number
  /** The picture has to be mirrored as well. */
  readonly isMirrored?: boolean
  readonly sampleRateHz?: number
  readonly channels?: number
  /** SMPTE timecode at the stream's start. */
  readonly timecode?: string
  /** What a timecode track counts at: cameras of 50 pictures a second count 25. */
  readonly timecodeRate?: FrameRate
  /** A cover picture, not a moving one. */
  readonly attachedPicture?: boolean
  /** Its timestamps jump in its middle: only the order of its packets means something. */
  readonly hasTimestampJumps?: boolean
  /** Bits a second, where the container says it. */
  readonly bitRate?: number
  readonly tags: Readonly<Record<string, string>>
}

const text = z.string()
const tags = z.record(z.string(), z.string()).default({})
const streamSchema = z.object({
  index: z.number().int().nonnegative(),
  codec_type: text.optional(),
  codec_name: text.optional(),
  codec_tag_string: text.optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: text.optional(),
  pix_fmt: text.optional(),
  color_transfer: text.optional(),
  color_space: text.optional(),
  sample_rate: text.optional(),
  channels: z.number().optional(),
  r_frame_rate: text.optional(),
  avg_frame_rate: text.optional(),
  start_time: text.optional(),
  duration: text.optional(),
  nb_frames: text.optional(),
  bit_rate: text.optional(),
  disposition: z.record(z.string(), z.number()).default({}),
  tags,
  side_data_list: z
    .array(z.object({ rotation: z.number().optional(), displaymatrix: text.optional() }).loose())
    .default([]),
})

export const answerSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z
    .object({
      format_name: text.default(''),
      start_time: text.optional(),
      duration: text.optional(),
      bit_rate: text.optional(),
      tags,
    })
    .optional(),
  packets: z
    .array(z.object({ side_data_list: z.array(z.record(z.string(), z.unknown())).default([]) }).loose())
    .optional(),
})

export type FfprobeAnswer = z.infer<typeof answerSchema>
type FfprobeStream = FfprobeAnswer['streams'][number]

/** A finite number out of ffprobe's text, or null for `N/A`. */
export function parseNumber(value: string | undefined): number | null {
  if (value === undefined || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** ffprobe prints microseconds; differences of them are put back on that grid. Never minus zero. */
export function wholeMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6 || 0
}

/** The streams of an answer, on the clock whose zero is the container time `clockOriginSeconds`. */
export function streamsFromAnswer(answer: FfprobeAnswer, clockOriginSeconds: number): MediaStream[] {
  const counts = { video: 0, audio: 0, data: 0, subtitle: 0 }
  return answer.streams.map((stream) => {
    const kind = kindOf(stream)
    const attachedPicture = kind === 'video' && isAttachedPicture(stream)
    const kindIndex = attachedPicture ? 0 : counts[kind]++
    const containerStart = parseNumber(stream.start_time) ?? parseNumber(answer.format?.start_time) ?? 0
    const start = wholeMicroseconds(containerStart - clockOriginSeconds)
    const common: MediaStream = {
      kind,
      index: stream.index,
      kindIndex,
      codec: stream.codec_name ?? 'unknown',
      codecTag: stream.codec_tag_string?.startsWith('[0]') ? '' : (stream.codec_tag_string ?? ''),
      startSeconds: start,
      durationSeconds: durationOf(stream, start) ?? countedDuration(stream, answer.format?.format_name),
      ...optional('timecode', stream.tags['timecode']),
      ...optional('timecodeRate', stream.codec_tag_string === 'tmcd' ? parseRate(stream.avg_frame_rate) : null),
      ...optional('bitRate', positive(parseNumber(stream.bit_rate))),
      tags: stream.tags,
    }
    if (kind === 'video') return { ...common, ...pictureFields(stream), ...(attachedPicture && { attachedPicture }) }
    if (kind === 'audio') return { ...common, ...soundFields(stream) }
    return common
  })
}

/** `numerator/denominator` as ffprobe prints rates; null for `0/0`. */
function parseRate(value: string | undefined): FrameRate | null {
  const match = /^(\d+)\/(\d+)$/.exec(value ?? '')
  if (!match) return null
  const numerator = Number(match[1])
  const denominator = Number(match[2])
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator)) return null
  return numerator > 0 && denominator > 0 ? { numerator, denominator } : null
}

/**
 * The clockwise turn out of a display matrix (ISO/IEC 14496-12, 8.3.2): nine numbers, row by row, of which the first
 * two of the first two rows send picture axes (x right, y down) to screen axes as `x' = a x + c y, y' = b x + d y`.
 */
export function rotationFromMatrix(matrix: readonly number[]): { rotationDegrees: number; isMirrored: boolean } | null {
  if (matrix.length < 5 || matrix.some((value) => !Number.isFinite(value))) return null
  const [a, b, , c, d] = matrix as readonly [number, number, number, number, number]
  const determinant = a * d - b * c
  if (determinant === 0) return null
  const degrees = (Math.atan2(b, a) * 180) / Math.PI
  return { rotationDegrees: normalizeDegrees(degrees), isMirrored: determinant < 0 }
}

/** Whole degrees, 0 <= d < 360. */
export function normalizeDegrees(degrees: number): number {
  return ((Math.round(degrees) % 360) + 360) % 360
}

function kindOf(stream: FfprobeStream): MediaStream['kind'] {
  const type = stream.codec_type
  return type === 'video' || type === 'audio' || type === 'subtitle' ? type : 'data'
}

function isAttachedPicture(stream: FfprobeStream): boolean {
  return stream.disposition['attached_pic'] === 1 || stream.disposition['timed_thumbnails'] === 1
}

/** Matroska says the end of a stream, not its length. */
function durationOf(stream: FfprobeStream, startSeconds: number): number | null {
  const own = parseNumber(stream.duration)
  if (own !== null) return own >= 0 ? own : null
  const tag = stream.tags['DURATION'] ?? stream.tags['DURATION-eng']
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(tag ?? '')
  if (!match) return null
  const end = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
  return Math.max(0, end - Math.max(0, startSeconds))
}

/** AVI counts the samples of plain sound where it says no length. */
function countedDuration(stream: FfprobeStream, container: string | undefined): number | null {
  const [samples, rate] = [parseNumber(stream.nb_frames), parseNumber(stream.sample_rate)]
  const isCounted = container === 'avi' && stream.codec_name?.startsWith('pcm_') && samples && rate
  return isCounted ? wholeMicroseconds(samples / rate) : null
}

function pictureFields(stream: FfprobeStream): Partial<MediaStream> {
  const rate = parseRate(stream.avg_frame_rate) ?? parseRate(stream.r_frame_rate)
  return {
    ...optional('width', whole(stream.width)),
    ...optional('height', whole(stream.height)),
    ...optional('pixelAspect', pixelAspect(stream.sample_aspect_ratio)),
    ...optional('pixelFormat', stream.pix_fmt),
    ...optional('colorTransfer', stream.color_transfer),
    ...optional('colorSpace', stream.color_space === 'unknown' ? null : stream.color_space),
    ...optional('frameRate', rate),
    ...optional('frameCount', positive(parseNumber(stream.nb_frames))),
    ...turnOf(stream),
  }
}

/** `64:45` as a number; null for square pixels and for `0:1`, which says nothing. */
function pixelAspect(value: string | undefined): number | null {
  const ratio = parseRate(value?.replace(':', '/'))
  return ratio && ratio.numerator !== ratio.denominator ? ratio.numerator / ratio.denominator : null
}

function soundFields(stream: FfprobeStream): Partial<MediaStream> {
  return {
    ...optional('sampleRateHz', positive(parseNumber(stream.sample_rate))),
    ...optional('channels', positive(whole(stream.channels))),
  }
}

function turnOf(stream: FfprobeStream): Partial<MediaStream> {
  for (const side of stream.side_data_list) {
    // ffprobe prints a dump: a row a line, each behind its offset.
    const rows = side.displaymatrix?.split('\n').map((line) => line.replace(/^\s*[0-9a-fA-F]{8}:/, '')) ?? []
    const numbers = rows.join(' ').trim().split(/\s+/).map(Number)
    const turn = rotationFromMatrix(numbers)
    if (turn) return { rotationDegrees: turn.rotationDegrees, ...(turn.isMirrored && { isMirrored: true }) }
    if (side.rotation !== undefined) return { rotationDegrees: normalizeDegrees(-side.rotation) }
  }
  // Written by old cameras beside or instead of the matrix: degrees clockwise.
  const tag = parseNumber(stream.tags['rotate'])
  return { rotationDegrees: tag === null ? 0 : normalizeDegrees(tag) }
}

function positive(value: number | null | undefined): number | undefined {
  return value !== null && value !== undefined && value > 0 ? value : undefined
}

function whole(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** `{ [key]: value }` unless there is no value: an absent field stays absent. */
function optional<K extends string, V>(key: K, value: V | null | undefined): { [P in K]?: V } {
  return value === null || value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]?: V })
}
