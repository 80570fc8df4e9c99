/**
 * Messages of ROS: those of ROS 2 in CDR (OMG, Common Data Representation, as ROS 2 writes it; types of common_interfaces),
 * and those of ROS 1 in its own encoding, which has the same fields in the same order, one behind the other.
 */
import { cloudWithin, stampOf, type McapContent, type McapPose, type McapReader } from './mcap-content.ts'

/** Reads fields one behind the other. @throws RangeError beyond the end. */
class Wire {
  readonly #view: DataView
  readonly #isRos1: boolean
  readonly #little: boolean
  /** Where the fields begin: behind the four bytes by which CDR says its byte order. */
  readonly #start: number
  #at: number

  constructor(data: Uint8Array, isRos1: boolean) {
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    this.#isRos1 = isRos1
    this.#start = isRos1 ? 0 : 4
    this.#little = isRos1 || (this.#view.getUint8(1) & 1) === 1
    this.#at = this.#start
  }

  get byteLength(): number {
    return this.#view.byteLength
  }

  /** In CDR every field is aligned to its own size. */
  #next(bytes: number): number {
    if (!this.#isRos1) this.#at = this.#start + Math.ceil((this.#at - this.#start) / bytes) * bytes
    this.#at += bytes
    return this.#at - bytes
  }

  byte(): number {
    return this.#view.getUint8(this.#next(1))
  }

  uint32(): number {
    return this.#view.getUint32(this.#next(4), this.#little)
  }

  doubles(count: number): number[] {
    return Array.from({ length: count }, () => this.#view.getFloat64(this.#next(8), this.#little))
  }

  bytes(): Uint8Array {
    const length = this.uint32()
    if (this.#at + length > this.#view.byteLength) throw new RangeError('a field ends beyond its message')
    this.#at += length
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at - length, length)
  }

  text(): string {
    return new TextDecoder().decode(this.bytes()).replace(/\0$/, '')
  }

  /** Time and frame that stand before most messages, in ROS 1 behind a number. */
  header(): bigint | undefined {
    if (this.#isRos1) this.uint32()
    const seconds = this.uint32()
    const nanoseconds = this.uint32()
    this.text()
    return stampOf(seconds, nanoseconds)
  }
}

function pose(wire: Wire, timeNanoseconds: bigint | undefined): McapPose {
  return { kind: 'pose', timeNanoseconds, position: wire.doubles(3), rotation: wire.doubles(4) }
}

function poseStamped(wire: Wire): McapContent[] {
  return [pose(wire, wire.header())]
}

function odometry(wire: Wire): McapContent[] {
  const time = wire.header()
  wire.text()
  return [pose(wire, time)]
}

function transformOf(wire: Wire): McapPose {
  const time = wire.header()
  const frame = wire.text()
  return { ...pose(wire, time), frame }
}

/** A transform takes more bytes than this, so that a count beyond the message is seen before it is believed. */
const LEAST_TRANSFORM_BYTES = 72

function transforms(wire: Wire): McapContent[] {
  const count = wire.uint32()
  if (count * LEAST_TRANSFORM_BYTES > wire.byteLength) throw new RangeError('more transforms than the message can hold')
  return Array.from({ length: count }, () => transformOf(wire))
}

function imu(wire: Wire): McapContent[] {
  const timeNanoseconds = wire.header()
  wire.doubles(4 + 9)
  const rotationRate = wire.doubles(3)
  wire.doubles(9)
  return [{ kind: 'imu', timeNanoseconds, rotationRate, acceleration: wire.doubles(3) }]
}

/** Of sensor_msgs/PointField. */
const UINT32 = 6
const FLOAT32 = 7
const FLOAT64 = 8
const MAX_FIELDS = 256

function pointCloud(wire: Wire): McapContent[] {
  wire.header()
  const [height, width, fieldCount] = [wire.uint32(), wire.uint32(), wire.uint32()]
  if (fieldCount > MAX_FIELDS) return []
  const fields = new Map(
    Array.from({ length: fieldCount }, () => {
      const name = wire.text()
      const offset = wire.uint32()
      const type = wire.byte()
      wire.uint32()
      return [name, { offset, type }] as const
    }),
  )
  const littleEndian = wire.byte() === 0
  const [stride, rowBytes] = [wire.uint32(), wire.uint32()]
  const bytes = wire.bytes()
  const [x, y, z] = ['x', 'y', 'z'].map((name) => fields.get(name))
  if (!x || !y || !z || x.type !== y.type || y.type !== z.type || (x.type !== FLOAT32 && x.type !== FLOAT64)) return []
  const packed = fields.get('rgb') ?? fields.get('rgba')
  const color = packed && (packed.type === FLOAT32 || packed.type === UINT32) ? { packed: packed.offset } : undefined
  // Rows may be padded; then only clouds of one row can be read in one go.
  const count = height === 1 || rowBytes === width * stride ? height * width : 0
  const offsets = [x.offset, y.offset, z.offset] as const
  const layout = { stride, littleEndian, offsets, wide: x.type === FLOAT64, ...(color && { color }) }
  const cloud = cloudWithin(count, layout, bytes)
  return cloud ? [cloud] : []
}

/** sensor_msgs/CompressedImage. */
function compressedImage(wire: Wire): McapContent[] {
  const timeNanoseconds = wire.header()
  const format = wire.text()
  return [{ kind: 'picture', timeNanoseconds, format, data: wire.bytes() }]
}

/** foxglove_msgs/CompressedVideo, and its CompressedImage, which begins with the same fields in the same order. */
function compressedVideo(wire: Wire): McapContent[] {
  const timeNanoseconds = wire.header()
  const content = wire.bytes()
  return [{ kind: 'picture', timeNanoseconds, format: wire.text(), data: content }]
}

const READERS = new Map<string, (wire: Wire) => McapContent[]>(
  Object.entries({
    PoseStamped: poseStamped,
    PoseWithCovarianceStamped: poseStamped,
    Odometry: odometry,
    TransformStamped: (wire) => [transformOf(wire)],
    TFMessage: transforms,
    Imu: imu,
    PointCloud2: pointCloud,
    CompressedImage: compressedImage,
    CompressedVideo: compressedVideo,
    'foxglove_msgs/CompressedImage': compressedVideo,
  }),
)

/** What reads messages of a type, as in `nav_msgs/msg/Odometry`; undefined for those that hold something else. */
export function rosReader(schemaName: string, encoding: 'cdr' | 'ros1'): McapReader | undefined {
  const parts = schemaName.split(/[/.:]+/)
  const type = parts.at(-1) ?? ''
  const read = READERS.get(`${parts[0]}/${type}`) ?? READERS.get(type)
  return read && ((data) => read(new Wire(data, encoding === 'ros1')))
}
