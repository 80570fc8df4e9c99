/**
 * Decodes the sound of a file to mono samples that lie on the stream's clock.
 *
 * What is done to the times, and why:
 * - Decoding keeps the container's timestamps. The first sample given is the one at the stream's start, on the
 *   grid of its own samples, and its clock time is returned; a stream that starts 0.5 s into the recording starts at 0.5 s.
 * - Where timestamps and samples disagree by more than 15 ms (a lost packet, a dropped block) silence is filled in or
 *   the overlap is dropped, so that everything after the gap stays at its time. ffmpeg's own limit of 100 ms would let
 *   four lost AAC packets pass and shift the rest of the recording.
 * - Where they drift apart by less (phones stamp packets by the system's clock and count samples by the converter's)
 *   the samples are stretched by at most 1000 ppm to follow the timestamps within about 1 ms. Timestamps that agree
 *   with the samples change nothing: rounding to milliseconds, as Matroska does, is below the threshold.
 * - Vorbis is the exception: at page borders its timestamps are off by up to 448 samples and back again, which says
 *   nothing about the sound. There only gaps above 100 ms count, and nothing is stretched.
 * - Ogg counts samples, and what ffmpeg makes of its pages can be minutes off in files that play well: there, and where
 *   timestamps jump, samples are counted from the stream's start instead.
 * - The encoder's padding is taken off as the container says.
 */
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { PackedSound } from '../../../shared/signal/sound-samples.ts'
import type { MediaProbe, MediaStream } from './probe.ts'
import { probeMedia } from './probe.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from './run-tool.ts'
import { SampleBuffer } from './sample-buffer.ts'
import { requireTool } from './tools.ts'
import type { MediaTools } from './tools.ts'

