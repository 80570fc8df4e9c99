/** The pictures of a render, frame by frame, as the encoder takes them: planar 4:2:0, one buffer a frame. */
import { basename } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from '../../media/run-tool.ts'
import { clockSpanOf, retimeFilters } from '../../media/retime.ts'
import type { MediaTool } from '../../media/tools.ts'
import { toneMapFilters } from '../../media/proxy.ts'
import type { MediaStream } from '../../media/probe.ts'
import type { PicturePiece, RenderPlan } from './plan.ts'
import { onFileTime, type SourceMedia, type SourceShelf } from './source-media.ts'

export interface PictureSize {
  readonly width: number
  readonly height: number
}

export interface FrameReaderOptions {
  readonly ffmpeg: MediaTool
  readonly shelf: SourceShelf
  readonly size: PictureSize
  readonly signal: AbortSignal
  readonly onNote: (note: Saying) => void
}

/** Seeking goes to a key frame before this margin, so that the picture on screen at the cut is there. */
const SEEK_MARGIN_SECONDS = 1
const STALL_MILLISECONDS = 120_000
const SECONDS_PER_FRAME_AT_MOST = 10
/** Frames that wait for the encoder. */
const QUEUE_FRAMES = 4

function frameBytes({ width, height }: PictureSize): number {
  return (width * height * 3) / 2
}

function blackFrame(size: PictureSize): Buffer {
  const luma = size.width * size.height
  const frame = Buffer.alloc(frameBytes(size), 128)
  return frame.fill(16, 0, luma)
}

/** Upright, square pixels. */
export function shownSize(stream: MediaStream): PictureSize {
  const { width = 0, height = 0, pixelAspect = 1, rotationDegrees = 0 } = stream
  const shown = { width: Math.round(width * pixelAspect), height }
  return rotationDegrees % 180 === 0 ? shown : { width: shown.height, height: shown.width }
}

/** Option of the scaler: what does not say its colours has those that players take it to have. */
export function inputMatrix(stream: MediaStream): string {
  if (stream.colorSpace !== undefined) return ''
  const shown = shownSize(stream)
  return `in_color_matrix=${Math.min(shown.width, shown.height) >= 720 ? 'bt709' : 'bt601'}`
}

/** Fits a picture into the output: whole where it is as large but for an odd line, made smaller or larger otherwise. */
function fitFilters(stream: MediaStream, size: PictureSize, toned: readonly string[]): string[] {
  const shown = shownSize(stream)
  const isSame =
    (stream.pixelAspect ?? 1) === 1 &&
    shown.width - size.width >= 0 &&
    shown.width - size.width <= 1 &&
    shown.height - size.height >= 0 &&
    shown.height - size.height <= 1
  const scale = Math.min(size.width / shown.width, size.height / shown.height)
  const even = (side: number, most: number): number => Math.min(most, Math.max(2, 2 * Math.round((side * scale) / 2)))
  const inside = { width: even(shown.width, size.width), height: even(shown.height, size.height) }
  const matrix = inputMatrix(stream)
  const colors = `${matrix && `${matrix}:`}out_color_matrix=bt709:out_range=tv`
  return [
    ...toned,
    ...(isSame
      ? [`crop=${size.width}:${size.height}:0:0`, `scale=${colors}`]
      : [
          `scale=${inside.width}:${inside.height}:flags=bicubic:${colors}`,
          `pad=${size.width}:${size.height}:(ow-iw)/2:(oh-ih)/2`,
        ]),
    'setsar=1',
    'format=yuv420p',
  ]
}

/** A hand-over of whole frames from ffmpeg's pipe to whoever reads: the pipe waits while the reader is busy. */
class FrameQueue {
  readonly #bytes: number
  readonly #frames: Buffer[] = []
  #partial: Buffer
  #filled = 0
  #ended = false
  #error: unknown = null
  #wakeReader: (() => void) | null = null
  #wakeWriter: (() => void) | null = null

  constructor(bytes: number) {
    this.#bytes = bytes
    this.#partial = Buffer.allocUnsafe(bytes)
  }

