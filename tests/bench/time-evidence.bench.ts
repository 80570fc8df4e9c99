/**
 * What ties clocks besides sound: timecode, pictures, events, the graph. Seeds from
 * 8000 on were not looked at while constants were set.
 */
import { solveSyncGraph, type GraphEdge } from '../../electron/engine/align/time/index.ts'
import { ltcClock } from '../../shared/signal/ltc-clock.ts'
import { LtcReader } from '../../shared/signal/ltc.ts'
import { matchEvents } from '../../shared/signal/match-events.ts'
import type { TimedEvent } from '../../shared/signal/timed-events.ts'
import { ltcSignal } from '../fixtures/time/ltc.ts'
import { SeededRandom } from '../fixtures/time/random.ts'
import { clocksOf, heardTake, plantedTake, sigmasOff } from '../fixtures/time/sync-graph.ts'
import { spread } from './spread.ts'
import { held, insideTwoSigma, quantile } from './time-judging.ts'
import type { ClappedTake } from './time-claps.ts'
import type { Scene, Seen, Stamp } from './time-pictures.ts'

type Print = (line: string) => void
const JUDGING_SEED = 8000
const RATE = 48_000

function timecode(print: Print): void {
  let missed = 0
  for (const [title, nominalRate, frameSeconds, isDropFrame] of [
    ['24', 24, 1 / 24, false],
    ['25', 25, 1 / 25, false],
    ['29.97 DF', 30, 1001 / 30_000, true],
    ['30', 30, 1 / 30, false],
  ] as const) {
    const cells: string[] = []
    for (const speed of [0.5, 1, 2]) {
      for (const snrDb of [undefined, 20, 10, 6]) {
        const frameCount = Math.round((20 / frameSeconds) * speed)
        const { samples, times, starts } = ltcSignal({
          sampleRateHz: RATE,
          nominalRate,
          isDropFrame,
          frameSeconds: frameSeconds / speed,
          frameCount,
          snrDb,
          start: [10, 9, 50, 0],
          seed: JUDGING_SEED + (snrDb ?? 0),
        })
        const reader = new LtcReader(RATE)
        reader.push(samples)
        const said = new Map(times.map((time, index) => [time.join(':'), starts[index]!]))
        const right = reader.frames.filter((frame) => {
          const start = said.get([frame.hours, frame.minutes, frame.seconds, frame.frames].join(':'))
          return start !== undefined && Math.abs(start - frame.from) < 5
        })
        // The first frame has no turn before it that would tell where it begins.
        if (snrDb === undefined) missed += frameCount - 1 - Math.min(frameCount - 1, right.length)
        cells.push(`${right.length}/${frameCount} (${reader.frames.length - right.length} wrong)`)
        if (speed === 1 && !ltcClock(reader.frames, RATE)) cells.push('no clock')
      }
    }
    print(
      `timecode ${title.padEnd(8)} right of all frames at speed 0.5, 1, 2, each clean, 20, 10, 6 dB: ${cells.join('  ')}`,
    )
  }
  held(print, 'every frame of clean timecode at speeds 0.5 to 2', `${missed} missed`, missed === 0)
}

/** Where the timecode in a sound says that its middle lies: worn generators, speeds, noises. */
function timecodeClocks(print: Print): void {
  const errors: number[] = []
  const count = 60
  for (let seed = JUDGING_SEED; seed < JUDGING_SEED + count; seed++) {
    const random = new SeededRandom(seed)
    const leadSeconds = random.between(0.1, 1)
    const ratePpm = random.between(-100, 100)
    const { samples } = ltcSignal({
      sampleRateHz: RATE,
      nominalRate: 25,
      frameSeconds: (1 / 25) * (1 + ratePpm * 1e-6),
      frameCount: 400,
      leadSeconds,
      snrDb: random.between(10, 35),
      start: [1, 2, 3, 4],
      seed,
    })
    const reader = new LtcReader(RATE)
    reader.push(samples)
    const clock = ltcClock(reader.frames, RATE)
    if (!clock) continue
    const middle = leadSeconds + 8
    const truth = 3723 + 4 / 25 + (middle - leadSeconds) / (1 + ratePpm * 1e-6)
    const error = clock.offsetSeconds + (1 + clock.ratePpm * 1e-6) * middle - truth
    errors.push(Math.abs(error) * 1e3)
  }
  print(
    `clock of linear timecode, 10 to 35 dB: ${errors.length} of ${count} told, error ms: median ${quantile(errors, 0.5).toFixed(4)}, worst ${quantile(errors, 1).toFixed(4)}; half a millisecond is allowed for what generators differ by`,
  )
}

