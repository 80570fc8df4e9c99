/**
 * What an encoder put before the first sample of a recording.
 *
 * Lossy encoders begin with samples that were never recorded: their filters have to fill. mp4 (edit lists), MP3 with a
 * Xing header and Ogg say how many and ffmpeg takes them off; transport streams, AVI, FLV, ADTS and Matroska say
 * nothing, so that all the sound seems 5 to 44 ms late. How many they are follows from the codec's filters and from
 * the encoder, where the file names it; whether they are there is heard: they are silent to within the echo of the
 * first block, and in a stream that was cut out of a longer one they are missing.
 */
import { open } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'
import { readSpan } from '../read-span.ts'
import { wholeMicroseconds } from './ffprobe-answer.ts'
import type { MediaStream } from './ffprobe-answer.ts'
import { COMMON_ARGUMENTS, inputArguments, runTool } from './run-tool.ts'
import type { MediaTool } from './tools.ts'

/** They carry the delay themselves. */
const TELLING = new Set(['mp4', 'mov', 'm4a', '3gp', 'caf', 'ogg'])
/** Their times are rounded to milliseconds. */
const ROUNDED = new Set(['mkv', 'webm', 'flv'])
/**
 * Samples before the recording: of layer II its two filter banks (481), of AC-3 half a block, of DTS its filter bank
 * (512, by ffmpeg's encoder); AAC by ffmpeg and FAAC (a block), FDK (two) and Apple (two and 64); layer III by LAME
 * (576 and the decoder's 529) and Shine (528 and 529); Opus as its reference encoder looks ahead.
 */
const DELAYS: Readonly<Record<string, readonly number[]>> = {
  aac: [1024, 2048, 2112],
  mp3: [1057, 1105],
  mp2: [481],
  ac3: [256],
  eac3: [256],
  dts: [512],
  opus: [312],
  adpcm_g722: [22],
  g723_1: [60],
  nellymoser: [128],
}
/** Seconds that others may be late and that nothing takes off: how many depends on encoders that do not name themselves. */
const MAY_BE_LATE: Readonly<Record<string, number>> = { wmav1: 0.0435, wmav2: 0.0435, speex: 0.016 }
/** Decoders of layer III take off their own delay; a Xing header of no more than that does not know its encoder's. */
const LAYER_III_DECODER = 529
/** How encoders name themselves in tags and in their first packets: names long enough not to be there by chance. */
const NAMED: readonly { readonly codec: string; readonly name: RegExp; readonly samples: number }[] = [
  { codec: 'aac', name: /libfdk|fdk-?aac/i, samples: 2048 },
  { codec: 'aac', name: /aac_at|com\.apple/, samples: 2112 },
  { codec: 'aac', name: /Lavc[\d.]+( aac|(?! ))|faac/, samples: 1024 },
  { codec: 'mp3', name: /LAME|lame/, samples: 1105 },
  { codec: 'mp3', name: /shine/, samples: 1057 },
]
const HEAD_BYTES = 1 << 16
const HEAD_SECONDS = 0.2
/** Of a fifth of a second: only what hangs takes as long, and what was not heard would depend on the load. */
const TIMEOUT_MILLISECONDS = 15_000
/** The echo of the first block runs ahead of it by some samples. */
const ECHO_SAMPLES = 32
/**
 * What was recorded is that much louder than the echo before it, 8 dB (white noise at a low rate has 9); with an encoder's
 * name, 5 dB. The first block of a stream that was cut out of a longer one is 3 dB down by its window alone.
 */
