/** ROS 2 messages in CDR (OMG, Common Data Representation, as ROS 2 writes it; types of ROS 2 common_interfaces). */
import { cloudWithin, stampOf, type McapContent, type McapPose, type McapReader } from './mcap-content.ts'

/** Reads fields one behind the other, each aligned to its own size. @throws RangeError beyond the end. */
class Cdr {
  readonly #view: DataView
  readonly #little: boolean
  #at = 4

  constructor(data: Uint8Array) {
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    this.#little = (this.#view.getUint8(1) & 1) === 1
  }

  #next(bytes: number): number {
    this.#at = 4 + Math.ceil((this.#at - 4) / bytes) * bytes
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

  /** Time and frame that stand before most messages. */
  header(): bigint | undefined {
    const seconds = this.uint32()
    const nanoseconds = this.uint32()
    this.text()
    return stampOf(seconds, nanoseconds)
  }
}

function pose(cdr: Cdr, timeNanoseconds: bigint | undefined): McapPose {
  return { kind: 'pose', timeNanoseconds, position: cdr.doubles(3), rotation: cdr.doubles(4) }
}

function poseStamped(data: Uint8Array): McapContent[] {
  const cdr = new Cdr(data)
  return [pose(cdr, cdr.header())]
}

function odometry(data: Uint8Array): McapContent[] {
  const cdr = new Cdr(data)
  const time = cdr.header()
  cdr.text()
  return [pose(cdr, time)]
}

function transformOf(cdr: Cdr): McapPose {
  const time = cdr.header()
  const frame = cdr.text()
  return { ...pose(cdr, time), frame }
}

/** A transform takes more bytes than this, so that a count beyond the message is seen before it is believed. */
const LEAST_TRANSFORM_BYTES = 72

function transforms(data: Uint8Array): McapContent[] {
  const cdr = new Cdr(data)
  const count = cdr.uint32()
  if (count * LEAST_TRANSFORM_BYTES > data.length) throw new RangeError('more transforms than the message can hold')
  return Array.from({ length: count }, () => transformOf(cdr))
}

function imu(data: Uint8Array): McapContent[] {
  const cdr = new Cdr(data)
  const timeNanoseconds = cdr.header()
  cdr.doubles(4 + 9)
  const rotationRate = cdr.doubles(3)
  cdr.doubles(9)
  return [{ kind: 'imu', timeNanoseconds, rotationRate, acceleration: cdr.doubles(3) }]
}

/** Of sensor_msgs/PointField. */
const UINT32 = 6
const FLOAT32 = 7
const FLOAT64 = 8
const MAX_FIELDS = 256

function pointCloud(data: Uint8Array): McapContent[] {
  const cdr = new Cdr(data)
  cdr.header()
  const [height, width, fieldCount] = [cdr.uint32(), cdr.uint32(), cdr.uint32()]
  if (fieldCount > MAX_FIELDS) return []
  const fields = new Map(
    Array.from({ length: fieldCount }, () => {
      const name = cdr.text()
      const offset = cdr.uint32()
      const type = cdr.byte()
      cdr.uint32()
      return [name, { offset, type }] as const
    }),
  )
  const littleEndian = cdr.byte() === 0
  const [stride, rowBytes] = [cdr.uint32(), cdr.uint32()]
  const bytes = cdr.bytes()
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
function compressedImage(data: Uint8Array): McapContent[] {
  const cdr = new Cdr(data)
  const timeNanoseconds = cdr.header()
  const format = cdr.text()
  return [{ kind: 'picture', timeNanoseconds, format, data: cdr.bytes() }]
}

/** foxglove_msgs/CompressedVideo, and its CompressedImage, which begins with the same fields in the same order. */
function compressedVideo(data: Uint8Array): McapContent[] {
  const cdr = new Cdr(data)
  const timeNanoseconds = cdr.header()
  const content = cdr.bytes()
  return [{ kind: 'picture', timeNanoseconds, format: cdr.text(), data: content }]
}

const READERS: Readonly<Record<string, McapReader>> = {
  PoseStamped: poseStamped,
  PoseWithCovarianceStamped: poseStamped,
  Odometry: odometry,
  TransformStamped: (data) => [transformOf(new Cdr(data))],
  TFMessage: transforms,
  Imu: imu,
  PointCloud2: pointCloud,
  CompressedImage: compressedImage,
  CompressedVideo: compressedVideo,
  'foxglove_msgs/CompressedImage': compressedVideo,
}

/** What reads messages of a type, as in `nav_msgs/msg/Odometry`; undefined for those that hold something else. */
export function cdrReader(schemaName: string): McapReader | undefined {
  const parts = schemaName.split(/[/.:]+/)
  const type = parts.at(-1) ?? ''
  const found = [`${parts[0]}/${type}`, type].find((name) => Object.hasOwn(READERS, name))
  return found === undefined ? undefined : READERS[found]
}
