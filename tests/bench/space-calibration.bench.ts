/** How often the true pose lies within two stated standard deviations, over six components each, by noise and density. */
import { registerScans } from '../../electron/engine/align/space/register-scans.ts'
import { rotationOf } from '../../shared/geometry/matrix4.ts'
import { multiplyRotations, transposeRotation, vectorFromRotation } from '../../shared/geometry/rotation.ts'
import { JUDGING_ROOMS, loadRoom, partialPair } from '../fixtures/space/rooms.ts'
import { livedInRoom } from '../fixtures/space/worlds.ts'

/** Pairs of each noise and density; ASTERISM_BENCH_PAIRS changes it. */
const PAIRS = Number(process.env['ASTERISM_BENCH_PAIRS'] ?? 12)
/** Seeds from 9300 to 9399 were judged before, those from 9500 to 9599 looked at. */
const FIRST_SEED = 9700

export async function run(print: (line: string) => void): Promise<void> {
  const inAll = { within: 0, all: 0 }
  for (const points of [15_000, 40_000, 100_000]) {
    const inRow = { within: 0, all: 0 }
    const cells = [0.004, 0.008, 0.015].map((noiseMetres) => {
      const one = calibrationOf(noiseMetres, points)
      for (const sum of [inRow, inAll]) {
        sum.within += one.within
        sum.all += one.all
      }
      return `${noiseMetres * 1000} mm ${share(one)}, ${(one.squares / one.all).toFixed(2)}`
    })
    print(
      `stated 2-sigma intervals hold, and mean square error over the stated one, ${points} points: ${share(inRow)}; ${cells.join('; ')}`,
    )
  }
  print(`stated 2-sigma intervals hold in all: ${share(inAll)} components (held to 93 to 97.5 %)`)
}

function share({ within, all }: { within: number; all: number }): string {
  return `${((100 * within) / all).toFixed(1)} % of ${all}`
}

function calibrationOf(noiseMetres: number, points: number): { within: number; squares: number; all: number } {
  let within = 0
  let squares = 0
  let all = 0
  for (let i = 0; i < PAIRS; i++) {
    const mesh = i % 4 === 3 ? loadRoom(JUDGING_ROOMS[(i >> 2) % 3]) : livedInRoom(FIRST_SEED + i)
    const pair = partialPair(mesh, {
      seed: FIRST_SEED + i,
      kept: [0.72, 0.85][i % 2],
      points,
      noiseMetres,
      tilted: true,
    })
    const answer = registerScans(pair.target, pair.source)
    if (!answer.registered) continue
    const turn = vectorFromRotation(
      multiplyRotations(rotationOf(pair.targetFromSource), transposeRotation(rotationOf(answer.targetFromSource))),
    )
    const error = [...turn, ...[12, 13, 14].map((k) => pair.targetFromSource[k] - answer.targetFromSource[k])]
    error.forEach((e, k) => {
      const share = (e * e) / answer.covariance[k * 7]
      squares += share
      if (share <= 4) within++
    })
    all += 6
  }
  return { within, squares, all }
}
