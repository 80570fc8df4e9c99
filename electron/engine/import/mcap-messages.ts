/**
 * Messages in MCAP files that say where a device was, how it moved or what it saw: ROS 2 types in CDR (OMG, Common Data
 * Representation, as ROS 2 writes it) and Foxglove's schemas in JSON.
 */

export interface McapPose {
  readonly kind: 'pose'
  readonly timeNanoseconds: bigint | undefined
  readonly position: readonly number[]
  /** x, y, z, w. */
  readonly rotation: readonly number[]
}

export interface McapInertia {
  readonly kind: 'imu'
  readonly timeNanoseconds: bigint | undefined
  readonly acceleration: readonly number[]
  readonly rotationRate: readonly number[]
}

export interface McapCloud {
  readonly kind: 'points'
  readonly count: number
  readonly stride: number
  readonly littleEndian: boolean
  /** Bytes from the start of a point to each coordinate, and whether they are float64. */
  readonly offsets: readonly [number, number, number]
  readonly wide: boolean
  readonly data: Uint8Array
}

export type McapContent = McapPose | McapInertia | McapCloud
export type McapDecoder = (data: Uint8Array) => McapContent | undefined

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

function stampOf(seconds: number, nanoseconds: number): bigint | undefined {
  if (!Number.isInteger(seconds) || !Number.isInteger(nanoseconds) || (seconds === 0 && nanoseconds === 0))
    return undefined
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
}

function pose(cdr: Cdr, timeNanoseconds: bigint | undefined): McapPose {
  return { kind: 'pose', timeNanoseconds, position: cdr.doubles(3), rotation: cdr.doubles(4) }
}

function poseStamped(data: Uint8Array): McapPose {
  const cdr = new Cdr(data)
  return pose(cdr, cdr.header())
}

function odometry(data: Uint8Array): McapPose {
  const cdr = new Cdr(data)
  const time = cdr.header()
  cdr.text()
  return pose(cdr, time)
}

function imu(data: Uint8Array): McapInertia {
  const cdr = new Cdr(data)
  const timeNanoseconds = cdr.header()
  cdr.doubles(4 + 9)
  const rotationRate = cdr.doubles(3)
  cdr.doubles(9)
  return { kind: 'imu', timeNanoseconds, rotationRate, acceleration: cdr.doubles(3) }
}

const FLOAT32 = 7
const FLOAT64 = 8
const MAX_FIELDS = 256

function pointCloud(data: Uint8Array): McapCloud | undefined {
  const cdr = new Cdr(data)
  cdr.header()
  const [height, width, fieldCount] = [cdr.uint32(), cdr.uint32(), cdr.uint32()]
  if (fieldCount > MAX_FIELDS) return undefined
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
  if (!x || !y || !z || x.type !== y.type || y.type !== z.type || (x.type !== FLOAT32 && x.type !== FLOAT64))
    return undefined
  const size = x.type === FLOAT64 ? 8 : 4
  const offsets: [number, number, number] = [x.offset, y.offset, z.offset]
  // Rows may be padded; then only clouds of one row can be read in one go.
  const count = height === 1 || rowBytes === width * stride ? height * width : 0
  if (count === 0 || count * stride > bytes.length || Math.max(...offsets) + size > stride) return undefined
  return { kind: 'points', count, stride, littleEndian, offsets, wide: size === 8, data: bytes }
}

type Json = Record<string, unknown>

function objectAt(value: unknown, name: string): Json | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Json)[name] : undefined
  return typeof found === 'object' && found !== null ? (found as Json) : undefined
}

function numbersAt(value: Json | undefined, letters: string): number[] | undefined {
  const numbers = [...letters].map((letter) => value?.[letter])
  return numbers.every((number) => typeof number === 'number') ? numbers : undefined
}

function timeIn(json: unknown): bigint | undefined {
  const stamp = objectAt(json, 'timestamp') ?? objectAt(objectAt(json, 'header'), 'stamp')
  return stampOf(Number(stamp?.['sec']), Number(stamp?.['nsec'] ?? stamp?.['nanosec']))
}

/** A pose or inertial sample under the names that Foxglove's and ROS's schemas share. */
function fromJson(data: Uint8Array): McapContent | undefined {
  const json: unknown = JSON.parse(new TextDecoder().decode(data))
  const timeNanoseconds = timeIn(json)
  const body = objectAt(objectAt(json, 'pose'), 'pose') ?? objectAt(json, 'pose') ?? (json as Json)
  const position = numbersAt(objectAt(body, 'position') ?? objectAt(body, 'translation'), 'xyz')
  const rotation = numbersAt(objectAt(body, 'orientation') ?? objectAt(body, 'rotation'), 'xyzw')
  if (position && rotation) return { kind: 'pose', timeNanoseconds, position, rotation }
  const acceleration = numbersAt(objectAt(json, 'linear_acceleration'), 'xyz')
  const rotationRate = numbersAt(objectAt(json, 'angular_velocity'), 'xyz')
  if (!acceleration || !rotationRate) return undefined
  return { kind: 'imu', timeNanoseconds, acceleration, rotationRate }
}

const CDR_DECODERS: Readonly<Record<string, McapDecoder>> = {
  PoseStamped: poseStamped,
  PoseWithCovarianceStamped: poseStamped,
  Odometry: odometry,
  Imu: imu,
  PointCloud2: pointCloud,
}
const JSON_SCHEMAS = /(PoseInFrame|FrameTransform|PoseStamped|PoseWithCovarianceStamped|Odometry|Imu)$/

/** What reads a channel's messages; undefined for those that hold something else. */
export function mcapDecoder(messageEncoding: string, schemaName: string): McapDecoder | undefined {
  const type = schemaName.split(/[/.]/).at(-1) ?? ''
  if (messageEncoding === 'cdr') return CDR_DECODERS[type]
  return messageEncoding === 'json' && JSON_SCHEMAS.test(type) ? fromJson : undefined
}
