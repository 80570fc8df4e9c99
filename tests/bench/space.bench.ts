/**
 * Alignment in space: success on rooms that no threshold was set on, false accepts over unrelated pairs.
 * Times are CPU time of one thread. ICP, loops, the stated uncertainty and places that look alike have benches of their own.
 */
import { registerScans } from '../../electron/engine/align/space/register-scans.ts'
import { alignPaths } from '../../electron/engine/align/space/path-to-path.ts'
import type { Scan } from '../../shared/geometry/data.ts'
import { invertSimilarity, multiply, transformPositions } from '../../shared/geometry/matrix4.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { poseDifference } from '../../shared/geometry/rotation.ts'
import { motion, pathOf } from '../fixtures/space/paths.ts'
import { JUDGING_ROOMS, loadRoom, type Pair, partialPair, randomPose, scanOf } from '../fixtures/space/rooms.ts'
import { sighting } from '../fixtures/space/sightings.ts'
import { furnishedRoom, lumpyObject } from '../fixtures/space/synthetic.ts'
import { livedInRoom, machine, yard } from '../fixtures/space/worlds.ts'
import { runOpen3d } from './space-open3d.ts'

type Print = (line: string) => void

/** Pairs of each kind and room; ASTERISM_BENCH_PAIRS changes it. */
const PAIRS = Number(process.env['ASTERISM_BENCH_PAIRS'] ?? 2)

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) * 1e-6
}

function pointsOf(scan: Scan): Float32Array {
  if (scan.kind === 'mesh') throw new Error('points expected')
  return scan.points.positions
}

function middleOf(scan: Scan): number[] {
  const p = pointsOf(scan)
  const sum = [0, 0, 0]
  for (let i = 0; i < p.length; i++) sum[i % 3] += (p[i] * 3) / p.length
  return sum
}

interface Tally {
  right: number
  wrong: number
  ambiguous: number
  refused: number
  readonly seconds: number[]
  readonly millimetres: number[]
}

const emptyTally = (): Tally => ({ right: 0, wrong: 0, ambiguous: 0, refused: 0, seconds: [], millimetres: [] })

function judge(tally: Tally, pair: Pair, gravity: 'known' | 'unknown', related = true, metres = 0.05): void {
  let answer: ReturnType<typeof registerScans> | undefined
  tally.seconds.push(cpuSeconds(() => (answer = registerScans(pair.target, pair.source, { gravity }))))
  if (!answer) return
  if (!answer.registered) {
    if (answer.reason.startsWith('ambiguous')) tally.ambiguous++
    else tally.refused++
    return
  }
  count(tally, answer.targetFromSource, pair, related, metres)
}

