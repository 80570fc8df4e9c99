/**
 * Shapley values by sampled permutations, each walked forwards and backwards (antithetic pairs; Mitchell et al., Sampling
 * permutations for Shapley value estimation, JMLR 2022). Values add up to v(all) - v(none) exactly, whatever the sample.
 */
import { throwIfCancelled } from '../../errors.ts'
import type { RandomStream } from '../algebra/random.ts'

/** A coalition that players join one at a time. */
export interface GrowingCoalition {
  /** The worth of nobody, and back to it. */
  reset(): number
  /** The worth after this player joined. */
  join(player: number): number
}

/**
 * @param pairs How many permutations are drawn; each is used in both directions.
 * @returns The value of every player.
 */
export function monteCarloShapley(
  players: number,
  game: GrowingCoalition,
  pairs: number,
  random: RandomStream,
  signal?: AbortSignal,
): Float64Array {
  const values = new Float64Array(players)
  for (let pair = 0; pair < pairs; pair++) {
    const order = random.permutation(players)
    for (const walk of [order, order.slice().reverse()]) {
      throwIfCancelled(signal)
      let worth = game.reset()
      for (const player of walk) {
        const next = game.join(player)
        values[player] += (next - worth) / (2 * pairs)
        worth = next
      }
    }
  }
  return values
}
