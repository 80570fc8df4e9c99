/**
 * Shapley values by sampled permutations, each walked forwards and backwards (antithetic pairs; Mitchell et al., Sampling
 * permutations for Shapley value estimation, JMLR 2022). Values add up to v(all) - v(none) exactly, whatever the sample.
 */
import { throwIfCancelled } from '../../errors.ts'
import type { RandomStream } from '../algebra/random.ts'

/** A coalition that players join. */
export interface GrowingCoalition {
  /** The worth of nobody, and back to it. */
  reset(): number
  /** The worth after these players joined together. */
  join(players: readonly number[]): number
}

/**
 * @param block Players join this many at a time and share what the block brought: cheaper and noisier.
 * @param pairs How many permutations are drawn; each is used in both directions.
 * @returns The value of every player.
 */
export function monteCarloShapley(
  players: number,
  game: GrowingCoalition,
  pairs: number,
  random: RandomStream,
  signal?: AbortSignal,
  block = 1,
): Float64Array {
  const values = new Float64Array(players)
  for (let pair = 0; pair < pairs; pair++) {
    const order = random.permutation(players)
    for (const walk of [order, order.slice().reverse()]) {
      throwIfCancelled(signal)
      let worth = game.reset()
      for (let at = 0; at < players; at += block) {
        const joining = Array.from(walk.subarray(at, at + block))
        const next = game.join(joining)
        for (const player of joining) values[player] += (next - worth) / joining.length / (2 * pairs)
        worth = next
      }
    }
  }
  return values
}
