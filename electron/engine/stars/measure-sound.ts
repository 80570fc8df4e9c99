/** Listens to a sound stream: mel levels 50 times a second, figures once a second, onsets for the check of its alignment. */
import type { FftPlans } from '../../../shared/signal/fft.ts'
import { loadFft } from '../../../shared/signal/fft.ts'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { clearnessOf, MEL_BANDS, soundVector, speechOf } from '../../../shared/stars/estimate/sound-measure.ts'
import type { Encoders } from '../models/encoders.ts'
import { SPEECH_STEP_SECONDS } from '../models/encoders.ts'
import { decodeMono } from '../media/decode-audio.ts'
import { clockShiftSeconds } from '../media/file-clock.ts'
import { probeMedia } from '../media/probe.ts'
import type { MediaTools } from '../media/tools.ts'
import type { SoundMeasurement } from './measurements.ts'
import { MOST_BINS, ONSET_HZ, rounded } from './measurements.ts'

const RATE_HZ = 16_000
const FFT_SIZE = 512
const HOP = RATE_HZ / ONSET_HZ
const LOWEST_HZ = 60
const HIGHEST_HZ = 7600
/** Decoded at a time. */
const PART_SECONDS = 600
/** Frames around a second from which its noise floor is judged. */
const CONTEXT_FRAMES = 3 * ONSET_HZ
const CLIPPED = 0.997
const ONSET_SCALE = 6

function mel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700)
}

/** Triangles over the bins of the spectrum, evenly spaced on the mel scale. */
function melFilters(): { first: number; weights: Float32Array }[] {
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, index) => {
    const at = mel(LOWEST_HZ) + ((mel(HIGHEST_HZ) - mel(LOWEST_HZ)) * index) / (MEL_BANDS + 1)
    return ((700 * (Math.pow(10, at / 2595) - 1)) / RATE_HZ) * FFT_SIZE
  })
  return Array.from({ length: MEL_BANDS }, (_, band) => {
    const [low, middle, high] = [edges[band], edges[band + 1], edges[band + 2]]
    const first = Math.floor(low)
    const weights = Float32Array.from({ length: Math.ceil(high) - first + 1 }, (_weight, offset) => {
      const bin = first + offset
      return Math.max(0, Math.min((bin - low) / (middle - low), (high - bin) / (high - middle)))
    })
    return { first, weights }
  })
}

interface Heard {
  /** Levels of mel bands, dB, one row a frame. */
  readonly levels: Float32Array
  readonly frameLevels: number[]
  /** Clipped samples of every frame's hop. */
  readonly clipped: Uint16Array
}

function listen(
  samples: Float32Array,
  plans: FftPlans,
  filters: ReturnType<typeof melFilters>,
  signal: AbortSignal,
): Heard {
  const frames = Math.max(0, Math.floor((samples.length - FFT_SIZE) / HOP) + 1)
  const levels = new Float32Array(frames * MEL_BANDS)
  const frameLevels: number[] = []
  const clipped = new Uint16Array(frames)
  const fft = plans.real(FFT_SIZE)
  const window = Float32Array.from(
    { length: FFT_SIZE },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / FFT_SIZE),
  )
  const power = new Float32Array(FFT_SIZE / 2 + 1)
  for (let frame = 0; frame < frames; frame++) {
    if ((frame & 1023) === 0) throwIfCancelled(signal)
    const start = frame * HOP
    const input = fft.input
    let square = 0
    for (let i = 0; i < FFT_SIZE; i++) {
      const value = samples[start + i]
      if (i < HOP && Math.abs(value) >= CLIPPED) clipped[frame]++
      square += value * value
      input[i] = value * window[i]
    }
    frameLevels.push(10 * Math.log10(square / FFT_SIZE + 1e-10))
    const spectrum = fft.forward()
    power[0] = spectrum[0] ** 2
    power[FFT_SIZE / 2] = spectrum[1] ** 2
    for (let bin = 1; bin < FFT_SIZE / 2; bin++) power[bin] = spectrum[2 * bin] ** 2 + spectrum[2 * bin + 1] ** 2
    filters.forEach(({ first, weights }, band) => {
      let sum = 0
      for (let i = 0; i < weights.length; i++) sum += weights[i] * power[Math.min(FFT_SIZE / 2, first + i)]
      levels[frame * MEL_BANDS + band] = 10 * Math.log10((sum * 4) / (FFT_SIZE * FFT_SIZE) + 1e-10)
    })
  }
  return { levels, frameLevels, clipped }
}

/** From this probability on it is a voice. */
const VOICE = 0.5

/** The share of a span in which a voice was heard by the learned model. */
function voicedShare(probabilities: Float32Array, fromSeconds: number, toSeconds: number): number {
  const from = Math.floor(fromSeconds / SPEECH_STEP_SECONDS)
  const own = probabilities.subarray(from, Math.max(from + 1, Math.floor(toSeconds / SPEECH_STEP_SECONDS)))
  return own.length > 0 ? own.filter((probability) => probability > VOICE).length / own.length : 0
}

