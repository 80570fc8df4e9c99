/** The microphone as it is: no gain control, no suppression, at the rate of the device, every sample counted. */
import { CaptureClockFit, type CaptureClock } from '../../../shared/signal/capture-clock.ts'
import { samplesOf, type SampleSource } from './microphone-samples.ts'
import type { CaptureMessage } from './capture-worker.ts'

export type MicrophoneProblem = 'refused' | 'none' | 'busy' | 'unsupported'

/** Why there is no microphone. */
export class NoMicrophone extends Error {
  readonly problem: MicrophoneProblem

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super(`no microphone: ${problem}`, { cause })
    this.problem = problem
  }
}

export interface Piece {
  /** Of its first frame, counted from when the microphone was opened. */
  readonly frame: number
  readonly frames: number
  /** Interleaved. */
  readonly samples: Float32Array
}

export interface MicrophoneListener {
  onPiece(piece: Piece): void
  /** It was unplugged, or the system took it away. */
  onGone(): void
}

/** Where the device does not say how long it takes: what is usual for one of a laptop. */
const USUAL_LATENCY_SECONDS = 0.01
/** What comes first comes while everything is still starting up, and says nothing of the clock. */
const SETTLING_SECONDS = 0.3
/** A microphone that gives nothing for this long gives nothing. */
const FIRST_WITHIN_MILLISECONDS = 5000
const PROBLEMS: Readonly<Record<string, MicrophoneProblem>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

export class Microphone {
  readonly label: string
  readonly deviceId: string | null
  readonly sampleRateHz: number
  readonly channels: number
  readonly #stream: MediaStream
  readonly #source: SampleSource
  readonly #fit: CaptureClockFit
  readonly #latencySeconds: number
  readonly #portionSeconds: number
  readonly #listener: MicrophoneListener
  #frames = 0
  #nextStampSeconds: number | null = null

  private constructor(stream: MediaStream, source: SampleSource, first: CaptureMessage, listener: MicrophoneListener) {
    const [track] = stream.getAudioTracks()
    const settings: MediaTrackSettings & { latency?: number } = track?.getSettings() ?? {}
    this.#stream = stream
    this.#source = source
    this.#listener = listener
    this.label = track?.label ?? ''
    this.deviceId = settings.deviceId ?? null
    this.sampleRateHz = first.sampleRateHz
    this.channels = first.channels
    this.#latencySeconds = settings.latency ?? USUAL_LATENCY_SECONDS
    this.#portionSeconds = first.samples.length / first.channels / first.sampleRateHz
    this.#fit = new CaptureClockFit(first.sampleRateHz)
    track?.addEventListener('ended', () => listener.onGone(), { once: true })
  }

  /** @throws NoMicrophone with the reason */
  static async open(deviceId: string | null, listener: MicrophoneListener): Promise<Microphone> {
    const stream = await streamOf(deviceId)
    let microphone: Microphone | null = null
    let source: SampleSource | null = null
    try {
      const first = Promise.withResolvers<CaptureMessage>()
      const late = setTimeout(() => first.reject(new NoMicrophone('busy')), FIRST_WITHIN_MILLISECONDS)
      source = await samplesOf(stream, (message) => (microphone ? microphone.#hear(message) : first.resolve(message)))
      const heard = await first.promise.finally(() => clearTimeout(late))
      microphone = new Microphone(stream, source, heard, listener)
      return microphone
    } catch (cause) {
      for (const each of stream.getTracks()) each.stop()
      source?.close()
      throw cause
    }
  }

  /** The clock of its samples on that of the window, as well as it is known by now; null before the first pieces. */
  clock(): CaptureClock | null {
    // A device hands its samples over in portions: within one, it cannot be told when each was taken.
    const sigma = Math.hypot(this.#portionSeconds, this.#latencySeconds) / Math.sqrt(12)
    return this.#fit.clock(this.#latencySeconds, Math.hypot(sigma, this.#source.sigmaSeconds))
  }

  close(): void {
    for (const track of this.#stream.getTracks()) track.stop()
    this.#source.close()
  }

  #hear({ channels, samples, stampSeconds }: CaptureMessage): void {
    const seconds = performance.now() / 1000
    const frames = samples.length / channels
    this.#fillGap(stampSeconds)
    if (stampSeconds !== null) this.#nextStampSeconds = stampSeconds + frames / this.sampleRateHz
    const frame = this.#frames
    this.#frames += frames
    if (frame >= SETTLING_SECONDS * this.sampleRateHz) this.#fit.note(this.#frames, seconds)
    // A device that changes its channels while it is heard is silent until it is opened anew.
    this.#give(frame, channels === this.channels ? samples : new Float32Array(frames * this.channels))
  }

  /** Where the browser lost samples, as many of silence keep what follows in its place. */
  #fillGap(stampSeconds: number | null): void {
    if (stampSeconds === null || this.#nextStampSeconds === null) return
    const missing = stampSeconds - this.#nextStampSeconds
    if (missing < this.#portionSeconds / 2 || missing > 60) return
    const frames = Math.round(missing * this.sampleRateHz)
    const frame = this.#frames
    this.#frames += frames
    this.#give(frame, new Float32Array(frames * this.channels))
  }

  #give(frame: number, samples: Float32Array): void {
    this.#listener.onPiece({ frame, frames: samples.length / this.channels, samples })
  }
}

async function streamOf(deviceId: string | null): Promise<MediaStream> {
  // Absent where the page is not secure.
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices
  if (!devices) throw new NoMicrophone('unsupported')
  try {
    return await devices.getUserMedia({
      video: false,
      audio: {
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
        ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
      },
    })
  } catch (error) {
    const problem = error instanceof DOMException ? PROBLEMS[error.name] : undefined
    throw problem ? new NoMicrophone(problem, error) : error
  }
}

export interface MicrophoneChoice {
  readonly deviceId: string
  readonly label: string
}

/** The microphones of this machine; they have names once one was allowed. */
export async function listMicrophones(): Promise<MicrophoneChoice[]> {
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices
  const all = (await devices?.enumerateDevices()) ?? []
  return all
    .filter((device) => device.kind === 'audioinput' && device.deviceId !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }))
}
