/** Which properties of a PLY vertex mean what, and the conversion of raw values to metres, unit vectors and sRGB. */
import type { PlyElement, PlyProperty, ScalarType } from './ply-header.ts'
import type { PointSink } from './point-sink.ts'

/** The zeroth spherical harmonic, 1 / (2 sqrt(pi)): splat files store colours in multiples of it. */
const SH_ZERO = 0.28209479177387814

export interface VertexLayout {
  readonly position: readonly [PlyProperty, PlyProperty, PlyProperty]
  readonly normal: readonly [PlyProperty, PlyProperty, PlyProperty] | undefined
  readonly color: readonly [PlyProperty, PlyProperty, PlyProperty] | undefined
  /** Colours are coefficients of the zeroth spherical harmonic, as gaussian splatting writes them. */
  readonly isSplats: boolean
}

type Triple = readonly [PlyProperty, PlyProperty, PlyProperty]

function triple(element: PlyElement, names: readonly string[]): Triple | undefined {
  const found = names.map((name) =>
    element.properties.find((property) => property.name.toLowerCase() === name && !property.countType),
  )
  const [a, b, c] = found
  return a && b && c ? [a, b, c] : undefined
}

const COLOR_NAMES: readonly (readonly string[])[] = [
  ['red', 'green', 'blue'],
  ['diffuse_red', 'diffuse_green', 'diffuse_blue'],
  ['r', 'g', 'b'],
]

/** True for the attributes that 3D gaussian splatting (Kerbl et al. 2023) trains. */
function isSplatVertex(element: PlyElement): boolean {
  const names = new Set(element.properties.map((property) => property.name))
  return ['f_dc_0', 'f_dc_1', 'f_dc_2', 'opacity', 'scale_0', 'rot_0'].every((name) => names.has(name))
}

/** Undefined when the element has no positions. */
export function vertexLayout(element: PlyElement): VertexLayout | undefined {
  const position = triple(element, ['x', 'y', 'z'])
  if (!position) return undefined
  const isSplats = isSplatVertex(element)
  const color = isSplats
    ? triple(element, ['f_dc_0', 'f_dc_1', 'f_dc_2'])
    : COLOR_NAMES.map((names) => triple(element, names)).find((found) => found !== undefined)
  // Splat files carry normals of zero for the sake of old viewers.
  const normal = isSplats ? undefined : triple(element, ['nx', 'ny', 'nz'])
  return { position, normal, color, isSplats }
}

/** Byte of one colour channel by the type it is stored in; floats are 0..1 by custom, 0..255 when any exceeds 1. */
export function colorByte(value: number, type: ScalarType, isSplats: boolean, floatScale: number): number {
  if (isSplats) return clampByte(255 * (0.5 + SH_ZERO * value))
  if (type === 'float32' || type === 'float64') return clampByte(value * floatScale)
  if (type === 'uint16') return clampByte(value / 257)
  return clampByte(value)
}

function clampByte(value: number): number {
  return value >= 255 ? 255 : value > 0 ? Math.round(value) : 0
}

/** 255 for colours of 0..1, 1 for colours of 0..255, decided by the first values seen. */
export function floatColorScale(values: ArrayLike<number>, count: number): number {
  for (let i = 0; i < count; i++) if (values[i] > 1) return 1
  return 255
}

type ColumnReader = (view: DataView, at: number, stride: number, count: number, out: Float64Array, to: number) => void

/** One loop for each type keeps each of them monomorphic, which is where the speed of this reader comes from. */
function columnReaders(littleEndian: boolean): Readonly<Record<ScalarType, ColumnReader>> {
  return {
    int8: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getInt8(at + i * stride)
    },
    uint8: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getUint8(at + i * stride)
    },
    int16: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getInt16(at + i * stride, littleEndian)
    },
    uint16: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getUint16(at + i * stride, littleEndian)
    },
    int32: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getInt32(at + i * stride, littleEndian)
    },
    uint32: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getUint32(at + i * stride, littleEndian)
    },
    float32: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getFloat32(at + i * stride, littleEndian)
    },
    float64: (view, at, stride, count, out, to) => {
      for (let i = 0; i < count; i++) out[to + 3 * i] = view.getFloat64(at + i * stride, littleEndian)
    },
  }
}

const LITTLE = columnReaders(true)
const BIG = columnReaders(false)

/** Reads one scalar. */
export function readScalar(view: DataView, at: number, type: ScalarType, littleEndian: boolean): number {
  switch (type) {
    case 'int8':
      return view.getInt8(at)
    case 'uint8':
      return view.getUint8(at)
    case 'int16':
      return view.getInt16(at, littleEndian)
    case 'uint16':
      return view.getUint16(at, littleEndian)
    case 'int32':
      return view.getInt32(at, littleEndian)
    case 'uint32':
      return view.getUint32(at, littleEndian)
    case 'float32':
      return view.getFloat32(at, littleEndian)
    case 'float64':
      return view.getFloat64(at, littleEndian)
  }
}

/** Moves batches of fixed-size binary vertices into a sink. Keeps what it learnt of the colours between batches. */
export class VertexColumns {
  readonly #layout: VertexLayout
  readonly #readers: Readonly<Record<ScalarType, ColumnReader>>
  readonly #scratch: Float64Array
  #floatScale: number | undefined

  constructor(layout: VertexLayout, littleEndian: boolean, batchPoints: number) {
    this.#layout = layout
    this.#readers = littleEndian ? LITTLE : BIG
    this.#scratch = new Float64Array(3 * batchPoints)
  }

  /** Reads `count` records of `stride` bytes that start at `at`. */
  read(view: DataView, at: number, stride: number, count: number, sink: PointSink): void {
    const { position, normal, color, isSplats } = this.#layout
    this.#triple(view, at, stride, count, position, sink.positions)
    const scratch = this.#scratch
    if (normal) {
      this.#triple(view, at, stride, count, normal, scratch)
      sink.normals.set(scratch.subarray(0, 3 * count))
    }
    if (!color) return
    if (!isSplats && color.every(({ type }) => type === 'uint8')) {
      const bytes = sink.colors
      const [r, g, b] = [at + color[0].offset, at + color[1].offset, at + color[2].offset]
      for (let i = 0; i < count; i++) {
        bytes[3 * i] = view.getUint8(r + i * stride)
        bytes[3 * i + 1] = view.getUint8(g + i * stride)
        bytes[3 * i + 2] = view.getUint8(b + i * stride)
      }
      return
    }
    this.#triple(view, at, stride, count, color, scratch)
    this.#floatScale ??= floatColorScale(scratch, 3 * count)
    const { type } = color[0]
    for (let i = 0; i < 3 * count; i++) sink.colors[i] = colorByte(scratch[i], type, isSplats, this.#floatScale)
  }

  #triple(view: DataView, at: number, stride: number, count: number, columns: Triple, out: Float64Array): void {
    for (let axis = 0; axis < 3; axis++) {
      this.#readers[columns[axis].type](view, at + columns[axis].offset, stride, count, out, axis)
    }
  }
}