const LOUDER = { unnamed: 6.3, named: 3 }
/** From right before to right behind the place at which one of several encoders may have begun: 5 dB. */
const EDGE = 3
const EDGE_SAMPLES = 160
const RECORDED_SAMPLES = 1024
/** 70 dB under full scale: too little is heard to tell one thing from the other. */
const QUIET = 1e-7
/** What Opus counts samples at, whatever was recorded. */
const OPUS_HZ = 48_000
const MILLISECOND = 1e-3
/** One standard deviation of what was rounded to milliseconds. */
const ROUNDING_SIGMA_SECONDS = MILLISECOND / Math.sqrt(12)
/** Half a short block of Vorbis as it is recorded from 32 kHz on. */
const VORBIS_SAMPLES = 128

export interface BegunStreams {
  readonly streams: MediaStream[]
  /** Container time of the clock's zero: where the earliest stream truly begins. */
  readonly clockOriginSeconds: number
  /** Streams whose encoder's delay nothing tells, though there is one. */
  readonly unsure: readonly MediaStream[]
}

/**
 * The streams from where they were recorded on. Times stay as the container has them; where its zero is only the
 * beginning of such a delay, the clock's zero follows.
 *
 * @param ffmpeg without it nothing is heard, and only what is certain is taken off
 */
export async function withoutEncoderDelay(
  ffmpeg: MediaTool | null,
  path: string,
  containerFormat: string,
  { streams, clockOriginSeconds }: Omit<BegunStreams, 'unsure'>,
  signal: AbortSignal,
): Promise<BegunStreams> {
  const head = streams.some(({ codec }) => codec in DELAYS || codec === 'vorbis')
    ? await fileHead(path)
    : Buffer.alloc(0)
  const isBesidePictures =
    (containerFormat === 'avi' || isFragmentsAlone(containerFormat, head)) &&
    streams.some(({ kind, attachedPicture }) => kind === 'video' && !attachedPicture)
  const begun: MediaStream[] = []
  const unsure: MediaStream[] = []
  for (const stream of streams) {
    const delay = await delayOf(ffmpeg, path, containerFormat, clockOriginSeconds, stream, head, signal)
    if (delay === null) unsure.push(stream)
    const startSigmaSeconds = Math.hypot(
      beginningSigma(stream, delay, containerFormat, head),
      // Whether sound lies late beside its pictures by its encoder's delay, or was recorded so, nothing stamps.
      isBesidePictures ? (delay ?? 0) * Math.SQRT1_2 : 0,
    )
    const known = { ...stream, ...(startSigmaSeconds > 0 && { startSigmaSeconds }) }
    begun.push(delay ? startingLater(known, delay, containerFormat) : known)
  }
  const shift = containerFormat === 'ogg' ? 0 : laterZero(streams, begun)
  const placed = shift === 0 ? begun : begun.map((stream) => moved(stream, -shift))
  return {
    streams: ROUNDED.has(containerFormat) ? placed.map(withRounding) : placed,
    clockOriginSeconds: clockOriginSeconds + shift,
    unsure,
  }
}

/** Fragments have no edit list of their own, and a header that has none says nothing of what to leave out. */
const isFragmentsAlone = (containerFormat: string, head: Buffer): boolean =>
  TELLING.has(containerFormat) && head.includes('mvex') && !head.includes('elst')

