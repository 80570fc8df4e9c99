/** Runs on the thread that renders sound: hands out what the microphone hears in pieces, sample for sample. */

/** What this thread has; the library of the page's types knows nothing of it. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

/** 43 ms at 48 kHz: short enough for a level meter, long enough not to keep the page busy. */
const PIECE_FRAMES = 2048
const QUANTUM_FRAMES = 128

class Capture extends AudioWorkletProcessor {
  #piece: Float32Array | null = null
  #filled = 0

  process([input]: Float32Array[][]): boolean {
    const channels = input?.length ?? 0
    // A microphone that has not started, or is being exchanged, gives nothing: its time passes all the same.
    const count = channels > 0 ? channels : 1
    const frames = input?.[0]?.length ?? QUANTUM_FRAMES
    const size = PIECE_FRAMES * count
    if (this.#piece?.length !== size) {
      this.#piece = new Float32Array(size)
      this.#filled = 0
    }
    for (let channel = 0; channel < channels; channel++) {
      const samples = input![channel]!
      for (let n = 0; n < frames; n++) this.#piece[(this.#filled + n) * count + channel] = samples[n]!
    }
    this.#filled += frames
    if (this.#filled >= PIECE_FRAMES) {
      this.port.postMessage({ channels: count, samples: this.#piece }, [this.#piece.buffer])
      this.#piece = null
      this.#filled = 0
    }
    return true
  }
}

registerProcessor('capture', Capture)
