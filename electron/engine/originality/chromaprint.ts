/**
 * Chromaprint, the acoustic fingerprint of AcoustID, as WebAssembly. The package that ships it starts in browsers only;
 * this instantiates its file. Fingerprints are those of the original's algorithm 1.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'

const ALGORITHM = 1
const MOST_SAMPLES_AT_ONCE = 1 << 18

interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}
/** Node has it; its types are only among those of the browser. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: unknown } }>
}

interface Chromaprint {
  readonly memory: WasmMemory
  __wasm_call_ctors(): void
  emscripten_stack_init(): void
  malloc(bytes: number): number
  free(pointer: number): void
  chromaprint_new(algorithm: number): number
  chromaprint_free(context: number): void
  chromaprint_start(context: number, sampleRateHz: number, channels: number): number
  chromaprint_feed(context: number, samples: number, count: number): number
  chromaprint_finish(context: number): number
  chromaprint_get_raw_fingerprint(context: number, data: number, size: number): number
}

let loaded: Promise<Chromaprint> | null = null

async function load(): Promise<Chromaprint> {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('@unimusic/chromaprint')
  const bytes = await readFile(join(dirname(entry), 'chromaprint.wasm'))
  let memory: WasmMemory | null = null
  const end = (): never => {
    throw new AsterismError('internal', 'The fingerprint of the sound failed.')
  }
  const nothing = (): number => 0
  const env = {
    emscripten_resize_heap: (wanted: number): number => {
      if (memory === null) return 0
      const pages = Math.ceil((wanted - memory.buffer.byteLength) / 65_536)
      try {
        memory.grow(Math.max(0, pages))
        return 1
      } catch {
        // What the library does with a refusal is its own affair: it fails, and says so.
        return 0
      }
    },
    emscripten_get_now: () => 0,
    emscripten_date_now: () => 0,
    emscripten_err: nothing,
    _abort_js: end,
    __cxa_throw: end,
    _setitimer_js: nothing,
    _emscripten_runtime_keepalive_clear: nothing,
  }
  const wasi = {
    fd_write: nothing,
    fd_close: nothing,
    fd_seek: nothing,
    random_get: nothing,
    environ_sizes_get: nothing,
    environ_get: nothing,
    proc_exit: end,
  }
  const { instance } = await WebAssembly.instantiate(bytes, { env, wasi_snapshot_preview1: wasi })
  const api = instance.exports as Chromaprint
  memory = api.memory
  api.emscripten_stack_init()
  api.__wasm_call_ctors()
  return api
}

/**
 * @param samples mono, -1 to 1
 * @param sampleRateHz what the samples are said to be at: said faster, a sound that was slowed down is heard as it was
 * @returns one 32-bit item every 1365/11025 s, none of a sound that is too short
 */
export async function chromaprint(samples: Float32Array, sampleRateHz: number): Promise<Int32Array> {
  const api = await (loaded ??= load())
  const context = api.chromaprint_new(ALGORITHM)
  const buffer = api.malloc(MOST_SAMPLES_AT_ONCE * 2)
  const answer = api.malloc(8)
  try {
    if (context === 0 || buffer === 0 || answer === 0 || !api.chromaprint_start(context, sampleRateHz, 1)) {
      throw new AsterismError('internal', 'The fingerprint of the sound could not be begun.')
    }
    for (let start = 0; start < samples.length; start += MOST_SAMPLES_AT_ONCE) {
      const part = samples.subarray(start, start + MOST_SAMPLES_AT_ONCE)
      // The memory may have grown, and its old view with it: a new view every time.
      const view = new Int16Array(api.memory.buffer, buffer, part.length)
      for (let index = 0; index < part.length; index++) {
        view[index] = Math.max(-32_768, Math.min(32_767, Math.round(part[index] * 32_767)))
      }
      api.chromaprint_feed(context, buffer, part.length)
    }
    api.chromaprint_finish(context)
    if (!api.chromaprint_get_raw_fingerprint(context, answer, answer + 4)) return new Int32Array(0)
    const [pointer, size] = new Uint32Array(api.memory.buffer, answer, 2)
    const items = Int32Array.from(new Int32Array(api.memory.buffer, pointer, size))
    api.free(pointer)
    return items
  } finally {
    if (answer !== 0) api.free(answer)
    if (buffer !== 0) api.free(buffer)
    if (context !== 0) api.chromaprint_free(context)
  }
}