  async push(chunk: Buffer): Promise<void> {
    let at = 0
    while (at < chunk.length) {
      const take = Math.min(this.#bytes - this.#filled, chunk.length - at)
      chunk.copy(this.#partial, this.#filled, at, at + take)
      this.#filled += take
      at += take
      if (this.#filled < this.#bytes) continue
      this.#frames.push(this.#partial)
      this.#partial = Buffer.allocUnsafe(this.#bytes)
      this.#filled = 0
      this.#wakeReader?.()
      if (this.#frames.length >= QUEUE_FRAMES && !this.#ended) {
        await new Promise<void>((resolve) => {
          this.#wakeWriter = resolve
        })
      }
    }
  }

  end(error: unknown = null): void {
    this.#ended = true
    this.#error ??= error
    this.#wakeReader?.()
    this.#wakeWriter?.()
  }

  /** Null when there are no more. */
  async next(): Promise<Buffer | null> {
    while (this.#frames.length === 0) {
      if (this.#error !== null) throw this.#error
      if (this.#ended) return null
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve
      })
    }
    const frame = this.#frames.shift()!
    this.#wakeWriter?.()
    this.#wakeWriter = null
    return frame
  }
}

/**
 * Reads a piece out of its recording.
 * @param filters Of the pictures that `retimeFilters` chooses. @param output Behind the filters: coding and file.
 */
export function decodeArguments(
  plan: RenderPlan,
  piece: PicturePiece & { readonly source: NonNullable<PicturePiece['source']> },
  media: SourceMedia,
  filters: readonly string[],
  output: readonly string[],
): string[] {
  const { rate, startSeconds } = plan
  const map = onFileTime(piece.source.map, media)
  const period = rate.denominator / rate.numerator
  const from = startSeconds + piece.firstFrame * period
  const to = startSeconds + (piece.firstFrame + piece.frames) * period
  const span = clockSpanOf(map, from, to)
  const { probe, stream } = media
  const seek = span.from - SEEK_MARGIN_SECONDS
  const canSeek = seek > stream.startSeconds && stream.hasTimestampJumps !== true
  return [
    ...COMMON_ARGUMENTS,
    '-v',
    'error',
    '-copyts',
    ...(canSeek
      ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', (seek + probe.clockOriginSeconds).toFixed(6)]
      : []),
    ...inputArguments(probe.path),
    '-map',
    `0:${stream.index}`,
    '-vf',
    [retimeFilters(map, from, to, rate, probe.clockOriginSeconds), ...filters].join(','),
    '-vsync',
    'passthrough',
    ...output,
  ]
}

async function* decodedFrames(
  plan: RenderPlan,
  piece: PicturePiece & { readonly source: NonNullable<PicturePiece['source']> },
  options: FrameReaderOptions,
): AsyncGenerator<Buffer> {
  const media = await options.shelf.mediaOf(piece.source.stream)
  const queue = new FrameQueue(frameBytes(options.size))
  const stop = new AbortController()
  const toned = await toneMapFilters(media.stream, options.ffmpeg, options.signal)
  const filters = fitFilters(media.stream, options.size, toned)
  const run = runTool(options.ffmpeg, decodeArguments(plan, piece, media, filters, ['-f', 'rawvideo', 'pipe:1']), {
    signal: AbortSignal.any([options.signal, stop.signal]),
    timeoutMilliseconds: 600_000 + piece.frames * SECONDS_PER_FRAME_AT_MOST * 1000,
    stallMilliseconds: STALL_MILLISECONDS,
    onStdout: (chunk) => queue.push(chunk),
  })
    .then((result) =>
      refuseFailure(result, say('tool.pictureDecoded'), {
        path: media.probe.path,
        code: 'corrupt_file',
        hasOutput: true,
      }),
    )
    .then(
      (damaged) => {
        if (damaged) options.onNote(say('note.damagedPictures', { name: basename(media.probe.path) }))
        queue.end()
      },
      (error: unknown) => queue.end(error),
    )
  try {
    let last: Buffer | null = null
    let held = 0
    for (let n = 0; n < piece.frames; n++) {
      const frame: Buffer | null = await queue.next()
      if (frame === null && last === null) {
        throw new AsterismError('corrupt_file', say('media.noPictureDecodes'), {
          path: media.probe.path,
          fix: say('export.fix.trimClip'),
        })
      }
      if (frame === null) held += 1
      last = frame ?? last
      yield last!
    }
    // One is what rounding at the end of a recording costs.
    if (held > 1) options.onNote(say('note.pictureHeld', { frames: held }))
  } finally {
    stop.abort()
    queue.end()
    await run
  }
}

/** Every frame from `firstFrame` to the end of the plan. */
export async function* renderFrames(
  plan: RenderPlan,
  firstFrame: number,
  options: FrameReaderOptions,
): AsyncGenerator<Buffer> {
  const black = blackFrame(options.size)
  for (const piece of plan.pictures) {
    const skip = Math.max(0, firstFrame - piece.firstFrame)
    if (skip >= piece.frames) continue
    const { source } = piece
    const rest = { ...piece, firstFrame: piece.firstFrame + skip, frames: piece.frames - skip }
    if (source) yield* decodedFrames(plan, { ...rest, source }, options)
    else for (let n = 0; n < rest.frames; n++) yield black
  }
}
