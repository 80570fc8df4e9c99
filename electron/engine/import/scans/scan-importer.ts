/** What importers of geometry have in common: one stream of it without time, described without keeping the points, and the paths of what moves in it. */
import { say } from '../../../../shared/sayings/saying.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import type { PointCloud, PosePath, Scan } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from '../importer.ts'
import type { BuiltMesh } from './mesh-builder.ts'
import { PointCollector } from './point-sink.ts'
import { emptyFile } from '../refusals.ts'
import { timing } from '../reading/timed-rows.ts'

/** What a reader says of a file once it has read it. Points went into the collector; a mesh is handed over. */
export interface ScanContent {
  /** Where the name of the format is narrower than the importer's id, as in `glb`. */
  readonly format?: string
  readonly kind: Scan['kind']
  readonly built?: BuiltMesh
  /** Of what moves in the scene: streams behind the geometry, or alone where there is none. */
  readonly paths?: readonly { readonly title: string; readonly path: PosePath }[]
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
  const { built, paths = [] } = content
  const count = built ? built.mesh.vertexCount : collector.count
  const extra = built?.warnings ?? (count === 0 && paths.length > 0 ? [] : collector.conclude())
  if (count === 0 && paths.length === 0) throw emptyFile(source.path, say('scan.empty'))
  const geometry: StreamDescription = {
    clock: 0,
    sensor: content.kind,
    startSeconds: 0,
    durationSeconds: null,
    pointCount: count,
    ...(built && { triangleCount: built.mesh.triangleCount }),
    hasColor: built ? built.mesh.colors !== undefined : collector.hasColors,
    boundsMetres: built?.bounds ?? collector.bounds,
  }
  const moving = paths.map(({ title, path }): StreamDescription => {
    return { clock: 0, sensor: 'pose', title, sampleCount: path.count, ...timing(path.timesNanoseconds) }
  })
  const ends = moving.map(({ startSeconds, durationSeconds }) => startSeconds + (durationSeconds ?? 0))
  const clockTitle = moving.length > 0 ? 'Time of its animation' : 'No time of its own'
  return {
    format: content.format ?? format,
    kind: count > 0 ? 'scan' : 'data',
    durationSeconds: moving.length > 0 ? Math.max(...ends) : null,
    clocks: [{ title: clockTitle, source: 'container', epochUtcNanoseconds: null, timecode: null }],
    streams: [...(count > 0 ? [geometry] : []), ...moving],
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
    async loadPoses(source, streamIndex, context) {
      const collector = new PointCollector(source.path, false)
      const { built, paths = [] } = await format.scan(source, collector, context)
      const before = (built ? built.mesh.vertexCount : collector.count) > 0 ? 1 : 0
      const found = paths[streamIndex - before]
      if (found) return found.path
      throw new AsterismError('bad_input', say('scan.noPath', { index: streamIndex }), { path: source.path })
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
  if (collector.count === 0) throw emptyFile(source.path, say('scan.empty'))
  const points: PointCloud = collector.cloud()
  return { kind: content.kind === 'splats' ? 'splats' : 'points', points }
}

/** @throws `bad_input` for a stream that `read` did not give. */
export function requireStream(source: ImportSource, streamIndex: number, streamCount: number): void {
  if (Number.isInteger(streamIndex) && streamIndex >= 0 && streamIndex < streamCount) return
  throw new AsterismError('bad_input', say('scan.noStream', { index: streamIndex, count: streamCount }), {
    path: source.path,
  })
}
