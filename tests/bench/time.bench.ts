/**
 * Alignment in time against takes whose truth is known. Seeds from 5000 on were never looked at while the constants of
 * shared/signal were set (those used seeds below 1000); what is printed is what came out.
 */
import { held, insideTwoSigma, type Judged, quantile } from './time-judging.ts'
import { LOOPS, PAIRS, SENSORS, type Take } from './time-takes.ts'
import { spread } from './spread.ts'

type Print = (line: string) => void

const JUDGING_SEED = 5000
const UNRELATED = 500
const TAKES = new URL('time-takes.ts', import.meta.url).href

/** Every sigma of what was measured by one method. */
const inside = new Map<string, number[]>()
const note = (what: string, values: readonly number[]): void =>
  void inside.set(what, [...(inside.get(what) ?? []), ...values])

const perform = async (takes: readonly Take[]): Promise<(Judged | null)[]> => await spread(TAKES, takes)

function numbers(all: readonly (Judged | null)[]): string {
  const judged = all.filter((each) => each !== null)
  const ms = judged.map((each) => Math.abs(each.error) * 1e3)
  const ppm = judged.map((each) => Math.abs(each.rateError))
  return (
    `n ${all.length}  refused ${all.length - judged.length}  ` +
    `error ms: median ${quantile(ms, 0.5).toFixed(4)}, 99 % ${quantile(ms, 0.99).toFixed(4)}, worst ${quantile(ms, 1).toFixed(4)}  ` +
    `ppm: median ${quantile(ppm, 0.5).toFixed(3)}, worst ${quantile(ppm, 1).toFixed(2)}`
  )
}

async function voices(print: Print): Promise<void> {
  const everything: (Judged | null)[] = []
  for (const [title, count, seconds, leastOverlap, firstSeed] of [
    ['voice, 8 to 20 s', 100, 20, 8, JUDGING_SEED],
    ['voice, 60 s', 60, 60, 20, JUDGING_SEED + 1000],
    ['voice, 12 min (10 min overlap)', 4, 720, 600, JUDGING_SEED + 2000],
  ] as const) {
    const takes = Array.from({ length: count }, (_, n): Take => ({
      what: 'voice',
      seed: firstSeed + n,
      seconds,
      leastOverlap,
    }))
    const judged = await perform(takes)
    everything.push(...judged)
    print(`${title.padEnd(32)} ${numbers(judged)}`)
    const known = judged.filter((each) => each !== null)
    note(
      'sound, offset at zero',
      known.map((each) => each.offsetSigmas),
    )
    note(
      'sound, offset in the middle',
      known.map((each) => each.sigmas),
    )
    note(
      'sound, rate',
      known.map((each) => each.rateSigmas),
    )
    if (leastOverlap < 600) continue
    const worst = Math.max(...known.map((each) => Math.abs(each.rateError)))
    held(print, 'drift within 2 ppm from 10 min of overlap on', `${worst.toFixed(3)} ppm`, worst <= 2)
  }
  const known = everything.filter((each) => each !== null)
  const ms = known.map((each) => Math.abs(each.error) * 1e3)
  const median = quantile(ms, 0.5)
  const most = quantile(ms, 0.99)
  held(print, '1 ms for 99 %', `${most.toFixed(4)} ms`, most <= 1 && known.length >= 0.99 * everything.length)
  held(print, '0.1 ms median', `${median.toFixed(4)} ms`, median <= 0.1)
}

async function loops(print: Print): Promise<void> {
  for (const loop of Object.keys(LOOPS) as (keyof typeof LOOPS)[]) {
    const takes = Array.from({ length: 12 }, (_, n): Take => ({ what: 'loop', seed: JUDGING_SEED + n, loop }))
    const judged = await perform(takes)
    const [level, shared] = LOOPS[loop]
    const isRight = (each: Judged): boolean => shared && level > 0 && Math.abs(each.error) < 0.003
    const right = judged.filter((each) => each !== null && isRight(each)).length
    const refused = judged.filter((each) => each === null).length
    print(`${loop.padEnd(32)} n 12  right ${right}, wrong ${12 - right - refused}, refused ${refused}`)
  }
}

async function motion(print: Print): Promise<void> {
  let worst = 0
  for (const sensors of Object.keys(SENSORS) as (keyof typeof SENSORS)[]) {
    const takes = Array.from({ length: 40 }, (_, n): Take => ({ what: 'motion', seed: JUDGING_SEED + n, sensors }))
    const judged = await perform(takes)
    print(`${sensors.padEnd(32)} ${numbers(judged)}`)
    const known = judged.filter((each) => each !== null)
    note(
      'motion, offset at zero',
      known.map((each) => each.offsetSigmas),
    )
    note(
      'motion, offset in the middle',
      known.map((each) => each.sigmas),
    )
    note(
      'motion, rate',
      known.map((each) => each.rateSigmas),
    )
    if (!sensors.startsWith('gyroscopes')) continue
    worst = Math.max(...known.map((each) => Math.abs(each.error) * 1e3))
  }
  held(print, '1 ms for inertial sensor against inertial sensor', `worst ${worst.toFixed(3)} ms`, worst <= 1)
}

/** What only shares its drums is refused, what is one piece is found. */
async function kits(print: Print): Promise<void> {
  const takes = (shared: boolean, count: number): Take[] =>
    Array.from({ length: count }, (_, n) => ({ what: 'kit', seed: JUDGING_SEED + n, shared }))
  const strangers = await perform(takes(false, 120))
  const answered = strangers.filter((each) => each !== null).length
  held(print, 'no answer to two short pieces with one drum kit', `${answered} of 120`, answered === 0)
  const pieces = await perform(takes(true, 40))
  const right = pieces.filter((each) => each !== null && Math.abs(each.error) < 1e-3).length
  const refused = pieces.filter((each) => each === null).length
  print(`one piece with drums, heard twice: n 40  right ${right}, wrong ${40 - right - refused}, refused ${refused}`)
}

/** Pairs that have nothing to do with each other: every answer is a wrong one. */
async function unrelated(print: Print): Promise<void> {
  const pairs = Object.keys(PAIRS) as (keyof typeof PAIRS)[]
  const takes = Array.from({ length: UNRELATED }, (_, n): Take => ({
    what: 'unrelated',
    seed: JUDGING_SEED + 7000 + Math.floor(n / pairs.length),
    pair: pairs[n % pairs.length]!,
  }))
  const judged = await perform(takes)
  const answered = judged.flatMap((each, n) => (each ? [{ each, pair: pairs[n % pairs.length]! }] : []))
  const confident = answered.filter(({ each }) => each.confidence >= 0.5).length
  const which = pairs.map((pair) => `${pair} ${answered.filter((one) => one.pair === pair).length}`)
  print(`unrelated pairs answered: ${answered.length} of ${UNRELATED} (${which.join(', ')})`)
  held(print, 'no confident answer to unrelated pairs', `${confident} of ${UNRELATED}`, confident === 0)
}

export async function run(print: Print): Promise<void> {
  await voices(print)
  await loops(print)
  await kits(print)
  await motion(print)
  for (const [what, sigmas] of inside) print(`inside 2 sigma, ${what.padEnd(28)} ${insideTwoSigma(sigmas)}`)
  await unrelated(print)
}