/** Seconds; 0 where there is none or the container took it off; null where nobody can tell. */
async function delayOf(
  ffmpeg: MediaTool | null,
  path: string,
  containerFormat: string,
  clockOriginSeconds: number,
  stream: MediaStream,
  head: Buffer,
  signal: AbortSignal,
): Promise<number | null> {
  const candidates = stream.kind === 'audio' ? DELAYS[stream.codec] : undefined
  const rate = stream.sampleRateHz
  if (!candidates || !rate) return 0
  if (stream.codec === 'opus') {
    const skipped = opusPreSkip(head)
    if (skipped !== null && (ROUNDED.has(containerFormat) || containerFormat === 'ogg')) return skipped / OPUS_HZ
  }
  // Fragments have no edit list that ffmpeg would follow, but times that begin so much before zero.
  const before = Math.round(-stream.startSeconds * rate)
  if (TELLING.has(containerFormat) && candidates.includes(before)) return before / rate
  const isToldWithout =
    (containerFormat === 'caf' && stream.codec === 'opus') || isFragmentsAlone(containerFormat, head)
  if (TELLING.has(containerFormat) && !isToldWithout) return 0
  // ffmpeg starts a file with a Xing header where its sound begins.
  const taken = containerFormat === 'mp3' ? Math.round(clockOriginSeconds * rate) : 0
  if (taken > 0 && taken !== LAYER_III_DECODER) return 0
  const names = `${stream.tags['ENCODER'] ?? stream.tags['encoder'] ?? ''}\n${head.toString('latin1')}`
  const named = NAMED.find(({ codec, name }) => codec === stream.codec && name.test(names))?.samples
  const power = ffmpeg ? await firstPower(ffmpeg, path, stream, signal) : null
  const [left, leftNamed] = [candidates.map((each) => each - taken), named === undefined ? undefined : named - taken]
  const samples = power ? heardDelay(power, left, leftNamed) : (leftNamed ?? null)
  return samples === null ? null : samples / rate
}

/**
 * One standard deviation of where a stream begins, seconds, where nobody can tell how late its encoder made it: the root
 * of the mean square of what it may be, nothing among it.
 */
export function beginningSigma(
  { kind, codec, sampleRateHz }: Pick<MediaStream, 'kind' | 'codec' | 'sampleRateHz'>,
  delaySeconds: number | null,
  containerFormat: string,
  head: Buffer = Buffer.alloc(0),
): number {
  if (kind !== 'audio') return 0
  // Pages of Ogg count the samples of Vorbis from the first that was recorded.
  const late =
    codec !== 'vorbis'
      ? MAY_BE_LATE[codec]
      : containerFormat === 'ogg'
        ? undefined
        : (vorbisShortBlock(head) ?? 2 * VORBIS_SAMPLES) / 2 / (sampleRateHz ?? OPUS_HZ)
  const unheard =
    delaySeconds === null ? (DELAYS[codec] ?? []).map((samples) => samples / (sampleRateHz ?? OPUS_HZ)) : []
  const may = [0, ...unheard, ...(late === undefined ? [] : [late])]
  return Math.sqrt(may.reduce((sum, each) => sum + each * each, 0) / may.length)
}

/**
 * The delay that the first samples of a stream show.
 *
 * @param power of every sample from the very first one on, full scale being 1
 * @param named what the encoder that the file names puts before a recording
 * @returns 0 where the sound is there from the first sample on; null where it begins too quietly to tell
 */
export function heardDelay(power: Float64Array, candidates: readonly number[], named?: number): number | null {
  const mean = (from: number, to: number): number => {
    let sum = 0
    for (let at = from; at < to; at++) sum += power[at] ?? 0
    return to > from ? sum / (to - from) : 0
  }
  const certain = named ?? (candidates.length === 1 ? candidates[0]! : null)
  const fitting = candidates.filter((delay) => {
    const louder = delay === named ? LOUDER.named : LOUDER.unnamed
    return mean(0, delay - ECHO_SAMPLES) * louder < mean(delay, delay + RECORDED_SAMPLES)
  })
  if (fitting.length === 0) return mean(0, candidates.at(-1)! + RECORDED_SAMPLES) < QUIET ? certain : 0
  if (certain !== null && fitting.includes(certain)) return certain
  // The one behind which it is loud at once; in between the next one's would still be silent.
  const first = fitting.find((delay, n) => {
    const next = fitting[n + 1]
    if (next === undefined) return true
    const silent = mean(0, delay - ECHO_SAMPLES)
    return mean(delay, next - ECHO_SAMPLES / 2) > Math.sqrt(silent * mean(next, next + RECORDED_SAMPLES))
  })!
  const before = mean(first - ECHO_SAMPLES - EDGE_SAMPLES, first - ECHO_SAMPLES)
  return mean(first, first + EDGE_SAMPLES) > EDGE * before ? first : certain
}

