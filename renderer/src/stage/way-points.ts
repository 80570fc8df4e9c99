/**
 * Places in the middle of a film from which its pictures can be decoded, beside its key pictures: what the decoder held
 * when it came through (H.264). From there it is a few pictures to any moment, where key pictures are hundreds apart.
 */
import type { EncodedPacket } from 'mediabunny'
import { readParameterSets, type ParameterSets } from '../../../shared/h264/parameter-sets.ts'
import { leantOn } from '../../../shared/h264/reference-lists.ts'
import { after, placeOf, type HeldPicture, type References } from '../../../shared/h264/reference-pictures.ts'
import {
  greyUnit,
  needsMotionOf,
  planRestoring,
  roomForSamples,
  samplesUnit,
  type Written,
} from '../../../shared/h264/restoring.ts'
import { readPicture, type PictureHeader } from '../../../shared/h264/slice-header.ts'
import { partByCodes, withCodes } from '../../../shared/h264/start-codes.ts'

/** Pictures that are decoded from one to the next: each costs about as much as two or three of them to be written anew. */
const APART = 24
const SOON_SECONDS = 3
/** Of all films of the window together. */
const MOST_BYTES = 256e6
let bytesOfAll = 0

interface WayPoint {
  /** What goes in next. */
  readonly next: EncodedPacket
  readonly references: References
  /** What was held, as it comes out of the decoder; by its time, microseconds. Once it is known, only what is leant on. */
  readonly frames: Map<number, VideoFrame>
  /** Those of the held pictures that what follows leans on, as far as that was followed. */
  readonly leantOn: Set<number>
  /** Whether it was followed until none of them is held any more. */
  isKnown: boolean
  /** What goes in before it, once that is written: in the place of `frames`, and about as large. */
  chunks: readonly EncodedVideoChunk[] | null
}

export class WayPoints {
  readonly #sets: ParameterSets
  /** Where one picture is taken apart and written after the other. */
  #planes: Uint8Array<ArrayBuffer> | null = null
  #room: Uint8Array<ArrayBuffer> | null = null
  #references: References | null = null
  /** How many went in since the last key picture or way point. */
  #since = 0
  #restored: ReadonlySet<number> = new Set()
  #points: WayPoint[] = []
  /** Those that were come through since the decoder began, of which it is not known what is leant on. */
  #unknown: WayPoint[] = []
  /** Pictures that are held and have come out already, by their time: a way point may begin behind them. */
  readonly #recent = new Map<number, VideoFrame>()

  /** Whether more can be laid without letting go of others. */
  static get haveRoom(): boolean {
    return bytesOfAll < MOST_BYTES * 0.75
  }

  /** Null where the film is none whose pictures can be restored. */
  static of(config: VideoDecoderConfig): WayPoints | null {
    if (!config.codec.startsWith('avc') || !config.description) return null
    const sets = readParameterSets(new Uint8Array(config.description as ArrayBuffer))
    return sets && new WayPoints(sets)
  }

  private constructor(sets: ParameterSets) {
    this.#sets = sets
  }