function count(tally: Tally, matrix: readonly number[], pair: Pair, related = true, metres = 0.05): void {
  const error = poseDifference(matrix, pair.targetFromSource, middleOf(pair.source))
  if (related && error.degrees < 1 && error.metres < metres) {
    tally.right++
    tally.millimetres.push(error.metres * 1000)
  } else tally.wrong++
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function show(print: Print, title: string, tally: Tally): void {
  const all = tally.seconds.length
  const error = tally.right > 0 ? `, median error ${median(tally.millimetres).toFixed(1)} mm` : ''
  print(
    `${title.padEnd(52)} right ${tally.right}/${all}  wrong ${tally.wrong}  ambiguous ${tally.ambiguous}  refused ${tally.refused}` +
      `  CPU median ${median(tally.seconds).toFixed(2)} s, most ${Math.max(...tally.seconds).toFixed(2)} s${error}`,
  )
}

function rooms(print: Print): void {
  print(
    `Global registration, ${JUDGING_ROOMS.join(', ')}; 2 x 100,000 points, 8 mm noise, +-3 m, success = 1 degree and 5 cm`,
  )
  for (const kept of [0.72, 0.62]) {
    for (const cuts of ['any', 'opposite'] as const) {
      for (const gravity of ['known', 'unknown'] as const) {
        const tally = emptyTally()
        for (const name of JUDGING_ROOMS) {
          const mesh = loadRoom(name)
          for (let i = 0; i < PAIRS; i++) {
            const pair = partialPair(mesh, { seed: 5000 + i, kept, cuts, tilted: gravity === 'unknown' })
            judge(tally, pair, gravity)
          }
        }
        const turn = gravity === 'known' ? 'gravity known, any yaw' : 'any rotation'
        show(print, `${kept * 100} % kept, cuts ${cuts}, ${turn}`, tally)
      }
    }
  }
}

function objects(print: Print): void {
  for (const kept of [0.8, 0.62]) {
    const tally = emptyTally()
    for (let seed = 900; seed < 900 + PAIRS * 2; seed++) {
      const pair = partialPair(lumpyObject(seed), { seed, kept, points: 40_000, noiseMetres: 0.001, tilted: true })
      judge(tally, pair, 'unknown', true, 0.005)
    }
    show(print, `lumpy objects of 30 cm, 1 mm noise, ${kept * 100} % kept`, tally)
  }
}

function unrelated(print: Print): void {
  const scenes = [...JUDGING_ROOMS.map(loadRoom), ...[801, 802, 803].map((seed) => furnishedRoom(seed))]
  const tally = emptyTally()
  scenes.forEach((a, i) =>
    scenes.forEach((b, j) => {
      if (i >= j) return
      const kept = [1, 0.8, 0.62][(i + j) % 3]
      const target = partialPair(a, { seed: 60 + i, kept }).target
      const { source, targetFromSource } = partialPair(b, { seed: 90 + j, kept, tilted: (i + j) % 2 === 0 })
      judge(tally, { target, source, targetFromSource }, 'unknown', false)
    }),
  )
  show(print, 'different rooms (every answer is wrong)', tally)
}

/** Feature matching as in Open3D's tutorial, then ICP, on the same pairs. What it answers is told when asked for. */
function besideOpen3d(): (print: Print) => Promise<void> {
  const pairs = JUDGING_ROOMS.flatMap((name) =>
    ([0.72, 0.62] as const).map((kept) => {
      const cuts = kept === 0.72 ? 'any' : 'opposite'
      return partialPair(loadRoom(name), { seed: 5000, kept, cuts, tilted: true })
    }),
  )
  const running = runOpen3d(
    'global',
    pairs.map(({ target, source }) => ({ target: pointsOf(target), source: pointsOf(source) })),
  )
  return async (print) => {
    const answers = await running
    if (typeof answers === 'string') return print(`Open3D's global methods could not be run beside it: ${answers}`)
    const names = ['ours', 'Open3D RANSAC', 'Open3D FGR']
    const tallies = names.map(emptyTally)
    pairs.forEach((pair, i) => {
      judge(tallies[0], pair, 'unknown')
      for (const [k, { cpuSeconds: seconds, matrix }] of answers.slice(i * 2, i * 2 + 2).entries()) {
        tallies[k + 1].seconds.push(seconds)
        count(tallies[k + 1], matrix, pair)
      }
    })
    names.forEach((name, i) => show(print, `same pairs, 72 and 62 % kept, any rotation: ${name}`, tallies[i]))
  }
}

/** Places and instruments of other kinds than thresholds were set on. */
function otherWorlds(print: Print): void {
  const any = (seed: number): readonly (readonly [number, number, number])[] => {
    const random = seededRandom(seed)
    return [0, 1].map(() => [0.6 + random.next() * 2.5, 1.2 + random.next() * 0.5, 0.6 + random.next() * 2])
  }
  const seen = (seed: number): Pair => {
    const mesh = livedInRoom(seed)
    const look = { points: 70_000, noiseMetres: 0.006, strays: 0.02, doubled: 0.1 }
    const target = sighting(mesh, { ...look, seed, stands: any(seed), thinsWithDistance: true })
    const source = sighting(mesh, { ...look, seed: seed + 1, stands: any(seed + 1) })
    const targetFromSource = randomPose(seededRandom(seed), 3, true)
    const away = transformPositions(invertSimilarity(targetFromSource), source)
    return { target: scanOf(target), source: scanOf(away), targetFromSource }
  }
  const object = { points: 40_000, noiseMetres: 0.0007, tilted: true, offsetMetres: 1 }
  const kinds: readonly (readonly [string, number, (seed: number) => Pair])[] = [
    ['lived-in rooms, 72 % kept', 0.05, (seed) => partialPair(livedInRoom(seed), { seed, kept: 0.72, tilted: true })],
    [
      'lived-in rooms, 62 % kept, cuts opposite',
      0.05,
      (seed) => partialPair(livedInRoom(seed), { seed, kept: 0.62, cuts: 'opposite', tilted: true }),
    ],
    ['lived-in rooms seen from two places each, strays', 0.05, seen],
    [
      'yards with trees, 72 % kept, 2 cm noise',
      0.1,
      (seed) => partialPair(yard(seed), { seed, kept: 0.72, noiseMetres: 0.02, tilted: true, offsetMetres: 10 }),
    ],
    ['machines of 40 cm, 75 % kept', 0.005, (seed) => partialPair(machine(seed), { ...object, seed, kept: 0.75 })],
  ]
  kinds.forEach(([title, metres, make], k) => {
    const tally = emptyTally()
    for (let i = 0; i < PAIRS; i++) judge(tally, make(8600 + k * 50 + i), 'unknown', true, metres)
    show(print, title, tally)
  })
  const tally = emptyTally()
  for (let i = 0; i < PAIRS; i++) {
    const make = [livedInRoom, machine, yard][i % 3]
    const noiseMetres = [0.008, 0.0007, 0.02][i % 3]
    const pair = partialPair(make(8900 + i), { seed: i, kept: 0.8, points: 50_000, noiseMetres, tilted: true })
    const mirrored = scanOf(pointsOf(pair.source).map((value, k) => (k % 3 === 0 ? -value : value)))
    judge(tally, { ...pair, source: mirrored }, 'unknown', false)
    const other = partialPair(make(8950 + i), { seed: i, kept: 0.8, points: 50_000, noiseMetres, tilted: true })
    judge(tally, { ...pair, source: other.source }, 'unknown', false)
    const larger = scanOf(pointsOf(pair.source).map((value) => value * 1.15))
    judge(tally, { ...pair, source: larger }, 'unknown', false)
  }
  show(print, 'mirrored, other and 15 % larger (every answer is wrong)', tally)
}

/** Two devices fixed to each other: 0.3 degrees and 2.6 mm of tracking noise, clocks known to 10 ms. */
function paths(print: Print): void {
  const degrees: number[] = []
  const milliseconds: number[] = []
  for (let i = 0; i < PAIRS * 3; i++) {
    const random = seededRandom(7300 + i)
    const world = randomPose(random, 4, true)
    const mount = randomPose(random, 0.2, true)
    const late = (random.next() - 0.5) * 0.04
    const begin = random.next() * 100
    const there = (t: number): number[] => motion(begin + t)
    const here = (t: number): number[] => multiply(multiply(invertSimilarity(world), there(t)), mount)
    const clockMap = { offsetSeconds: 0, ratePpm: 0, sigmaOffsetSeconds: 0.01 }
    const target = { path: pathOf(there, 60, 40, (t) => t, 0.0052, 100 + i), clockMap }
    const source = { path: pathOf(here, 90, 40, (t) => t + late, 0.0052, 200 + i), clockMap }
    const { registration, clockCorrectionSeconds } = alignPaths(target, source)
    if (!registration.registered || clockCorrectionSeconds === undefined) continue
    degrees.push(poseDifference(registration.targetFromSource, world, [0, 0, 0]).degrees)
    milliseconds.push(Math.abs(clockCorrectionSeconds + late) * 1000)
  }
  print(
    `path to path, 40 s, pose and clock together: ${degrees.length}/${PAIRS * 3} registered, rotation median ${median(degrees).toFixed(3)}, most ${Math.max(...degrees).toFixed(3)} degrees; time median ${median(milliseconds).toFixed(2)}, most ${Math.max(...milliseconds).toFixed(2)} ms`,
  )
}

export async function run(print: Print): Promise<void> {
  const tellOpen3d = besideOpen3d()
  rooms(print)
  otherWorlds(print)
  objects(print)
  unrelated(print)
  paths(print)
  await tellOpen3d(print)
}
