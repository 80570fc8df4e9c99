/**
 * The second scan: the western two thirds of the room, as a phone's mesh would be. Depth views are fused in a signed
 * distance field (Curless and Levoy, SIGGRAPH 1996) and meshed with surface nets (Gibson, MICCAI 1998).
 */
import { Document, NodeIO } from '@gltf-transform/core'
import { KHRMaterialsUnlit } from '@gltf-transform/extensions'
import { depthFrom } from './depth-view.ts'
import { PARTIAL_FROM_DESIGN } from './frames.ts'
import type { Pose, Vec3 } from './linear.ts'
import { add, invert, lookAt, normalize, scale, transform } from './linear.ts'
import { randomFor, valueNoise } from './random.ts'
import type { Scene } from './scene.ts'
import { expose } from './textures.ts'

const CELL = 0.075
const BAND = 0.16
const ORIGIN: Vec3 = [-0.3, -0.25, -0.35]
const COUNTS = [84, 42, 72] as const
const CAMERA = { width: 160, height: 120, focal: 108 }

/** Looks from the middle of the room outward, all of them west of the shelf. */
function looks(): Pose[] {
  const out: Pose[] = []
  for (const [x, y, z, from, to] of [
    [2.6, 1.45, 3.5, 90, 270],
    [2.7, 1.5, 2.0, 80, 280],
    [1.6, 1.4, 1.5, 50, 310],
    [1.3, 1.5, 3.9, 90, 250],
    [3.1, 1.2, 1.0, 100, 260],
  ]) {
    for (let a = from; a <= to; a += 40) {
      for (const lift of [-0.5, 0.15]) {
        // Headings turn from east through north to west and on to south: the east stays unseen.
        const angle = (a * Math.PI) / 180
        out.push(lookAt([x, y, z], [x + Math.cos(angle), y + lift, z - Math.sin(angle)]))
      }
    }
  }
  return out
}

function fuse(scene: Scene): { field: Float32Array; weight: Float32Array } {
  const [nx, ny, nz] = COUNTS
  const field = new Float32Array(nx * ny * nz)
  const weight = new Float32Array(nx * ny * nz)
  const r = randomFor('partial scan')
  for (const pose of looks()) {
    const { depth, facing } = depthFrom(scene, pose, CAMERA)
    const back = invert(pose)
    const bias = 0.003 * r.normal()
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++) {
          const q = transform(back, [ORIGIN[0] + i * CELL, ORIGIN[1] + j * CELL, ORIGIN[2] + k * CELL])
          const z = -q[2]
          if (z < 0.25 || z > 4.2) continue
          const x = Math.floor(CAMERA.width / 2 + (CAMERA.focal * q[0]) / z)
          const y = Math.floor(CAMERA.height / 2 - (CAMERA.focal * q[1]) / z)
          if (x < 0 || y < 0 || x >= CAMERA.width || y >= CAMERA.height) continue
          const p = y * CAMERA.width + x
          const d = depth[p]
          if (d === 0 || facing[p] < 0.12) continue
          const noise = 0.004 * d * (valueNoise(x / 9, y / 9, i % 3) - 0.5) + bias
          const signed = (d + noise - z) * facing[p]
          if (signed < -BAND) continue
          const w = facing[p] / (0.3 + d)
          const at = (k * ny + j) * nx + i
          field[at] = (field[at] * weight[at] + Math.min(BAND, signed) * w) / (weight[at] + w)
          weight[at] += w
        }
      }
    }
  }
  return { field, weight }
}

interface Mesh {
  readonly positions: Vec3[]
  readonly normals: Vec3[]
  readonly triangles: number[]
}

