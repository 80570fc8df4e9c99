/** Where somebody speaks: Silero VAD v6 (MIT), a small network that comes with the program, run by onnxruntime. */
import { createRequire } from 'node:module'
import type * as Runtime from 'onnxruntime-node'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'

export const SPEECH_HZ = 16_000
const WINDOW = 512
/** What the network wants to see of the window before. */
const CONTEXT = 64
/** Length of a step, seconds. */
export const STEP_SECONDS = WINDOW / SPEECH_HZ
const require = createRequire(import.meta.url)

/** Hears a recording piece by piece and remembers what was before. */
export class VoiceActivity {
  readonly #runtime: typeof Runtime
  readonly #session: Runtime.InferenceSession
  #state: Runtime.Tensor
  #context = new Float32Array(CONTEXT)

  private constructor(runtime: typeof Runtime, session: Runtime.InferenceSession) {
    this.#runtime = runtime
    this.#session = session
    this.#state = new runtime.Tensor('float32', new Float32Array(256), [2, 1, 128])
  }

  /** @throws AsterismError `tool_missing` when the runtime or the network is not installed. */
  static async load(): Promise<VoiceActivity> {
    try {
      const runtime = await import('onnxruntime-node')
      const path = require.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx')
      const session = await runtime.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 })
      return new VoiceActivity(runtime, session)
    } catch (error) {
      throw new AsterismError('tool_missing', 'The network that finds speech cannot be loaded.', {
        fix: 'Run npm ci again.',
        cause: error,
      })
    }
  }

  /** The chance of speech in each whole step of 16 kHz mono samples. */
  async chances(samples: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    const count = Math.floor(samples.length / WINDOW)
    const answer = new Float32Array(count)
    const rate = new this.#runtime.Tensor('int64', BigInt64Array.of(BigInt(SPEECH_HZ)), [])
    for (let n = 0; n < count; n++) {
      if (n % 256 === 0) throwIfCancelled(signal)
      const window = samples.subarray(n * WINDOW, (n + 1) * WINDOW)
      const input = new Float32Array(CONTEXT + WINDOW)
      input.set(this.#context)
      input.set(window, CONTEXT)
      const result = await this.#session.run({
        input: new this.#runtime.Tensor('float32', input, [1, input.length]),
        state: this.#state,
        sr: rate,
      })
      answer[n] = (result['output']!.data as Float32Array)[0]!
      this.#state = result['stateN'] as Runtime.Tensor
      this.#context = window.slice(WINDOW - CONTEXT)
    }
    return answer
  }
}
