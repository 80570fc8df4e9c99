/** The pictures that stand for a scan in lists: what is where in them, and that a scan's oddities leave none spoilt. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawTurntable, writeTurntable, type TurntableLayout } from '../../electron/engine/assets/scan-turntable.ts'
import type { PointCloud, Scan } from '../../shared/geometry/data.ts'

type Point = readonly [x: number, y: number, z: number]
type Color = readonly [red: number, green: number, blue: number]

const LAYOUT: TurntableLayout = { columns: 2, count: 4, tileWidth: 60, tileHeight: 40 }
const [RED, BLUE, GREEN]: readonly Color[] = [
  [220, 20, 20],
  [20, 20, 220],
  [20, 220, 20],
]
const { signal } = new AbortController()

function cloud(parts: readonly (readonly [points: readonly Point[], color: Color])[]): PointCloud {
  const points = parts.flatMap(([points]) => points)
  const colors = parts.flatMap(([points, color]) => points.flatMap(() => [...color]))
  return { count: points.length, positions: Float32Array.from(points.flat()), colors: Uint8Array.from(colors) }
}

/** A sheet of points along two axes; the third is one place. */
function sheet(at: (a: number, b: number) => Point, from: number, to: number): Point[] {
  const steps = Array.from({ length: 41 }, (_, n) => from + ((to - from) * n) / 40)
  return steps.flatMap((a) => steps.map((b) => at(a, b)))
}

const scanOf = (points: PointCloud): Scan => ({ kind: 'points', points })

/** How many pixels of a colour each half of each tile has. */
async function halves(scan: Scan, color: Color): Promise<{ left: number; right: number }[]> {
  const pixels = (await drawTurntable(scan, LAYOUT, signal))!
  const { columns, count, tileWidth, tileHeight } = LAYOUT
  const width = columns * tileWidth
  const found = Array.from({ length: count }, () => ({ left: 0, right: 0 }))
  for (let i = 0; i < pixels.length / 3; i++) {
    if (!color.every((value, k) => Math.abs(pixels[3 * i + k]! - value) < 2)) continue
    const [x, y] = [i % width, Math.floor(i / width)]
    const tile = found[Math.floor(y / tileHeight) * columns + Math.floor(x / tileWidth)]!
    tile[x % tileWidth < tileWidth / 2 ? 'left' : 'right'] += 1
  }
  return found
}

test('a scan turns: what is left at first is right after half a turn, and what is behind is hidden', async () => {
  // Two upright sheets: red to the left, blue to the right; green behind red.
  const scan = scanOf(
    cloud([
      [sheet((a, b) => [a - 0.5, b, 0.1], -0.5, 0.5), RED],
      [sheet((a, b) => [a + 0.5, b, 0.1], -0.5, 0.5), BLUE],
      [sheet((a, b) => [a - 0.5, b * 0.5, -0.1], -0.5, 0.5), GREEN],
    ]),
  )
  const [red, blue, green] = [await halves(scan, RED), await halves(scan, BLUE), await halves(scan, GREEN)]
  expect(red[0]!.left).toBeGreaterThan(100)
  // A point is wider than a pixel.
  expect(red[0]!.right).toBeLessThan(red[0]!.left / 10)
  expect(blue[0]!.right).toBeGreaterThan(100)
  expect(green[0]!.left + green[0]!.right).toBeLessThan(10)
  expect(blue[2]!.left).toBeGreaterThan(100)
  expect(green[2]!.right).toBeGreaterThan(50)
})

test('one sees into a room: its ceiling is not in the way', async () => {
  const floor = sheet((a, b) => [a, 0, b], -2, 2)
  const ceiling = sheet((a, b) => [a, 2.5, b], -2, 2)
  const room = scanOf(
    cloud([
      [floor, GREEN],
      [ceiling, RED],
    ]),
  )
  const seen = async (color: Color): Promise<number> => {
    const [first] = await halves(room, color)
    return first!.left + first!.right
  }
  expect(await seen(GREEN)).toBeGreaterThan(200)
  expect(await seen(RED)).toBe(0)
})

test('a mesh is seen from the side that its triangles face, in its own colours', async () => {
  const mesh = {
    vertexCount: 4,
    triangleCount: 2,
    positions: Float32Array.from([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0]),
    colors: Uint8Array.from([RED, RED, RED, RED].flat()),
    indices: Uint32Array.from([0, 1, 2, 0, 2, 3]),
  }
  const [front, , back] = await halves({ kind: 'mesh', mesh }, RED)
  expect(front!.left + front!.right).toBeGreaterThan(200)
  expect(back).toEqual({ left: 0, right: 0 })
})

test('points are seen whichever way their normals point, and without any', async () => {
  const points = cloud([[sheet((a, b) => [a, b, 0], -0.5, 0.5), RED]])
  const seen = async (normal: Point): Promise<number> => {
    const normals = Float32Array.from({ length: 3 * points.count }, (_, i) => normal[i % 3]!)
    return (await halves(scanOf({ ...points, normals }), RED))[0]!.left
  }
  const without = (await halves(scanOf(points), RED))[0]!.left
  expect(await Promise.all([seen([0, 0, 0]), seen([0, 0, -1]), seen([0, 0, 1])])).toEqual([without, without, without])
})

test('strays do not make it small, and what is no number is passed over', async () => {
  const body = sheet((a, b) => [a, b, 0], -0.5, 0.5)
  const strays: Point[] = [
    [400, 0, 0],
    [Number.NaN, 0, 0],
    [0, Number.POSITIVE_INFINITY, 0],
  ]
  const [alone] = await halves(scanOf(cloud([[body, RED]])), RED)
  const both = cloud([
    [body, RED],
    [strays, BLUE],
  ])
  const [among] = await halves(scanOf(both), RED)
  expect(alone!.left).toBeGreaterThan(100)
  expect(Math.abs(among!.left - alone!.left)).toBeLessThan(alone!.left / 10)
})

test('nothing to draw gives no sheet, one point and a line give one', async () => {
  expect(await drawTurntable(scanOf(cloud([])), LAYOUT, signal)).toBeNull()
  expect(await drawTurntable(scanOf(cloud([[[[Number.NaN, 0, 0]], RED]])), LAYOUT, signal)).toBeNull()
  const few: readonly Point[][] = [
    [[5, 5, 5]],
    [
      [0, 0, 0],
      [0, 1, 0],
    ],
  ]
  for (const points of few) {
    const [first] = await halves(scanOf(cloud([[points, RED]])), RED)
    expect(first!.left + first!.right).toBeGreaterThan(0)
  }
})

test('the sheet and its index agree, and who cancels is heard between two views', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-turntable-'))
  try {
    const scan = scanOf(cloud([[sheet((a, b) => [a, b, a * b], -1, 1), RED]]))
    await writeTurntable(scan, folder, signal)
    const index = JSON.parse(readFileSync(join(folder, 'thumbnails.json'), 'utf8'))
    const { width, height } = await sharp(join(folder, index.sheets[0])).metadata()
    expect({ width, height }).toEqual({ width: index.columns * index.tileWidth, height: index.rows * index.tileHeight })
    expect(index.columns * index.rows).toBeGreaterThanOrEqual(index.count)
    await expect(drawTurntable(scan, LAYOUT, AbortSignal.abort())).rejects.toThrow(/aborted/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