function surfaceNets(field: Float32Array, weight: Float32Array): Mesh {
  const [nx, ny, nz] = COUNTS
  const index = (i: number, j: number, k: number): number => (k * ny + j) * nx + i
  const vertexOf = new Int32Array(nx * ny * nz).fill(-1)
  const positions: Vec3[] = []
  const normals: Vec3[] = []
  for (let k = 0; k < nz - 1; k++) {
    for (let j = 0; j < ny - 1; j++) {
      for (let i = 0; i < nx - 1; i++) {
        const corner = (n: number): number => index(i + (n & 1), j + ((n >> 1) & 1), k + ((n >> 2) & 1))
        let known = true
        let sum: Vec3 = [0, 0, 0]
        let crossings = 0
        const slope: [number, number, number] = [0, 0, 0]
        for (let n = 0; n < 8; n++) if (weight[corner(n)] === 0) known = false
        if (!known) continue
        for (let n = 0; n < 8; n++) {
          for (let axis = 0; axis < 3; axis++) {
            if (n & (1 << axis)) continue
            const a = field[corner(n)]
            const b = field[corner(n | (1 << axis))]
            slope[axis] += b - a
            if (a < 0 === b < 0) continue
            const at: [number, number, number] = [n & 1, (n >> 1) & 1, (n >> 2) & 1]
            at[axis] = a / (a - b)
            sum = add(sum, at)
            crossings++
          }
        }
        if (crossings === 0) continue
        const local = scale(sum, 1 / crossings)
        vertexOf[index(i, j, k)] = positions.length
        positions.push(add(ORIGIN, scale([i + local[0], j + local[1], k + local[2]], CELL)))
        normals.push(normalize(slope))
      }
    }
  }
  const triangles: number[] = []
  for (let k = 1; k < nz - 1; k++) {
    for (let j = 1; j < ny - 1; j++) {
      for (let i = 1; i < nx - 1; i++) {
        const here = field[index(i, j, k)]
        const step: readonly (readonly [number, number, number])[] = [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]
        step.forEach(([dx, dy, dz], axis) => {
          const there = field[index(i + dx, j + dy, k + dz)]
          if (here < 0 === there < 0) return
          const u = step[(axis + 1) % 3]
          const v = step[(axis + 2) % 3]
          const at = (a: number, b: number): number =>
            vertexOf[index(i - a * u[0] - b * v[0], j - a * u[1] - b * v[1], k - a * u[2] - b * v[2])]
          const ring = [at(1, 1), at(0, 1), at(0, 0), at(1, 0)]
          if (ring.includes(-1)) return
          const [a, b, c, d] = here < 0 ? ring : [ring[3], ring[2], ring[1], ring[0]]
          triangles.push(a, b, c, a, c, d)
        })
      }
    }
  }
  return { positions, normals, triangles }
}

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)

/** The colour of the nearest surface about p: mostly straight below along the normal, else whichever way one lies. */
function colourNear(scene: Scene, p: Vec3, n: Vec3): Vec3 {
  const from = add(p, scale(n, 0.06))
  let best = scene.tree.nearest(from[0], from[1], from[2], -n[0], -n[1], -n[2], 0.14)
  if (!best) {
    for (let i = 0; i < 26; i++) {
      const d = normalize([(i % 3) - 1, (Math.floor(i / 3) % 3) - 1, Math.floor(i / 9) - 1 || 0.01])
      const hit = scene.tree.nearest(p[0], p[1], p[2], d[0], d[1], d[2], best?.distance ?? 0.4)
      if (hit) best = hit
    }
  }
  return best ? scene.lighting.radiance(scene.surfaces[best.surface], best.u, best.v, 0) : [0.2, 0.18, 0.15]
}

/** The mesh as GLB: float positions, linear 16-bit vertex colours with the light in them, hence unlit. */
export async function partialScanFile(scene: Scene): Promise<Buffer> {
  const { field, weight } = fuse(scene)
  const { positions, normals, triangles } = surfaceNets(field, weight)
  const used = new Set(triangles)
  const order = [...used].sort((a, b) => a - b)
  const place = new Map(order.map((v, i) => [v, i]))
  const xyz = new Float32Array(order.length * 3)
  const rgba = new Uint16Array(order.length * 4)
  order.forEach((v, i) => {
    const p = positions[v]
    xyz.set(transform(PARTIAL_FROM_DESIGN, p), i * 3)
    const c = colourNear(scene, p, normals[v])
    rgba.set([...c.map((x) => Math.round(65535 * linear(expose(x)))), 65535], i * 4)
  })
  const document = new Document()
  const buffer = document.createBuffer()
  const accessor = (
    type: 'VEC3' | 'VEC4' | 'SCALAR',
    array: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
    normalized = false,
  ) => document.createAccessor().setType(type).setArray(array).setNormalized(normalized).setBuffer(buffer)
  const unlit = document.createExtension(KHRMaterialsUnlit)
  const material = document.createMaterial('baked light').setExtension('KHR_materials_unlit', unlit.createUnlit())
  const primitive = document
    .createPrimitive()
    .setMaterial(material)
    .setAttribute('POSITION', accessor('VEC3', xyz))
    .setAttribute('COLOR_0', accessor('VEC4', rgba, true))
    .setIndices(
      accessor(
        'SCALAR',
        Uint16Array.from(triangles, (v) => place.get(v) ?? 0),
      ),
    )
  const mesh = document.createMesh('partial scan').addPrimitive(primitive)
  document.createScene('partial scan').addChild(document.createNode('partial scan').setMesh(mesh))
  document.getRoot().getAsset().generator = 'Asterism sample take'
  document.getRoot().getAsset().copyright = 'CC0'
  if (order.length > 65_535) throw new Error(`${order.length} vertices do not fit 16-bit indices`)
  const io = new NodeIO().registerExtensions([KHRMaterialsUnlit])
  return Buffer.from(await io.writeBinary(document))
}
