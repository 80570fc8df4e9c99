/** What importers of still geometry have in common: one stream, no time, described without keeping the points. */
import { AsterismError } from '../../../shared/errors.ts'
import type { PointCloud, Scan } from '../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from './importer.ts'
import type { BuiltMesh } from './mesh-builder.ts'
import { PointCollector } from './point-sink.ts'
import { emptyFile } from './refusals.ts'

/** What a reader says of a file once it has read it. Points went into the collector; a mesh is handed over. */
export interface ScanContent {
  /** Where the name of the format is narrower than the importer's id, as in `glb`. */
  readonly format?: string
  readonly kind: Scan['kind']
  readonly built?: BuiltMesh
  readonly warnings: readonly ImportWarning[]
  readonly metadata: ImportedAsset['metadata']
}

export interface ScanFormat extends Pick<Importer, 'id' | 'title' | 'extensions' | 'supports'> {
  /** Reads the whole file once. Points are flushed into `collector`; meshes are returned. */
  scan(source: ImportSource, collector: PointCollector, context: ImportContext): Promise<ScanContent>
}

function describeScan(
  format: string,
  source: ImportSource,
  content: ScanContent,
  collector: PointCollector,
): ImportedAsset {
  const { built } = content
  const extra = built?.warnings ?? collector.conclude()
  const count = built ? built.mesh.vertexCount : collector.count
  if (count === 0) throw emptyFile(source.path, 'It is well-formed but holds no points.')
  const stream: StreamDescription = {
    clock: 0,
    sensor: content.kind,
    startSeconds: 0,
    durationSeconds: null,
    pointCount: count,
    ...(built && { triangleCount: built.mesh.triangleCount }),
    hasColor: built ? built.mesh.colors !== undefined : collector.hasColors,
    boundsMetres: built?.bounds ?? collector.bounds,
  }
  return {
    format: content.format ?? format,
    kind: 'scan',
    durationSeconds: null,
    clocks: [{ title: 'No time of its own', source: 'container', epochUtcNanoseconds: null, timecode: null }],
    streams: [stream],
    warnings: [...content.warnings, ...extra],
    metadata: content.metadata,
  }
}

/** Makes an importer of a reader of geometry. */
export function scanImporter(format: ScanFormat): Importer {
  const { id, title, extensions } = format
  return {
    id,
    title,
    extensions,
    supports: (source) => format.supports(source),
    async read(source, context) {
      const collector = new PointCollector(source.path, false)
      const content = await format.scan(source, collector, context)
      return describeScan(id, source, content, collector)
    },
    async loadScan(source, streamIndex, context) {
      requireStream(source, streamIndex, 1)
      const collector = new PointCollector(source.path, true)
      const content = await format.scan(source, collector, context)
      return scanOf(source, content, collector)
    },
  }
}

function scanOf(source: ImportSource, content: ScanContent, collector: PointCollector): Scan {
  if (content.built) return { kind: 'mesh', mesh: content.built.mesh }
  collector.conclude()
  if (collector.count === 0) throw emptyFile(source.path, 'It is well-formed but holds no points.')
  const points: PointCloud = collector.cloud()
  return { kind: content.kind === 'splats' ? 'splats' : 'points', points }
}

/** @throws `bad_input` for a stream that `read` did not give. */
export function requireStream(source: ImportSource, streamIndex: number, streamCount: number): void {
  if (Number.isInteger(streamIndex) && streamIndex >= 0 && streamIndex < streamCount) return
  throw new AsterismError('bad_input', `There is no stream ${streamIndex}; it has ${streamCount}.`, {
    path: source.path,
  })
}