async function pictures(print: Print): Promise<void> {
  const scenes = (camera: Scene['camera'], count: number, from: number): Scene[] =>
    Array.from({ length: count }, (_, n) => ({ seed: from + n, camera }))
  const draw = async (tasks: readonly Scene[]): Promise<Seen[]> =>
    await spread<Scene, Seen>(new URL('time-pictures.ts', import.meta.url).href, tasks)
  const ideal = await draw(scenes('at once', 16, JUDGING_SEED))
  const judged = ideal.flatMap(({ own }) => (own ? [own] : []))
  const ms = judged.map((each) => Math.abs(each.error) * 1e3)
  const strangers = ideal.filter(({ answersStranger }) => answersStranger).length
  print(
    `picture against gyroscope: n ${ideal.length}  refused ${ideal.length - judged.length}  error ms: median ${quantile(ms, 0.5).toFixed(2)}, worst ${quantile(ms, 1).toFixed(2)}; against another hand's gyroscope ${strangers} answered`,
  )
  held(
    print,
    '2 ms for a picture against a generated truth',
    `worst ${quantile(ms, 1).toFixed(2)} ms`,
    quantile(ms, 1) <= 2,
  )
  const rolling = [
    ...(await draw(scenes('start', 12, JUDGING_SEED + 100))),
    ...(await draw(scenes('middle', 12, JUDGING_SEED + 200))),
  ]
  const answered = rolling.filter(({ own }) => own !== null)
  const beside = answered.map((each) => Math.abs(each.measuredLateSeconds - each.lateSeconds) * 1e3)
  print(
    `rolling shutter and blur as drawn: n ${rolling.length}  refused ${rolling.length - answered.length}  what is seen lies where it was drawn within ms: median ${quantile(beside, 0.5).toFixed(2)}, worst ${quantile(beside, 1).toFixed(2)}`,
  )
  const all = [...ideal, ...answered]
  const by = (stamp: Stamp): number[] => all.flatMap(({ cameraSigmas }) => cameraSigmas[stamp])
  print(
    `inside 2 sigma, picture, cameras half of either kind: ${insideTwoSigma([...by('start'), ...by('middle')])}; stamped where the first row begins: ${insideTwoSigma(by('start'))}; in the middle: ${insideTwoSigma(by('middle'))}; of what the parts of a picture disagree: ${insideTwoSigma(all.flatMap(({ bareSigmas }) => bareSigmas))}`,
  )
}

function events(print: Print): void {
  let accepted = 0
  let right = 0
  const errors: number[] = []
  const sigmas: number[] = []
  const count = 1000
  for (let seed = JUDGING_SEED; seed < JUDGING_SEED + count; seed++) {
    const random = new SeededRandom(seed)
    const event = (seconds: number, sigmaSeconds: number): TimedEvent => ({ seconds, sigmaSeconds, strength: 1 })
    const list = (sigma: number, most: number): TimedEvent[] =>
      Array.from({ length: 3 + Math.floor(random.next() * most) }, () => event(random.between(0, 180), sigma))
    const sorted = (all: TimedEvent[]): TimedEvent[] => all.sort((one, two) => one.seconds - two.seconds)
    const match = matchEvents(sorted(list(0.001, 40)), sorted(list(0.0096, 12)))
    if (match.matched && match.confidence >= 0.5) accepted++
    // Five claps in both, and others in each.
    const claps = Array.from({ length: 5 }, () => random.between(20, 60))
    const offset = random.between(-15, 15)
    const heard = sorted([...claps.map((at) => event(at, 0.001)), ...list(0.001, 10)])
    const seen = sorted([
      ...claps.map((at) => event((Math.ceil((at - offset) * 30) - 0.5) / 30, 0.0096)),
      ...list(0.0096, 3).slice(0, 2),
    ])
    const answer = matchEvents(heard, seen)
    if (!answer.matched) continue
    const error = Math.abs(answer.offsetSeconds - offset + (answer.ratePpm * 40) / 1e6)
    errors.push(error * 1e3)
    if (error < 1 / 30) right++
    const [oo, or, rr] = answer.covariance
    sigmas.push(error / Math.sqrt(oo + 2 * 40e-6 * or + 40e-6 ** 2 * rr))
  }
  print(
    `events: ${accepted} of ${count} unrelated pairs answered with a confidence of 0.5 or more; five claps among strays: ${errors.length} of ${count} answered, ${right} within a frame, median error ${quantile(errors, 0.5).toFixed(1)} ms, 99 % ${quantile(errors, 0.99).toFixed(1)} ms`,
  )
  print(`inside 2 sigma, events: ${insideTwoSigma(sigmas)}`)
}