  /** A picture of the film as the decoder is to get it: without a description of the film, which key pictures bring along. */
  chunkOf({ data, type, microsecondTimestamp, microsecondDuration }: EncodedPacket): EncodedVideoChunk {
    const units = partByCodes(data.slice())
    return new EncodedVideoChunk({
      type,
      timestamp: microsecondTimestamp,
      duration: microsecondDuration,
      data: type === 'key' ? withCodes(this.#sets.told, units) : units,
    })
  }

  /** The last before a picture, where all of it has come. */
  before({ sequenceNumber }: Pick<EncodedPacket, 'sequenceNumber'>): WayPoint | null {
    return (
      this.#points
        .filter((each) => each.next.sequenceNumber <= sequenceNumber && isComplete(each))
        .toSorted((a, b) => a.next.sequenceNumber - b.next.sequenceNumber)
        .at(-1) ?? null
    )
  }

  /** Whether the film soon after a picture has been decoded before. */
  areAhead({ timestamp }: EncodedPacket): boolean {
    return this.#points.some(({ next }) => next.timestamp > timestamp && next.timestamp < timestamp + SOON_SECONDS)
  }

  /** The decoder begins anew, with a key picture: what was still to come out of it will not. */
  begin(): void {
    for (const point of this.#points.filter((each) => !isComplete(each))) this.#drop(point)
    this.#references = null
    this.#restored = new Set()
    this.#unknown = []
    this.#since = 0
    this.#forgetRecent(new Set())
  }

  /** What brings a decoder that begins anew to a way point: the chunks to put in, one by one, before what follows there. */
  async *restoring(point: WayPoint): AsyncGenerator<EncodedVideoChunk> {
    this.begin()
    this.#points = [...this.#points.filter((each) => each !== point), point]
    this.#references = point.references
    this.#restored = new Set(point.references.held.map(({ microseconds }) => microseconds!))
    if (point.chunks) yield* point.chunks
    else yield* this.#chunksOf(point)
  }

  /**
   * Writes what brings a decoder to one more way point, which takes longer than to decode it.
   *
   * @returns false where that is done for all of which it is known
   */
  async writeAhead(): Promise<boolean> {
    const point = this.#points.find((each) => each.isKnown && !each.chunks && isComplete(each))
    if (!point) return false
    const chunks: EncodedVideoChunk[] = []
    for await (const chunk of this.#chunksOf(point)) chunks.push(chunk)
    // It may have been let go of meanwhile.
    if (!this.#points.includes(point)) return true
    this.#release(point)
    point.chunks = chunks
    bytesOfAll += chunkBytesOf(point)
    return true
  }

  async *#chunksOf(point: WayPoint): AsyncGenerator<EncodedVideoChunk> {
    for (const each of planRestoring(point.references, this.#sets) ?? []) {
      const frame = each.picture && point.frames.get(each.picture.microseconds!)
      const data = frame ? await this.#samplesOf(each, frame) : greyUnit(each, this.#sets)
      yield new EncodedVideoChunk({ type: each.header.isKey ? 'key' : 'delta', timestamp: BEFORE_ALL, data })
    }
  }

  /** Lies where the next one will. */
  async #samplesOf(written: Written, frame: VideoFrame): Promise<Uint8Array> {
    const { sequence } = this.#sets
    const [width, height] = [sequence.blocksAcross * 16, sequence.blocksDown * 16]
    this.#planes ??= new Uint8Array(width * height * 1.5)
    this.#room ??= roomForSamples(this.#sets)
    await frame.copyTo(this.#planes, { rect: { x: 0, y: 0, width, height } })
    return samplesUnit(written, this.#planes, this.#sets, this.#room)
  }

  /**
   * Follows what goes into the decoder, or would if it were leant on.
   *
   * @returns false where it cannot be decoded from the way point that was begun with
   */
  follow(packet: EncodedPacket): boolean {
    const picture = readPicture(packet.data, this.#sets)
    const before = this.#references
    if (this.#restored.size > 0) {
      const shownAt = picture && before && placeOf(before, picture, this.#sets.sequence).shownAt
      if (shownAt === null || needsMotionOf(this.#restored, before!.held, picture!, shownAt)) return false
    }
    if (picture && before && picture.isReference && this.#isPlace(picture, before)) {
      this.#since = 0
      const there = this.#points.find(({ next }) => next.sequenceNumber === packet.sequenceNumber)
      const point = there ?? newPoint(packet, before)
      if (!there) this.#points.push(point)
      if (!point.isKnown) this.#unknown.push(point)
      for (const frame of this.#recent.values()) this.#keepFor(point, frame)
    }
    this.#references = picture && after(before, picture, this.#sets.sequence, packet.microsecondTimestamp)
    this.#learn(picture, before)
    this.#forgetRecent(new Set(this.#references?.held.map(({ microseconds }) => microseconds)))
    if (picture?.isReference) this.#since = picture.isKey ? 0 : this.#since + 1
    return this.#references !== null || this.#restored.size === 0
  }

  /** What of the way points behind a picture leans on, and which of them nothing can lean on from here. */
  #learn(picture: PictureHeader | null, before: References | null): void {
    if (this.#unknown.length === 0) return
    if (!picture || !before) {
      this.#unknown = []
      return
    }
    const { sequence } = this.#sets
    const { shownAt } = placeOf(before, picture, sequence)
    const standing = { frameNum: picture.frameNum, shownAt, size: 2 ** sequence.frameNumBits }
    const used = picture.isKey ? new Set<HeldPicture>() : leantOn(before.held, picture.slices, standing)
    const still = new Set(this.#references?.held.map(({ microseconds }) => microseconds))
    for (const point of this.#unknown) {
      const own = new Set(point.references.held.map(({ microseconds }) => microseconds))
      for (const { microseconds } of used) if (own.has(microseconds)) point.leantOn.add(microseconds!)
      point.isKnown = picture.isKey || ![...own].some((each) => still.has(each))
      if (point.isKnown) this.#keepOnly(point)
    }
    this.#unknown = this.#unknown.filter((point) => !point.isKnown)
  }

  #keepOnly(point: WayPoint): void {
    for (const [time, frame] of point.frames) {
      if (point.leantOn.has(time)) continue
      point.frames.delete(time)
      bytesOfAll -= bytesOf(frame)
      frame.close()
    }
  }

  /** Where everything that follows is shown after all that was held, so that nothing takes motion from it. */
  #isPlace(picture: PictureHeader, before: References): boolean {
    if (this.#since < APART || picture.isKey || picture.isBetween) return false
    const { shownAt } = placeOf(before, picture, this.#sets.sequence)
    return (
      before.held.every((each) => each.shownAt < shownAt && !this.#restored.has(each.microseconds!)) &&
      planRestoring(before, this.#sets) !== null
    )
  }

  /** Takes what the decoder gives, where a way point needs it. */
  keep(frame: VideoFrame): void {
    const { timestamp } = frame
    const isHeld = this.#references?.held.some(({ microseconds }) => microseconds === timestamp)
    if (isHeld && !this.#recent.has(timestamp)) this.#recent.set(timestamp, frame.clone())
    for (const point of this.#points) this.#keepFor(point, frame)
  }

  #keepFor(point: WayPoint, frame: VideoFrame): void {
    if (point.frames.has(frame.timestamp) || !keptOf(point).includes(frame.timestamp)) return
    point.frames.set(frame.timestamp, frame.clone())
    bytesOfAll += bytesOf(frame)
    // Those that were begun with last are last.
    while (bytesOfAll > MOST_BYTES && this.#points.length > 1) this.#drop(this.#points[0]!)
  }

  close(): void {
    this.#forgetRecent(new Set())
    for (const point of this.#points) this.#drop(point)
  }

  #forgetRecent(but: ReadonlySet<number | null>): void {
    for (const [time, frame] of this.#recent) {
      if (but.has(time)) continue
      this.#recent.delete(time)
      frame.close()
    }
  }

  #drop(point: WayPoint): void {
    this.#points = this.#points.filter((each) => each !== point)
    this.#release(point)
    bytesOfAll -= chunkBytesOf(point)
    point.chunks = null
  }

  #release(point: WayPoint): void {
    for (const frame of point.frames.values()) {
      bytesOfAll -= bytesOf(frame)
      frame.close()
    }
    point.frames.clear()
  }
}

const newPoint = (next: EncodedPacket, references: References): WayPoint => ({
  next,
  references,
  frames: new Map(),
  leantOn: new Set(),
  isKnown: false,
  chunks: null,
})

const chunkBytesOf = ({ chunks }: WayPoint): number =>
  (chunks ?? []).reduce((sum, { byteLength }) => sum + byteLength, 0)

/** Restored pictures come out of the decoder before any of the film. */
const BEFORE_ALL = -1e12

/** When those are shown whose samples are needed. */
function keptOf({ references, leantOn, isKnown, chunks }: WayPoint): readonly number[] {
  if (chunks) return []
  return isKnown ? [...leantOn] : references.held.map(({ microseconds }) => microseconds!)
}

function isComplete(point: WayPoint): boolean {
  return keptOf(point).every((microseconds) => point.frames.has(microseconds))
}

function bytesOf({ codedWidth, codedHeight }: VideoFrame): number {
  return codedWidth * codedHeight * 1.5
}
