/** Fits the whole calibration on measured worlds of several data sets. */
import { matrixFromRows } from '../algebra/dense.ts'
import { conformalHalfWidth } from '../value/conformal.ts'
import { trainLogistic } from '../value/logistic.ts'
import { percentiles } from '../value/ranks.ts'
import type { HalfWidths, LinearMix, MeasuredWorld, WorldCalibration } from './calibration.ts'
import {
  difficulty,
  directGains,
  directShares,
  fitMix,
  mixScores,
  percentileRows,
  reorder,
  starsOfScore,
  starsOfScores,
  strata,
} from './calibration.ts'

/** What an interval promises, and nothing that was chosen (docs/stars-trials.md). */
const LEVEL = 0.8

interface Predicted {
  readonly share: Float64Array
  readonly gain: Float64Array
}

function predict(share: LinearMix, gain: LinearMix, world: MeasuredWorld): Predicted {
  const rows = percentileRows(world.features)
  return { share: mixScores(share, rows), gain: mixScores(gain, rows) }
}

/** Every world predicted by mixes that were fitted on the other data sets (on all of them where there is only one). */
function predictOutside(worlds: readonly MeasuredWorld[]): Predicted[] {
  const mixes = new Map<string, [LinearMix, LinearMix]>()
  for (const dataset of new Set(worlds.map((world) => world.dataset))) {
    const others = worlds.filter((world) => world.dataset !== dataset)
    const training = others.length > 0 ? others : worlds
    mixes.set(dataset, [fitMix(training, (world) => world.shapley), fitMix(training, (world) => world.gain)])
  }
  return worlds.map((world) => {
    const [share, gain] = mixes.get(world.dataset) ?? []
    if (!share || !gain) throw new RangeError(`no mix for ${world.dataset}`)
    return predict(share, gain, world)
  })
}

/** Least-squares slope through the origin. */
function slope(from: readonly number[], to: readonly number[]): number {
  let xy = 0
  let xx = 0
  from.forEach((x, i) => {
    xy += x * to[i]
    xx += x * x
  })
  return xx > 0 ? xy / xx : 1
}

/** Widths, per unit of difficulty, that a share LEVEL of the residuals of some truths stays within, per third of the predicted stars. */
function fitHalfWidths(
  worlds: readonly MeasuredWorld[],
  starsOf: (index: number) => Float64Array,
  truths: readonly ('shapley' | 'gain')[],
): HalfWidths {
  const residuals: number[][] = [[], [], []]
  worlds.forEach((world, index) => {
    const measured = truths.map((truth) => percentiles(world[truth]))
    const unit = difficulty(world.features)
    starsOf(index).forEach((value, at) => {
      residuals[strata(value)].push(...measured.map((truth) => Math.abs(5 * truth[at] - value) / unit))
    })
  })
  const all = residuals.flat()
  const width = (own: number[]): number => conformalHalfWidth(own.length >= 40 ? own : all, LEVEL)
  return [width(residuals[0]), width(residuals[1]), width(residuals[2])]
}

function fitHarm(worlds: readonly MeasuredWorld[], predicted: readonly Predicted[]): WorldCalibration['harm'] {
  const rows = worlds.flatMap((world, index) =>
    Array.from(predicted[index].gain, (value, at) => [value - 0.5, Math.tanh(world.features.baseSteadiness[at] / 4)]),
  )
  const labels = Int32Array.from(worlds.flatMap((world) => world.gain.map((gain) => (gain < 0 ? 1 : 0))))
  const { data } = trainLogistic(matrixFromRows(rows), labels, 2, {
    penalty: 0.1,
    maximumIterations: 200,
    tolerance: 1e-6,
  })
  return { percentile: data[3] - data[0], steadiness: data[4] - data[1], intercept: data[5] - data[2] }
}

/** The calibration that ships: mixes from all worlds, widths and slopes from predictions outside the fit. */
export function fitCalibration(worlds: readonly MeasuredWorld[]): WorldCalibration {
  const predicted = predictOutside(worlds)
  const shares = worlds.flatMap((world, index) => {
    const total = world.shapley.reduce((sum, value) => sum + value, 0)
    const estimated = reorder(directShares(world.features), predicted[index].share)
    return world.shapley.map((value, at) => [
      estimated[at] - 1 / estimated.length,
      value / total - 1 / estimated.length,
    ])
  })
  const gains = worlds.flatMap((world, index) => {
    const estimated = reorder(directGains(world.features), predicted[index].gain)
    return world.gain.map((value, at) => [estimated[at], value])
  })
  return {
    share: fitMix(worlds, (world) => world.shapley),
    gain: fitMix(worlds, (world) => world.gain),
    shareSlope: slope(
      shares.map(([x]) => x),
      shares.map(([, y]) => y),
    ),
    gainSlope: slope(
      gains.map(([x]) => x),
      gains.map(([, y]) => y),
    ),
    harm: fitHarm(worlds, predicted),
    halfWidths: fitHalfWidths(worlds, (at) => starsOfScores(predicted[at].share, predicted[at].gain), [
      'shapley',
      'gain',
    ]),
    ownHalfWidths: {
      share: fitHalfWidths(worlds, (at) => predicted[at].share.map(starsOfScore), ['shapley']),
      gain: fitHalfWidths(worlds, (at) => predicted[at].gain.map(starsOfScore), ['gain']),
    },
  }
}
