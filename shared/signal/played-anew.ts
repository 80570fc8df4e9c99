/**
 * Is a map of many steps that of one sound which was played twice, piece by piece?
 *
 * A recorder that lost a block lost it at any moment, in speech as well as in a pause, and its own clock falls behind,
 * never ahead. Prompts or sentences of a voice that were played in two sessions are the same to the sample, and the pauses
 * between them are now longer in one and now in the other: the map steps both ways, and only where nothing is heard. Two
 * recorders would each have to lose two blocks, all in pauses.
 */
import type { Step } from './join-pieces.ts'

/** Pauses are of different lengths by more than this; blocks that are lost are often shorter. */
const LEAST_STEP_SECONDS = 0.04
/** A step in speech is placed to some milliseconds, to this at most where it is soft or noisy. */
const PAUSE_SECONDS = 0.1
/** Each way: one step either way may be two recorders that were paused once. */
const LEAST_EACH_WAY = 2

/** The furthest steps to either side, seconds; undefined for a map that two recorders of one event may have. */
export function playedAnew(steps: readonly Step[]): { forth: number; back: number } | undefined {
  const long = steps.filter(({ seconds }) => Math.abs(seconds) >= LEAST_STEP_SECONDS)
  const forth = long.filter(({ seconds }) => seconds > 0)
  if (Math.min(forth.length, long.length - forth.length) < LEAST_EACH_WAY) return undefined
  if (long.some(({ unsureSeconds }) => unsureSeconds < PAUSE_SECONDS)) return undefined
  const seconds = long.map((step) => step.seconds)
  return { forth: Math.max(...seconds), back: Math.min(...seconds) }
}
