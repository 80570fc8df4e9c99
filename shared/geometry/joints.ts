/**
 * The joints of a hand or a body over time, in the frame of their asset, metres: what carries them from a recording to
 * the window, and where they are at a moment.
 *
 * As the engine sends them, little-endian: magic "AJNT" u32, samples u32, joints u32, bones u32, then times f64 seconds
 * on the device clock, positions 3 x f32 a joint and sample, and for each bone the joints at its ends, 2 x u32.
 */
import { AsterismError } from '../errors.ts'
import { say } from '../sayings/saying.ts'
import type { PosePath } from './data.ts'

export interface JointFrames {
  readonly count: number
  readonly jointCount: number
  /** Strictly increasing. */
  readonly timesNanoseconds: BigInt64Array
  /** x, y, z in metres, joint after joint of a sample; length 3 * jointCount * count. */
  readonly positions: Float32Array
  /** Indices of two joints each. */
  readonly bones: readonly (readonly [number, number])[]
}

export interface JointBlob extends Omit<JointFrames, 'timesNanoseconds'> {
  /** On the device's clock. */
  readonly seconds: Float64Array
}

/** What is not seen for longer than this is somewhere else by then, seconds. */
const LONGEST_GAP_SECONDS = 0.25
/** Or than so many of the mean interval, where samples were taken seldom. */
const LONGEST_GAP_SAMPLES = 4

/** What is tracked as one place only: a single joint. */
export function singleJoint(path: PosePath): JointFrames {
  const { count, timesNanoseconds, positions } = path
  return { count, jointCount: 1, timesNanoseconds, positions: Float32Array.from(positions), bones: [] }
}

/** The distance in time, seconds, over which one may still say where something was that was seen before and after. */
export function longestGap(seconds: Float64Array): number {
  const count = seconds.length
  const mean = count > 1 ? (seconds[count - 1]! - seconds[0]!) / (count - 1) : 0
  return Math.max(LONGEST_GAP_SECONDS, mean * LONGEST_GAP_SAMPLES)
}

/** The samples before and after a moment and how far it is between them, 0 to 1; null where nothing is known of it. */
export function samplesAround(
  seconds: Float64Array,
  at: number,
  gapSeconds: number,
): { readonly before: number; readonly after: number; readonly share: number } | null {
  const count = seconds.length
  if (count === 0) return null
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (seconds[middle]! <= at) low = middle + 1
    else high = middle
  }
  const [before, after] = [Math.max(0, low - 1), Math.min(count - 1, low)]
  const [start, end] = [seconds[before]!, seconds[after]!]
  // A sample holds for a twentieth of a second beyond the ends.
  if (at < start - 0.05 || at > end + 0.05 || end - start > gapSeconds) return null
  return { before, after, share: end > start ? Math.min(1, Math.max(0, (at - start) / (end - start))) : 0 }
}

/** Places the joints as they were, between two samples by straight lines; false where they were not seen. */
export function placeJoints(blob: JointBlob, at: number, gapSeconds: number, into: Float32Array): boolean {
  const found = samplesAround(blob.seconds, at, gapSeconds)
  if (!found) return false
  const width = blob.jointCount * 3
  const [a, b] = [found.before * width, found.after * width]
  const p = blob.positions
  for (let i = 0; i < width; i++) into[i] = p[a + i]! * (1 - found.share) + p[b + i]! * found.share
  return true
}

const MAGIC = 0x544e4a41
const HEADER_BYTES = 16

export function encodeJoints(frames: JointFrames): Uint8Array<ArrayBuffer> {
  const { count, jointCount, bones } = frames
  const positionBytes = count * jointCount * 12
  const out = new Uint8Array(new ArrayBuffer(HEADER_BYTES + count * 8 + positionBytes + bones.length * 8))
  const header = new DataView(out.buffer)
  ;[MAGIC, count, jointCount, bones.length].forEach((word, n) => header.setUint32(n * 4, word, true))
  const seconds = new Float64Array(out.buffer, HEADER_BYTES, count)
  for (let i = 0; i < count; i++) seconds[i] = Number(frames.timesNanoseconds[i]!) / 1e9
  const at = HEADER_BYTES + count * 8
  new Float32Array(out.buffer, at, count * jointCount * 3).set(frames.positions)
  new Uint32Array(out.buffer, at + positionBytes, bones.length * 2).set(bones.flat())
  return out
}

/** @throws AsterismError corrupt_file when the bytes are not such a blob. */
export function decodeJoints(buffer: ArrayBuffer): JointBlob {
  const isOne = buffer.byteLength >= HEADER_BYTES && new DataView(buffer).getUint32(0, true) === MAGIC
  const [, count = 0, jointCount = 0, boneCount = 0] = isOne ? new Uint32Array(buffer, 0, 4) : []
  const positionBytes = count * jointCount * 12
  if (!isOne || buffer.byteLength !== HEADER_BYTES + count * 8 + positionBytes + boneCount * 8)
    throw new AsterismError('corrupt_file', say('misfit.joints'))
  const at = HEADER_BYTES + count * 8
  const ends = new Uint32Array(buffer, at + positionBytes, boneCount * 2)
  return {
    count,
    jointCount,
    seconds: new Float64Array(buffer, HEADER_BYTES, count),
    positions: new Float32Array(buffer, at, count * jointCount * 3),
    bones: Array.from({ length: boneCount }, (_, n) => [ends[n * 2]!, ends[n * 2 + 1]!] as const),
  }
}
