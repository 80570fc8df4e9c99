/** How often the true pose lies within two stated standard deviations, over six components each, by noise and density. */
import { registerScans } from '../../electron/engine/align/space/register-scans.ts'
import { rotationOf } from '../../shared/geometry/matrix4.ts'
import { multiplyRotations, transposeRotation, vectorFromRotation } from '../../shared/geometry/rotation.ts'
import { JUDGING_ROOMS, loadRoom, partialPair } from '../fixtures/space/rooms.ts'
import { livedInRoom } from '../fixtures/space/worlds.ts'

export function calibration(print: (line: string) => void, pairs: number): void {
  const noises = [0.004, 0.008, 0.015]
  const densities = [15_000, 40_000, 100_000]
  const inAll = { within: 0, all: 0 }
  for (const points of densities) {
    const cells = noises.map((noiseMetres) => {
      const one = calibrationOf(noiseMetres, points, pairs)
      inAll.within += one.within
      inAll.all += one.all
      return `${noiseMetres * 1000} mm ${((100 * one.within) / one.all).toFixed(1)} % of ${one.all}, ${(one.squares / one.all).toFixed(2)}`
    })
    print(
      `stated 2-sigma intervals hold, and mean square error over the stated one, ${points} points: ${cells.join('; ')}`,
    )
  }
  print(
    `stated 2-sigma intervals hold in all: ${((100 * inAll.within) / inAll.all).toFixed(1)} % of ${inAll.all} components`,
  )
}

function calibrationOf(
  noiseMetres: number,
  points: number,
  pairs: number,
): { within: number; squares: number; all: number } {
  let within = 0
  let squares = 0
  let all = 0
  for (let i = 0; i < pairs; i++) {
    const mesh = i % 4 === 3 ? loadRoom(JUDGING_ROOMS[(i >> 2) % 3]) : livedInRoom(9300 + i)
    const pair = partialPair(mesh, { seed: 40 + i, kept: [0.72, 0.85][i % 2], points, noiseMetres, tilted: true })
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
