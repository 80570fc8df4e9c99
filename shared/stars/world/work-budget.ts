/** How much arithmetic a world may take: what is larger is looked at more coarsely, and never for hours. */

/** Multiply-adds that one kind of sampled coalitions may take, about ten seconds of one core. */
const BUDGET = 1.6e10
const MOST_PAIRS = 20
/** What the probability of a class in a row costs beside its products: an exponential and its share of two passes. */
const COST_OF_CLASS = 24
/** Passes over all weights that a step of L-BFGS takes beside the rows: two a remembered step, and a few more. */
const PASSES_OF_STEP = 20

/** Multiply-adds of one row's part in a step of a logistic regression: its loss and its gradient. */
export function costOfTraining(dimension: number, classes: number): number {
  return (2 * dimension + COST_OF_CLASS) * classes
}

/** Multiply-adds of the probabilities of one row. */
export function costOfJudging(dimension: number, classes: number): number {
  return (dimension + COST_OF_CLASS) * classes
}

/** Multiply-adds of a step of L-BFGS that no row takes part in: where classes are many and rows few, most of it. */
export function costOfStep(dimension: number, classes: number): number {
  return PASSES_OF_STEP * (dimension + 1) * classes
}

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
