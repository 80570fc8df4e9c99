/** Paired trials: a take beside the same take made worse. Stars may not rise; `mended` takes may not fall. */
import { randomStream } from '../../shared/stars/algebra/random.ts'
import { estimateStars, starsOf } from '../../shared/stars/estimate/estimate-stars.ts'
import { HARMS, madeUpTake, TEST_PACK } from '../fixtures/stars/stars-inputs.ts'

type Print = (line: string) => void

const TRIALS = 60
/** Ten minutes of two devices in windows of 2 s, nearly: as many as are judged at once. */
const WINDOWS = 399

function printHarms(print: Print): void {
  print(`Paired trials on ${TRIALS} made-up takes each: share in which stars did not rise, and mean change`)
  for (const [name, harm] of Object.entries(HARMS)) {
    let kept = 0
    let change = 0
    for (let trial = 1; trial <= TRIALS; trial++) {
      const input = madeUpTake(trial)
      const difference = starsOf(harm(input, randomStream(trial))) - starsOf(input)
      if (difference <= 0) kept++
      change += difference / TRIALS
    }
    print(`  ${name.padEnd(34)}${(kept / TRIALS).toFixed(3).padStart(8)}${change.toFixed(3).padStart(9)}`)
  }
}

function printMended(print: Print): void {
  let risen = 0
  let change = 0
  for (let trial = 1; trial <= TRIALS; trial++) {
    const input = madeUpTake(trial)
    const difference = starsOf(input) - starsOf(HARMS['losing the alignment'](input, randomStream(trial)))
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
