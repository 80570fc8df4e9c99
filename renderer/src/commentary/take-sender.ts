/** Sends a recording to the engine piece by piece: one is under way at a time, and what comes meanwhile is sent together. */
import type { EngineClient } from '../../../shared/contract/client.ts'

/** Sent at once at the latest; while one piece is under way, more may gather. */
const SEND_SECONDS = 0.25
/** Of one message: an engine that hung for long gets what gathered in several. */
const MOST_FLOATS = 480_000

export class TakeSender {
  readonly #client: EngineClient
  readonly #recordingId: string
  readonly #floatsToSend: number
  #waiting: Float32Array[] = []
  #waitingFloats = 0
  #sentFrames = 0
  #sending: Promise<void> | null = null
  #failure: unknown = null
  readonly #onFailure: () => void

  constructor(
    client: EngineClient,
    recordingId: string,
    shape: { readonly channels: number; readonly sampleRateHz: number },
    onFailure: () => void,
  ) {
    this.#client = client
    this.#recordingId = recordingId
    this.#floatsToSend = SEND_SECONDS * shape.sampleRateHz * shape.channels
    this.#onFailure = onFailure
  }

  add(samples: Float32Array): void {
    this.#waiting.push(samples)
    this.#waitingFloats += samples.length
    if (this.#waitingFloats >= this.#floatsToSend) this.#start()
  }

  /** Sends what is left. @throws what the engine refused a piece with */
  async flush(): Promise<void> {
    while (this.#failure === null && (this.#waiting.length > 0 || this.#sending)) {
      this.#start()
      await this.#sending
    }
    if (this.#failure !== null) throw this.#failure
  }

  #start(): void {
    if (this.#sending || this.#failure !== null || this.#waiting.length === 0) return
    this.#sending = this.#send()
      .catch((error: unknown) => {
        this.#failure = error
        this.#onFailure()
      })
      .finally(() => {
        this.#sending = null
        if (this.#waitingFloats >= this.#floatsToSend) this.#start()
      })
  }

  async #send(): Promise<void> {
    const samples = this.#take()
    const { frames } = await this.#client.commentary.append({
      recordingId: this.#recordingId,
      frame: this.#sentFrames,
      samples: base64Of(new Uint8Array(samples.buffer)),
    })
    this.#sentFrames = frames
  }

  #take(): Float32Array {
    const taken: Float32Array[] = []
    let floats = 0
    while (this.#waiting.length > 0 && (floats === 0 || floats + this.#waiting[0]!.length <= MOST_FLOATS)) {
      const next = this.#waiting.shift()!
      taken.push(next)
      floats += next.length
    }
    this.#waitingFloats -= floats
    const all = new Float32Array(floats)
    let at = 0
    for (const each of taken) {
      all.set(each, at)
      at += each.length
    }
    return all
  }
}

function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