export interface DecodeMonoOptions {
  /** Counts the file's audio streams from 0; the first one without it. */
  readonly audioStreamIndex?: number
  /** The channels whose mean is given; all without it. */
  readonly channels?: readonly number[]
  /** Of the samples that are given. */
  readonly sampleRateHz: number
  readonly signal: AbortSignal
  /** On the stream's clock; its start without it. */
  readonly startSeconds?: number
  /** To its end without it. */
  readonly durationSeconds?: number
  /** Saves looking at the file again. */
  readonly probe?: MediaProbe
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

export interface DecodedAudio<T = Float32Array> {
  /** -1 to 1 at full scale; the mean of the channels. Always finite. */
  readonly samples: T
  /** Clock time of the first sample. */
  readonly startSeconds: number
  readonly sampleRateHz: number
  /** What could not be decoded, as sentences. */
  readonly warnings: readonly Saying[]
}

/** Seeking in these lands on a guessed time, since their packets carry none: they are read from the start. */
const UNSEEKABLE = new Set(['aac', 'ac3', 'eac3', 'dts', 'amr', 'truehd', 'loas'])
const COUNTED_CONTAINERS = new Set(['ogg'])
/** Decoders need some packets before the first wanted sample. */
const SEEK_MARGIN_SECONDS = 2
const GAP_SECONDS = 0.015
const LARGEST_STRETCH_PPM = 1_000
const ROUGH_GAP_SECONDS = 0.1
/** Codecs whose timestamps jump by some milliseconds though no sound is missing. */
const ROUGHLY_STAMPED = new Set(['vorbis'])
/** 2 GiB of samples: nine hours at 16 kHz. */
const MAX_DECODED_SAMPLES = 2 ** 29
const STALL_MILLISECONDS = 60_000
/** swresample's, since soxr cannot follow timestamps: flat to 0.95 of the Nyquist frequency. */
const BEST_RESAMPLING = ':filter_size=64:phase_shift=12:cutoff=0.97'
/** Fewer channels than there were are a mean of them: of floating numbers swresample gives a sum, beyond full scale. */
const WITHIN_FULL_SCALE = ':rematrix_maxval=1'
const SLOWEST_SPEED = 2

/**
 * The sound of a file or of a part of it.
 *
 * @throws AsterismError `bad_input` (no such audio stream, nothing in the asked span), `too_large`, `corrupt_file`,
 *   `tool_missing`, `timeout`, `cancelled` and the refusals of `probeMedia`.
 */
export async function decodeMono(tools: MediaTools, path: string, options: DecodeMonoOptions): Promise<DecodedAudio> {
  return await collect(tools, path, options, (expected) => {
    const buffer = new SampleBuffer(expected, MAX_DECODED_SAMPLES)
    return { push: (chunk) => buffer.push(chunk), length: () => buffer.length, finish: () => buffer.finish() }
  })
}

/** As `decodeMono`, packed: an hour at 16 kHz takes 115 MB. */
export async function decodePacked(
  tools: MediaTools,
  path: string,
  options: DecodeMonoOptions,
): Promise<DecodedAudio<PackedSound>> {
  return await collect(tools, path, options, () => {
    const samples = new PackedSound()
    return {
      push: (chunk) => {
        samples.pushBytes(chunk)
        return samples.length <= MAX_DECODED_SAMPLES
      },
      length: () => samples.length,
      finish: () => ({ samples, repaired: samples.repaired }),
    }
  })
}

interface Collector<T> {
  /** False when it is too long. */
  push(chunk: Buffer): boolean
  /** Samples so far. */
  length(): number
  finish(): { readonly samples: T; readonly repaired: number }
}

async function collect<T extends { readonly length: number }>(
  tools: MediaTools,
  path: string,
  options: DecodeMonoOptions,
  start: (expectedSamples: number) => Collector<T>,
): Promise<DecodedAudio<T>> {
  const probe = options.probe ?? (await probeMedia(path, tools, options.signal))
  const rate = options.sampleRateHz
  const span = wantedSpan(audioStream(probe, options.audioStreamIndex ?? 0), options)
  const expected = span.endSeconds === null ? null : Math.ceil((span.endSeconds - span.startSeconds) * rate)
  if (expected !== null && expected > MAX_DECODED_SAMPLES) throw tooLong(path)
  const collector = start(expected ?? 0)
  const { startSeconds, damaged } = await streamSound(
    tools,
    probe,
    { ...options, layout: 'mono', quality: 'quick' },
    (chunk) => {
      if (!collector.push(chunk)) throw tooLong(path)
      if (expected) options.onProgress?.(Math.min(1, collector.length() / expected))
    },
  )
  const { samples, repaired } = collector.finish()
  if (samples.length === 0) {
    throw new AsterismError('bad_input', say('media.noSoundThere'), { path })
  }
  const warnings: Saying[] = []
  if (damaged) warnings.push(say('note.damagedSound'))
  if (repaired > 0) warnings.push(say('note.badSamples', { samples: repaired }))
  options.onProgress?.(1)
  return { samples, startSeconds, sampleRateHz: rate, warnings }
}

export interface StreamSoundOptions extends Omit<DecodeMonoOptions, 'probe' | 'onProgress'> {
  /** `source` keeps the channels as they are. */
  readonly layout: 'source' | 'mono' | 'stereo'
  /** `quick` is enough to measure by; `best` for what people will hear. */
  readonly quality: 'quick' | 'best'
}

/**
 * Decodes like `decodeMono`, and gives the bytes of the interleaved float32 samples as they come.
 *
 * @param onBytes also gets the clock time of the very first sample
 * @returns that time, and whether some of the sound could not be decoded
 * @throws AsterismError as `decodeMono`
 */
export async function streamSound(
  tools: MediaTools,
  probe: MediaProbe,
  options: StreamSoundOptions,
  onBytes: (chunk: Buffer, startSeconds: number) => void | Promise<void>,
): Promise<{ readonly startSeconds: number; readonly damaged: boolean }> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const stream = audioStream(probe, options.audioStreamIndex ?? 0)
  const span = wantedSpan(stream, options)
  const sourceRate = stream.sampleRateHz ?? options.sampleRateHz
  const firstSample = Math.round((span.startSeconds + probe.clockOriginSeconds) * sourceRate)
  const startSeconds = firstSample / sourceRate - probe.clockOriginSeconds
  let hasOutput = false
  const result = await runTool(ffmpeg, decodeArguments(probe, stream, span, firstSample, options), {
    signal: options.signal,
    timeoutMilliseconds: timeLimit(span),
    stallMilliseconds: STALL_MILLISECONDS,
    onStdout: (chunk) => {
      hasOutput = true
      return onBytes(chunk, startSeconds)
    },
  })
  const damaged = refuseFailure(result, say('tool.soundDecoded'), {
    path: probe.path,
    code: 'corrupt_file',
    hasOutput,
  })
  return { startSeconds, damaged }
}

/** The audio stream of a probe by its rank. @throws `bad_input` when there is none. */
export function audioStream(probe: MediaProbe, audioStreamIndex: number): MediaStream {
  const streams = probe.streams.filter((stream) => stream.kind === 'audio')
  const stream = streams.find((candidate) => candidate.kindIndex === audioStreamIndex)
  if (stream) return stream
  const what = streams.length === 0 ? say('misfit.noSound') : say('misfit.noAudioStream', { index: audioStreamIndex })
  throw new AsterismError('bad_input', what, { path: probe.path })
}

/**
 * The filters that put decoded sound on the container's clock: stretched and filled as described above.
 *
 * @param firstSample The container time of the first output sample, in samples of the source: that is how swresample
 *   counts its `first_pts`, whatever its manual says.
 */
