/**
 * Geometry of a USD layer (openusd.org, UsdGeom): meshes and points placed by the transforms above them, in metres and
 * +Y up as `metersPerUnit` and `upAxis` say. References, variants, instancers and animation are not composed.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { IDENTITY4, multiply, similarity, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion, rotationFromVector } from '../../../../shared/geometry/rotation.ts'
import { MeshBuilder } from '../scans/mesh-builder.ts'
import { BATCH_POINTS } from '../scans/point-sink.ts'
import { warning } from '../refusals.ts'

/** A value as far as geometry needs it: numbers in a row, a word, or a list of words. */
export type UsdValue = ArrayLike<number> | string | readonly string[]

export interface UsdPrim {
  readonly name: string
  type: string
  readonly attributes: Map<string, UsdValue>
  readonly children: UsdPrim[]
  /** It refers to other layers or holds variants, which were not followed. */
  composed: boolean
  /** Layers as text name them, with the prim in them; empty for their default. */
  readonly references: { readonly layer: string; readonly prim: string }[]
}

export interface UsdLayer {
  /** The unnamed root; its attributes are the layer's own: `upAxis`, `metersPerUnit`. */
  readonly root: UsdPrim
}

export function newPrim(name: string, type: string): UsdPrim {
  return { name, type, attributes: new Map(), children: [], composed: false, references: [] }
}

function numbersOf(value: UsdValue | undefined): ArrayLike<number> | undefined {
  if (value === undefined || typeof value === 'string') return undefined
  return value.length > 0 && typeof value[0] === 'string' ? undefined : (value as ArrayLike<number>)
}

function wordsOf(value: UsdValue | undefined): readonly string[] {
  if (value === undefined || typeof value === 'string' || value.length === 0) return []
  return typeof value[0] === 'string' ? (value as readonly string[]) : []
}

function diagonal(x: number, y: number, z: number): number[] {
  return [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1]
}

const AXIS_VECTORS: Readonly<Record<string, readonly [number, number, number]>> = {
  X: [1, 0, 0],
  Y: [0, 1, 0],
  Z: [0, 0, 1],
}

/** Turns about the axes in the order of their letters, the first applied first. Degrees. */
function turns(letters: string, degrees: ArrayLike<number>): number[] {
  let matrix: number[] = [...IDENTITY4]
  for (let slot = 0; slot < letters.length; slot++) {
    const letter = letters[slot]
    const angle = ((letters.length === 1 ? degrees[0] : degrees['XYZ'.indexOf(letter)]) * Math.PI) / 180
    const [x, y, z] = AXIS_VECTORS[letter]
    matrix = multiply(similarity(rotationFromVector(x * angle, y * angle, z * angle), [0, 0, 0]), matrix)
  }
  return matrix
}

/** Matrix of one step of `xformOpOrder`; undefined when it is none that is known. */
function stepOf(kind: string, value: ArrayLike<number>): Matrix4 | undefined {
  // USD multiplies row vectors: its rows are our columns.
  if (kind === 'transform') return value.length === 16 ? Array.from(value) : undefined
  if (kind === 'translate' && value.length === 3) return similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], value)
  if (kind === 'scale' && value.length === 3) return diagonal(value[0], value[1], value[2])
  if (kind === 'orient' && value.length === 4) return similarity(rotationFromQuaternion(value), [0, 0, 0])
  const letters = /^rotate([XYZ]{1}|[XYZ]{3})$/.exec(kind)?.[1]
  return letters && value.length === letters.length ? turns(letters, value) : undefined
}

class UsdGeometry {
  readonly mesh: MeshBuilder
  unplaced = 0
  damaged = 0
  composed = 0
  readonly #hasColors: boolean

  constructor(path: string, hasColors: boolean) {
    this.#hasColors = hasColors
    this.mesh = new MeshBuilder(path)
    this.mesh.begin({ expectedCount: 0, hasColors, hasNormals: false })
  }

  walk(prim: UsdPrim, worldFromParent: Matrix4): void {
    if (prim.composed) this.composed++
    const worldFromPrim = this.#place(prim, worldFromParent)
    const { attributes } = prim
    const hidden =
      attributes.get('visibility') === 'invisible' || ['proxy', 'guide'].includes(String(attributes.get('purpose')))
    if (hidden) return
    if (prim.type === 'Mesh' || prim.type === 'Points') this.#add(prim, worldFromPrim)
    for (const child of prim.children) this.walk(child, worldFromPrim)
  }

