/**
 * LAS 1.0 to 1.4 point clouds of surveys (ASPRS LAS specification 1.4 R15), and LAZ, their compressed form. Their Z is
 * height: points are turned to +Y up. Coordinates are integers times a scale plus an offset, exact far beyond float32.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { withByteStream } from '../reading/byte-stream.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { LasPoints, readLasHeader, type LasHeader } from './las-points.ts'
import { readLaz } from './laz.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { asciiText } from '../reading/text-lines.ts'

async function readPlain(
  source: ImportSource,
  { start, stride, count }: LasHeader,
  points: () => LasPoints,
  signal: AbortSignal,
): Promise<void> {
  const held = Math.floor((source.byteLength - start) / stride)
  if (count > held) throw corruptFile(source.path, say('scan.cutOff', { count, held: Math.max(0, held) }))
  const taker = points()
  await withByteStream(source.path, { start }, signal, async (stream) => {
    for (let left = count; left > 0;) {
      if (stream.available < stride) await stream.need(stride, say('scan.its.points'))
      const batch = Math.min(left, BATCH_POINTS, Math.floor(stream.available / stride))
      taker.take(stream.view, stream.position, batch)
      stream.position += batch * stride
      left -= batch
    }
  })
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const header = readLasHeader(source)
  const { version, count, isCompressed, pointFormat } = header
  if (count === 0) throw emptyFile(source.path, say('scan.saysNone', { things: say('scan.points') }))
  const points = () => new LasPoints(header, collector)
  const warnings = isCompressed ? await readLaz(source, header, collector, points, signal) : []
  if (!isCompressed) await readPlain(source, header, points, signal)
  return {
    format: isCompressed ? 'laz' : 'las',
    kind: 'points',
    warnings,
    metadata: { axes: 'turned from +Z up to +Y up', version, pointFormat, fileVertexCount: count },
  }
}

export const lasImporter: Importer = scanImporter({
  id: 'las',
  title: say('readable.las'),
  extensions: ['las', 'laz'],
  supports: ({ head }) => (asciiText(head, 0, 4) === 'LASF' ? 1 : 0),
  scan,
})
