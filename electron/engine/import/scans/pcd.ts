/** Point Cloud Data files of the Point Cloud Library, version 0.7 (pointclouds.org, "The PCD file format"). */
import { say } from '../../../../shared/sayings/saying.ts'
import { readRange, withByteStream } from '../reading/byte-stream.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { decompressLzf, LZF_MAX_RATIO } from '../reading/lzf.ts'
import { readPcdHeader, type PcdField, type PcdHeader } from './pcd-header.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, refuseBeyondMemory } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { asciiText, forEachLine, NumberRow } from '../reading/text-lines.ts'

const BITS = new DataView(new ArrayBuffer(4))

/** Colours are 0x00RRGGBB, stored as an unsigned integer or as the float with those bits. */
function putColor(collector: PointCollector, slot: number, packed: number): void {
  collector.colors[3 * slot] = (packed >>> 16) & 255
  collector.colors[3 * slot + 1] = (packed >>> 8) & 255
  collector.colors[3 * slot + 2] = packed & 255
}

function packedColor(value: number, field: PcdField): number {
  if (field.kind !== 'F') return value >>> 0
  // The float of a colour is next to nothing; a large one is the number itself, as some programs print it.
  if (value >= 1 && value <= 0xffffff) return value >>> 0
  BITS.setFloat32(0, value)
  return BITS.getUint32(0)
}

type FieldReader = (view: DataView, at: number) => number

const READERS = new Map<string, FieldReader>(
  Object.entries({
    F4: (view, at) => view.getFloat32(at, true),
    F8: (view, at) => view.getFloat64(at, true),
    I1: (view, at) => view.getInt8(at),
    I2: (view, at) => view.getInt16(at, true),
    I4: (view, at) => view.getInt32(at, true),
    U1: (view, at) => view.getUint8(at),
    U2: (view, at) => view.getUint16(at, true),
    U4: (view, at) => view.getUint32(at, true),
    I8: (view, at) => Number(view.getBigInt64(at, true)),
    U8: (view, at) => Number(view.getBigUint64(at, true)),
  }),
)

/** Reads `count` points into the sink's batch; the value of `field` for point i lies at `at(field) + i * step(field)`. */
function readBatch(
  header: PcdHeader,
  view: DataView,
  count: number,
  at: (field: PcdField) => number,
  step: (field: PcdField) => number,
  collector: PointCollector,
): void {
  const column = (field: PcdField, out: Float64Array | Float32Array, axis: number) => {
    const [start, stride, read] = [at(field), step(field), READERS.get(field.kind + field.size)!]
    for (let i = 0; i < count; i++) out[3 * i + axis] = read(view, start + i * stride)
  }
  header.position.forEach((field, axis) => column(field, collector.positions, axis))
  header.normal?.forEach((field, axis) => column(field, collector.normals, axis))
  const { color } = header
  if (!color) return
  const [start, stride] = [at(color), step(color)]
  for (let i = 0; i < count; i++) putColor(collector, i, view.getUint32(start + i * stride, true))
}

async function readBinary(
  source: ImportSource,
  header: PcdHeader,
  collector: PointCollector,
  signal: AbortSignal,
): Promise<void> {
  const { stride, pointCount, byteLength } = header
  const held = Math.floor((source.byteLength - byteLength) / stride)
  if (pointCount > held) {
    throw corruptFile(source.path, say('scan.cutOffOrWrong', { count: pointCount, held }))
  }
  collector.begin(header.shape)
  await withByteStream(source.path, { start: byteLength }, signal, async (stream) => {
    for (let left = pointCount; left > 0;) {
      if (stream.available < stride) await stream.need(stride, say('scan.its.points'))
      const batch = Math.min(left, BATCH_POINTS, Math.floor(stream.available / stride))
      const start = stream.position
      readBatch(
        header,
        stream.view,
        batch,
        (field) => start + field.offset,
        () => stride,
        collector,
      )
      collector.flush(batch)
      stream.position += batch * stride
      left -= batch
    }
  })
}

