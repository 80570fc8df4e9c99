/**
 * Pictures of a room against a scan of it, as many as the product takes: what is said where the two lie right, where they
 * do not, and of another room. `space-pictures:tuning` sets the number of pictures beside others on worlds of its own.
 */
import {
  checkPictures,
  PICTURES_TAKEN,
  type PictureShot,
  viewedSurface,
  type ViewedSurface,
} from '../../electron/engine/align/space/index.ts'
import type { TriangleMesh } from '../../shared/geometry/data.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { multiplyRotations, rotationFromVector } from '../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../shared/geometry/surface-sampling.ts'
import { FILM_CAMERA, filmRoom } from '../fixtures/space/film.ts'
import { JUDGING_ROOMS, loadRoom, scanOf, TUNING_ROOMS } from '../fixtures/space/rooms.ts'
import { furnishedRoom } from '../fixtures/space/synthetic.ts'
import { livedInRoom } from '../fixtures/space/worlds.ts'

const VERDICTS = ['fits', 'does not fit', 'cannot tell'] as const

export async function run(print: (line: string) => void, parts: readonly string[]): Promise<void> {
  if (parts.includes('tuning')) {
    const worlds = [...TUNING_ROOMS.map(loadRoom), livedInRoom(9420), furnishedRoom(420)]
    for (const pictures of [7, 10, 14, 20, 28]) await judge(print, worlds, 420, pictures)
  } else {
    const worlds = [...JUDGING_ROOMS.map(loadRoom), livedInRoom(9820), livedInRoom(9821), furnishedRoom(820)]
    await judge(print, worlds, 820, PICTURES_TAKEN)
  }
}

async function judge(
  print: (line: string) => void,
  worlds: readonly TriangleMesh[],
  seed: number,
  pictures: number,
): Promise<void> {
  const told = new Map<string, number[]>()
  const before = process.cpuUsage()
  for (const [i, mesh] of worlds.entries()) {
    const film = filmRoom(mesh, { seed: seed + i, shots: pictures, paint: [0.3, 0.6, 0.8][i % 3]! })
    const shots = film.map(({ depth, ...shot }): PictureShot => ({ ...shot, ownDepth: depth }))
    const scan = scanOfRoom(mesh, seed + i)
    const other = scanOfRoom(worlds[(i + 1) % worlds.length]!, seed + i)
    for (const [name, surface, seen] of casesOf(shots, scan, other)) {
      const { verdict } = await checkPictures(surface, seen, FILM_CAMERA)
      const counts = told.get(name) ?? [0, 0, 0]
      counts[VERDICTS.indexOf(verdict)]!++
      told.set(name, counts)
    }
  }
  const used = process.cpuUsage(before)
  const seconds = (used.user + used.system) * 1e-6
  print(`${pictures} pictures, ${worlds.length} rooms, ${seconds.toFixed(0)} s CPU with drawing them`)
  for (const [name, counts] of told) {
    print(`  ${name}: ${VERDICTS.map((verdict, i) => `${verdict} ${counts[i]}`).join(', ')}`)
  }
}

function casesOf(
  shots: readonly PictureShot[],
  scan: ViewedSurface,
  other: ViewedSurface,
): [name: string, scan: ViewedSurface, shots: PictureShot[]][] {
  const moved = (metres: readonly number[], degrees: number): PictureShot[] =>
    shots.map((shot) => ({
      ...shot,
      position: shot.position.map((value, axis) => value + metres[axis]!),
      rotation: multiplyRotations(rotationFromVector(0, (degrees * Math.PI) / 180, 0), shot.rotation),
    }))
  return [
    ['right', scan, [...shots]],
    ['right, without depth of their own', scan, shots.map((shot) => ({ ...shot, ownDepth: undefined }))],
    ['2 cm and half a degree off', scan, moved([0.012, 0, -0.016], 0.5)],
    ['30 cm off, one way', scan, moved([0.3, 0, 0], 0)],
    ['30 cm off, the other way', scan, moved([0, 0, -0.3], 0)],
    ['8 degrees off', scan, moved([0, 0, 0], 8)],
    ['turned round', scan, moved([0, 0, 0], 180)],
    ['another room', other, [...shots]],
  ]
}

/** A scan of its own: 60,000 points with 8 mm of noise. */
function scanOfRoom(mesh: TriangleMesh, seed: number): ViewedSurface {
  const positions = sampleSurface(mesh, 60_000, seed).positions
  const random = seededRandom(seed + 4)
  for (let i = 0; i < positions.length; i++) positions[i]! += 0.008 * random.gaussian()
  return viewedSurface(scanOf(positions))
}
