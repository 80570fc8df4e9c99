/** What messages in MCAP files can hold that is read here, whatever they are encoded in. */

export interface McapPose {
  readonly kind: 'pose'
  readonly timeNanoseconds: bigint | undefined
  /** The frame whose pose it is, where one topic carries those of several. */
  readonly frame?: string
  readonly position: readonly number[]
  /** x, y, z, w. */
  readonly rotation: readonly number[]
}

interface McapInertia {
  readonly kind: 'imu'
  readonly timeNanoseconds: bigint | undefined
  readonly acceleration: readonly number[]
  readonly rotationRate: readonly number[]
}

/** Where the numbers of a point lie. */
export interface PointLayout {
  readonly stride: number
  readonly littleEndian: boolean
  /** Bytes from the start of a point to each coordinate, and whether they are float64. */
  readonly offsets: readonly [number, number, number]
  readonly wide: boolean
  /** Packed 0x00RRGGBB at one place, or red, green and blue at places of their own as bytes or as float32 from 0 to 1. */
  readonly color?:
    { readonly packed: number } | { readonly channels: readonly [number, number, number]; readonly asFloats: boolean }
}

export interface McapCloud extends PointLayout {
  readonly kind: 'points'
  readonly count: number
  readonly data: Uint8Array
  /** `world_from_points`, where the message says it. */
  readonly pose?: { readonly position: readonly number[]; readonly rotation: readonly number[] }
}

/** One picture of a film, as it was coded. */
export interface McapPicture {
  readonly kind: 'picture'
  readonly timeNanoseconds: bigint | undefined
  /** In the words of the message: `h264`, `jpeg`, `rgb8; jpeg compressed bgr8`. */
  readonly format: string
  readonly data: Uint8Array
}

export type McapContent = McapPose | McapInertia | McapCloud | McapPicture
/** Nothing for a message of another form. @throws for a message that breaks off. */
export type McapReader = (data: Uint8Array) => readonly McapContent[]

/** Times of zero mean that the recorder did not say. */
export function stampOf(seconds: number, nanoseconds: number): bigint | undefined {
  if (!Number.isInteger(seconds) || !Number.isInteger(nanoseconds) || (seconds === 0 && nanoseconds === 0))
    return undefined
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
}

/** A cloud, if what it claims lies within its data. */
export function cloudWithin(
  count: number,
  layout: PointLayout,
  data: Uint8Array,
  pose?: McapCloud['pose'],
): McapCloud | undefined {
  const { stride, offsets, wide, color } = layout
  const ends = offsets.map((offset) => offset + (wide ? 8 : 4))
  if (color) {
    if ('packed' in color) ends.push(color.packed + 4)
    else ends.push(...color.channels.map((offset) => offset + (color.asFloats ? 4 : 1)))
  }
  if (!(count > 0) || !(stride > 0) || count * stride > data.length || Math.max(...ends) > stride) return undefined
  return { kind: 'points', count, ...layout, data, ...(pose && { pose }) }
}
