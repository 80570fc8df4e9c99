/**
 * Semi-dense points of Project Aria's machine perception services: rows of `uid, graph_uid, px_world, py_world, pz_world,
 * inv_dist_std, dist_std`, plain or in gzip. Points whose distance is unsure are left out, by the limits that Meta's own
 * tools use. The world has +Z up and is turned.
 */
import { createReadStream } from 'node:fs'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { BATCH_POINTS, type PointCollector } from '../scans/point-sink.ts'
import { corruptFile } from '../refusals.ts'
import { NumberRow } from '../reading/text-lines.ts'

const MAX_INVERSE_DISTANCE_STD = 0.005
const MAX_DISTANCE_STD_METRES = 0.01
const COLUMNS = ['px_world', 'py_world', 'pz_world', 'inv_dist_std', 'dist_std'] as const
const LONGEST_LINE_BYTES = 1 << 16

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** The first letters of a table, out of its gzip stream where it is in one. */
export function tableStart(head: Uint8Array): string {
  if (!isGzip(head)) return Buffer.from(head.subarray(0, 2048)).toString('latin1')
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 22 }
    return gunzipSync(head.subarray(0, 2048), options).subarray(0, 2048).toString('latin1')
  } catch {
    return ''
  }
}

async function forEachRow(path: string, signal: AbortSignal, visit: (line: Uint8Array) => void): Promise<void> {
  const [first] = (await createReadStream(path, { end: 1 }).toArray()) as Buffer[]
  // Opened when somebody listens: that a file went away meanwhile must not end the engine.
  const file = createReadStream(path)
  const gunzip = first && isGzip(first) ? createGunzip() : undefined
  if (gunzip) file.on('error', (error) => gunzip.destroy(error)).pipe(gunzip)
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of (gunzip ?? file) as AsyncIterable<Buffer>) {
      throwIfCancelled(signal)
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      let from = 0
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
        visit(bytes.subarray(from, at))
        from = at + 1
      }
      rest = bytes.subarray(from)
      if (rest.length > LONGEST_LINE_BYTES) throw corruptFile(path, say('capture.lineEndless'))
    }
  } catch (error) {
    throwIfCancelled(signal)
    // A recording that was cut off keeps what came before.
    if (!gunzip || !(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error
  } finally {
    file.destroy()
    gunzip?.destroy()
  }
  if (rest.length > 0) visit(rest)
}

/** @returns How many points were unsure, and how many rows could not be read. */
export async function readAriaPoints(
  path: string,
  collector: PointCollector,
  signal: AbortSignal,
): Promise<{ unsure: number; broken: number }> {
  let columns: number[] | undefined
  let row = new NumberRow(1, ',')
  let filled = 0
  let unsure = 0
  let broken = 0
  collector.begin({ expectedCount: 0, hasColors: false, hasNormals: false })
  await forEachRow(path, signal, (line) => {
    if (!columns) {
      const names = Buffer.from(line).toString('latin1').trim().split(',')
      columns = COLUMNS.map((name) => names.indexOf(name))
      if (columns.some((column) => column < 0)) throw corruptFile(path, say('capture.noDensePoints'))
      row = new NumberRow(names.length, ',')
      return
    }
    row.parse(line, 0, line.at(-1) === 13 ? line.length - 1 : line.length)
    if (row.count === 0) return
    const [x, y, z, inverse, distance] = columns.map((column) => row.values[column])
    if (row.count < row.values.length || !Number.isFinite(x + y + z + inverse + distance)) broken++
    else if (inverse > MAX_INVERSE_DISTANCE_STD || distance > MAX_DISTANCE_STD_METRES) unsure++
    else {
      collector.positions[3 * filled] = x
      collector.positions[3 * filled + 1] = z
      collector.positions[3 * filled + 2] = -y
      if (++filled < BATCH_POINTS) return
      collector.flush(filled)
      filled = 0
    }
  })
  if (filled > 0) collector.flush(filled)
  return { unsure, broken }
}
