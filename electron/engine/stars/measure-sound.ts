/** Listens to a sound stream: mel levels 50 times a second, figures once a second, onsets for the check of its alignment. */
import { loadFft } from '../../../shared/signal/fft.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { EMBEDDED_FRAMES } from '../../../shared/stars/estimate/sound-embedding.ts'
import { clearnessOf, MEL_BANDS, soundVector, speechOf } from '../../../shared/stars/estimate/sound-measure.ts'
import type { Encoders } from '../models/encoders.ts'
import { SPEECH_STEP_SECONDS } from '../models/encoders.ts'
import { decodeMono } from '../media/decode-audio.ts'
import { clockShiftSeconds } from '../media/file-clock.ts'
import { probeMedia } from '../media/probe.ts'
import type { MediaTools } from '../media/tools.ts'
import type { SoundMeasurement } from './measurements.ts'
import { MOST_BINS, ONSET_HZ, rounded } from './measurements.ts'
import { type Heard, HOP, melLevels, RATE_HZ } from './mel-levels.ts'
import { soundMeaning } from './sound-meaning.ts'

/** Decoded at a time. */
const PART_SECONDS = 600
/** Frames around a second from which its noise floor is judged. */
const CONTEXT_FRAMES = 3 * ONSET_HZ
const ONSET_SCALE = 6

/** From this probability on it is a voice. */
const VOICE = 0.5

/** The share of a span in which a voice was heard by the learned model. */
function voicedShare(probabilities: Float32Array, fromSeconds: number, toSeconds: number): number {
  const from = Math.floor(fromSeconds / SPEECH_STEP_SECONDS)
  const own = probabilities.subarray(from, Math.max(from + 1, Math.floor(toSeconds / SPEECH_STEP_SECONDS)))
  return own.length > 0 ? own.filter((probability) => probability > VOICE).length / own.length : 0
}

/** What the second from a frame on is like; of a last one that is shorter, the second up to the end. */
function meaningAt(heard: Heard, from: number): { meaning?: number[] } {
  const start = Math.min(from, heard.frameLevels.length - EMBEDDED_FRAMES)
  if (start < 0) return {}
  const levels = heard.levels.subarray(start * MEL_BANDS, (start + EMBEDDED_FRAMES) * MEL_BANDS)
  return { meaning: soundMeaning({ count: EMBEDDED_FRAMES, levels }) }
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
      ...meaningAt(heard, from),
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
function listeningParts(startSeconds: number, durationSeconds: number): { start: number; seconds: number }[] {
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
 * @param onProgress From 0 to 1, once a part.
 */
export async function measureSound(
  path: string,
  which: { readonly rank: number; readonly startSeconds: number },
  tools: MediaTools,
  signal: AbortSignal,
  encoders: Encoders | null = null,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<SoundMeasurement> {
  const probe = await probeMedia(path, tools, signal)
  const stream = probe.streams.filter((candidate) => candidate.kind === 'audio')[which.rank]
  if (!stream) throw new AsterismError('bad_input', say('recording.noAudioStream', { rank: which.rank }), { path })
  const shift = clockShiftSeconds(which, stream)
  const duration = stream.durationSeconds ?? probe.durationSeconds ?? PART_SECONDS
  const plans = await loadFft()
  try {
    const bins: SoundMeasurement['bins'] = []
    let onsets: SoundMeasurement['onsets'] | null = null
    const parts = listeningParts(stream.startSeconds, duration)
    for (const [index, part] of parts.entries()) {
      onProgress(index / parts.length)
      const decoded = await decodeMono(tools, path, {
        audioStreamIndex: which.rank,
        sampleRateHz: RATE_HZ,
        signal,
        startSeconds: part.start,
        durationSeconds: part.seconds,
        probe,
      })
      const heard = melLevels(decoded.samples, plans, signal)
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
