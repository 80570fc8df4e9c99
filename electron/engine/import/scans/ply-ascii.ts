/** The body of an ASCII PLY file: one line a record, in the order of the header. */
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportSource } from '../importer.ts'
import type { MeshBuilder } from './mesh-builder.ts'
import { vertexLayout } from './ply-columns.ts'
import type { PlyElement, PlyHeader } from './ply-header.ts'
import { addFan, addStrips, faceList, RowVertices } from './ply-rows.ts'
import type { PointSink } from './point-sink.ts'
import { corruptFile } from '../refusals.ts'
import { forEachLine, NumberRow } from '../reading/text-lines.ts'

/** Longest polygon that is read from text; longer lines are damage. */
const MAX_FIELDS = 4096

type RowReader = (row: NumberRow) => void

/** How one element's lines are taken in. */
function rowReader(
  source: ImportSource,
  element: PlyElement,
  rows: RowVertices | undefined,
  mesh: MeshBuilder | undefined,
): RowReader {
  const { properties, name, hasLists } = element
  const short = () => corruptFile(source.path, say('scan.ply.fewValues', { name }))
  const scalars = new Float64Array(properties.length)
  const list = faceList(element)
  if (rows && !hasLists) {
    return (row) => {
      if (row.count < properties.length) throw short()
      rows.add(row.values)
    }
  }
  const addCorners = name === 'tristrips' ? addStrips : addFan
  return (row) => {
    if (row.count > MAX_FIELDS) throw corruptFile(source.path, say('scan.ply.manyValues', { name, count: row.count }))
    let at = 0
    for (let slot = 0; slot < properties.length; slot++) {
      if (at >= row.count) throw short()
      const value = row.values[at++]
      if (!properties[slot].countType) {
        scalars[slot] = value
        continue
      }
      if (!(value >= 0 && at + value <= row.count)) throw short()
      if (mesh && slot === list) addCorners(mesh, row.values, at, at + value)
      at += value
    }
    rows?.add(scalars)
  }
}

/** Reads all elements; vertices go to `sink`, faces to `mesh` when there is one. */
export async function readAsciiBody(
  source: ImportSource,
  header: PlyHeader,
  sink: PointSink,
  mesh: MeshBuilder | undefined,
  signal: AbortSignal,
): Promise<void> {
  const pending = header.elements.filter(({ count }) => count > 0)
  const row = new NumberRow(MAX_FIELDS)
  let textRows = 0
  let current = pending.shift()
  let left = current?.count ?? 0
  const open = (element: PlyElement | undefined) => {
    if (!element) return undefined
    const layout = element.name === 'vertex' ? vertexLayout(element) : undefined
    const rows = layout && new RowVertices(element, layout, sink)
    return { rows, take: rowReader(source, element, rows, mesh) }
  }
  let reader = open(current)
  await forEachLine(source.path, { start: header.byteLength }, signal, (bytes, from, to) => {
    row.parse(bytes, from, to)
    if (row.count === 0) return
    if (!reader) return false
    if (row.textCount > 0 && ++textRows > 1000) throw corruptFile(source.path, say('scan.ply.text'))
    reader.take(row)
    if (--left > 0) return
    reader.rows?.flush()
    current = pending.shift()
    left = current?.count ?? 0
    reader = open(current)
  })
  if (current) throw corruptFile(source.path, say('scan.ply.ends', { lines: left, name: current.name }))
}
