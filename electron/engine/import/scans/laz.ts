/** LAZ, the compressed form of LAS (Isenburg 2013, LASzip), decoded by laz-perf in WebAssembly. */
import { createLazPerf } from 'laz-perf'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { withByteStream } from '../reading/byte-stream.ts'
import type { ImportSource } from '../importer.ts'
import type { LasHeader, LasPoints } from './las-points.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, refuseBeyondMemory, tooLarge, unsupportedFormat, warning } from '../refusals.ts'
import { asciiText } from '../reading/text-lines.ts'

/** The decoder keeps the whole file in its own memory, which ends at 2 GiB. */
const MAX_FILE_BYTES = 1.5 * 2 ** 30
/** Waveforms are not decoded. */
const POINT_FORMATS = new Set([0, 1, 2, 3, 6, 7, 8])
/** A record of this many bytes with these contents says how points were compressed. */
const RECORD_BYTES = 54
/** One point in at least this many bits: more than this cannot be in a file. */
const LEAST_BITS_PER_POINT = 1 / 8
const MAX_STRAY_SHARE = 0.1
const MAX_STRAYS = 8

interface Decoder {
  open(pointer: number, length: number): void
  getPoint(pointer: number): void
  getCount(): number
  getPointLength(): number
  delete(): void
}

interface LazModule {
  readonly HEAPU8: Uint8Array<ArrayBuffer>
  readonly LASZip: new () => Decoder
  _malloc(bytes: number): number
  _free(pointer: number): void
}

async function newModule(): Promise<LazModule> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')))
  const module = (await createLazPerf()) as unknown as LazModule
  // What its loader does with failures of the whole process is not its business.
  events.forEach((event, index) => {
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before[index].has(listener)) process.off(event, listener)
  })
  return module
}

let kept: Promise<LazModule> | undefined

/** The decoder is made anew after a file that failed, which can leave it unusable, or was large: its memory never shrinks. */
const KEEP_BELOW_BYTES = 64 << 20

/** @throws `corrupt_file` when the record of the compression is missing: the decoder would read nonsense. */
function checkRecords(source: ImportSource): void {
  const { head, path } = source
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const count = view.getUint32(100, true)
  let at = view.getUint16(94, true)
  for (let record = 0; record < count && at + RECORD_BYTES <= head.length; record++) {
    const length = view.getUint16(at + 20, true)
    if (asciiText(head, at + 2, at + 16) === 'laszip encoded' && view.getUint16(at + 18, true) === 22204) {
      const compressor = view.getUint16(at + RECORD_BYTES, true)
      if (compressor !== 2 && compressor !== 3) throw unsupportedFormat(path, say('scan.laz.way', { way: compressor }))
      return
    }
    at += RECORD_BYTES + length
  }
  throw corruptFile(path, say('scan.laz.noWay'))
}

async function intoMemory(module: LazModule, source: ImportSource, signal: AbortSignal): Promise<number> {
  const pointer = module._malloc(source.byteLength)
  if (pointer === 0) throw tooLarge(source.path, say('scan.laz.memory'))
  let filled = 0
  await withByteStream(source.path, {}, signal, async (stream) => {
    while (filled < source.byteLength && (await stream.fill(1))) {
      module.HEAPU8.set(stream.bytes.subarray(stream.position, stream.end), pointer + filled)
      filled += stream.available
      stream.position = stream.end
    }
  })
  if (filled < source.byteLength) throw corruptFile(source.path, say('file.cutOff'))
  return pointer
}

/** Decodes all points. @returns What was odd about them. */
export async function readLaz(
  source: ImportSource,
  header: LasHeader,
  collector: PointCollector,
  points: () => LasPoints,
  signal: AbortSignal,
): Promise<ImportWarning[]> {
  const { pointFormat, stride, count } = header
  if (!POINT_FORMATS.has(pointFormat))
    throw unsupportedFormat(
      source.path,
      say('scan.laz.pointFormat', { format: pointFormat }),
      say('scan.laz.fix.convert'),
    )
  if (source.byteLength > MAX_FILE_BYTES)
    throw tooLarge(source.path, say('scan.laz.long', { bytes: source.byteLength, most: MAX_FILE_BYTES }))
  if (count * LEAST_BITS_PER_POINT > 8 * source.byteLength)
    throw corruptFile(source.path, say('scan.tooMany', { count }))
  refuseBeyondMemory(
    source.path,
    source.byteLength + count * 15,
    say('scan.reading', { count, things: say('scan.points') }),
  )
  checkRecords(source)
  const module = await (kept ??= newModule())
  const file = await intoMemory(module, source, signal)
  let strayCount = 0
  try {
    const decoder = new module.LASZip()
    decoder.open(file, source.byteLength)
    if (decoder.getCount() !== count || decoder.getPointLength() !== stride)
      throw corruptFile(source.path, say('scan.laz.contradiction'))
    const batchPointer = module._malloc(BATCH_POINTS * stride)
    const taker = points()
    for (let done = 0; done < count; done += BATCH_POINTS) {
      // Lets a cancellation or the time limit through.
      await new Promise(setImmediate)
      throwIfCancelled(signal)
      const batch = Math.min(BATCH_POINTS, count - done)
      for (let i = 0; i < batch; i++) decoder.getPoint(batchPointer + i * stride)
      taker.take(new DataView(module.HEAPU8.buffer), batchPointer, batch)
      strayCount += strays(collector.positions, batch, header)
      if (strayCount > MAX_STRAYS + (done + batch) * MAX_STRAY_SHARE)
        throw corruptFile(source.path, say('scan.laz.strays', { strays: strayCount, count: done + batch }))
    }
    decoder.delete()
    module._free(batchPointer)
    module._free(file)
    if (source.byteLength > KEEP_BELOW_BYTES) kept = undefined
  } catch (error) {
    kept = undefined
    if (error instanceof AsterismError) throw error
    throw corruptFile(source.path, say('scan.laz.points'), error)
  }
  if (strayCount === 0) return []
  return [warning('points_outside', say('import.pointsOutside', { points: strayCount }))]
}

/** How many points of a batch lie outside of what the header says: damage in compressed points shows as such. */
function strays(positions: Float64Array, count: number, { bounds: { min, max }, scale }: LasHeader): number {
  const slack = scale.map((value) => 2 * value)
  let found = 0
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [positions[3 * i], -positions[3 * i + 2], positions[3 * i + 1]]
    const inside =
      x >= min[0] - slack[0] &&
      x <= max[0] + slack[0] &&
      y >= min[1] - slack[1] &&
      y <= max[1] + slack[1] &&
      z >= min[2] - slack[2] &&
      z <= max[2] + slack[2]
    if (!inside) found++
  }
  return found
}
