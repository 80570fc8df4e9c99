/** Collects little-endian float32 samples as they arrive in chunks of any length. */
import { LOUDEST_SAMPLE } from '../../../shared/signal/sound-samples.ts'

export class SampleBuffer {
  private samples: Float32Array
  private bytes: Uint8Array
  private filledBytes = 0
  private readonly maxSamples: number

  /** @param expectedSamples What will probably come: saves copying. @param maxSamples More is refused. */
  constructor(expectedSamples: number, maxSamples: number) {
    this.maxSamples = maxSamples
    // Decoders give a little more than headers say; a tenth of a second covers it.
    this.samples = new Float32Array(Math.min(maxSamples, Math.max(1 << 16, expectedSamples + 4_800)))
    this.bytes = new Uint8Array(this.samples.buffer)
  }

  /** Whole samples so far. */
  get length(): number {
    return this.filledBytes >> 2
  }

  /** @returns False when the chunk goes beyond the limit; nothing of it is kept then. */
  push(chunk: Uint8Array): boolean {
    const needed = this.filledBytes + chunk.length
    if (needed > this.maxSamples * 4) return false
    if (needed > this.bytes.length) this.grow(needed)
    this.bytes.set(chunk, this.filledBytes)
    this.filledBytes = needed
    return true
  }

  /** What was collected, with numbers that are none (NaN, infinities, beyond all sense) set to silence. */
  finish(): { samples: Float32Array; repaired: number } {
    const samples = this.samples.subarray(0, this.length)
    let repaired = 0
    for (let index = 0; index < samples.length; index++) {
      // False for NaN as well.
      if (Math.abs(samples[index]) <= LOUDEST_SAMPLE) continue
      samples[index] = 0
      repaired++
    }
    return { samples, repaired }
  }

  private grow(neededBytes: number): void {
    const length = Math.min(this.maxSamples, Math.max(Math.ceil(neededBytes / 4), this.samples.length * 2))
    const larger = new Float32Array(length)
    larger.set(this.samples)
    this.samples = larger
    this.bytes = new Uint8Array(larger.buffer)
  }
}
