/** The body of a binary PLY file, in either byte order, streamed. */
import { say } from '../../../../shared/sayings/saying.ts'
import type { ByteStream } from '../reading/byte-stream.ts'
import type { MeshBuilder } from './mesh-builder.ts'
import { readScalar, VertexColumns, type VertexLayout } from './ply-columns.ts'
import { SCALAR_BYTES, type PlyElement } from './ply-header.ts'
import { addFan, addStrips, RowVertices } from './ply-rows.ts'
import { BATCH_POINTS, type PointSink } from './point-sink.ts'
import { corruptFile } from '../refusals.ts'

/** A polygon with more corners than this is damage: it would be no polygon of any scan. */
const MAX_CORNERS = 1 << 16

/** Reads vertices of fixed size by columns. */
export async function readFixedVertices(
  stream: ByteStream,
  element: PlyElement,
  layout: VertexLayout,
  littleEndian: boolean,
  sink: PointSink,
): Promise<void> {
  const { stride, count } = element
  const columns = new VertexColumns(layout, littleEndian, BATCH_POINTS)
  let remaining = count
  while (remaining > 0) {
    if (stream.available < stride) await stream.need(stride, say('scan.its.vertices'))
    const batch = Math.min(remaining, BATCH_POINTS, Math.floor(stream.available / stride))
    columns.read(stream.view, stream.position, stride, batch, sink)
    sink.flush(batch)
    stream.position += batch * stride
    remaining -= batch
  }
}

/** Called for each record that holds lists: scalars in their slots, and the items of the list asked for. */
type RecordVisitor = (scalars: Float64Array, items: Float64Array, itemCount: number) => void

/** Reads records that hold lists, one by one. `listIndex` says which list's items are wanted. */
async function forEachListRecord(
  stream: ByteStream,
  element: PlyElement,
  littleEndian: boolean,
  listIndex: number | undefined,
  visit: RecordVisitor,
): Promise<void> {
  const { properties, count, name } = element
  const scalars = new Float64Array(properties.length)
  let items = new Float64Array(64)
  for (let record = 0; record < count; record++) {
    let itemCount = 0
    for (let slot = 0; slot < properties.length; slot++) {
      const { type, countType } = properties[slot]
      const bytes = SCALAR_BYTES[countType ?? type]
      if (stream.available < bytes) await stream.need(bytes, say('scan.its.records', { name }))
      const value = readScalar(stream.view, stream.position, countType ?? type, littleEndian)
      stream.position += bytes
      if (!countType) {
        scalars[slot] = value
        continue
      }
      const size = SCALAR_BYTES[type]
      if (!(value >= 0 && value <= MAX_CORNERS)) {
        throw corruptFile(stream.path, say('scan.ply.list', { name, count: value }))
      }
      if (stream.available < value * size) await stream.need(value * size, say('scan.its.records', { name }))
      if (slot === listIndex) {
        if (value > items.length) items = new Float64Array(value)
        for (let i = 0; i < value; i++)
          items[i] = readScalar(stream.view, stream.position + i * size, type, littleEndian)
        itemCount = value
      }
      stream.position += value * size
    }
    visit(scalars, items, itemCount)
  }
}

/** Reads vertices that carry lists beside their coordinates. */
export async function readListVertices(
  stream: ByteStream,
  element: PlyElement,
  layout: VertexLayout,
  littleEndian: boolean,
  sink: PointSink,
): Promise<void> {
  const rows = new RowVertices(element, layout, sink)
  await forEachListRecord(stream, element, littleEndian, undefined, (scalars) => rows.add(scalars))
  rows.flush()
}

/** Reads faces or strips into triangles. */
export async function readFaces(
  stream: ByteStream,
  element: PlyElement,
  listIndex: number,
  littleEndian: boolean,
  mesh: MeshBuilder,
): Promise<void> {
  const add = element.name === 'tristrips' ? addStrips : addFan
  await forEachListRecord(stream, element, littleEndian, listIndex, (_, items, count) => add(mesh, items, 0, count))
}

/** Passes over an element that nobody asked for. */
export async function skipElement(stream: ByteStream, element: PlyElement, littleEndian: boolean): Promise<void> {
  if (element.hasLists) await forEachListRecord(stream, element, littleEndian, undefined, () => undefined)
  else stream.skip(element.count * element.stride)
}
