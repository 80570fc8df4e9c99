/**
 * Reads linear timecode (SMPTE ST 12-1) out of sound, as it streams by.
 *
 * The code is biphase mark: the level turns at the start of every bit and, for a one, in its middle. Turns are found
 * with hysteresis after a moving mean of a quarter bit, placed between samples where the sound crosses zero, and told
 * apart by a bit length that follows the tape. A frame is 80 bits that end in the sync word; what its digits say is
 * believed only together with its neighbours (ltc-clock.ts).
 */

export interface LtcFrame {
  /** Where its first bit begins and its last one ends, in samples from the first that was pushed. */
  readonly from: number
  readonly to: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
  readonly frames: number
  readonly isDropFrame: boolean
}

/** Bits 64 to 79, the first of them highest. */
const SYNC_WORD = 0b0011111111111101
const FRAME_BITS = 80
/** Bits a second: half the speed of 24 frames, twice that of 30. */
const SLOWEST_BITS_HZ = 24 * FRAME_BITS * 0.48
const FASTEST_BITS_HZ = 30 * FRAME_BITS * 2.1
/** A turn counts once the sound is this share of its usual level beyond zero. */
const HYSTERESIS = 0.3
/** Turns to look at before the first guess at the bit length. */
const FIRST_TURNS = 40
/** How quickly the bit length follows. */
const FOLLOW = 0.06

export class LtcReader {
  readonly #shortestBit: number
  readonly #longestBit: number
  readonly #levelDecay: number
  readonly #dcShare: number
  /** Samples until now. */
  #time = 0
  #dc = 0
  #level = 0
  /** The last samples, for the moving mean. */
  readonly #ring: Float64Array
  #ringSum = 0
  #width = 1
  #before = 0
  #isHigh = false
  #crossing = 0
  #lastTurn = 0
  /** 0 until it is known. */
  #bit = 0
  /** Turns from before the bit length was known. */
  #unread: number[] = []
  #half = 0
  #bits: number[] = []
  #ends: number[] = []
  readonly frames: LtcFrame[] = []

  constructor(sampleRateHz: number) {
    this.#shortestBit = sampleRateHz / FASTEST_BITS_HZ
    this.#longestBit = sampleRateHz / SLOWEST_BITS_HZ
    this.#levelDecay = Math.exp(-1 / (0.02 * sampleRateHz))
    this.#dcShare = 1 / (0.05 * sampleRateHz)
    this.#ring = new Float64Array(Math.max(2, Math.ceil(this.#longestBit / 4) + 1))
  }

  push(samples: Float32Array): void {
    const ring = this.#ring
    for (const sample of samples) {
      this.#dc += (sample - this.#dc) * this.#dcShare
      const value = sample - this.#dc
      const slot = this.#time % ring.length
      ring[slot] = value
      const out = this.#time - this.#width
      this.#ringSum += value - (out >= 0 ? ring[out % ring.length]! : 0)
      this.#time++
      const mean = this.#ringSum / this.#width
      const size = Math.abs(mean)
      this.#level = Math.max(size, this.#level * this.#levelDecay)
      if (mean > 0 !== this.#before > 0) {
        const part = this.#before === mean ? 0 : this.#before / (this.#before - mean)
        // The mean lags by half its width.
        this.#crossing = this.#time - 2 + part - (this.#width - 1) / 2
      }
      this.#before = mean
      if (this.#isHigh ? mean < -HYSTERESIS * this.#level : mean > HYSTERESIS * this.#level) {
        this.#isHigh = !this.#isHigh
        this.#turn(this.#crossing)
      }
    }
  }

