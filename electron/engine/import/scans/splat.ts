/**
 * Gaussian splats as the first viewer in a browser had them (antimatter15/splat, README): 32 bytes a splat and nothing
 * else: place and size as three float32 each, colour and opacity, a rotation as four bytes around 128 (w x y z).
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { extname } from 'node:path'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { withByteStream } from '../reading/byte-stream.ts'
import { corruptFile } from '../refusals.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'

const SPLAT_BYTES = 32
const COLOR_AT = 24
const ROTATION_AT = 28
/** A rotation is rounded to bytes, and some writers leave it all but unit. */
const SHORTEST_ROTATION = 0.8
const LONGEST_ROTATION = 1.2
const PLAUSIBLE_SHARE = 0.9

/** The file says of itself nothing at all: it is one by its name, and by numbers that can be splats. */
function supports({ path, head }: ImportSource): number {
  if (extname(path).toLowerCase() !== '.splat' || head.length < SPLAT_BYTES) return 0
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const count = Math.floor(head.length / SPLAT_BYTES)
  let plausible = 0
  for (let n = 0; n < count; n++) if (isPlausible(view, n * SPLAT_BYTES)) plausible++
  return plausible >= PLAUSIBLE_SHARE * count ? 1 : 0
}

function isPlausible(view: DataView, at: number): boolean {
  const rotation = [0, 1, 2, 3].map((slot) => (view.getUint8(at + ROTATION_AT + slot) - 128) / 128)
  const length = Math.hypot(...rotation)
  const numbers = [0, 1, 2, 3, 4, 5].map((slot) => view.getFloat32(at + 4 * slot, true))
  const isSized = numbers.slice(3).every((size) => size >= 0)
  return numbers.every(Number.isFinite) && isSized && length >= SHORTEST_ROTATION && length <= LONGEST_ROTATION
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const count = Math.floor(source.byteLength / SPLAT_BYTES)
  const rest = source.byteLength % SPLAT_BYTES
  if (rest !== 0) throw corruptFile(source.path, say('scan.splat.rest', { rest, count }))
  collector.begin({ expectedCount: count, hasColors: true, hasNormals: false })
  await withByteStream(source.path, {}, signal, async (stream) => {
    for (let first = 0; first < count; first += BATCH_POINTS) {
      const batch = Math.min(BATCH_POINTS, count - first)
      await stream.need(batch * SPLAT_BYTES, say('scan.its.splats'))
      const { view, position } = stream
      for (let n = 0; n < batch; n++) {
        for (let axis = 0; axis < 3; axis++) {
          collector.positions[3 * n + axis] = view.getFloat32(position + n * SPLAT_BYTES + 4 * axis, true)
          collector.colors[3 * n + axis] = view.getUint8(position + n * SPLAT_BYTES + COLOR_AT + axis)
        }
      }
      stream.skip(batch * SPLAT_BYTES)
      collector.flush(batch)
    }
  })
  return { kind: 'splats', warnings: [], metadata: { axes: 'as in the file', fileVertexCount: count } }
}

export const splatImporter: Importer = scanImporter({
  id: 'splat',
  title: say('readable.splat'),
  extensions: ['splat'],
  supports,
  scan,
})
