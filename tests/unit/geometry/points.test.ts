import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildKdTree } from '../../../shared/geometry/kd-tree.ts'
import { similarity, transformPositions } from '../../../shared/geometry/matrix4.ts'
import { estimateNormals } from '../../../shared/geometry/normals.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { poseDifference, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { sampleSurface } from '../../../shared/geometry/surface-sampling.ts'
import { fitPoints } from '../../../shared/geometry/umeyama.ts'
import { thinToCells } from '../../../shared/geometry/voxel-grid.ts'

const value = fc.integer({ min: -40, max: 40 }).map((n) => n / 8)
const cloud = fc
  .array(value, { minLength: 3, maxLength: 600 })
  .map((list) => Float32Array.from(list.slice(0, list.length - (list.length % 3))))

describe('k-d tree', () => {
  it('finds what looking at every point finds, repeated coordinates included', () => {
    fc.assert(
      fc.property(cloud, value, value, value, (positions, x, y, z) => {
        const tree = buildKdTree(positions)
        const squared = Array.from(
          { length: positions.length / 3 },
          (_, i) => (positions[i * 3] - x) ** 2 + (positions[i * 3 + 1] - y) ** 2 + (positions[i * 3 + 2] - z) ** 2,
        ).sort((a, b) => a - b)
        const found = tree.nearest(x, y, z, 2)
        if (squared[0] < 4) expect(tree.lastDistanceSquared).toBeCloseTo(squared[0], 6)
        else expect(found).toBe(-1)
        const places = new Int32Array(7)
        const distances = new Float64Array(7)
        const many = tree.nearestMany(x, y, z, 7, 3, places, distances)
        const expected = squared.filter((d) => d < 9).slice(0, 7)
        expect(many).toBe(expected.length)
        expected.forEach((d, i) => expect(distances[i]).toBeCloseTo(d, 6))
        const all = tree.within(x, y, z, 1.5, new Int32Array(1000))
        expect(all).toBe(squared.filter((d) => d <= 2.25).length)
      }),
      { seed: 9, numRuns: 150 },
    )
  })

  it('says where each point was in the input', () => {
    const random = seededRandom(2)
    const positions = Float32Array.from({ length: 900 }, () => random.next())
    const tree = buildKdTree(positions)
    expect(new Set(tree.index).size).toBe(300)
    for (let i = 0; i < 300; i++) expect(tree.points[i * 3 + 1]).toBe(positions[tree.index[i] * 3 + 1])
  })

  it('holds no points at all', () => {
    expect(buildKdTree(new Float32Array(0)).nearest(0, 0, 0, 1)).toBe(-1)
  })
})

describe('thinning', () => {
  it('keeps one centroid a cell and counts every point once', () => {
    fc.assert(
      fc.property(cloud, (positions) => {
        const thinned = thinToCells(positions, 0.7)
        expect(thinned.weights.reduce((a, b) => a + b, 0)).toBe(positions.length / 3)
        let sum = 0
        for (let i = 0; i < thinned.count; i++) sum += thinned.positions[i * 3] * thinned.weights[i]
        let whole = 0
        for (let i = 0; i < positions.length; i += 3) whole += positions[i]
        expect(sum).toBeCloseTo(whole, 2)
      }),
      { seed: 9, numRuns: 100 },
    )
  })
})

describe('normals', () => {
  it('stand on a noisy plane', () => {
    const random = seededRandom(5)
    const positions = new Float32Array(3000)
    for (let i = 0; i < 1000; i++) {
      const [u, v] = [random.next() * 2, random.next() * 2]
      positions.set([u, u * 0.5 + random.gaussian() * 0.002, v], i * 3)
    }
    const tree = buildKdTree(positions)
    const { normals, curvatures } = estimateNormals(positions, tree, 20, 1)
    const wanted = [0.5, -1, 0].map((c) => c / Math.hypot(0.5, 1))
    for (let i = 0; i < 1000; i += 50) {
      const dot = normals[i * 3] * wanted[0] + normals[i * 3 + 1] * wanted[1] + normals[i * 3 + 2] * wanted[2]
      expect(Math.abs(dot)).toBeGreaterThan(0.99)
      expect(curvatures[i]).toBeLessThan(0.01)
    }
  })
})

describe('surface sampling', () => {
  const mesh = {
    vertexCount: 6,
    triangleCount: 4,
    positions: Float32Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 10, 0, 0, 14, 0, 0, 10, 4, 0]),
    indices: Uint32Array.from([0, 1, 2, 3, 4, 5, 0, 0, 1, 0, 1, 99]),
  }

  it('is even by area, lies on the triangles and passes over bad ones', () => {
    const { positions, normals, count } = sampleSurface(mesh, 1700)
    expect(count).toBe(1700)
    let small = 0
    for (let i = 0; i < count; i++) {
      expect(positions[i * 3 + 2]).toBe(0)
      expect(normals[i * 3 + 2]).toBe(1)
      if (positions[i * 3] < 5) small++
    }
    expect(small).toBe(100)
  })

  it('is the same for the same seed and another for another', () => {
    expect(sampleSurface(mesh, 50, 3).positions).toEqual(sampleSurface(mesh, 50, 3).positions)
    expect(sampleSurface(mesh, 50, 3).positions).not.toEqual(sampleSurface(mesh, 50, 4).positions)
  })

  it('gives nothing for a mesh without surface', () => {
    expect(sampleSurface({ ...mesh, positions: new Float32Array(18).fill(Number.NaN) }, 10).count).toBe(0)
  })
})

describe('matched points', () => {
  const component = fc.double({ min: -2, max: 2, noNaN: true })
  it('give back the similarity that moved them', () => {
    fc.assert(
      fc.property(component, component, component, fc.double({ min: 0.1, max: 8, noNaN: true }), (x, y, z, s) => {
        const random = seededRandom(3)
        const source = Float32Array.from({ length: 60 }, () => random.gaussian())
        const truth = similarity(rotationFromVector(x, y, z), [x, 2 * y, -z], s)
        const fit = fitPoints(source, transformPositions(truth, source), { withScale: true })
        expect(fit.scale / s).toBeCloseTo(1, 5)
        expect(poseDifference(fit.targetFromSource, truth, [0, 0, 0]).degrees).toBeLessThan(1e-3)
        expect(fit.rmseMetres).toBeLessThan(1e-5 * s)
      }),
      { seed: 6, numRuns: 100 },
    )
  })

  it('never answer with a mirror image', () => {
    const random = seededRandom(3)
    const source = Float32Array.from({ length: 60 }, () => random.gaussian())
    const mirrored = source.map((v, i) => (i % 3 === 0 ? -v : v))
    const m = fitPoints(source, mirrored).targetFromSource
    const determinant =
      m[0] * (m[5] * m[10] - m[6] * m[9]) - m[4] * (m[1] * m[10] - m[2] * m[9]) + m[8] * (m[1] * m[6] - m[2] * m[5])
    expect(determinant).toBeCloseTo(1, 6)
  })

  it('say when they do not pin a rotation, and refuse too few', () => {
    const line = Float32Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? i : 0))
    expect(fitPoints(line, line).rotationGap).toBeLessThan(1e-6)
    expect(() => fitPoints([0, 0, 0], [0, 0, 0])).toThrow(/Three or more/)
    expect(() => fitPoints([0, 0, Number.NaN, 1, 1, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1, 2, 2, 2])).toThrow(/finite/)
  })
})