function binsOf(heard: Heard, startSeconds: number, voices: Float32Array | null): SoundMeasurement['bins'] {
  const total = heard.frameLevels.length
  const bins: SoundMeasurement['bins'] = []
  for (let from = 0; from < total; from += ONSET_HZ) {
    const to = Math.min(total, from + ONSET_HZ)
    // A last sliver of a second says too little.
    if (to - from < ONSET_HZ / 4 && bins.length > 0) break
    const frames = { count: to - from, levels: heard.levels.subarray(from * MEL_BANDS, to * MEL_BANDS) }
    const around = heard.frameLevels.slice(Math.max(0, from - CONTEXT_FRAMES), Math.min(total, to + CONTEXT_FRAMES))
    const floor = [...around].sort((a, b) => a - b)[Math.round(0.1 * (around.length - 1))]
    let clippedSamples = 0
    for (let frame = from; frame < to; frame++) clippedSamples += heard.clipped[frame]
    bins.push({
      t: Math.round((startSeconds + from / ONSET_HZ) * 1e4) / 1e4,
      vector: rounded(soundVector(frames), 4),
      clearness: rounded([clearnessOf(around, frames)])[0],
      clippedShare: rounded([clippedSamples / ((to - from) * HOP)])[0],
      speech: rounded([
        voices
          ? voicedShare(voices, from / ONSET_HZ, to / ONSET_HZ)
          : speechOf(heard.frameLevels.slice(from, to), frames, floor, 1 / ONSET_HZ),
      ])[0],
    })
  }
  return bins
}

/** How much louder the bands grow from frame to frame. */
function onsetsOf(heard: Heard): number[] {
  return heard.frameLevels.map((_, frame) => {
    if (frame === 0) return 0
    let rise = 0
    for (let band = 0; band < MEL_BANDS; band++) {
      const now = Math.max(-70, heard.levels[frame * MEL_BANDS + band])
      const then = Math.max(-70, heard.levels[(frame - 1) * MEL_BANDS + band])
      rise += Math.max(0, now - then) / MEL_BANDS
    }
    return Math.min(255, Math.round(rise * ONSET_SCALE))
  })
}

/** Where long recordings are listened to: parts of ten minutes, evenly spread, no more than MOST_BINS seconds in all. */
export function listeningParts(startSeconds: number, durationSeconds: number): { start: number; seconds: number }[] {
  const parts = Math.ceil(durationSeconds / PART_SECONDS)
  const most = Math.floor(MOST_BINS / PART_SECONDS)
  if (parts <= most) {
    return Array.from({ length: Math.max(1, parts) }, (_, index) => ({
      start: startSeconds + index * PART_SECONDS,
      seconds: Math.min(PART_SECONDS, durationSeconds - index * PART_SECONDS),
    }))
  }
  const step = (durationSeconds - PART_SECONDS) / (most - 1)
  return Array.from({ length: most }, (_, index) => ({ start: startSeconds + index * step, seconds: PART_SECONDS }))
}

/**
 * Measures a sound stream.
 *
 * @param which Its place among the file's audio streams, and where it starts on its clock.
 * @param encoders Tells voices by a learned model; without it they are guessed from levels.
 */
export async function measureSound(
  path: string,
  which: { readonly rank: number; readonly startSeconds: number },
  tools: MediaTools,
  signal: AbortSignal,
  encoders: Encoders | null = null,
): Promise<SoundMeasurement> {
  const probe = await probeMedia(path, tools, signal)
  const stream = probe.streams.filter((candidate) => candidate.kind === 'audio')[which.rank]
  if (!stream) throw new AsterismError('bad_input', `The recording has no audio stream ${which.rank}.`, { path })
  const shift = clockShiftSeconds(which, stream)
  const duration = stream.durationSeconds ?? probe.durationSeconds ?? PART_SECONDS
  const plans = await loadFft()
  try {
    const filters = melFilters()
    const bins: SoundMeasurement['bins'] = []
    let onsets: SoundMeasurement['onsets'] | null = null
    for (const part of listeningParts(stream.startSeconds, duration)) {
      const decoded = await decodeMono(tools, path, {
        audioStreamIndex: which.rank,
        sampleRateHz: RATE_HZ,
        signal,
        startSeconds: part.start,
        durationSeconds: part.seconds,
        probe,
      })
      const heard = listen(decoded.samples, plans, filters, signal)
      const voices = encoders ? await encoders.speech(decoded.samples) : null
      bins.push(...binsOf(heard, decoded.startSeconds + shift, voices))
      // The first ten minutes are enough to see whether it lies where it is said to.
      onsets ??= { startSeconds: decoded.startSeconds + shift, values: onsetsOf(heard) }
    }
    return { kind: 'sound', binSeconds: 1, bins, onsets: onsets ?? { startSeconds: 0, values: [] } }
  } finally {
    plans.close()
  }
}
