/** How much arithmetic a world may take: what is larger is looked at more coarsely, and never for hours. */

/** Multiply-adds that one kind of sampled coalitions may take, about ten seconds of one core. */
const BUDGET = 1.6e10
const MOST_PAIRS = 20

/** How coalitions are sampled. */
export interface SamplingPlan {
  /** Antithetic pairs of permutations. */
  readonly pairs: number
  /** How many players join at a time. */
  readonly block: number
}

/** What fits: fewer permutations first, and where even one pair is too much, players that join together. */
export function samplingPlan(costOfPair: number, players: number, budget = BUDGET): SamplingPlan {
  const pairs = Math.max(1, Math.min(MOST_PAIRS, Math.floor(budget / costOfPair)))
  const block = Math.max(1, Math.min(players, Math.ceil(costOfPair / budget)))
  return { pairs, block }
}
