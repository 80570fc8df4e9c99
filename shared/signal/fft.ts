/**
 * Real Fourier transforms over PFFFT compiled to WebAssembly (J. Pommier's split-radix FFT, SIMD build).
 *
 * Spectra are packed as PFFFT gives them: `[re 0, re N/2, re 1, im 1, re 2, im 2, …]`, unscaled; a forward and an
 * inverse transform together multiply by N, which `inverse` divides out again.
 */
import loadPffft, { type PffftModule } from '@echogarden/pffft-wasm/simd'
import { AsterismError } from '../errors.ts'
import { say } from '../sayings/saying.ts'

/** The longest transform that fits into the 2 GiB of a WebAssembly memory beside its work space. */
const MAXIMUM_SIZE = 2 ** 25

/** One transform length with its buffers, outside the JavaScript heap. Not re-entrant. */
export class RealFft {
  readonly size: number
  readonly #module: PffftModule
  readonly #setup: number
  readonly #input: number
  readonly #output: number
  readonly #work: number
  /** Views of the module's memory, made anew when it has grown. */
  #heap: Float32Array | undefined
  #inputView: Float32Array = new Float32Array(0)
  #outputView: Float32Array = new Float32Array(0)

  constructor(module: PffftModule, size: number) {
    this.size = size
    this.#module = module
    this.#setup = module._pffft_new_setup(size, 0)
    this.#input = module._pffft_aligned_malloc(size * 4)
    this.#output = module._pffft_aligned_malloc(size * 4)
    this.#work = module._pffft_aligned_malloc(size * 4)
    if (!this.#setup || !this.#input || !this.#output || !this.#work) {
      this.close()
      throw new AsterismError('too_large', say('misfit.transformMemory', { samples: size }))
    }
  }

  /** `size` floats to be filled before `forward` or `inverse`; stale after any other transform was created. */
  get input(): Float32Array {
    this.#view()
    return this.#inputView
  }

  /** The result of the last transform; copy it out before the next one. */
  get output(): Float32Array {
    this.#view()
    return this.#outputView
  }

  #view(): void {
    const heap = this.#module.HEAPF32
    if (heap === this.#heap) return
    this.#heap = heap
    this.#inputView = heap.subarray(this.#input >> 2, (this.#input >> 2) + this.size)
    this.#outputView = heap.subarray(this.#output >> 2, (this.#output >> 2) + this.size)
  }

  /** Transforms `input` into the packed spectrum in `output`. */
  forward(): Float32Array {
    this.#module._pffft_transform_ordered(this.#setup, this.#input, this.#output, this.#work, 0)
    return this.output
  }

  /** Transforms the packed spectrum in `input` into the signal in `output`, scaled so that it undoes `forward`. */
  inverse(): Float32Array {
    this.#module._pffft_transform_ordered(this.#setup, this.#input, this.#output, this.#work, 1)
    const output = this.output
    const scale = 1 / this.size
    for (let index = 0; index < output.length; index++) output[index] *= scale
    return output
  }

  close(): void {
    if (this.#setup) this.#module._pffft_destroy_setup(this.#setup)
    for (const pointer of [this.#input, this.#output, this.#work])
      if (pointer) this.#module._pffft_aligned_free(pointer)
  }
}

/** The transforms of one piece of work. Close it to give the memory back. */
export class FftPlans {
  readonly #module: PffftModule
  readonly #plans = new Map<number, RealFft>()

  constructor(module: PffftModule) {
    this.#module = module
  }

  /** The transform of exactly `size` samples; `size` comes from `fftSizeFor`. */
  real(size: number): RealFft {
    const known = this.#plans.get(size)
    if (known) return known
    if (size > MAXIMUM_SIZE) {
      throw new AsterismError('too_large', say('misfit.transformLong', { samples: size, most: MAXIMUM_SIZE }))
    }
    const plan = new RealFft(this.#module, size)
    this.#plans.set(size, plan)
    return plan
  }

  /** Frees the transform of `size` samples, as after the one use of a long one. */
  release(size: number): void {
    this.#plans.get(size)?.close()
    this.#plans.delete(size)
  }

  close(): void {
    for (const plan of this.#plans.values()) plan.close()
    this.#plans.clear()
  }
}

/** The least length PFFFT can transform that holds `count` samples: 2^a 3^b 5^c and a multiple of 32. */
export function fftSizeFor(count: number): number {
  let best = 32
  while (best < count) best *= 2
  for (const odd of [3, 5, 9, 15]) {
    let size = 32 * odd
    while (size < count) size *= 2
    if (size < best) best = size
  }
  return best
}

let shared: Promise<PffftModule> | undefined

/**
 * Loads the WebAssembly module once and gives a fresh set of plans over it.
 * @param wasmBinary The bytes of the module, where it cannot be found beside its own script (as in some bundles).
 */
export async function loadFft(wasmBinary?: ArrayBuffer | Uint8Array): Promise<FftPlans> {
  shared ??= loadPffft(wasmBinary ? { wasmBinary } : {})
  try {
    return new FftPlans(await shared)
  } catch (error) {
    // A failed load may be tried again, as with the bytes at hand.
    shared = undefined
    throw error
  }
}
