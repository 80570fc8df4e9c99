/**
 * Encodes frames in stretches of some seconds, each a file of its own that counts once it has its name. A render that is
 * broken off goes on behind the last whole stretch; the stretches are joined without encoding again.
 */
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { FrameRate } from '../../../../shared/units.ts'
import { COMMON_ARGUMENTS, fileUrl, refuseFailure, runTool } from '../../media/run-tool.ts'
import type { MediaTool } from '../../media/tools.ts'
import type { PictureSize } from './frames.ts'
import type { VideoPreset } from './presets.ts'

/** In frames: a whole number of milliseconds at every standard rate, which is what WebM counts in. */
const STRETCH_SECONDS = 20
const STALL_MILLISECONDS = 180_000
const SECONDS_PER_FRAME_AT_MOST = 30

export interface EncodeOptions {
  readonly ffmpeg: MediaTool
  readonly encoders: ReadonlySet<string>
  readonly preset: VideoPreset
  readonly rate: FrameRate
  readonly size: PictureSize
  readonly frames: number
  /** Exists; holds nothing but the stretches of this very render. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onFrames: (done: number) => void
}

function stretchFrames(rate: FrameRate): number {
  return STRETCH_SECONDS * Math.max(1, Math.round(rate.numerator / rate.denominator))
}

/** @throws AsterismError `tool_missing` when this ffmpeg has none of the preset's encoders. */
export function encoderOf(preset: VideoPreset, encoders: ReadonlySet<string>): readonly [string, readonly string[]] {
  const found = preset.encoders.find(([name]) => encoders.has(name))
  if (found) return found
  throw new AsterismError(
    'tool_missing',
    say('export.noEncoder', { names: preset.encoders.map(([name]) => name).join(', ') }),
    {
      fix: say('export.fix.ffmpeg'),
    },
  )
}

function stretchName(n: number): string {
  return `stretch-${String(n).padStart(6, '0')}.mp4`
}

function encodeArguments(options: EncodeOptions): string[] {
  const { size, rate, preset } = options
  const [encoder, args] = encoderOf(preset, options.encoders)
  const fps = `${rate.numerator}/${rate.denominator}`
  // A frame then lasts a whole number of units whatever the rate, so that joined stretches keep their times.
  const timescale = rate.numerator >= 10_000 ? rate.numerator : rate.numerator * 1000
  return [
    ...COMMON_ARGUMENTS,
    '-v',
    'error',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    `${size.width}x${size.height}`,
    '-framerate',
    fps,
    '-colorspace',
    'bt709',
    '-color_range',
    'tv',
    '-i',
    'pipe:0',
    '-map_metadata',
    '-1',
    '-fflags',
    '+bitexact',
    '-flags:v',
    '+bitexact',
    '-c:v',
    encoder,
    ...args,
    '-g',
    String(preset.keyframeEvery),
    '-colorspace',
    'bt709',
    '-color_primaries',
    'bt709',
    '-color_trc',
    'bt709',
    '-color_range',
    'tv',
    '-video_track_timescale',
    String(timescale),
    '-f',
    'mp4',
    '-y',
  ]
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/** How many stretches of an earlier run are whole: those without a hole before them. */
async function finishedStretches(options: EncodeOptions, total: number): Promise<number> {
  let done = 0
  while (done < total && (await exists(join(options.folder, stretchName(done))))) done++
  return done
}

/**
 * @param framesFrom gives the frames from an index on; it is asked once
 * @returns the list that joins the stretches, for ffmpeg's concat demuxer
 */
export async function encodeStretches(
  options: EncodeOptions,
  framesFrom: (firstFrame: number) => AsyncGenerator<Buffer>,
): Promise<string> {
  await mkdir(options.folder, { recursive: true })
  const length = stretchFrames(options.rate)
  const total = Math.ceil(options.frames / length)
  const done = await finishedStretches(options, total)
  options.onFrames(Math.min(options.frames, done * length))
  if (done < total) {
    const frames = framesFrom(done * length)
    try {
      for (let n = done; n < total; n++) {
        const count = Math.min(length, options.frames - n * length)
        await encodeStretch(options, n, count, frames, n * length)
      }
    } finally {
      await frames.return(undefined)
    }
  }
  const list = join(options.folder, 'stretches.ffconcat')
  const lines = Array.from({ length: total }, (_, n) => `file ${stretchName(n)}\n`)
  await writeFile(list, `ffconcat version 1.0\n${lines.join('')}`)
  return list
}

async function encodeStretch(
  options: EncodeOptions,
  n: number,
  count: number,
  frames: AsyncGenerator<Buffer>,
  before: number,
): Promise<void> {
  const path = join(options.folder, stretchName(n))
  const part = `${path}.part`
  async function* taken(): AsyncGenerator<Buffer> {
    for (let frame = 0; frame < count; frame++) {
      const { value, done } = await frames.next()
      if (done) throw new AsterismError('internal', 'The plan of the render has fewer frames than it says.')
      yield value
      if (frame % 5 === 0) options.onFrames(before + frame)
    }
  }
  try {
    const result = await runTool(options.ffmpeg, [...encodeArguments(options), fileUrl(part)], {
      signal: options.signal,
      timeoutMilliseconds: 600_000 + count * SECONDS_PER_FRAME_AT_MOST * 1000,
      stallMilliseconds: STALL_MILLISECONDS,
      input: taken(),
    })
    refuseFailure(result, say('tool.pictureEncoded'), { path })
    await rename(part, path)
  } finally {
    await rm(part, { force: true })
  }
  options.onFrames(before + count)
}