/** Claps heard by one device and seen by another, up to four metres from the microphone. */
async function seenClaps(print: Print): Promise<void> {
  const takes = Array.from({ length: 80 }, (_, n) => JUDGING_SEED + n)
  const answers = await spread<number, ClappedTake>(new URL('time-claps.ts', import.meta.url).href, takes)
  const own = answers.flatMap((each) => (each.own ? [each.own] : []))
  const ms = own.map(({ error }) => Math.abs(error) * 1e3)
  const strangers = answers.filter(({ answersStranger }) => answersStranger).length
  print(
    `claps heard and seen: n ${takes.length}  refused ${takes.length - own.length}  error ms: median ${quantile(ms, 0.5).toFixed(1)}, worst ${quantile(ms, 1).toFixed(1)}; against other claps ${strangers} answered; inside 2 sigma: ${insideTwoSigma(own.map(({ sigmas }) => sigmas))}`,
  )
}

function graph(print: Print): void {
  const random = new SeededRandom(JUDGING_SEED)
  const clocks = Array.from({ length: 13 }, (_, index) => ({ clockId: `clock ${index}`, durationSeconds: 3600 }))
  const truth = clocks.map(() => random.between(-100, 100))
  const edges: GraphEdge[] = clocks.flatMap((a, m) =>
    clocks.slice(m + 1).map((b, k): GraphEdge => ({
      id: `${a.clockId} ${b.clockId}`,
      clockA: a.clockId,
      clockB: b.clockId,
      method: 'audio',
      confidence: 0.99,
      overlapSeconds: 3600,
      manual: false,
      offsetSeconds: truth[m + 1 + k]! - truth[m]! + 1e-4 * random.normal(),
      ratePpm: 0.1 * random.normal(),
      covariance: [1e-8, 0, 0.01],
    })),
  )
  const start = process.cpuUsage()
  const solved = solveSyncGraph(clocks, edges, clocks[0]!.clockId)
  const used = process.cpuUsage(start)
  const seconds = (used.user + used.system) / 1e6
  print(
    `graph: 13 clocks, ${edges.length} measured maps solved again in ${(seconds * 1e3).toFixed(0)} ms of processor, ${solved.maps.length} placed`,
  )
  held(print, 'one more camera solved in under a second', `${seconds.toFixed(3)} s`, seconds < 1)
}

/** Twelve devices, three measured maps broken by seconds, on seeds of their own. */
function broken(print: Print): void {
  const count = 40
  let named = 0
  let right = 0
  for (let seed = JUDGING_SEED; seed < JUDGING_SEED + count; seed++) {
    const { truths, planted, broken: lies } = plantedTake(seed)
    const solution = solveSyncGraph(clocksOf(12), planted, 'c0')
    const rejected = solution.edges.filter((edge) => !edge.accepted).map((edge) => edge.id)
    if (rejected.length === lies.size && rejected.every((id) => lies.has(id))) named++
    right += truths.filter((truth, n) => {
      const map = solution.maps.find((each) => each.clockId === `c${n}`)
      return map !== undefined && Math.abs(map.offsetSeconds - truth.offsetSeconds) < 2e-3
    }).length
  }
  print(
    `12 devices with 3 broken edges, ${count} takes: ${right} of ${12 * count} clocks right, the three named in ${named}`,
  )
  held(print, 'all 12 clocks right, the 3 named', `${named} of ${count}`, named === count && right === 12 * count)
}

/** Projects of some devices that all heard the same, each microphone with a delay of its own. */
function heard(print: Print): void {
  for (const count of [3, 4, 5, 6]) {
    const off = Array.from({ length: 400 }, (_, n) => {
      const { truths, edges } = heardTake(JUDGING_SEED + n, count)
      return sigmasOff(truths, solveSyncGraph(clocksOf(count), edges, 'c0').maps)
    })
    print(`inside 2 sigma, clocks of ${count} devices by sound: ${insideTwoSigma(off.flat().map(Math.abs))}`)
  }
}

export async function run(print: Print): Promise<void> {
  timecode(print)
  timecodeClocks(print)
  await pictures(print)
  events(print)
  await seenClaps(print)
  graph(print)
  broken(print)
  heard(print)
}
