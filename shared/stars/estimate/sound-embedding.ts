/**
 * What a second of sound is like, as numbers that a learned transform can work on: level and swing of each mel band, how
 * its cepstrum moves (correlations, modulation from 1 to 12 Hz, what follows what). Levels are taken relative to the
 * loudest, so that gain changes nothing. Which directions tell sounds from one another and which only tell rooms and
 * microphones is learned from made-up sounds (resources/models/fit-sound-axes.ts).
 */
import { MEL_BANDS, type MelFrames } from './sound-measure.ts'

/** Names this measure: axes that were fitted to another do not fit it. */
export const SOUND_RECIPE = 'sound-features-1'
/** A second of frames. */
export const EMBEDDED_FRAMES = 50
const RANGE_DB = 50
const CEPSTRA = 8
const MODULATED = 6
const MODULATIONS = 12
const LAGS = [1, 3]
/** What `soundFeatures` gives. */
export const SOUND_FEATURES =
  3 * MEL_BANDS + (CEPSTRA * (CEPSTRA - 1)) / 2 + MODULATIONS * MODULATED + LAGS.length * CEPSTRA * CEPSTRA

const cosines = Float64Array.from({ length: CEPSTRA * MEL_BANDS }, (_, at) => {
  const [k, band] = [Math.floor(at / MEL_BANDS), at % MEL_BANDS]
  return Math.cos((Math.PI * k * (band + 0.5)) / MEL_BANDS) * Math.sqrt(2 / MEL_BANDS)
})

/** Real and imaginary part of each modulation frequency, under a Hann window. */
const waves = Array.from({ length: MODULATIONS }, (_, at) =>
  [Math.cos, Math.sin].map((wave) =>
    Float64Array.from({ length: EMBEDDED_FRAMES }, (_frame, frame) => {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * frame) / (EMBEDDED_FRAMES - 1))
      return window * wave((2 * Math.PI * (at + 1) * frame) / EMBEDDED_FRAMES)
    }),
  ),
)

/** Levels above the floor, one row a frame; and their mean, swing and mean step by band. */
function bandsOf(frames: MelFrames): {
  centred: Float64Array
  mean: Float64Array
  swing: Float64Array
  step: Float64Array
} {
  let loudest = -Infinity
  for (const level of frames.levels) loudest = Math.max(loudest, level)
  const levels = Float64Array.from(frames.levels, (level) => Math.max(level, loudest - RANGE_DB))
  const [mean, swing, step] = [0, 1, 2].map(() => new Float64Array(MEL_BANDS))
  for (let at = 0; at < levels.length; at++) mean[at % MEL_BANDS] += levels[at] / EMBEDDED_FRAMES
  const centred = levels.map((level, at) => level - mean[at % MEL_BANDS])
  for (let at = 0; at < levels.length; at++) {
    swing[at % MEL_BANDS] += centred[at] ** 2 / EMBEDDED_FRAMES
    if (at < MEL_BANDS) continue
    step[at % MEL_BANDS] += Math.abs(levels[at] - levels[at - MEL_BANDS]) / (EMBEDDED_FRAMES - 1)
  }
  return { centred, mean, swing: swing.map(Math.sqrt), step }
}

function cepstraOf(centred: Float64Array): Float64Array {
  const cepstra = new Float64Array(EMBEDDED_FRAMES * CEPSTRA)
  for (let frame = 0; frame < EMBEDDED_FRAMES; frame++) {
    for (let k = 0; k < CEPSTRA; k++) {
      let sum = 0
      for (let band = 0; band < MEL_BANDS; band++)
        sum += centred[frame * MEL_BANDS + band] * cosines[k * MEL_BANDS + band]
      cepstra[frame * CEPSTRA + k] = sum
    }
  }
  return cepstra
}

/** Mean product of two cepstra, the first of them some frames later. */
function product(cepstra: Float64Array, a: number, b: number, lag: number): number {
  let sum = 0
  for (let frame = lag; frame < EMBEDDED_FRAMES; frame++)
    sum += cepstra[frame * CEPSTRA + a] * cepstra[(frame - lag) * CEPSTRA + b]
  return sum / (EMBEDDED_FRAMES - lag)
}

/** @param frames EMBEDDED_FRAMES of them. */
export function soundFeatures(frames: MelFrames): Float64Array {
  const features = new Float64Array(SOUND_FEATURES)
  let filled = 0
  const add = (value: number): void => {
    features[filled++] = value
  }
  const { centred, mean, swing, step } = bandsOf(frames)
  const overall = mean.reduce((sum, value) => sum + value, 0) / MEL_BANDS
  for (const value of mean) add((value - overall) * 0.1)
  for (const value of swing) add(value * 0.1)
  for (const value of step) add(value * 0.2)
  const cepstra = cepstraOf(centred)
  const deviations = Array.from({ length: CEPSTRA }, (_, k) => Math.sqrt(product(cepstra, k, k, 0) + 1e-6))
  for (let a = 0; a < CEPSTRA; a++)
    for (let b = a + 1; b < CEPSTRA; b++) add(product(cepstra, a, b, 0) / (deviations[a] * deviations[b]))
  for (const [real, imaginary] of waves) {
    for (let k = 0; k < MODULATED; k++) {
      let [re, im] = [0, 0]
      for (let frame = 0; frame < EMBEDDED_FRAMES; frame++) {
        re += cepstra[frame * CEPSTRA + k] * real[frame]
        im += cepstra[frame * CEPSTRA + k] * imaginary[frame]
      }
      add(0.3 * Math.log(re * re + im * im + 1))
    }
  }
  for (const lag of LAGS) {
    for (let a = 0; a < CEPSTRA; a++)
      for (let b = 0; b < CEPSTRA; b++) add((0.7 * product(cepstra, a, b, lag)) / (deviations[a] * deviations[b]))
  }
  return features
}
