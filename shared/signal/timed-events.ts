/** Moments that stand out: loud onsets in sound, light in pictures. */
import type { SoundSamples } from './sound-samples.ts'

export interface TimedEvent {
  readonly seconds: number
  /** One standard deviation of the time, seconds. */
  readonly sigmaSeconds: number
  /** How much it stands out, against others of its own list. */
  readonly strength: number
}

const HOP_SECONDS = 0.002
/** Hops that are read at once. */
const BLOCK_HOPS = 2048
const BEFORE_HOPS = 30
/** Room between what was before and the rise. */
const GUARD_HOPS = 2
const AFTER_HOPS = 3
const LEAST_RISE_DB = 14
/** Quieter than the loudest event by more than this, it is not one that people make. */
const QUIETEST_DB = 30
const APART_SECONDS = 0.12
const SOUND_SIGMA_SECONDS = 0.001
const MOST_EVENTS = 400

/** Sudden loud sounds: claps, slates, doors. @param startSeconds clock time of the first sample */
export function soundEvents(samples: SoundSamples, sampleRateHz: number, startSeconds: number): TimedEvent[] {
  const hop = Math.max(1, Math.round(HOP_SECONDS * sampleRateHz))
  const count = Math.floor(samples.length / hop)
  const energy = new Float64Array(count)
  const block = new Float32Array(BLOCK_HOPS * hop + 1)
  for (let index = 0; index < count; index++) {
    const inBlock = index % BLOCK_HOPS
    if (inBlock === 0) samples.read(index * hop - 1, block)
    let sum = 0
    for (let at = inBlock * hop + 1; at <= (inBlock + 1) * hop; at++) {
      // The difference of neighbours leaves out rumble.
      const step = block[at]! - block[at - 1]!
      sum += step * step
    }
    energy[index] = Number.isFinite(sum) ? sum / hop : 0
  }
  const floor = Math.max(1e-12, energy.slice().sort()[count >> 1] ?? 0) * 0.5
  const sums = new Float64Array(count + 1)
  for (let index = 0; index < count; index++) sums[index + 1] = sums[index]! + energy[index]!
  const mean = (from: number, to: number): number =>
    (sums[Math.min(count, to)]! - sums[Math.max(0, from)]!) / Math.max(1, Math.min(count, to) - Math.max(0, from))
  const rises = new Float64Array(count)
  for (let index = 1; index + AFTER_HOPS <= count; index++) {
    const before = mean(index - BEFORE_HOPS, index - GUARD_HOPS + 1) + floor
    rises[index] = 10 * Math.log10((mean(index, index + AFTER_HOPS) + floor) / before)
  }
  const apart = Math.round(APART_SECONDS / HOP_SECONDS)
  const found: (TimedEvent & { level: number })[] = []
  for (const index of peaks(rises, LEAST_RISE_DB, apart)) {
    found.push({
      seconds: startSeconds + onset(samples, index * hop, hop) / sampleRateHz,
      sigmaSeconds: SOUND_SIGMA_SECONDS,
      strength: rises[index]!,
      level: 10 * Math.log10(mean(index, index + AFTER_HOPS) + 1e-20),
    })
  }
  const loudest = Math.max(...found.map((event) => event.level))
  return strongest(
    found
      .filter((event) => event.level > loudest - QUIETEST_DB)
      .map(({ level, ...event }) => ({ ...event, strength: event.strength + (level - loudest) / 2 })),
  )
}

/** The first sample near a hop that reaches a third of what comes there. */
function onset(samples: SoundSamples, at: number, hop: number): number {
  const from = Math.max(0, at - 2 * hop)
  const to = Math.min(samples.length, at + AFTER_HOPS * hop)
  const near = new Float32Array(to - from)
  samples.read(from, near)
  const sizes = near.map(Math.abs)
  const highest = sizes.reduce((most, size) => Math.max(most, size), 0)
  const first = sizes.findIndex((size) => size >= highest / 3)
  return first < 0 ? at : from + first
}

/** A picture divided into so many parts across and down; the light of a screen fills one of them. */
export const LIGHT_GRID = { width: 8, height: 8 } as const
const LEAST_JUMP = 10
const LEAST_DEVIATIONS = 8

/**
 * Sudden light: flashes, screens that turn on, lamps.
 *
 * @param brightness grey values of LIGHT_GRID, frame after frame
 * @param seconds clock times of the frames
 */
export function lightEvents(brightness: Uint8Array, seconds: ArrayLike<number>): TimedEvent[] {
  const cells = LIGHT_GRID.width * LIGHT_GRID.height
  const count = Math.min(seconds.length, Math.floor(brightness.length / cells))
  const jumps = new Float64Array(count)
  const steps: number[] = []
  for (let frame = 1; frame < count; frame++) {
    steps.push(seconds[frame]! - seconds[frame - 1]!)
    const changes = Array.from(
      { length: cells },
      (_, cell) => brightness[frame * cells + cell]! - brightness[(frame - 1) * cells + cell]!,
    ).sort((one, two) => two - one)
    // Two cells at least: one alone is something small that moves. What moves darkens one place as it lights another.
    jumps[frame] = Math.max(0, changes[1]! + Math.min(0, changes[cells - 1]!))
  }
  const usualJump = [...jumps].sort((one, two) => one - two)[count >> 1] ?? 0
  const spread = [...jumps].map((jump) => Math.abs(jump - usualJump)).sort((one, two) => one - two)[count >> 1] ?? 0
  const threshold = Math.max(LEAST_JUMP, usualJump + LEAST_DEVIATIONS * 1.4826 * spread)
  steps.sort((one, two) => one - two)
  const period = steps[steps.length >> 1] ?? 0.04
  const apart = Math.max(1, Math.round(APART_SECONDS / Math.max(1e-3, period)))
  return strongest(
    peaks(jumps, threshold, apart).map((frame) => {
      const step = Math.min(seconds[frame]! - seconds[frame - 1]!, 4 * period)
      // It began at some moment since the frame before.
      return { seconds: seconds[frame]! - step / 2, sigmaSeconds: step / Math.sqrt(12), strength: jumps[frame]! }
    }),
  )
}

/** Indices of values beyond a threshold that are the highest within `apart` on either side. */
export function peaks(values: Float64Array, threshold: number, apart: number): number[] {
  const out: number[] = []
  for (let index = 0; index < values.length; index++) {
    if (!(values[index]! >= threshold)) continue
    let isHighest = true
    for (let other = Math.max(0, index - apart); other <= Math.min(values.length - 1, index + apart); other++) {
      if (values[other]! > values[index]! || (values[other] === values[index] && other < index)) isHighest = false
    }
    if (isHighest) out.push(index)
  }
  return out
}

export function strongest(events: readonly TimedEvent[]): TimedEvent[] {
  return [...events]
    .sort((one, two) => two.strength - one.strength)
    .slice(0, MOST_EVENTS)
    .sort((one, two) => one.seconds - two.seconds)
}
