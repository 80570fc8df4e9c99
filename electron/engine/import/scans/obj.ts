/**
 * Wavefront OBJ (Wavefront Advanced Visualizer manual, appendix B1): vertices with optional colours and polygons. Free
 * forms, lines, materials and texture coordinates are not geometry that can be aligned and are passed over.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { MeshBuilder, type BuiltMesh } from './mesh-builder.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { headLines, looksLikeText } from '../reading/text-head.ts'
import { forEachLine, NumberRow } from '../reading/text-lines.ts'
import { say } from '../../../../shared/sayings/saying.ts'

const VERTEX_LINE = /^\s*v\s+[-+.\d]/
const STATEMENT = /^\s*(v|vt|vn|vp|f|l|p|o|g|s|usemtl|mtllib|cstype|deg|surf|parm|curv|end)\s/

function supports(source: ImportSource): number {
  if (source.isDirectory || !looksLikeText(source.head)) return 0
  const lines = headLines(source, 2000).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
  const hasVertex = lines.some((line) => VERTEX_LINE.test(line))
  if (source.extension === 'obj') return hasVertex || lines.every((line) => STATEMENT.test(line)) ? 0.8 : 0
  const share = lines.filter((line) => STATEMENT.test(line)).length / Math.max(1, lines.length)
  return hasVertex && share > 0.95 ? 0.55 : 0
}

const MAX_CORNERS = 1 << 16

/** Parses the corners of a face line, `1/2/3 4//5 -1`, into vertex indices from 0. */
class Corners {
  readonly indices = new Float64Array(MAX_CORNERS)
  count = 0

  /** @param vertexCount Vertices so far, for indices that count from the end. */
  parse(bytes: Uint8Array, from: number, to: number, vertexCount: number): boolean {
    this.count = 0
    let at = from
    while (at < to) {
      while (at < to && bytes[at] <= 32) at++
      if (at >= to) break
      const negative = bytes[at] === 45
      if (negative) at++
      let index = 0
      const first = at
      for (; at < to && bytes[at] >= 48 && bytes[at] <= 57; at++) index = index * 10 + (bytes[at] - 48)
      if (at === first || this.count >= MAX_CORNERS) return false
      this.indices[this.count++] = negative ? vertexCount - index : index - 1
      while (at < to && bytes[at] > 32) at++
    }
    return this.count >= 1
  }
}

/** Gathers vertex lines. Colours after the coordinates (a custom of scanners) are 0..1, or 0..255 when any exceeds 1. */
class ObjVertices {
  readonly #mesh: MeshBuilder
  readonly #raw = new Float64Array(3 * BATCH_POINTS)
  #colorScale: number | undefined
  #hasColors: boolean | undefined
  #filled = 0
  count = 0

  constructor(mesh: MeshBuilder) {
    this.#mesh = mesh
  }

  add(row: NumberRow, expectedCount: number): void {
    if (this.#hasColors === undefined) {
      this.#hasColors = row.count >= 6
      this.#mesh.begin({ expectedCount, hasColors: this.#hasColors, hasNormals: false })
    }
    const at = 3 * this.#filled
    for (let axis = 0; axis < 3; axis++) {
      this.#mesh.positions[at + axis] = row.values[axis]
      this.#raw[at + axis] = row.count >= 6 ? row.values[3 + axis] : 0
    }
    this.count++
    if (++this.#filled === BATCH_POINTS) this.flush()
  }

  flush(): void {
    if (this.#hasColors) {
      const values = this.#raw.subarray(0, 3 * this.#filled)
      this.#colorScale ??= values.some((value) => value > 1) ? 1 : 255
      for (let i = 0; i < values.length; i++) {
        this.#mesh.colors[i] = Math.max(0, Math.min(255, Math.round(values[i] * this.#colorScale)))
      }
    }
    this.#mesh.flush(this.#filled)
    this.#filled = 0
  }
}

/** No surroundings that people scan are as many metres across. */
const LARGEST_ROOM_METRES = 200
const LETTER_F = 102
const LETTER_V = 118
const BACKSLASH = 92

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const mesh = new MeshBuilder(source.path)
  const vertices = new ObjVertices(mesh)
  const row = new NumberRow(8)
  const corners = new Corners()
  let badLines = 0
  let faces = 0
  let carried: Uint8Array | undefined
  const expectedVertices = Math.min(1 << 16, Math.ceil(source.byteLength / 30))
  const take = (bytes: Uint8Array, from: number, to: number) => {
    while (from < to && bytes[from] <= 32) from++
    const blank = bytes[from + 1] === 32 || bytes[from + 1] === 9
    if (!blank || to - from < 3) return
    if (bytes[from] === LETTER_V) {
      row.parse(bytes, from + 2, to)
      if (row.textCount > 0 || row.count < 3) badLines++
      // Indices count lines, so a damaged vertex keeps its place.
      for (let axis = row.count; axis < 3; axis++) row.values[axis] = Number.NaN
      vertices.add(row, expectedVertices)
    } else if (bytes[from] === LETTER_F) {
      if (!corners.parse(bytes, from + 2, to, vertices.count)) badLines++
      else {
        faces++
        for (let i = 2; i < corners.count; i++)
          mesh.addTriangle(corners.indices[0], corners.indices[i - 1], corners.indices[i])
      }
    }
  }
  await forEachLine(source.path, {}, signal, (bytes, from, to) => {
    const continues = to > from && bytes[to - 1] === BACKSLASH
    if (!carried && !continues) return take(bytes, from, to)
    const piece = bytes.subarray(from, continues ? to - 1 : to)
    const joined = new Uint8Array((carried?.length ?? 0) + piece.length + 1)
    joined.set(carried ?? [])
    joined[carried?.length ?? 0] = 32
    joined.set(piece, (carried?.length ?? 0) + 1)
    if (joined.length > 1 << 20) throw corruptFile(source.path, say('scan.obj.line'))
    if (continues) carried = joined
    else {
      carried = undefined
      take(joined, 0, joined.length)
    }
  })
  vertices.flush()
  if (vertices.count === 0) throw emptyFile(source.path, say('scan.holdsNone', { things: say('scan.vertices') }))
  if (badLines > vertices.count / 10 + faces / 10) {
    throw corruptFile(source.path, say('scan.obj.lines', { bad: badLines }))
  }
  const warnings = badLines > 0 ? [warning('lines_skipped', say('import.linesUnreadable', { bad: badLines }))] : []
  const metadata = { axes: 'as in the file', fileVertexCount: vertices.count, faceCount: faces }
  if (faces > 0) {
    const built = mesh.finish()
    return { kind: 'mesh', built, warnings: [...warnings, ...unitWarnings(built)], metadata }
  }
  mesh.pour(collector)
  return { kind: 'points', warnings, metadata }
}

/** OBJ states no unit: phones write metres, drawings millimetres. What would be a town in metres is told. */
function unitWarnings({ bounds: { min, max } }: BuiltMesh): ImportWarning[] {
  const size = Math.max(...max.map((value, axis) => value - min[axis]!))
  if (size <= LARGEST_ROOM_METRES) return []
  return [warning('unit_doubtful', say('import.objUnit', { metres: Math.round(size) }))]
}

export const objImporter: Importer = scanImporter({
  id: 'obj',
  title: say('readable.obj'),
  extensions: ['obj'],
  supports,
  scan,
})
