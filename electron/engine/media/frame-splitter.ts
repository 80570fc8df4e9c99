/** Bytes of any length to whole frames of float32 samples, with what is no number set to silence. */
export class FrameSplitter {
  readonly #frameBytes: number
  #rest = new Uint8Array(0)

  constructor(channels: number) {
    this.#frameBytes = channels * 4
  }

  /** @returns interleaved; its own copy */
  push(chunk: Uint8Array): Float32Array {
    const bytes = new Uint8Array(this.#rest.length + chunk.length)
    bytes.set(this.#rest)
    bytes.set(chunk, this.#rest.length)
    const whole = bytes.length - (bytes.length % this.#frameBytes)
    this.#rest = bytes.slice(whole)
    const samples = new Float32Array(bytes.buffer, 0, whole / 4)
    for (let index = 0; index < samples.length; index++) if (!Number.isFinite(samples[index])) samples[index] = 0
    return samples
  }
}
