/**
 * Messages whose fields are known by name, as JSON and protocol buffers make them: Foxglove's schemas (docs.foxglove.dev,
 * Message schemas) and the ROS types of the same content.
 */
import { cloudWithin, stampOf, type McapCloud, type McapContent, type McapPose } from './mcap-content.ts'

type Fields = Record<string, unknown>
type FieldsReader = (message: unknown) => readonly McapContent[]

function objectAt(value: unknown, name: string): Fields | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Fields)[name] : undefined
  return typeof found === 'object' && found !== null ? (found as Fields) : undefined
}

/** Numbers by their letters. Protocol buffers leave out zeros, so in an object that is there an absent one is zero. */
function numbersAt(value: Fields | undefined, letters: string): number[] | undefined {
  if (!value) return undefined
  const numbers = [...letters].map((letter) => value[letter] ?? 0)
  return numbers.every((number) => typeof number === 'number') ? numbers : undefined
}

/** `{sec, nsec}`, as in Foxglove's JSON and ROS, or `{seconds, nanos}`, as in protocol buffers. */
function timeIn(message: unknown): bigint | undefined {
  const stamp = objectAt(message, 'timestamp') ?? objectAt(objectAt(message, 'header'), 'stamp')
  const part = (...names: string[]) =>
    Number(names.map((name) => stamp?.[name]).find((value) => value !== undefined) ?? 0)
  return stamp && stampOf(part('sec', 'seconds'), part('nsec', 'nanosec', 'nanos'))
}

/** A pose that is not there at all is none; a turn of zeros is none either. */
function poseIn(body: Fields | undefined): Pick<McapPose, 'position' | 'rotation'> | undefined {
  const position = objectAt(body, 'position') ?? objectAt(body, 'translation')
  const rotation = numbersAt(objectAt(body, 'orientation') ?? objectAt(body, 'rotation'), 'xyzw')
  if (!rotation || rotation.every((value) => value === 0)) return undefined
  return { position: numbersAt(position ?? {}, 'xyz') ?? [], rotation }
}

function pose(message: unknown): McapContent[] {
  const outer = objectAt(message, 'pose')
  const found = poseIn(objectAt(outer, 'pose') ?? outer ?? (message as Fields))
  return found?.position.length === 3 ? [{ kind: 'pose', timeNanoseconds: timeIn(message), ...found }] : []
}

function transform(message: unknown): McapContent[] {
  const found = poseIn(objectAt(message, 'transform') ?? (message as Fields))
  const frame = (message as Fields | null)?.['child_frame_id']
  if (found?.position.length !== 3) return []
  const named = typeof frame === 'string' && frame !== '' ? { frame } : {}
  return [{ kind: 'pose', timeNanoseconds: timeIn(message), ...named, ...found }]
}

function transforms(message: unknown): McapContent[] {
  const list = objectAt(message, 'transforms')
  return Array.isArray(list) ? list.flatMap(transform) : []
}

function imu(message: unknown): McapContent[] {
  const acceleration = numbersAt(objectAt(message, 'linear_acceleration'), 'xyz')
  const rotationRate = numbersAt(objectAt(message, 'angular_velocity'), 'xyz')
  if (!acceleration || !rotationRate) return []
  return [{ kind: 'imu', timeNanoseconds: timeIn(message), acceleration, rotationRate }]
}

/** Of PackedElementField, by number and, in JSON of some writers, by name. */
const FLOAT32: readonly unknown[] = [7, 'FLOAT32']
const FLOAT64: readonly unknown[] = [8, 'FLOAT64']
const UINT8: readonly unknown[] = [1, 'UINT8']
const MAX_FIELDS = 256

function pointCloud(message: unknown): McapContent[] {
  const fields = objectAt(message, 'fields')
  const cloud = message as Fields
  const stride = Number(cloud['point_stride'])
  const content = cloud['data']
  const data = typeof content === 'string' ? new Uint8Array(Buffer.from(content, 'base64')) : content
  if (!Array.isArray(fields) || fields.length > MAX_FIELDS || !(data instanceof Uint8Array)) return []
  const byName = new Map(
    (fields as Fields[]).map(
      ({ name, offset, type }) => [String(name), { offset: Number(offset ?? 0), type }] as const,
    ),
  )
  const all = (names: readonly string[], types: readonly unknown[]) => {
    const found = names.map((name) => byName.get(name))
    if (!found.every((field) => field && types.includes(field.type))) return undefined
    const [a, b, c] = found.map((field) => field?.offset ?? 0)
    return [a, b, c] as const
  }
  const wide = all(['x', 'y', 'z'], FLOAT64)
  const offsets = wide ?? all(['x', 'y', 'z'], FLOAT32)
  if (!offsets) return []
  const names = ['red', 'green', 'blue']
  const asBytes = all(names, UINT8)
  const channels = asBytes ?? all(names, FLOAT32)
  const color = channels && { channels, asFloats: asBytes === undefined }
  const layout = { stride, littleEndian: true, offsets, wide: wide !== undefined, ...(color && { color }) }
  const place = poseIn(objectAt(message, 'pose'))
  const found: McapCloud | undefined = cloudWithin(Math.floor(data.length / stride), layout, data, place)
  return found ? [found] : []
}

function picture(message: unknown): McapContent[] {
  const { format, data: content } = message as Fields
  const data = typeof content === 'string' ? new Uint8Array(Buffer.from(content, 'base64')) : content
  if (typeof format !== 'string' || !(data instanceof Uint8Array)) return []
  return [{ kind: 'picture', timeNanoseconds: timeIn(message), format, data }]
}

const READERS: readonly (readonly [RegExp, FieldsReader])[] = [
  [/^(PoseInFrame|PoseStamped|PoseWithCovarianceStamped|Odometry)$/, pose],
  [/^(FrameTransform|TransformStamped)$/, transform],
  [/^(FrameTransforms|TFMessage)$/, transforms],
  [/^Imu$/i, imu],
  [/^PointCloud$/, pointCloud],
  [/^Compressed(Video|Image)$/, picture],
]

/** What reads messages of a type by its bare name, as in `PoseInFrame`; undefined for those that hold something else. */
export function fieldsReader(type: string): FieldsReader | undefined {
  return READERS.find(([pattern]) => pattern.test(type))?.[1]
}