  #place({ attributes }: UsdPrim, worldFromParent: Matrix4): Matrix4 {
    let matrix = worldFromParent
    for (const name of wordsOf(attributes.get('xformOpOrder'))) {
      if (name === '!resetXformStack!') {
        matrix = IDENTITY4
        continue
      }
      const inverted = name.startsWith('!invert!')
      const [space, kind] = name.slice(inverted ? 8 : 0).split(':')
      const value = numbersOf(attributes.get(inverted ? name.slice(8) : name))
      // Pivots are taken back in the end; nothing else is inverted in practice.
      const usable = space === 'xformOp' && value && (!inverted || kind === 'translate')
      const step = usable ? stepOf(kind, inverted ? Array.from(value, (each) => -each) : value) : undefined
      if (step) matrix = multiply(matrix, step)
      else this.unplaced++
    }
    return matrix
  }

  #add({ type, attributes }: UsdPrim, m: Matrix4): void {
    const points = numbersOf(attributes.get('points'))
    if (!points || points.length % 3 !== 0) {
      this.damaged++
      return
    }
    const first = this.mesh.vertexCount
    const count = points.length / 3
    this.#addVertices(points, numbersOf(attributes.get('primvars:displayColor')), m)
    if (type === 'Points') return
    const counts = numbersOf(attributes.get('faceVertexCounts'))
    const indices = numbersOf(attributes.get('faceVertexIndices'))
    if (!counts || !indices) {
      this.damaged++
      return
    }
    const mirrored = determinant(m) < 0 !== (attributes.get('orientation') === 'leftHanded')
    for (let face = 0, at = 0; face < counts.length; at += counts[face++]) {
      if (!(counts[face] >= 0) || at + counts[face] > indices.length) {
        this.damaged++
        return
      }
      for (let corner = 2; corner < counts[face]; corner++) {
        const [a, b, c] = [indices[at], indices[at + corner - 1], indices[at + corner]]
        const inside = a >= 0 && b >= 0 && c >= 0 && a < count && b < count && c < count
        if (!inside) this.mesh.addTriangle(-1, -1, -1)
        else if (mirrored) this.mesh.addTriangle(first + b, first + a, first + c)
        else this.mesh.addTriangle(first + a, first + b, first + c)
      }
    }
  }

  #addVertices(points: ArrayLike<number>, colors: ArrayLike<number> | undefined, m: Matrix4): void {
    const { mesh } = this
    const count = points.length / 3
    const each = colors?.length === points.length
    for (let start = 0; start < count; start += BATCH_POINTS) {
      const batch = Math.min(BATCH_POINTS, count - start)
      for (let i = 0; i < batch; i++) {
        const at = 3 * (start + i)
        const [x, y, z] = [points[at], points[at + 1], points[at + 2]]
        mesh.positions[3 * i] = m[0] * x + m[4] * y + m[8] * z + m[12]
        mesh.positions[3 * i + 1] = m[1] * x + m[5] * y + m[9] * z + m[13]
        mesh.positions[3 * i + 2] = m[2] * x + m[6] * y + m[10] * z + m[14]
        if (!this.#hasColors) continue
        for (let axis = 0; axis < 3; axis++)
          mesh.colors[3 * i + axis] = colors && colors.length >= 3 ? srgbByte(colors[each ? at + axis : axis]) : 255
      }
      mesh.flush(batch)
    }
  }
}

function determinant(m: Matrix4): number {
  return m[0] * (m[5] * m[10] - m[6] * m[9]) - m[4] * (m[1] * m[10] - m[2] * m[9]) + m[8] * (m[1] * m[6] - m[2] * m[5])
}

/** Display colours are linear. */
function srgbByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.max(0, Math.min(255, Math.round(255 * value)))
}

function anyPrim(prim: UsdPrim, test: (prim: UsdPrim) => boolean): boolean {
  return test(prim) || prim.children.some((child) => anyPrim(child, test))
}

export interface UsdScene {
  readonly mesh: MeshBuilder
  readonly warnings: readonly ImportWarning[]
  readonly metadata: Readonly<Record<string, string | number>>
}

/** Gathers the geometry of a layer in our frame. */
export function usdScene(path: string, { root }: UsdLayer): UsdScene {
  const unit = numbersOf(root.attributes.get('metersPerUnit'))?.[0]
  // Without a word on it, a layer is in centimetres with +Y up (UsdGeom).
  const metres = unit !== undefined && unit > 0 && unit < 1e6 ? unit : 0.01
  const upright = root.attributes.get('upAxis') === 'Z'
  const world = multiply(upright ? turns('X', [-90]) : IDENTITY4, diagonal(metres, metres, metres))
  const hasColors = anyPrim(root, ({ type, attributes }) => {
    return (type === 'Mesh' || type === 'Points') && attributes.has('primvars:displayColor')
  })
  const geometry = new UsdGeometry(path, hasColors)
  geometry.walk(root, world)
  const warnings: ImportWarning[] = []
  if (unit === undefined) warnings.push(warning('unit_assumed', say('import.usdUnit')))
  if (geometry.unplaced > 0)
    warnings.push(warning('transforms_ignored', say('import.transformsUnreadable', { count: geometry.unplaced })))
  if (geometry.damaged > 0)
    warnings.push(warning('geometry_skipped', say('import.meshesDamaged', { count: geometry.damaged })))
  if (geometry.composed > 0)
    warnings.push(warning('composition_ignored', say('import.partsElsewhere', { count: geometry.composed })))
  const axes = upright ? 'turned from +Z up to +Y up' : '+Y up'
  return { mesh: geometry.mesh, warnings, metadata: { axes, metresPerUnit: metres } }
}
