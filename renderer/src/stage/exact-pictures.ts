/**
 * Single pictures of a film, exactly those of a moment, sooner than a browser seeks to them. From the key picture before
 * the moment only the pictures that others lean on are decoded; the decoder stays where it came to, so that the next
 * moment after it takes only what lies between; what it gave around the last moment is kept for single steps.
 */
import { ALL_FORMATS, EncodedPacketSink, Input, UrlSource, type EncodedPacket, type InputVideoTrack } from 'mediabunny'
import { isLeantOn, lengthBytesOf } from './leant-on.ts'

/** Of decoded pictures: at 1080p each is 3 MB. */
const MOST_KEPT = 16
/** Decoded for the person who steps back, picture by picture. */
const BEFORE_SECONDS = 0.3
const GOES_BACK_WITHIN_SECONDS = 2
const MOST_QUEUED = 6
/** A decoder gives a picture when those that may come before it have gone in; more than this is none that is asked. */
const MOST_BEHIND = 24
/** A time of a document against that of a packet. */
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
  /** By their time, microseconds; what was given last is last. */
  readonly #kept = new Map<number, VideoFrame>()
  #failed = false
  /** What went into the decoder last; null where it must begin at a key picture. */
  #last: EncodedPacket | null = null
  #keeps: (microseconds: number) => boolean = () => false
  #asked = 0
  #before = 0
  #turn: Promise<unknown> = Promise.resolve()

  /** Null where this browser does not decode the film this way. */
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
    this.#config = config
    this.rotation = rotation
    this.width = width
    this.height = height
    const description = config.description && new Uint8Array(config.description as ArrayBuffer)
    this.#lengthBytes = lengthBytesOf(description)
    this.#decoder = new VideoDecoder({ output: (frame) => this.#receive(frame), error: () => (this.#failed = true) })
    this.#decoder.configure(config)
  }

  close(): void {
    this.#asked += 1
    for (const frame of this.#kept.values()) frame.close()
    this.#kept.clear()
    if (this.#decoder.state !== 'closed') this.#decoder.close()
    this.#failed = true
    this.#track.input.dispose()
  }

  /**
   * The picture that is shown at a moment of the film; null where there is none or it cannot be decoded. One is looked
   * for at a time and the newest next: those between are null. It is closed with the next: draw it at once.
   */
  async at(seconds: number): Promise<VideoFrame | null> {
    const asked = ++this.#asked
    const mine = this.#turn.then(async () => (asked === this.#asked ? await this.#find(seconds) : null))
    this.#turn = mine.catch(() => undefined)
    return await mine
  }

  async #find(seconds: number): Promise<VideoFrame | null> {
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
    for (; next; next = await this.#packets.getNextPacket(next)) {
      const isTarget = next.sequenceNumber === target.sequenceNumber
      if (isTarget || next.timestamp >= around || this.#isNeeded(next)) await this.#put(next)
      this.#last = next
      if (this.#failed) return null
      if (isTarget) break
    }
    return next ? await this.#given(wanted) : null
  }

  /** Where to go on from: behind what the decoder has, or at the key picture before the target. */
  async #firstFor(target: EncodedPacket): Promise<EncodedPacket | null> {
    const key = await this.#packets.getKeyPacket(target.timestamp, { verifyKeyPackets: true })
    const last = this.#last
    if (!key) return null
    if (last && last.sequenceNumber < target.sequenceNumber && last.sequenceNumber >= key.sequenceNumber)
      return await this.#packets.getNextPacket(last)
    this.#decoder.reset()
    this.#decoder.configure(this.#config)
    return key
  }

  #isNeeded(packet: EncodedPacket): boolean {
    return !this.#config.codec.startsWith('avc') || isLeantOn(packet.data, this.#lengthBytes)
  }

  async #put(packet: EncodedPacket): Promise<void> {
    while (this.#decoder.decodeQueueSize >= MOST_QUEUED && !this.#failed)
      await new Promise((resolve) => this.#decoder.addEventListener('dequeue', resolve, { once: true }))
    if (!this.#failed) this.#decoder.decode(packet.toEncodedVideoChunk())
  }

  /** Puts in what follows, one by one, until the decoder gives the picture. */
  async #given(wanted: number): Promise<VideoFrame | null> {
    for (let behind = 0; behind < MOST_BEHIND && !this.#failed; behind++) {
      await this.#settled()
      const found = this.#kept.get(wanted)
      if (found) return found
      const next: EncodedPacket | null = this.#last && (await this.#packets.getNextPacket(this.#last))
      if (!next) break
      await this.#put(next)
      this.#last = next
    }
    if (this.#failed) return null
    // At the end of the film nothing follows that would push it out.
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
