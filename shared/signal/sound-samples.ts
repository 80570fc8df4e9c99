/**
 * Mono sound that is read piece by piece, so that hours of it need not lie in memory as float32. What is kept are 16 bits
 * a sample under a scale of its own for every quarter of a second at 16 kHz: rounding stays 98 dB under the loudest
 * sample of that piece, however quiet the recording is.
 */

/** Sound that can be read anywhere. */
export interface SoundSamples {
  readonly length: number
  /** What it takes in memory. */
  readonly byteLength: number
  /** Copies the samples from `start` on into all of `out`; zero before the first and after the last. */
  read(start: number, out: Float32Array): void
}

/** Beyond this a "sample" is garbage out of a damaged float file; it would drown everything else. */
export const LOUDEST_SAMPLE = 64

const PAGE_SAMPLES = 4096
const PAGE_BYTES = PAGE_SAMPLES * 4
const SLAB_PAGES = 256
const FULL_SCALE = 32_767

/** Sound as it comes out of a decoder, packed page by page. */
export class PackedSound implements SoundSamples {
  readonly #slabs: Int16Array[] = []
  /** One a page. */
  readonly #scales: number[] = []
  readonly #open = new Float32Array(PAGE_SAMPLES)
  readonly #openBytes = new Uint8Array(this.#open.buffer)
  #filledBytes = 0
  #repaired = 0

  get length(): number {
    return this.#scales.length * PAGE_SAMPLES + (this.#filledBytes >> 2)
  }

  get byteLength(): number {
    return this.#slabs.length * SLAB_PAGES * PAGE_SAMPLES * 2 + PAGE_BYTES
  }

  /** Samples that were no usable numbers and count as silence. */
  get repaired(): number {
    return this.#repaired
  }

  /** @param chunk little-endian float32 samples; may end within one */
  pushBytes(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(chunk.length - at, PAGE_BYTES - this.#filledBytes)
      this.#openBytes.set(chunk.subarray(at, at + count), this.#filledBytes)
      this.#filledBytes += count
      at += count
      if (this.#filledBytes === PAGE_BYTES) this.#close()
    }
  }

  push(samples: Float32Array): void {
    this.pushBytes(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
  }

  read(start: number, out: Float32Array): void {
    const end = Math.min(this.length, start + out.length)
    if (start < 0) out.fill(0, 0, Math.min(out.length, -start))
    if (end < start + out.length) out.fill(0, Math.max(0, end - start))
    for (let at = Math.max(0, start); at < end;) {
      const page = Math.floor(at / PAGE_SAMPLES)
      const inPage = at - page * PAGE_SAMPLES
      const count = Math.min(PAGE_SAMPLES - inPage, end - at)
      const to = at - start
      if (page === this.#scales.length) this.#readOpen(inPage, out, to, count)
      else {
        const slab = this.#slabs[Math.floor(page / SLAB_PAGES)]
        const from = (page % SLAB_PAGES) * PAGE_SAMPLES + inPage
        const scale = this.#scales[page]
        for (let index = 0; index < count; index++) out[to + index] = slab[from + index] * scale
      }
      at += count
    }
  }

  #readOpen(from: number, out: Float32Array, to: number, count: number): void {
    for (let index = 0; index < count; index++) {
      const sample = this.#open[from + index]
      out[to + index] = Math.abs(sample) <= LOUDEST_SAMPLE ? sample : 0
    }
  }

  #close(): void {
    const open = this.#open
    let highest = 0
    for (let index = 0; index < PAGE_SAMPLES; index++) {
      const size = Math.abs(open[index])
      // False for NaN as well.
      if (size <= LOUDEST_SAMPLE) highest = size > highest ? size : highest
      else {
        open[index] = 0
        this.#repaired++
      }
    }
    const inSlab = this.#scales.length % SLAB_PAGES
    if (inSlab === 0) this.#slabs.push(new Int16Array(SLAB_PAGES * PAGE_SAMPLES))
    const slab = this.#slabs[this.#slabs.length - 1]
    const from = inSlab * PAGE_SAMPLES
    const gain = highest > 0 ? FULL_SCALE / highest : 0
    // As Math.round, which takes three times as long: cutting rounds down what is positive.
    for (let index = 0; index < PAGE_SAMPLES; index++)
      slab[from + index] = ((open[index] * gain + 32_768.5) | 0) - 32_768
    this.#scales.push(highest / FULL_SCALE)
    this.#filledBytes = 0
  }
}

/** Samples that lie in memory as they are. */
export function soundSamples(samples: Float32Array): SoundSamples {
  return {
    length: samples.length,
    byteLength: samples.byteLength,
    read(start, out) {
      const from = Math.min(samples.length, Math.max(0, start))
      const to = Math.max(from, Math.min(samples.length, start + out.length))
      const at = Math.max(0, Math.min(out.length, from - start))
      out.fill(0, 0, at)
      out.set(samples.subarray(from, to), at)
      out.fill(0, at + to - from)
    },
  }
}
