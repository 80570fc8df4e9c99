/** The Stanford polygon file: points, meshes and gaussian splats, in text and both byte orders. */
import { say } from '../../../../shared/sayings/saying.ts'
import { withByteStream } from '../reading/byte-stream.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { MeshBuilder } from './mesh-builder.ts'
import { readAsciiBody } from './ply-ascii.ts'
import { readFaces, readFixedVertices, readListVertices, skipElement } from './ply-binary.ts'
import { vertexLayout, type VertexLayout } from './ply-columns.ts'
import { compressedLayout, readCompressedSplats } from './ply-compressed.ts'
import { readPlyHeader, type PlyElement, type PlyHeader } from './ply-header.ts'
import { faceList } from './ply-rows.ts'
import type { PointCollector, PointSink } from './point-sink.ts'
import { emptyFile, unsupportedFormat } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { asciiText } from '../reading/text-lines.ts'

interface PlyPlan {
  readonly header: PlyHeader
  readonly vertex: PlyElement
  readonly layout: VertexLayout
  readonly hasFaces: boolean
}

function planOf(source: ImportSource, header: PlyHeader): PlyPlan {
  const vertex = header.elements.find(({ name }) => name === 'vertex')
  const layout = vertex && vertexLayout(vertex)
  if (!vertex || !layout)
    throw unsupportedFormat(source.path, say('scan.withoutCoordinates', { things: say('scan.vertices') }))
  if (vertex.count === 0) throw emptyFile(source.path, say('scan.saysNone', { things: say('scan.vertices') }))
  const hasFaces = header.elements.some((element) => element.count > 0 && faceList(element) !== undefined)
  return { header, vertex, layout, hasFaces }
}

async function readBinaryBody(
  source: ImportSource,
  plan: PlyPlan,
  sink: PointSink,
  mesh: MeshBuilder | undefined,
  signal: AbortSignal,
): Promise<void> {
  const littleEndian = plan.header.encoding === 'little'
  await withByteStream(source.path, { start: plan.header.byteLength }, signal, async (stream) => {
    for (const element of plan.header.elements) {
      const list = faceList(element)
      if (element === plan.vertex) {
        const read = element.hasLists ? readListVertices : readFixedVertices
        await read(stream, element, plan.layout, littleEndian, sink)
        if (!mesh) return
      } else if (mesh && list !== undefined) await readFaces(stream, element, list, littleEndian, mesh)
      else await skipElement(stream, element, littleEndian)
    }
  })
}

function metadataOf(header: PlyHeader, count: number): ScanContent['metadata'] {
  const comment = header.comments.join(' ').slice(0, 500)
  return { encoding: header.encoding, fileVertexCount: count, axes: 'as in the file', ...(comment && { comment }) }
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const header = await readPlyHeader(source)
  const compressed = compressedLayout(header)
  if (compressed) {
    const { count } = compressed.vertex
    if (count === 0) throw emptyFile(source.path, say('scan.saysNone', { things: say('scan.splats') }))
    await withByteStream(source.path, { start: header.byteLength }, signal, (stream) =>
      readCompressedSplats(stream, compressed, collector),
    )
    return { kind: 'splats', warnings: [], metadata: { ...metadataOf(header, count), compression: 'playcanvas' } }
  }
  const plan = planOf(source, header)
  const mesh = plan.hasFaces && !plan.layout.isSplats ? new MeshBuilder(source.path) : undefined
  const sink = mesh ?? collector
  sink.begin({
    expectedCount: plan.vertex.count,
    hasColors: plan.layout.color !== undefined,
    hasNormals: plan.layout.normal !== undefined,
  })
  if (header.encoding === 'ascii') await readAsciiBody(source, header, sink, mesh, signal)
  else await readBinaryBody(source, plan, sink, mesh, signal)
  const metadata = metadataOf(header, plan.vertex.count)
  if (mesh) {
    const built = mesh.finish()
    return { kind: 'mesh', built, warnings: [], metadata }
  }
  return { kind: plan.layout.isSplats ? 'splats' : 'points', warnings: [], metadata }
}

export const plyImporter: Importer = scanImporter({
  id: 'ply',
  title: say('readable.ply'),
  extensions: ['ply'],
  supports: ({ head }) => (/^ply[ \t]*[\r\n]/.test(asciiText(head, 0, 8)) ? 1 : 0),
  scan,
})
