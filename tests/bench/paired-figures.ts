/** What paired trials say: how often stars did not rise where a take was made worse, and how surely that is often enough. */
import { keptOrMissed, type Print } from './stars-figures.ts'

/** Stars closer than this are the same. */
const SAME_STARS = 1e-9
const PROMISED_SHARE = 0.95
/** Of a normal distribution 2.5 % lie beyond. */
const NORMAL_QUANTILE = 1.96

/** The lower end of the 95 % interval of a share (Wilson, Journal of the American Statistical Association 22, 1927). */
export function wilsonLower(successes: number, trials: number): number {
  const square = NORMAL_QUANTILE ** 2
  const share = successes / trials
  const spread = Math.sqrt((share * (1 - share) + square / (4 * trials)) / trials)
  return (share + square / (2 * trials) - NORMAL_QUANTILE * spread) / (1 + square / trials)
}

/**
 * A line for each harm: the share of trials in which stars did not rise, its lower end, the share in which they fell and the mean
 * change; and all of them together.
 *
 * @param changes Stars of the take made worse minus those of the take, one a trial.
 */
export function printPaired(title: string, changes: ReadonlyMap<string, readonly number[]>, print: Print): void {
  print(
    `${title}: share in which stars did not rise, the lower end of its 95 % interval, in which they fell, mean change`,
  )
  const row = (name: string, own: readonly number[]): string => {
    const count = (wanted: (change: number) => boolean): number => own.filter(wanted).length
    const kept = count((change) => change <= SAME_STARS)
    const fallen = count((change) => change < -SAME_STARS) / own.length
    const mean = own.reduce((sum, change) => sum + change, 0) / own.length
    const figures = [kept / own.length, wilsonLower(kept, own.length), fallen, mean]
    return `  ${`${name} (${own.length})`.padEnd(50)}${figures.map((value) => value.toFixed(3).padStart(9)).join('')}`
  }
  for (const [name, own] of changes) print(row(name, own))
  const all = [...changes.values()].flat()
  const lower = wilsonLower(all.filter((change) => change <= SAME_STARS).length, all.length)
  print(`${row('all', all)}  ${keptOrMissed(lower >= PROMISED_SHARE)}`)
}
