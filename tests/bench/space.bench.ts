/**
 * Alignment in space: success on rooms that no threshold was set on, false accepts over unrelated pairs, ICP against
 * Open3D (Debian's python3-open3d) on the same clouds in the same run. Times are CPU time of one thread.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { registerScans } from '../../electron/engine/align/space/register-scans.ts'
import type { Scan } from '../../shared/geometry/data.ts'
import { registerByIcp } from '../../shared/geometry/icp.ts'
import { multiply, similarity } from '../../shared/geometry/matrix4.ts'
import { poseDifference, rotationFromVector } from '../../shared/geometry/rotation.ts'
import { JUDGING_ROOMS, loadRoom, type Pair, partialPair } from '../fixtures/space/rooms.ts'
import { furnishedRoom, lumpyObject } from '../fixtures/space/synthetic.ts'

type Print = (line: string) => void

/** Pairs of each kind and room; ASTERISM_BENCH_PAIRS changes it. */
const PAIRS = Number(process.env['ASTERISM_BENCH_PAIRS'] ?? 6)

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
  const error = poseDifference(answer.targetFromSource, pair.targetFromSource, middleOf(pair.source))
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
      if (i === j) return
      const kept = [1, 0.8, 0.62][(i + j) % 3]
      const target = partialPair(a, { seed: 60 + i, kept }).target
      const { source, targetFromSource } = partialPair(b, { seed: 90 + j, kept, tilted: (i + j) % 2 === 0 })
      judge(tally, { target, source, targetFromSource }, 'unknown', false)
    }),
  )
  show(print, 'different rooms (every answer is wrong)', tally)
}

const OPEN3D = `
import sys, time, numpy as np, open3d as o3d
d = sys.argv[1]
cloud = lambda n: o3d.geometry.PointCloud(o3d.utility.Vector3dVector(np.fromfile(d + '/' + n, np.float32).reshape(-1, 3).astype(float)))
t, s = cloud('target.f32'), cloud('source.f32')
pose = np.fromfile(d + '/start.f64').reshape(4, 4).T
begin = time.process_time()
for cell, gate in [(.2, .6), (.06, .2), (.025, .06)]:
    a, b = t.voxel_down_sample(cell), s.voxel_down_sample(cell)
    a.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(16))
    loss = o3d.pipelines.registration.TukeyLoss(k=gate / 2)
    r = o3d.pipelines.registration.registration_icp(b, a, gate, pose, o3d.pipelines.registration.TransformationEstimationPointToPlane(loss), o3d.pipelines.registration.ICPConvergenceCriteria(1e-7, 1e-7, 30))
    pose = r.transformation
print(time.process_time() - begin, *np.asarray(pose).T.ravel())
`

function icp(print: Print): void {
  const pair = partialPair(furnishedRoom(77), {
    seed: 77,
    kept: 0.84,
    cuts: 'opposite',
    noiseMetres: 0.005,
    offsetMetres: 0,
  })
  const turn = (8 * Math.PI) / 180 / Math.sqrt(3)
  const start = multiply(similarity(rotationFromVector(turn, turn, -turn), [0.11, -0.11, 0.11]), pair.targetFromSource)
  const [target, source] = [pointsOf(pair.target), pointsOf(pair.source)]
  const options = { cellsMetres: [0.2, 0.06, 0.025], gatesMetres: [0.6, 0.2, 0.06] }
  let pose: readonly number[] = start
  const seconds: number[] = []
  for (let i = 0; i < 3; i++) {
    seconds.push(cpuSeconds(() => (pose = registerByIcp(target, source, start, options).targetFromSource)))
  }
  const ours = poseDifference(pose, pair.targetFromSource, middleOf(pair.source))
  const best = Math.min(...seconds)
  print(
    `ICP 100,000 x 100,000, 8 degrees and 19 cm off, three scales: ${best.toFixed(2)} s CPU (best of 3), ${ours.degrees.toFixed(4)} degrees, ${(ours.metres * 1000).toFixed(2)} mm`,
  )
  const folder = mkdtempSync(path.join(tmpdir(), 'space-bench-'))
  try {
    writeFileSync(path.join(folder, 'target.f32'), target)
    writeFileSync(path.join(folder, 'source.f32'), source)
    writeFileSync(path.join(folder, 'start.f64'), Float64Array.from(start))
    const output = execFileSync('python3', ['-c', OPEN3D, folder], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
      timeout: 240_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [used, ...matrix] = (output.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
    const theirs = poseDifference(matrix, pair.targetFromSource, middleOf(pair.source))
    print(
      `Open3D, same scales, one thread: ${used.toFixed(2)} s CPU, ${theirs.degrees.toFixed(4)} degrees, ${(theirs.metres * 1000).toFixed(2)} mm; ratio ${(best / used).toFixed(2)}`,
    )
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n').find((line) => /Error/.test(line)) : String(error)
    print(`Open3D could not be run beside it (${why ?? 'no reason given'}): no ratio.`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function millionPoints(print: Print): void {
  const options = {
    seed: 78,
    kept: 0.84,
    cuts: 'opposite',
    points: 1_000_000,
    noiseMetres: 0.005,
    offsetMetres: 0,
  } as const
  const pair = partialPair(furnishedRoom(78), options)
  const start = multiply(similarity(rotationFromVector(0.05, 0.05, 0), [0.1, 0, 0.1]), pair.targetFromSource)
  let pose: readonly number[] = start
  const seconds = cpuSeconds(() => {
    const scales = { cellsMetres: [0.2, 0.06, 0.025], gatesMetres: [0.6, 0.2, 0.06] }
    pose = registerByIcp(pointsOf(pair.target), pointsOf(pair.source), start, scales).targetFromSource
  })
  const error = poseDifference(pose, pair.targetFromSource, middleOf(pair.source))
  print(
    `ICP 1,000,000 x 1,000,000, same scales: ${seconds.toFixed(2)} s CPU, ${error.degrees.toFixed(4)} degrees, ${(error.metres * 1000).toFixed(2)} mm`,
  )
}

export async function run(print: Print): Promise<void> {
  icp(print)
  millionPoints(print)
  rooms(print)
  objects(print)
  unrelated(print)
}
