/**
 * Waveforms as files: the smallest and the largest sample of every bucket, at several resolutions.
 *
 * Little-endian:
 *
 *     offset  type      meaning
 *      0      8 bytes   "ASTPEAK1"
 *      8      uint32    H, the length of this header: where the first level begins, a multiple of 4
 *     12      uint32    L, the number of levels
 *     16      float64   sample rate, Hz
 *     24      float64   clock time of the first sample, s
 *     32      uint32    samples in a bucket of level 0
 *     36      uint32    F: a bucket of level n+1 covers F buckets of level n
 *     40      uint32[L] buckets of each level
 *      H      int16[]   level 0, then level 1 …: minimum and maximum of each bucket in turn, full scale 32767
 *
 * Bucket b of level n covers the clock times `start + b * samples * F^n / rate` onwards. The last bucket of a level may
 * cover less than the others. The extremes are taken over all channels.
 */
import { AsterismError } from '../errors.ts'
import { say } from '../sayings/saying.ts'

export interface Peaks {
  readonly sampleRateHz: number
  /** Clock time of the first sample. */
  readonly startSeconds: number
  readonly samplesPerBucket: number
  /** Buckets of one level in a bucket of the next. */
  readonly factor: number
  /** Finest first; minimum and maximum in turn. */
  readonly levels: readonly Int16Array[]
}

const MAGIC = 'ASTPEAK1'
const FIXED_BYTES = 40
export const PEAKS_FACTOR = 4
/** A level of this many buckets is drawn at once. */
const COARSEST_BUCKETS = 512

/** The coarser levels over a finest one. @param base Minimum and maximum of each bucket in turn. */
export function buildLevels(base: Int16Array): Int16Array[] {
  const levels = [base]
  for (let finer = base; finer.length / 2 > COARSEST_BUCKETS; finer = levels[levels.length - 1]) {
    levels.push(coarser(finer))
  }
  return levels
}

function coarser(finer: Int16Array): Int16Array {
  const count = finer.length / 2
  const level = new Int16Array(Math.ceil(count / PEAKS_FACTOR) * 2)
  for (let bucket = 0; bucket < level.length / 2; bucket++) {
    let minimum = 32_767
    let maximum = -32_768
    const end = Math.min(count, (bucket + 1) * PEAKS_FACTOR)
    for (let index = bucket * PEAKS_FACTOR; index < end; index++) {
      if (finer[index * 2] < minimum) minimum = finer[index * 2]
      if (finer[index * 2 + 1] > maximum) maximum = finer[index * 2 + 1]
    }
    level[bucket * 2] = minimum
    level[bucket * 2 + 1] = maximum
  }
  return level
}

export function encodePeaks(peaks: Peaks): Uint8Array {
  const headerBytes = FIXED_BYTES + 4 * peaks.levels.length
  const bytes = new Uint8Array(headerBytes + peaks.levels.reduce((sum, level) => sum + level.byteLength, 0))
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(MAGIC))
  view.setUint32(8, headerBytes, true)
  view.setUint32(12, peaks.levels.length, true)
  view.setFloat64(16, peaks.sampleRateHz, true)
  view.setFloat64(24, peaks.startSeconds, true)
  view.setUint32(32, peaks.samplesPerBucket, true)
  view.setUint32(36, peaks.factor, true)
  let at = headerBytes
  peaks.levels.forEach((level, index) => {
    view.setUint32(FIXED_BYTES + 4 * index, level.length / 2, true)
    bytes.set(new Uint8Array(level.buffer, level.byteOffset, level.byteLength), at)
    at += level.byteLength
  })
  return bytes
}

/** @throws AsterismError `corrupt_file`. */
export function decodePeaks(bytes: Uint8Array): Peaks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const broken = (): AsterismError => new AsterismError('corrupt_file', say('misfit.waveform'))
  if (bytes.length < FIXED_BYTES || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) throw broken()
  const headerBytes = view.getUint32(8, true)
  const levelCount = view.getUint32(12, true)
  if (headerBytes !== FIXED_BYTES + 4 * levelCount || headerBytes > bytes.length) throw broken()
  let at = headerBytes
  const levels = Array.from({ length: levelCount }, (_, index) => {
    const length = view.getUint32(FIXED_BYTES + 4 * index, true) * 2
    if (at + length * 2 > bytes.length) throw broken()
    // Copied: a view of 16-bit numbers must begin on an even byte, and the file may begin anywhere in memory.
    const level = new Int16Array(bytes.slice(at, at + length * 2).buffer)
    at += length * 2
    return level
  })
  return {
    sampleRateHz: view.getFloat64(16, true),
    startSeconds: view.getFloat64(24, true),
    samplesPerBucket: view.getUint32(32, true),
    factor: view.getUint32(36, true),
    levels,
  }
}
