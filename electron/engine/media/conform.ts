/**
 * Applies a time map to sound: what a recording holds of a project time span, on the project's clock.
 *
 * Sample n of the answer is what the recording heard at project time `fromSeconds + n / sampleRateHz`, to a fraction of
 * a sample and to the last sample of a recording of hours: ffmpeg decodes on the recording's own clock, and every output
 * sample is read where the map says it lies (shared/signal/warped-reading.ts). ffmpeg's own ways (asetrate, atempo) know
 * whole hertz only, which is up to 10 ppm or 37 ms an hour. Where samples were lost, and outside the recording, there is
 * silence: nothing is stretched over a hole.
 */
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { applyTimeMap, type ClockMap, invertTimeMap } from '../../../shared/signal/time-map.ts'
import { WarpedReader, type WarpedStretch, warpedStretches } from '../../../shared/signal/warped-reading.ts'
import { audioStream, streamSound } from './decode-audio.ts'
import { FrameSplitter } from './frame-splitter.ts'
import type { MediaProbe } from './probe.ts'
import type { MediaTools } from './tools.ts'

export interface ConformAudioOptions {
  /** Clock time of the recording to project time. */
  readonly map: ClockMap
  /** The project time span; the answer has `round((to - from) * sampleRateHz)` samples. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** The recording's own without it. */
  readonly sampleRateHz?: number
  /** The recording's own channels without it. */
  readonly layout?: 'source' | 'mono' | 'stereo'
  /** Counts the file's audio streams from 0; the first one without it. */
  readonly audioStreamIndex?: number
  readonly signal: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

export interface ConformedAudio {
  readonly sampleRateHz: number
  readonly channels: number
  /** A channel. */
  readonly samples: number
  /** Of these, how many the recording does not hold: it had not begun, had ended, or had lost them. */
  readonly missingSamples: number
  /** What could not be decoded, as sentences. */
  readonly warnings: readonly Saying[]
}

type TakeSamples = (interleaved: Float32Array) => void | Promise<void>

/** Read on either side of what is asked, so that filters have settled. */
const MARGIN_SECONDS = 0.1
const SILENCE_BLOCK = 1 << 16

/**
 * Gives the conformed sound, interleaved float32, block by block; the next block waits for a returned promise.
 *
 * @throws AsterismError `bad_input` (no such audio stream, a span that is none), `corrupt_file`, `tool_missing`, `cancelled`
 */
export async function conformAudio(
  tools: MediaTools,
  probe: MediaProbe,
  options: ConformAudioOptions,
  onSamples: TakeSamples,
): Promise<ConformedAudio> {
  const { map, fromSeconds, toSeconds, audioStreamIndex, layout = 'source', signal } = options
  const stream = audioStream(probe, audioStreamIndex ?? 0)
  const shape = shapeOf(probe, options)
  const { channels, sampleRateHz } = shape
  const samples = Math.round((toSeconds - fromSeconds) * sampleRateHz)
  if (!(samples > 0) || !Number.isSafeInteger(samples)) {
    throw new AsterismError('bad_input', say('tool.noSpan', { from: fromSeconds, to: toSeconds }))
  }
  const back = invertTimeMap(map)
  const startSeconds = applyTimeMap(back, fromSeconds) - MARGIN_SECONDS
  const durationSeconds = applyTimeMap(back, toSeconds) + MARGIN_SECONDS - startSeconds
  const endOfStream = stream.durationSeconds === null ? Infinity : stream.startSeconds + stream.durationSeconds
  if (startSeconds + durationSeconds <= stream.startSeconds || startSeconds >= endOfStream) {
    await giveSilence(samples, channels, onSamples)
    return { ...shape, samples, missingSamples: samples, warnings: [] }
  }

  let reader: WarpedReader | undefined
  let stretches: WarpedStretch[] = []
  let decoded = 0
  const split = new FrameSplitter(channels)
  const { damaged } = await streamSound(
    tools,
    probe,
    { audioStreamIndex, sampleRateHz, layout, quality: 'best', startSeconds, durationSeconds, signal },
    async (bytes, firstSeconds) => {
      if (!reader) {
        stretches = warpedStretches(map, fromSeconds, samples, sampleRateHz, firstSeconds)
        reader = new WarpedReader(stretches, channels, sampleRateHz)
      }
      const frames = split.push(bytes)
      decoded += frames.length / channels
      const out = reader.push(frames)
      if (out.length > 0) await onSamples(out)
      options.onProgress?.(reader.position / samples)
    },
  )
  if (!reader) await giveSilence(samples, channels, onSamples)
  else while (reader.position < samples) await onSamples(reader.finish(SILENCE_BLOCK))
  options.onProgress?.(1)
  return {
    ...shape,
    samples,
    missingSamples: samples - heldSamples(stretches, decoded),
    warnings: damaged ? [say('note.damagedSound')] : [],
  }
}

function shapeOf(probe: MediaProbe, options: ConformAudioOptions): { sampleRateHz: number; channels: number } {
  const stream = audioStream(probe, options.audioStreamIndex ?? 0)
  const own = stream.channels ?? 1
  return {
    sampleRateHz: options.sampleRateHz ?? stream.sampleRateHz ?? 48_000,
    channels: options.layout === 'mono' ? 1 : options.layout === 'stereo' ? 2 : own,
  }
}

/** How many output samples lie on what was decoded. */
function heldSamples(stretches: readonly WarpedStretch[], decoded: number): number {
  let held = 0
  for (const { first, end, position, step, isMissing } of stretches) {
    if (isMissing) continue
    const from = Math.max(first, first + Math.ceil(-position / step))
    const to = Math.min(end, first + Math.ceil((decoded - position) / step))
    held += Math.max(0, to - from)
  }
  return held
}

async function giveSilence(samples: number, channels: number, onSamples: TakeSamples): Promise<void> {
  for (let left = samples; left > 0; left -= SILENCE_BLOCK) {
    await onSamples(new Float32Array(Math.min(left, SILENCE_BLOCK) * channels))
  }
}
