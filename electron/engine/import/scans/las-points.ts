/** The header of LAS and LAZ files and the layout of their points (ASPRS LAS specification 1.4 R15). */
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportSource } from '../importer.ts'
import type { PointCollector } from './point-sink.ts'
import { corruptFile } from '../refusals.ts'

/** Where red lies in a point, and the least length of the point, by point data record format. */
const FORMATS: Readonly<Record<number, { readonly bytes: number; readonly red?: number }>> = {
  0: { bytes: 20 },
  1: { bytes: 28 },
  2: { bytes: 26, red: 20 },
  3: { bytes: 34, red: 28 },
  4: { bytes: 57 },
  5: { bytes: 63, red: 28 },
  6: { bytes: 30 },
  7: { bytes: 36, red: 30 },
  8: { bytes: 38, red: 30 },
  9: { bytes: 59 },
  10: { bytes: 67, red: 30 },
}

export interface LasHeader {
  readonly isCompressed: boolean
  readonly pointFormat: number
  readonly version: string
  readonly start: number
  readonly stride: number
  readonly count: number
  readonly red: number | undefined
  readonly scale: readonly number[]
  readonly offset: readonly number[]
  /** As the header says, +Z up. */
  readonly bounds: { readonly min: readonly number[]; readonly max: readonly number[] }
}

export function readLasHeader(source: ImportSource): LasHeader {
  const { head, path } = source
  if (head.length < 227) throw corruptFile(path, say('scan.las.short'))
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const minor = head[25]
  const formatByte = head[104]
  // LAZ sets the highest bit of the format.
  const isCompressed = (formatByte & 0x80) !== 0
  const pointFormat = formatByte & 0x3f
  const format = FORMATS[pointFormat]
  const stride = view.getUint16(105, true)
  if (!format || stride < format.bytes)
    throw corruptFile(path, say('scan.las.pointFormat', { format: pointFormat, bytes: stride }))
  const legacyCount = view.getUint32(107, true)
  const count =
    minor >= 4 && head.length >= 255 && legacyCount === 0 ? Number(view.getBigUint64(247, true)) : legacyCount
  const numbers = (at: number) => [0, 1, 2].map((axis) => view.getFloat64(at + 8 * axis, true))
  const [scale, offset] = [numbers(131), numbers(155)]
  if (!scale.every((value) => value > 0 && value < 1e3) || !offset.every((value) => Math.abs(value) < 1e12)) {
    throw corruptFile(path, say('scan.las.scale'))
  }
  return {
    isCompressed,
    pointFormat,
    bounds: {
      max: [0, 16, 32].map((at) => view.getFloat64(179 + at, true)),
      min: [0, 16, 32].map((at) => view.getFloat64(187 + at, true)),
    },
    version: `${head[24]}.${minor}`,
    start: view.getUint32(96, true),
    stride,
    count,
    red: format.red,
    scale,
    offset,
  }
}

/** Turns raw point records into points of ours: +Z up to +Y up, colours to bytes. */
export class LasPoints {
  readonly #header: LasHeader
  readonly #collector: PointCollector
  #colorShift: number | undefined

  constructor(header: LasHeader, collector: PointCollector) {
    this.#header = header
    this.#collector = collector
    collector.begin({ expectedCount: header.count, hasColors: header.red !== undefined, hasNormals: false })
  }

  /** Takes `count` records, at most a batch, that lie behind each other from `position` on. */
  take(view: DataView, position: number, count: number): void {
    const { stride, scale, offset, red } = this.#header
    const { positions, colors } = this.#collector
    for (let i = 0; i < count; i++) {
      const at = position + i * stride
      positions[3 * i] = view.getInt32(at, true) * scale[0] + offset[0]
      positions[3 * i + 1] = view.getInt32(at + 8, true) * scale[2] + offset[2]
      positions[3 * i + 2] = -(view.getInt32(at + 4, true) * scale[1] + offset[1])
    }
    if (red !== undefined) {
      this.#colorShift ??= usesSixteenBits(view, position + red, stride, count) ? 8 : 0
      const shift = this.#colorShift
      for (let i = 0; i < count; i++) {
        const at = position + i * stride + red
        colors[3 * i] = view.getUint16(at, true) >>> shift
        colors[3 * i + 1] = view.getUint16(at + 2, true) >>> shift
        colors[3 * i + 2] = view.getUint16(at + 4, true) >>> shift
      }
    }
    this.#collector.flush(count)
  }
}

/** The standard asks for 16 bits; many writers leave 8-bit values unscaled. */
function usesSixteenBits(view: DataView, at: number, stride: number, count: number): boolean {
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++)
      if (view.getUint16(at + i * stride + 2 * channel, true) > 255) return true
  }
  return false
}
