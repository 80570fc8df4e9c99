import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { checkScan } from '../../fixtures/import/check-asset.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { scanFixtures } from '../../fixtures/import/index.ts'
import { fixtureScene } from '../../fixtures/import/scene.ts'

const scene = fixtureScene()
const cases = Object.entries(scanFixtures).flatMap(([id, list]) => list.map((fixture) => ({ id, fixture })))

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  expect(actual.length, what).toBe(wanted.length)
  let worst = 0
  for (let i = 0; i < wanted.length; i++) worst = Math.max(worst, Math.abs(actual[i] - wanted[i]))
  expect(worst, what).toBeLessThanOrEqual(tolerance)
}

/** The scene's vertex nearest to vertex `index` of what was read. */
function nearestVertex(positions: ArrayLike<number>, index: number): number {
  let best = 0
  let bestDistance = Infinity
  for (let v = 0; v < scene.vertexCount; v++) {
    const distance = Math.hypot(...[0, 1, 2].map((axis) => positions[3 * index + axis] - scene.positions[3 * v + axis]))
    if (distance < bestDistance) [best, bestDistance] = [v, distance]
  }
  return best
}

/** Triangles as vertices of the scene, each turned to begin with its least corner, so that winding counts. */
function triangleSet(corners: readonly number[]): string[] {
  const triangles: string[] = []
  for (let i = 0; i < corners.length; i += 3) {
    const triangle = corners.slice(i, i + 3)
    const first = triangle.indexOf(Math.min(...triangle))
    triangles.push([...triangle.slice(first), ...triangle.slice(0, first)].join(' '))
  }
  return triangles.toSorted()
}

suite('every format of still geometry gives the scene it was written from', () => {
  test.each(cases.map((entry) => [`${entry.id}/${entry.fixture.id}`, entry] as const))(
    '%s',
    async (_, { id, fixture }) => {
      await withFolder(async (folder) => {
        const context = await importContext({ withTools: false })
        const path = await fixture.write(folder, context.tools)
        const { importer, source, asset } = await describe(path, context)
        expect(importer.id).toBe(id)
        expect(asset).toMatchObject({ format: fixture.expected.format, kind: fixture.expected.kind })
        const scan = await importer.loadScan?.(source, 0, context)
        if (!scan) throw new Error('the importer loads no scans')
        checkScan(scan)
        const body = scan.kind === 'mesh' ? scan.mesh : scan.points
        const [stream] = asset.streams
        expect(stream.hasColor).toBe(fixture.keeps.colors ?? false)
        if (fixture.keeps.reordered) {
          expect(stream.pointCount).toBe(scene.vertexCount)
        } else {
          expectClose(body.positions, scene.positions, fixture.toleranceMetres, 'positions')
          if (fixture.keeps.colors) expectClose(body.colors ?? [], scene.colors, 1, 'colours')
          if (fixture.keeps.normals) expectClose(body.normals ?? [], scene.normals, 1e-6, 'normals')
        }
        if (fixture.keeps.triangles && scan.kind === 'mesh') {
          const { positions, indices } = scan.mesh
          const read = Array.from(indices, (index) => nearestVertex(positions, index))
          expect(triangleSet(read)).toEqual(triangleSet(scene.triangles.flat()))
          expect(stream.triangleCount).toBe(scene.triangles.length)
        }
        const low = [0, 1, 2].map((axis) => Math.min(...scene.positions.filter((_value, i) => i % 3 === axis)))
        expectClose(stream.boundsMetres?.min ?? [], low, Math.max(fixture.toleranceMetres, 1e-6), 'bounds')
      })
    },
  )
})