  #turn(at: number): void {
    const interval = at - this.#lastTurn
    this.#lastTurn = at
    if (this.#bit === 0) {
      this.#guess(at)
      return
    }
    const relative = interval / this.#bit
    if (relative > 1.6 || relative < 0.25) {
      this.#lose()
      return
    }
    if (relative < 0.75) {
      if (this.#half === 0) this.#half = interval
      else {
        this.#follow(this.#half + interval)
        this.#half = 0
        this.#take(1, at)
      }
      return
    }
    // A long interval between two short ones: the bits were cut at the wrong turns until now.
    if (this.#half !== 0) this.#clear()
    this.#half = 0
    this.#follow(interval)
    this.#take(0, at)
  }

  /** The long intervals of a stretch of turns are whole bits; once they are known the stretch is read. */
  #guess(at: number): void {
    const before = this.#unread.at(-1)
    const interval = before === undefined ? 0 : at - before
    if (interval < this.#shortestBit * 0.35 || interval > this.#longestBit * 1.2) {
      this.#unread = [at]
      return
    }
    this.#unread.push(at)
    if (this.#unread.length <= FIRST_TURNS) return
    const sorted = this.#unread.slice(1).map((turn, index) => turn - this.#unread[index]!)
    sorted.sort((one, two) => one - two)
    const long = sorted[Math.floor(sorted.length * 0.9)]!
    const whole = sorted.filter((each) => each > long * 0.75 && each < long * 1.25)
    const short = sorted.filter((each) => each > long * 0.35 && each < long * 0.65)
    // All but stray turns are one of the two.
    if (whole.length + short.length < 0.85 * sorted.length || long < this.#shortestBit || long > this.#longestBit) {
      this.#unread.splice(0, FIRST_TURNS / 2)
      return
    }
    const [first, ...rest] = this.#unread
    this.#unread = []
    this.#setBit(whole.reduce((sum, each) => sum + each, 0) / whole.length)
    this.#clear()
    this.#lastTurn = first!
    for (const turn of rest) this.#turn(turn)
  }

  #follow(bit: number): void {
    this.#setBit(this.#bit + FOLLOW * (bit - this.#bit))
  }

  #setBit(bit: number): void {
    if (bit < this.#shortestBit * 0.9 || bit > this.#longestBit * 1.1) {
      this.#lose()
      return
    }
    this.#bit = bit
    const width = Math.max(1, Math.round(bit / 4))
    if (width === this.#width) return
    this.#width = width
    this.#ringSum = 0
    for (let back = 1; back <= width && back <= this.#time; back++) {
      this.#ringSum += this.#ring[(this.#time - back) % this.#ring.length]!
    }
  }

  #lose(): void {
    this.#bit = 0
    this.#unread = []
    this.#half = 0
    this.#clear()
  }

  #clear(): void {
    this.#bits = []
    this.#ends = []
  }

  #take(bit: number, end: number): void {
    this.#bits.push(bit)
    this.#ends.push(end)
    const count = this.#bits.length
    if (count < FRAME_BITS) return
    if (count > 4 * FRAME_BITS) {
      this.#bits.splice(0, count - FRAME_BITS)
      this.#ends.splice(0, count - FRAME_BITS)
    }
    let tail = 0
    for (const each of this.#bits.slice(-16)) tail = (tail << 1) | each
    if (tail !== SYNC_WORD) return
    const bits = this.#bits.slice(-FRAME_BITS)
    const startIndex = this.#ends.length - FRAME_BITS - 1
    const from = startIndex >= 0 ? this.#ends[startIndex]! : end - FRAME_BITS * this.#bit
    const frame = readFrame(bits, from, end)
    if (frame) this.frames.push(frame)
  }
}

/** Null where the digits are none. */
function readFrame(bits: readonly number[], from: number, to: number): LtcFrame | null {
  const number = (start: number, length: number): number => {
    let value = 0
    for (let bit = length - 1; bit >= 0; bit--) value = value * 2 + bits[start + bit]!
    return value
  }
  const digits = (units: number, tens: number, tensLength: number): number => {
    const unit = number(units, 4)
    return unit > 9 ? Number.NaN : number(tens, tensLength) * 10 + unit
  }
  const frame = {
    from,
    to,
    frames: digits(0, 8, 2),
    seconds: digits(16, 24, 3),
    minutes: digits(32, 40, 3),
    hours: digits(48, 56, 2),
    isDropFrame: bits[10] === 1,
  }
  const isValid = frame.frames < 30 && frame.seconds < 60 && frame.minutes < 60 && frame.hours < 24
  return isValid ? frame : null
}