async function readCompressed(source: ImportSource, header: PcdHeader, collector: PointCollector): Promise<void> {
  const { stride, pointCount, byteLength, path } = { ...header, path: source.path }
  const sizes = await readRange(path, byteLength, 8)
  if (sizes.length < 8) throw corruptFile(path, say('scan.pcd.noCompressed'))
  const view = new DataView(sizes.buffer)
  const compressedLength = view.getUint32(0, true)
  const length = view.getUint32(4, true)
  if (length !== stride * pointCount || compressedLength > source.byteLength - byteLength - 8) {
    throw corruptFile(path, say('scan.pcd.lengths', { compressed: compressedLength, bytes: length }))
  }
  if (length > LZF_MAX_RATIO * compressedLength) throw corruptFile(path, say('scan.pcd.ratio'))
  refuseBeyondMemory(path, length + compressedLength, say('scan.decompressing', { count: pointCount }))
  const data = decompressLzf(await readRange(path, byteLength + 8, compressedLength), length)
  if (!data) throw corruptFile(path, say('scan.pcd.compressed'))
  const columns = new DataView(data.buffer)
  collector.begin(header.shape)
  for (let first = 0; first < pointCount; first += BATCH_POINTS) {
    const batch = Math.min(BATCH_POINTS, pointCount - first)
    // Compressed files hold each field for all points together.
    const step = (field: PcdField) => field.size * field.count
    readBatch(header, columns, batch, (field) => field.offset * pointCount + first * step(field), step, collector)
    collector.flush(batch)
  }
}

async function readText(
  source: ImportSource,
  header: PcdHeader,
  collector: PointCollector,
  signal: AbortSignal,
): Promise<void> {
  const { pointCount, position, normal, color } = header
  const least = pointCount * 2 * header.columnCount - 1
  if (least > source.byteLength - header.byteLength) {
    throw corruptFile(source.path, say('scan.pcd.noRoom', { count: pointCount }))
  }
  collector.begin(header.shape)
  const row = new NumberRow(Math.min(header.columnCount, 4096))
  let filled = 0
  let read = 0
  await forEachLine(source.path, { start: header.byteLength }, signal, (bytes, from, to) => {
    row.parse(bytes, from, to)
    if (row.count === 0) return
    if (read === pointCount) return false
    if (row.count < header.columnCount)
      throw corruptFile(
        source.path,
        say('scan.pcd.values', { place: read + 1, found: row.count, wanted: header.columnCount }),
      )
    for (let axis = 0; axis < 3; axis++) {
      collector.positions[3 * filled + axis] = row.values[position[axis].column]
      if (normal) collector.normals[3 * filled + axis] = row.values[normal[axis].column]
    }
    if (color) putColor(collector, filled, packedColor(row.values[color.column], color))
    read++
    if (++filled < BATCH_POINTS) return
    collector.flush(filled)
    filled = 0
  })
  collector.flush(filled)
  if (read < pointCount) throw corruptFile(source.path, say('scan.pcd.ends', { read, count: pointCount }))
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const header = await readPcdHeader(source)
  if (header.encoding === 'binary') await readBinary(source, header, collector, signal)
  else if (header.encoding === 'binary_compressed') await readCompressed(source, header, collector)
  else await readText(source, header, collector, signal)
  const metadata = {
    encoding: header.encoding,
    axes: 'as in the file',
    fileVertexCount: header.pointCount,
    viewpoint: header.viewpoint,
  }
  return { kind: 'points', warnings: [], metadata }
}

export const pcdImporter: Importer = scanImporter({
  id: 'pcd',
  title: say('readable.pcd'),
  extensions: ['pcd'],
  supports: ({ head }) => (/^(# ?\.PCD|VERSION\s|FIELDS\s)/i.test(asciiText(head, 0, 64)) ? 1 : 0),
  scan,
})