export function clockFilter(stream: MediaStream, sampleRateHz: number, firstSample: number): string {
  const rough = ROUGHLY_STAMPED.has(stream.codec)
  // 1 stands for "fill and trim only"; above it, the samples a second by which the sound may be stretched.
  const stretch = rough
    ? 1
    : Math.max(2, Math.round(((stream.sampleRateHz ?? sampleRateHz) * LARGEST_STRETCH_PPM) / 1e6))
  const gapSeconds = rough ? ROUGH_GAP_SECONDS : GAP_SECONDS
  return `aresample=${sampleRateHz}:async=${stretch}:min_hard_comp=${gapSeconds}:first_pts=${firstSample}`
}

/** Replaces the timestamps of sound by a count of its samples where they cannot be trusted; nothing elsewhere. */
export function countingFilter(probe: MediaProbe, stream: MediaStream): string[] {
  if (!isCounted(probe, stream)) return []
  return [`asetpts=N+${Math.round((stream.startSeconds + probe.clockOriginSeconds) * (stream.sampleRateHz ?? 1))}`]
}

function isCounted(probe: MediaProbe, stream: MediaStream): boolean {
  return COUNTED_CONTAINERS.has(probe.containerFormat) || stream.hasTimestampJumps === true
}

interface Span {
  readonly startSeconds: number
  /** Null when the length of the stream is unknown. */
  readonly endSeconds: number | null
  /** True when only a part was asked for. */
  readonly isPart: boolean
}

function wantedSpan(stream: MediaStream, options: DecodeMonoOptions): Span {
  const streamEnd = stream.durationSeconds === null ? null : stream.startSeconds + stream.durationSeconds
  const startSeconds = Math.max(stream.startSeconds, options.startSeconds ?? stream.startSeconds)
  const askedEnd =
    options.durationSeconds === undefined
      ? null
      : (options.startSeconds ?? stream.startSeconds) + options.durationSeconds
  const ends = [streamEnd, askedEnd].filter((end) => end !== null)
  const endSeconds = ends.length === 0 ? null : Math.max(startSeconds, Math.min(...ends))
  return {
    startSeconds,
    endSeconds,
    isPart: options.startSeconds !== undefined || options.durationSeconds !== undefined,
  }
}

function decodeArguments(
  probe: MediaProbe,
  stream: MediaStream,
  span: Span,
  firstSample: number,
  { sampleRateHz, layout, quality, channels }: StreamSoundOptions,
): string[] {
  const containerStart = span.startSeconds + probe.clockOriginSeconds
  const seek = span.startSeconds - stream.startSeconds - SEEK_MARGIN_SECONDS
  const canSeek = span.isPart && seek > 0 && !isCounted(probe, stream) && !UNSEEKABLE.has(probe.containerFormat)
  const filters = [
    clockFilter(stream, sampleRateHz, firstSample) + WITHIN_FULL_SCALE + (quality === 'best' ? BEST_RESAMPLING : ''),
    `aformat=sample_fmts=flt${layout === 'source' ? '' : `:channel_layouts=${layout}`}`,
  ]
  if (channels) {
    const share = (1 / channels.length).toFixed(9)
    filters.unshift(`pan=mono|c0=${channels.map((channel) => `${share}*c${channel}`).join('+')}`)
  }
  // Left to itself ffmpeg spreads one channel over two 3 dB quieter: not as loud as it was recorded, nor as players play it.
  if (layout === 'stereo' && (channels || stream.channels === 1)) filters.splice(-1, 0, 'pan=stereo|c0=c0|c1=c0')
  // Taken off before resampling: swresample would cut at the nearest of its own samples.
  if (span.isPart || stream.delaySeconds) {
    const end =
      !span.isPart || span.endSeconds === null ? '' : `:end=${(span.endSeconds + probe.clockOriginSeconds).toFixed(9)}`
    filters.unshift(`atrim=start=${containerStart.toFixed(9)}${end}`)
  }
  filters.unshift(...countingFilter(probe, stream))
  return [
    ...COMMON_ARGUMENTS,
    '-v',
    'error',
    '-copyts',
    ...(canSeek ? ['-seek_timestamp', '1', '-ss', (containerStart - SEEK_MARGIN_SECONDS).toFixed(6)] : []),
    ...inputArguments(probe.path),
    '-map',
    `0:a:${stream.kindIndex}`,
    '-af',
    filters.join(','),
    ...(layout === 'source' && stream.channels ? ['-ac', String(stream.channels)] : []),
    '-f',
    'f32le',
    // Without it every packet is its own small write, which takes half as long again.
    '-flush_packets',
    '0',
    'pipe:1',
  ]
}

/** Decoding runs hundreds of times faster than the recording; what is slower than twice as fast hangs. */
function timeLimit(span: Span): number {
  const seconds = span.endSeconds === null ? 12 * 3600 : span.endSeconds - span.startSeconds
  return 60_000 + (seconds * 1_000) / SLOWEST_SPEED
}

function tooLong(path: string): AsterismError {
  return new AsterismError('too_large', say('media.tooLong'), {
    path,
    fix: say('tool.fix.part'),
  })
}
