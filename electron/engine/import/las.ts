/**
 * LAS 1.0 to 1.4 point clouds of surveys (ASPRS LAS specification 1.4 R15), uncompressed. Their Z is height: points are
 * turned to +Y up. Coordinates are integers times a scale plus an offset, exact far beyond float32.
 */
import { withByteStream } from './byte-stream.ts'
import type { ImportContext, Importer, ImportSource } from './importer.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, unsupportedFormat } from './refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { asciiText } from './text-lines.ts'

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

interface LasHeader {
  readonly version: string
  readonly start: number
  readonly stride: number
  readonly count: number
  readonly red: number | undefined
  readonly scale: readonly number[]
  readonly offset: readonly number[]
}

function readHeader(source: ImportSource): LasHeader {
  const { head, path } = source
  if (head.length < 227) throw corruptFile(path, 'It is too short for the header of a LAS file.')
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const minor = head[25]
  const formatByte = head[104]
  if ((formatByte & 0xc0) !== 0) {
    throw unsupportedFormat(
      path,
      'Its points are compressed (LAZ), which is not read here.',
      'Convert it to LAS, E57 or PLY first.',
    )
  }
  const format = FORMATS[formatByte]
  const stride = view.getUint16(105, true)
  if (!format || stride < format.bytes)
    throw corruptFile(path, `Its point format ${formatByte} with ${stride} bytes a point is impossible.`)
  const legacyCount = view.getUint32(107, true)
  const count =
    minor >= 4 && head.length >= 255 && legacyCount === 0 ? Number(view.getBigUint64(247, true)) : legacyCount
  const numbers = (at: number) => [0, 1, 2].map((axis) => view.getFloat64(at + 8 * axis, true))
  const [scale, offset] = [numbers(131), numbers(155)]
  if (!scale.every((value) => value > 0 && value < 1e3) || !offset.every((value) => Math.abs(value) < 1e12)) {
    throw corruptFile(path, 'The scale or offset in its header makes no sense.')
  }
  return {
    version: `${head[24]}.${minor}`,
    start: view.getUint32(96, true),
    stride,
    count,
    red: format.red,
    scale,
    offset,
  }
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const { version, start, stride, count, red, scale, offset } = readHeader(source)
  if (count === 0) throw emptyFile(source.path, 'Its header says that it holds no points.')
  const held = Math.floor((source.byteLength - start) / stride)
  if (count > held)
    throw corruptFile(
      source.path,
      `Its header claims ${count} points; the file holds ${Math.max(0, held)}. It was cut off.`,
    )
  collector.begin({ expectedCount: count, hasColors: red !== undefined, hasNormals: false })
  let colorShift: number | undefined
  await withByteStream(source.path, { start }, signal, async (stream) => {
    for (let left = count; left > 0;) {
      if (stream.available < stride) await stream.need(stride, 'its points')
      const batch = Math.min(left, BATCH_POINTS, Math.floor(stream.available / stride))
      const { view, position } = stream
      for (let i = 0; i < batch; i++) {
        const at = position + i * stride
        collector.positions[3 * i] = view.getInt32(at, true) * scale[0] + offset[0]
        collector.positions[3 * i + 1] = view.getInt32(at + 8, true) * scale[2] + offset[2]
        collector.positions[3 * i + 2] = -(view.getInt32(at + 4, true) * scale[1] + offset[1])
      }
      if (red !== undefined) {
        colorShift ??= usesSixteenBits(view, position + red, stride, batch) ? 8 : 0
        for (let i = 0; i < batch; i++) {
          for (let channel = 0; channel < 3; channel++) {
            collector.colors[3 * i + channel] =
              view.getUint16(position + i * stride + red + 2 * channel, true) >>> colorShift
          }
        }
      }
      collector.flush(batch)
      stream.position += batch * stride
      left -= batch
    }
  })
  return {
    kind: 'points',
    warnings: [],
    metadata: { axes: 'turned from +Z up to +Y up', version, fileVertexCount: count },
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

export const lasImporter: Importer = scanImporter({
  id: 'las',
  title: 'survey points (LAS)',
  extensions: ['las', 'laz'],
  supports: ({ head }) => (asciiText(head, 0, 4) === 'LASF' ? 1 : 0),
  scan,
})
