/**
 * Exact single pictures of a film, faster than a browser seeks to them. From the key picture or way point before the
 * moment, only reference pictures are decoded. The decoder stays where it arrived, so a later moment needs only what is
 * between; pictures around the last moment are kept for single steps.
 */
import { ALL_FORMATS, EncodedPacketSink, Input, UrlSource, type EncodedPacket, type InputVideoTrack } from 'mediabunny'
import { isReferencePicture, lengthBytesOf } from './reference-pictures.ts'
import { WayPoints } from './way-points.ts'

/** Budget of decoded pictures: at 1080p each is 3 MB. */
const MOST_KEPT = 16
/** Decoded before the moment, for steps back. */
const BEFORE_SECONDS = 0.3
const GOES_BACK_WITHIN_SECONDS = 2
/** Decoded behind the moment, while nothing else is requested. */
const AFTER_SECONDS = 0.25
const MOST_AHEAD = 400
const MOST_QUEUED = 6
/** Of film that is still to be decoded: so far, a moment is given up for another. */
const FAR_SECONDS = 1
/** Key pictures that lie further apart are worth way points between them, and so far around a moment they are laid. */
const WORTH_WAYS_SECONDS = 1
const REACH_SECONDS = 300
/** Ahead of use the processor is left alone for as long as it was used, each time that so many pictures went in. */
const PUT_AT_A_TIME = 12
/** A decoder gives a picture when those that may come before it have gone in; more than this is none that is asked. */
const MOST_BEHIND = 24
/**
 * Of film that is decoded while a way point is written anew: where the decoder is less far from the moment, it goes on.
 */
const RESTORED_IN_SECONDS = 0.5
const VERIFIED = { verifyKeyPackets: true }
const METADATA = { metadataOnly: true }
/** Tolerance between a time of the document and that of a packet. */
const ROUNDING_SECONDS = 1e-5

export class ExactPictures {
  readonly rotation: number
  readonly width: number
  readonly height: number
  readonly #track: InputVideoTrack
  readonly #packets: EncodedPacketSink
  readonly #config: VideoDecoderConfig
  readonly #lengthBytes: number
  readonly #decoder: VideoDecoder
  #ways: WayPoints | null
  readonly #chunkOf: (packet: EncodedPacket) => EncodedVideoChunk
  /** By time, microseconds; the latest output is last. */
  readonly #kept = new Map<number, VideoFrame>()
  #failed = false
  /** The last packet fed to the decoder; null if it must start at a key picture. */
  #last: EncodedPacket | null = null
  #keeps: (microseconds: number) => boolean = () => false
  #asked = 0
  #before = 0
  #turn: Promise<unknown> = Promise.resolve()
  #endPause: () => void = () => undefined
  /** Key pictures behind which way points lie up to the next, by their numbers. */
  readonly #laid = new Set<number>()
  /** How many pictures went in behind the last that was asked for until it came. */
  #usuallyBehind = 0

  /** Null if this browser cannot decode the film. */
  static async open(url: string): Promise<ExactPictures | null> {
    const input = new Input({ formats: ALL_FORMATS, source: new UrlSource(url) })
    const track = await input.getPrimaryVideoTrack()
    const config = await track?.getDecoderConfig()
    // On hardware, pictures that are kept would leave the decoder without room for new ones.
    const wanted = config && { ...config, hardwareAcceleration: 'prefer-software' as const }
    if (!track || !wanted || !(await VideoDecoder.isConfigSupported(wanted)).supported) return null
    const size = [await track.getSquarePixelWidth(), await track.getSquarePixelHeight()] as const
    return new ExactPictures(track, wanted, await track.getRotation(), size)
  }

