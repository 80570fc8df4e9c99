/** Stereolithography files, text and binary (3D Systems 1988). They state no unit; scanners write metres, printers millimetres. */
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { withByteStream } from '../reading/byte-stream.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { MeshBuilder, type BuiltMesh } from './mesh-builder.ts'
import { BATCH_POINTS, type Bounds, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { looksLikeText } from '../reading/text-head.ts'
import { asciiText, forEachLine, NumberRow } from '../reading/text-lines.ts'
import { VertexWelder } from './vertex-welder.ts'

const HEADER_BYTES = 84
const FACET_BYTES = 50

/** Nobody's surroundings are as many metres across; a drawing in millimetres is soon. */
const LARGEST_METRES = 200
/** In between both are likely: a hall, or a thing in millimetres. */
const DOUBTFUL_METRES = 20
const MILLIMETRE = 1e-3

/** What the numbers are taken to be, by the size alone, and how that is told. */
function unitOf(size: number): { readonly isMetres: boolean; readonly warning: ImportWarning } {
  if (size > LARGEST_METRES) {
    const message = say('import.stlMillimetres', { across: Math.round(size), metres: round(size * MILLIMETRE) })
    return { isMetres: false, warning: warning('unit_guessed', message) }
  }
  const metres = round(size)
  const message = size > DOUBTFUL_METRES ? say('import.stlDoubtful', { metres }) : say('import.stlMetres', { metres })
  return { isMetres: true, warning: warning('unit_assumed', message) }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

/** In metres what was read in millimetres; an origin that was far away in those is not in these. */
function inMetres({ mesh, bounds, warnings }: BuiltMesh): BuiltMesh {
  const { origin = [0, 0, 0], ...rest } = mesh
  const positions = mesh.positions.map((value, i) => (value + origin[i % 3]!) * MILLIMETRE)
  const by = ([x, y, z]: Bounds['min']): Bounds['min'] => [x * MILLIMETRE, y * MILLIMETRE, z * MILLIMETRE]
  return { mesh: { ...rest, positions }, bounds: { min: by(bounds.min), max: by(bounds.max) }, warnings }
}

function claimedFacets(head: Uint8Array): number {
  return new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(80, true)
}

function isText(source: ImportSource): boolean {
  const start = asciiText(source.head, 0, 512).trimStart()
  // Some binary files open with "solid" as well: then the facet count fits the length exactly.
  if (
    source.head.length >= HEADER_BYTES &&
    HEADER_BYTES + FACET_BYTES * claimedFacets(source.head) === source.byteLength
  ) {
    return false
  }
  return /^solid\b/i.test(start) && looksLikeText(source.head)
}

function supports(source: ImportSource): number {
  if (source.isDirectory || source.head.length < 15) return 0
  if (isText(source)) return /\bfacet\b|\bendsolid\b/i.test(asciiText(source.head, 0, 4096)) ? 1 : 0.3
  if (source.head.length < HEADER_BYTES || looksLikeText(source.head)) return 0
  const exact = HEADER_BYTES + FACET_BYTES * claimedFacets(source.head) === source.byteLength
  if (exact && claimedFacets(source.head) > 0) return 0.9
  return source.extension === 'stl' ? 0.5 : 0
}

/** Takes corners three at a time and hands joined vertices to the mesh. */
class Facets {
  readonly #mesh: MeshBuilder
  readonly #welder = new VertexWelder()
  readonly #triangle = [0, 0, 0]
  #corner = 0
  #filled = 0

  constructor(mesh: MeshBuilder) {
    this.#mesh = mesh
    mesh.begin({ expectedCount: 0, hasColors: false, hasNormals: false })
  }

  add(x: number, y: number, z: number): void {
    const known = this.#welder.count
    const index = this.#welder.indexOf(x, y, z)
    if (index === known) {
      this.#mesh.positions[3 * this.#filled] = x
      this.#mesh.positions[3 * this.#filled + 1] = y
      this.#mesh.positions[3 * this.#filled + 2] = z
      if (++this.#filled === BATCH_POINTS) this.flush()
    }
    this.#triangle[this.#corner++] = index
    if (this.#corner < 3) return
    this.#mesh.addTriangle(this.#triangle[0], this.#triangle[1], this.#triangle[2])
    this.#corner = 0
  }

  /** Starts the next facet; corners of one that was not finished are forgotten. */
  next(): void {
    this.#corner = 0
  }

  flush(): void {
    this.#mesh.flush(this.#filled)
    this.#filled = 0
  }
}

async function readBinary(source: ImportSource, mesh: MeshBuilder, signal: AbortSignal): Promise<void> {
  if (source.byteLength < HEADER_BYTES) throw corruptFile(source.path, say('scan.stl.short'))
  const count = claimedFacets(source.head)
  const held = Math.floor((source.byteLength - HEADER_BYTES) / FACET_BYTES)
  if (count === 0) throw emptyFile(source.path, say('scan.saysNone', { things: say('scan.triangles') }))
  if (count > held) {
    throw corruptFile(source.path, say('scan.stl.cutOff', { count, held }))
  }
  mesh.reserveTriangles(count)
  const facets = new Facets(mesh)
  await withByteStream(source.path, { start: HEADER_BYTES }, signal, async (stream) => {
    for (let facet = 0; facet < count; facet++) {
      if (stream.available < FACET_BYTES) await stream.need(FACET_BYTES, say('scan.its.triangles'))
      const { view, position } = stream
      for (let corner = 0; corner < 3; corner++) {
        const at = position + 12 + 12 * corner
        facets.add(view.getFloat32(at, true), view.getFloat32(at + 4, true), view.getFloat32(at + 8, true))
      }
      stream.position += FACET_BYTES
    }
  })
  facets.flush()
}

async function readText(source: ImportSource, mesh: MeshBuilder, signal: AbortSignal): Promise<void> {
  const facets = new Facets(mesh)
  const row = new NumberRow(4)
  let bad = 0
  let ended = false
  const corner = (bytes: Uint8Array, from: number, to: number) => {
    row.parse(bytes, from, to)
    if (row.count === 3 && row.textCount === 0) return facets.add(row.values[0], row.values[1], row.values[2])
    if (++bad > 1000) throw corruptFile(source.path, say('scan.stl.vertices'))
    facets.add(Number.NaN, Number.NaN, Number.NaN)
  }
  await forEachLine(source.path, {}, signal, (bytes, from, to) => {
    while (from < to && bytes[from] <= 32) from++
    const keyword = asciiText(bytes, from, Math.min(to, from + 8)).toLowerCase()
    if (keyword.startsWith('vertex ') || keyword.startsWith('vertex\t')) {
      corner(bytes, from + 7, to)
      return
    }
    if (keyword.startsWith('facet')) facets.next()
    else if (/^end\s*solid/.test(keyword)) ended = true
    if (to - from < 40) return
    // Some writers break lines elsewhere, or nowhere.
    const line = asciiText(bytes, from, to)
    for (const { 1: numbers, index } of line.matchAll(/\bvertex((?:\s+[-+.\deE]+){3})|\bfacet\b/gi)) {
      if (numbers) corner(Buffer.from(numbers, 'latin1'), 0, numbers.length)
      else if (index > 0) facets.next()
    }
    ended ||= /\bendsolid\b/i.test(line)
  })
  if (!ended) throw corruptFile(source.path, say('scan.stl.noEnd'))
  facets.flush()
}

async function scan(source: ImportSource, _collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const mesh = new MeshBuilder(source.path)
  const text = isText(source)
  await (text ? readText : readBinary)(source, mesh, signal)
  if (mesh.vertexCount === 0) throw emptyFile(source.path, say('scan.holdsNone', { things: say('scan.triangles') }))
  const built = mesh.finish()
  const { min, max } = built.bounds
  const { isMetres, warning: told } = unitOf(Math.max(...max.map((value, axis) => value - min[axis])))
  const unit = isMetres ? 'not stated, taken as metres' : 'not stated, taken as millimetres'
  return {
    kind: 'mesh',
    built: isMetres ? built : inMetres(built),
    warnings: [told],
    metadata: { encoding: text ? 'ascii' : 'little', axes: 'as in the file', unit },
  }
}

export const stlImporter: Importer = scanImporter({
  id: 'stl',
  title: say('readable.stl'),
  extensions: ['stl'],
  supports,
  scan,
})