/** The power of the first samples, summed over the channels; null where they do not come out. */
async function firstPower(
  ffmpeg: MediaTool,
  path: string,
  stream: MediaStream,
  signal: AbortSignal,
): Promise<Float64Array | null> {
  const channels = stream.channels ?? 1
  const from = [...COMMON_ARGUMENTS, '-v', 'quiet', ...inputArguments(path), '-map', `0:${stream.index}`]
  const to = ['-t', String(HEAD_SECONDS), '-ac', String(channels), '-f', 'f32le', 'pipe:1']
  try {
    const { stdout } = await runTool(ffmpeg, [...from, ...to], { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS })
    const power = new Float64Array(Math.floor(stdout.length / (4 * channels)))
    for (let at = 0; at < power.length * channels; at++) {
      const sample = stdout.readFloatLE(4 * at)
      if (Number.isFinite(sample)) power[Math.floor(at / channels)]! += sample * sample
    }
    return power.length > 0 ? power : null
  } catch (error) {
    if (error instanceof AsterismError && error.code !== 'cancelled') return null
    throw error
  }
}

async function fileHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  const head = Buffer.alloc(HEAD_BYTES)
  await readSpan(file, head, 0).finally(() => file.close())
  return head
}

/** Samples at 48 kHz (RFC 7845, 5.1); null where no header of Opus lies in the beginning of a file, or several do. */
function opusPreSkip(head: Buffer): number | null {
  const at = head.indexOf('OpusHead')
  if (at < 0 || at + 12 > head.length || head.includes('OpusHead', at + 1)) return null
  return head.readUInt16LE(at + 10)
}

/** Samples (Vorbis I, 4.2.2); null where no header of Vorbis lies in the beginning of a file. */
function vorbisShortBlock(head: Buffer): number | null {
  const at = head.indexOf('\x01vorbis')
  return at < 0 || at + 29 > head.length ? null : 1 << (head[at + 28]! & 15)
}

/** What does not begin with its file begins at a rounded time. */
function withRounding(stream: MediaStream): MediaStream {
  if (stream.kind !== 'audio' || stream.startSeconds === 0) return stream
  return { ...stream, startSigmaSeconds: Math.hypot(stream.startSigmaSeconds ?? 0, ROUNDING_SIGMA_SECONDS) }
}

function startingLater(stream: MediaStream, delaySeconds: number, containerFormat: string): MediaStream {
  const { durationSeconds: seconds } = stream
  const durationSeconds = seconds === null ? null : wholeMicroseconds(Math.max(0, seconds - delaySeconds))
  // Pages of Ogg count what is played: ffprobe's start has it off already (RFC 7845, 4.3), its length has not.
  if (containerFormat === 'ogg') return { ...stream, durationSeconds }
  const start = stream.startSeconds + delaySeconds
  const isRounding = ROUNDED.has(containerFormat) && Math.abs(start) < MILLISECOND
  return { ...stream, startSeconds: isRounding ? 0 : wholeMicroseconds(start), durationSeconds, delaySeconds }
}

const moved = (stream: MediaStream, seconds: number): MediaStream => ({
  ...stream,
  startSeconds: wholeMicroseconds(stream.startSeconds + seconds),
})

/** How much later the clock's zero lies where nothing but a delay lay at it: muxers move all streams by one's delay. */
function laterZero(told: readonly MediaStream[], begun: readonly MediaStream[]): number {
  const earliest = (streams: readonly MediaStream[]): number =>
    Math.min(
      ...streams
        .filter(({ kind, attachedPicture }) => (kind === 'audio' || kind === 'video') && !attachedPicture)
        .map(({ startSeconds }) => startSeconds),
    )
  // One that was stamped before zero, by less than its delay, begins the file as well.
  return earliest(told) < MILLISECOND ? Math.max(0, earliest(begun)) : 0
}
