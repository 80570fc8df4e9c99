/** How well a task predicts, measured on samples that neither its model nor its probe had seen, and what is to be doubted of it. */
import { rowOf } from '../algebra/dense.ts'
import type { Matrix } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import { fixedAmount } from '../../sayings/amounts.ts'
import { say, type Saying } from '../../sayings/saying.ts'
import { quantileOfSorted, spearman } from '../value/ranks.ts'

export interface HeldOut {
  /** Rank correlation of predicted with measured gains of simulated creators. */
  readonly spearman: number
  /** Its lower 5 % where other samples had judged and other creators had been drawn (Efron 1979, the bootstrap). */
  readonly spearmanLow: number
  readonly creators: number
  /** Samples that judged. */
  readonly samples: number
  /** What a model scores on them that says the same of every sample. */
  readonly chance: number
}

const DRAWS = 200
const LOW = 0.05
/** Beyond this many more samples cost time and tell nothing. */
const MOST_SAMPLES = 500
const SEED = 2030
/** Half of the interval of a prediction that tells nothing: of two even draws, four in five lie nearer than this. */
export const BLIND_HALF_WIDTH = 5 * (1 - Math.sqrt(0.2))

/**
 * @param predicted Gains that the task predicts, one a creator.
 * @param measured Creators x samples: what each brought to the score of each sample, models really retrained.
 * @param chance The score of a model that says the same of every sample.
 */
export function heldOut(predicted: readonly number[], measured: Matrix, chance: number): HeldOut {
  const mean = (row: number): number => rowOf(measured, row).reduce((sum, value) => sum + value, 0) / measured.columns
  const creators = predicted.map((_, at) => at)
  const random = randomStream(SEED)
  const judging = Math.min(measured.columns, MOST_SAMPLES)
  const drawn = Array.from({ length: DRAWS }, () => {
    const samples = Array.from({ length: judging }, () => random.below(measured.columns))
    const chosen = creators.map(() => random.below(creators.length))
    const gains = chosen.map((row) =>
      samples.reduce((sum, sample) => sum + measured.data[row * measured.columns + sample], 0),
    )
    return spearman(
      chosen.map((row) => predicted[row]),
      gains,
    )
  })
  return {
    spearman: spearman(predicted, creators.map(mean)),
    spearmanLow: quantileOfSorted(Float64Array.from(drawn).sort(), LOW),
    creators: creators.length,
    samples: measured.columns,
    chance,
  }
}

/** Half of an interval, stars: of a task whose order chance could have made, no less than knowing nothing has. */
export function honestHalfWidth(halfWidth: number, { spearmanLow }: HeldOut): number {
  return spearmanLow > 0 ? halfWidth : Math.max(halfWidth, BLIND_HALF_WIDTH)
}

/** What people who go by a task have to be told first; nothing where it predicts better than chance. */
export function doubtsOf(told: HeldOut, current: number): Saying[] {
  const { creators, samples, chance } = told
  const slots = { creators, samples, correlation: fixedAmount(told.spearman, 2) }
  const unlearned = say('stars.pack.unlearned', {
    samples,
    current: fixedAmount(current, 2),
    chance: fixedAmount(chance, 2),
  })
  return [
    ...(told.spearman < 0 ? [say('stars.pack.worse', slots)] : []),
    ...(told.spearman >= 0 && told.spearmanLow <= 0 ? [say('stars.pack.chance', slots)] : []),
    ...(current <= chance ? [unlearned] : []),
  ]
}
