import { describe, expect, test } from 'vitest'
import { checkPictures } from '../../../electron/engine/align/space/picture-check.ts'
import {
  depthView,
  linesOfDepth,
  viewedSurface,
  type ViewedSurface,
} from '../../../electron/engine/align/space/scan-view.ts'
import type { TriangleMesh } from '../../../shared/geometry/data.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { multiplyRotations, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../../shared/geometry/surface-sampling.ts'
import { FILM_CAMERA, filmRoom } from '../../fixtures/space/film.ts'
import { loadRoom } from '../../fixtures/space/rooms.ts'

/** A scan of its own of the room: 60,000 points with 8 mm of noise. */
function scanOfRoom(mesh: TriangleMesh): ViewedSurface {
  const positions = sampleSurface(mesh, 60_000, 5).positions
  const random = seededRandom(9)
  for (let i = 0; i < positions.length; i++) positions[i]! += 0.008 * random.gaussian()
  return viewedSurface({ kind: 'points', points: { count: positions.length / 3, positions } })
}

describe('pictures against a scan', () => {
  const room = loadRoom('meeting_room')
  const scan = scanOfRoom(room)
  const film = filmRoom(room, { seed: 54, shots: 12, paint: 0.6 })
  const shots = film.map(({ depth, ...shot }) => ({ ...shot, ownDepth: depth }))

  test('fit where the two lie right', async () => {
    const check = await checkPictures(scan, shots, FILM_CAMERA)
    expect(check).toMatchObject({ verdict: 'fits', pictures: 11 })
    expect(check.sigmas).toBeGreaterThan(6)
    expect(Math.hypot(...check.offsetPixels)).toBeLessThan(4)
  })

  test('are never said to fit where they do not', async () => {
    const turned = shots.map((shot) => ({
      ...shot,
      rotation: multiplyRotations(rotationFromVector(0, Math.PI, 0), shot.rotation),
    }))
    expect((await checkPictures(scan, turned, FILM_CAMERA)).verdict).toBe('does not fit')
    const beside = shots.map((shot) => ({
      ...shot,
      position: [shot.position[0]! + 0.3, shot.position[1]!, shot.position[2]!],
    }))
    expect((await checkPictures(scan, beside, FILM_CAMERA)).verdict).not.toBe('fits')
    expect((await checkPictures(scanOfRoom(loadRoom('music_room')), shots, FILM_CAMERA)).verdict).not.toBe('fits')
  })

  test('cannot tell without lines of their own, nor when few see the scan; and they stop when cancelled', async () => {
    const dark = shots.map((shot) => ({ ...shot, gray: new Uint8Array(shot.gray.length).fill(90) }))
    expect((await checkPictures(scan, dark, FILM_CAMERA)).verdict).toBe('cannot tell')
    const away = shots.map((shot) => ({ ...shot, position: [900, 0, 0] }))
    expect(await checkPictures(scan, away, FILM_CAMERA)).toMatchObject({ verdict: 'cannot tell', pictures: 0 })
    await expect(checkPictures(scan, shots, FILM_CAMERA, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})

test('the corner of a room is one line down the middle of its picture', () => {
  // Two walls that meet at x = 0, z = -3, each at 45 degrees to the view.
  const positions: number[] = []
  for (let a = 0; a < 2; a += 0.01) for (let y = -1.5; y < 1.5; y += 0.01) positions.push(a, y, -3 + a, -a, y, -3 + a)
  const surface = viewedSurface({
    kind: 'points',
    points: { count: positions.length / 3, positions: Float32Array.from(positions) },
  })
  const depth = depthView(surface, { position: [0, 0, 0], rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1] }, FILM_CAMERA)
  const { across } = linesOfDepth(depth, FILM_CAMERA.width, FILM_CAMERA.height)
  const row = 60 * FILM_CAMERA.width
  const found = Array.from({ length: FILM_CAMERA.width }, (_, x) => x).filter((x) => across[row + x]! > 0)
  expect(found.length).toBeGreaterThan(0)
  for (const x of found) expect(Math.abs(x - 80)).toBeLessThanOrEqual(3)
})
