/** Paired trials: a take beside the same take made worse. Stars may not rise; `mended` takes may not fall. */
import { randomStream } from '../../shared/stars/algebra/random.ts'
import { estimateStars, starsOf } from '../../shared/stars/estimate/estimate-stars.ts'
import { printPaired } from './paired-figures.ts'
import type { Print } from './stars-figures.ts'
import { HARMS, madeUpTake, TEST_PACK } from '../fixtures/stars/stars-inputs.ts'

/** As many as show 95 % to be surely kept where all are. */
const TRIALS = 80
/** Takes of the seeds before are those of the unit tests, which rules were made by. */
const FIRST_SEED = 1001
/** Ten minutes of two devices in windows of 2 s, nearly: as many as are judged at once. */
const WINDOWS = 399

function printHarms(print: Print): void {
  const takes = Array.from({ length: TRIALS }, (_, at) => {
    const input = madeUpTake(FIRST_SEED + at)
    return { input, stars: starsOf(input), seed: FIRST_SEED + at }
  })
  const changes = Object.entries(HARMS).map(
    ([name, harm]) =>
      [name, takes.map(({ input, stars, seed }) => starsOf(harm(input, randomStream(seed))) - stars)] as const,
  )
  printPaired('Paired trials on made-up takes', new Map(changes), print)
}

function printMended(print: Print): void {
  let risen = 0
  let change = 0
  for (let seed = FIRST_SEED; seed < FIRST_SEED + TRIALS; seed++) {
    const input = madeUpTake(seed)
    const difference = starsOf(input) - starsOf(HARMS['losing the alignment'](input, randomStream(seed)))
    if (difference > 0) risen++
    change += difference / TRIALS
  }
  print(`Aligning raises them in ${(risen / TRIALS).toFixed(3)} of the takes, by ${change.toFixed(3)} on the mean`)
}

function printWeighing(print: Print): void {
  const base = madeUpTake(1)
  const units = Array.from({ length: WINDOWS }, (_, at) => {
    const unit = base.units[at % base.units.length]
    return { ...unit, window: Math.floor(at / 2) }
  })
  const start = process.cpuUsage()
  estimateStars({ ...base, units }, TEST_PACK)
  const { user, system } = process.cpuUsage(start)
  print(
    `${WINDOWS} windows weighed, with strip, worth of every recording and suggestions: ${((user + system) / 1e6).toFixed(2)} s of one processor`,
  )
}

/** All trials, and what weighing a long take costs. */
export function printTrials(print: Print): void {
  printHarms(print)
  printMended(print)
  printWeighing(print)
}