  private constructor(
    track: InputVideoTrack,
    config: VideoDecoderConfig,
    rotation: number,
    [width, height]: readonly [number, number],
  ) {
    this.#track = track
    this.#packets = new EncodedPacketSink(track)
    const ways = WayPoints.of(config)
    this.#ways = ways
    this.#chunkOf = ways ? (packet) => ways.chunkOf(packet) : (packet) => packet.toEncodedVideoChunk()
    const { description: told, ...untold } = config
    this.#config = ways ? untold : config
    this.rotation = rotation
    this.width = width
    this.height = height
    this.#lengthBytes = lengthBytesOf(told && new Uint8Array(told as ArrayBuffer))
    this.#decoder = new VideoDecoder({ output: (frame) => this.#receive(frame), error: () => (this.#failed = true) })
    this.#decoder.configure(this.#config)
  }

  close(): void {
    this.#asked += 1
    this.#endPause()
    for (const frame of this.#kept.values()) frame.close()
    this.#kept.clear()
    this.#ways?.close()
    if (this.#decoder.state !== 'closed') this.#decoder.close()
    this.#failed = true
    this.#track.input.dispose()
  }

  /**
   * The picture that is shown at a moment of the film; null where there is none or it cannot be decoded. One is looked
   * for at a time and the newest next: those between are null, and so is one that is still far when another is asked
   * for. It is closed with the next: draw it at once.
   */
  async at(seconds: number): Promise<VideoFrame | null> {
    const asked = ++this.#asked
    this.#endPause()
    const mine = this.#turn.then(async () => (asked === this.#asked ? await this.#find(seconds, asked) : null))
    this.#turn = mine.catch(() => undefined)
    return await mine
  }

  /**
   * While nothing else is asked for: decodes on behind the last moment, or from the key picture before one, so that
   * single steps find their pictures and what is asked for later finds way points.
   */
  async goOn(fromSeconds?: number): Promise<void> {
    const asked = this.#asked
    const mine = this.#turn.then(() => this.#layWays(fromSeconds, asked))
    // A failure here occurs again, and is shown, when the picture is requested.
    this.#turn = mine.catch(() => undefined)
    await this.#turn
  }

  async #layWays(fromSeconds: number | undefined, asked: number): Promise<void> {
    const isAsked = (): boolean => asked === this.#asked && !this.#failed
    if (!isAsked() || !this.#ways || (this.#last && this.#ways.areAhead(this.#last))) return
    const from = fromSeconds ?? this.#before
    const until = from + AFTER_SECONDS
    this.#keeps = (time) => time >= from * 1e6 && time <= until * 1e6
    const target = fromSeconds === undefined ? null : await this.#packets.getPacket(fromSeconds)
    let next =
      target && isAsked() ? await this.#firstFor(target) : this.#last && (await this.#packets.getNextPacket(this.#last))
    for (let n = 0; next && n < MOST_AHEAD && isAsked() && this.#ways.follow(next); n++) {
      if ((next.timestamp >= from && next.timestamp <= until) || this.#isNeeded(next)) await this.#put(next)
      this.#last = next
      next = await this.#packets.getNextPacket(next)
    }
  }

  /** Cancels pending requests. */
  rest(): void {
    this.#asked += 1
    this.#endPause()
  }

  /** Whether its pictures are mostly decoded from way points. */
  get hasWays(): boolean {
    return this.#ways !== null
  }

  /**
   * Whether key pictures are further apart at a moment: the more there is between them, the slower a browser seeks
   * there.
   */
  async isFar(seconds: number, apartSeconds: number): Promise<boolean> {
    const key = await this.#packets.getKeyPacket(seconds, METADATA)
    const end =
      key && ((await this.#packets.getNextKeyPacket(key, METADATA)) ?? (await this.#packets.getPacket(Infinity)))
    return key !== null && end !== null && end.timestamp - key.timestamp > apartSeconds
  }

  /**
   * While nothing else is asked for: lays way points in one more stretch of the film, the one nearest to a moment.
   *
   * @returns false where there is none, where no more may be kept, and where something was asked for
   */
  async spread(aroundSeconds: number): Promise<boolean> {
    const asked = this.#asked
    const mine = this.#turn.then(() => this.#layStretch(aroundSeconds, asked))
    this.#turn = mine.catch(() => undefined)
    return await mine
  }

  async #layStretch(around: number, asked: number): Promise<boolean> {
    const goesOn = (): boolean => asked === this.#asked && !this.#failed && WayPoints.haveRoom
    if (goesOn() && (await this.#ways?.writeAhead())) return true
    const key = goesOn() && this.#ways ? await this.#unlaidKey(around) : null
    if (!key || !goesOn()) return false
    const end = (await this.#packets.getNextKeyPacket(key, VERIFIED))?.sequenceNumber ?? Infinity
    this.#keeps = () => false
    let next = await this.#beginStretch(key, end)
    let began = performance.now()
    for (let put = 0, n = 0; n < MOST_AHEAD && next && next.sequenceNumber < end && goesOn(); n++) {
      if (!this.#ways!.follow(next)) {
        this.#last = null
        this.#laid.add(key.sequenceNumber)
        return goesOn()
      }
      if (this.#isNeeded(next)) {
        await this.#put(next)
        put += 1
      }
      this.#last = next
      if (put === PUT_AT_A_TIME) {
        put = 0
        await this.#settled()
        if (goesOn()) await this.#pause(performance.now() - began)
        began = performance.now()
      }
      next = await this.#packets.getNextPacket(next)
    }
    if (goesOn() && (!next || next.sequenceNumber >= end)) this.#laid.add(key.sequenceNumber)
    return goesOn()
  }

  /** The key picture nearest to a moment behind which no way points lie, though the next is far. */
  async #unlaidKey(around: number): Promise<EncodedPacket | null> {
    const start =
      (await this.#packets.getKeyPacket(around, VERIFIED)) ?? (await this.#packets.getFirstKeyPacket(VERIFIED))
    let [ahead, behind] = [start, start]
    while (ahead || behind) {
      for (const key of [ahead, behind])
        if (key && !this.#laid.has(key.sequenceNumber)) {
          if (await this.isFar(key.timestamp, WORTH_WAYS_SECONDS)) return key
          this.#laid.add(key.sequenceNumber)
        }
      ahead = ahead && (await this.#packets.getNextKeyPacket(ahead, VERIFIED))
      behind = behind && (await this.#packets.getKeyPacket(behind.timestamp - ROUNDING_SECONDS, VERIFIED))
      if (ahead && ahead.timestamp > around + REACH_SECONDS) ahead = null
      if (behind && behind.timestamp < around - REACH_SECONDS) behind = null
    }
    return null
  }

  /** Behind what of the stretch was come through before. */
  async #beginStretch(key: EncodedPacket, end: number): Promise<EncodedPacket | null> {
    const behind = this.#last && (await this.#packets.getNextPacket(this.#last))
    const point = this.#ways!.before({ sequenceNumber: end - 1 })?.next
    const from = point && point.sequenceNumber > key.sequenceNumber ? point : key
    const isThere = behind && behind.sequenceNumber >= from.sequenceNumber && behind.sequenceNumber < end
    return isThere ? behind : await this.#firstFor(from)
  }

  /** Waits until a time has passed or something is requested. */
  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #find(seconds: number, asked: number): Promise<VideoFrame | null> {
    const target = await this.#packets.getPacket(seconds + ROUNDING_SECONDS)
    if (!target || this.#failed) return null
    const wanted = target.microsecondTimestamp
    const kept = this.#kept.get(wanted)
    const goesBack = this.#before - target.timestamp > 0 && this.#before - target.timestamp < GOES_BACK_WITHIN_SECONDS
    this.#before = target.timestamp
    if (kept) return kept
    const around = goesBack ? target.timestamp - BEFORE_SECONDS : Infinity
    this.#keeps = (time) => time >= wanted || time >= around * 1e6
    let next = await this.#firstFor(target)
    while (next) {
      if (asked !== this.#asked && target.timestamp - next.timestamp > FAR_SECONDS) return null
      const isTarget = next.sequenceNumber === target.sequenceNumber
      if (this.#ways && !this.#ways.follow(next)) {
        next = await this.#withoutWays(target)
        continue
      }
      if (isTarget || next.timestamp >= around || this.#isNeeded(next)) await this.#put(next)
      this.#last = next
      if (this.#failed) return null
      if (isTarget) return await this.#given(wanted)
      next = await this.#packets.getNextPacket(next)
    }
    return null
  }

  /** Where to go on from: behind what the decoder has, at a way point, or at the key picture before the target. */
  async #firstFor(target: EncodedPacket): Promise<EncodedPacket | null> {
    const key = await this.#packets.getKeyPacket(target.timestamp, VERIFIED)
    const last = this.#last
    if (!key) return null
    const goesOn = last && last.sequenceNumber < target.sequenceNumber && last.sequenceNumber >= key.sequenceNumber
    const point = this.#ways?.before(target)
    const begunAt = goesOn ? last : key
    if (point && point.next.timestamp > begunAt.timestamp + RESTORED_IN_SECONDS) {
      this.#beginAnew()
      for await (const chunk of this.#ways!.restoring(point)) this.#decoder.decode(chunk)
      return point.next
    }
    if (goesOn) return await this.#packets.getNextPacket(last)
    this.#beginAnew()
    return key
  }

  #beginAnew(): void {
    this.#decoder.reset()
    this.#decoder.configure(this.#config)
    this.#ways?.begin()
  }

  /** From the key picture, now and from here on: what follows does not come out of way points. */
  async #withoutWays(target: EncodedPacket): Promise<EncodedPacket | null> {
    this.#ways?.close()
    this.#ways = null
    this.#last = null
    return await this.#firstFor(target)
  }

  #isNeeded(packet: EncodedPacket): boolean {
    return !this.#config.codec.startsWith('avc') || isReferencePicture(packet.data, this.#lengthBytes)
  }

  async #put(packet: EncodedPacket): Promise<void> {
    while (this.#decoder.decodeQueueSize >= MOST_QUEUED && !this.#failed)
      await new Promise((resolve) => this.#decoder.addEventListener('dequeue', resolve, { once: true }))
    if (!this.#failed) this.#decoder.decode(this.#chunkOf(packet))
  }

  /** Feeds packets one by one until the decoder outputs the picture. */
  async #given(wanted: number): Promise<VideoFrame | null> {
    const usually = this.#usuallyBehind
    for (let behind = 0; behind < MOST_BEHIND && !this.#failed; behind++) {
      // Reading them one by one would make decoding sequential.
      if (behind >= usually) {
        await this.#settled()
        const found = this.#kept.get(wanted)
        this.#usuallyBehind = Math.max(0, found && behind === usually ? behind - 1 : behind)
        if (found) return found
      }
      const next: EncodedPacket | null = this.#last && (await this.#packets.getNextPacket(this.#last))
      if (!next) break
      // Not what is asked for: whether it comes out right matters to what goes on from here.
      if (this.#ways && !this.#ways.follow(next)) break
      await this.#put(next)
      this.#last = next
    }
    if (this.#failed) return null
    // At the end of the film no packet follows that would push it out.
    this.#last = null
    await this.#decoder.flush().catch(() => undefined)
    return this.#kept.get(wanted) ?? null
  }

  /** Once the decoder has taken all that went in, and what it gave has come. */
  async #settled(): Promise<void> {
    while (this.#decoder.decodeQueueSize > 0 && !this.#failed)
      await new Promise((resolve) => this.#decoder.addEventListener('dequeue', resolve, { once: true }))
    const { port1, port2 } = new MessageChannel()
    await new Promise((resolve) => {
      port1.onmessage = resolve
      port2.postMessage(null)
    })
    port1.close()
  }

  #receive(frame: VideoFrame): void {
    this.#ways?.keep(frame)
    if (!this.#keeps(frame.timestamp)) {
      frame.close()
      return
    }
    this.#kept.get(frame.timestamp)?.close()
    this.#kept.delete(frame.timestamp)
    this.#kept.set(frame.timestamp, frame)
    for (const [time, old] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) break
      this.#kept.delete(time)
      old.close()
    }
  }
}
