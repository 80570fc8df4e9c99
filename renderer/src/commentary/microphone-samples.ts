/**
 * Two ways from a microphone's track to its samples. Chromium delivers them with timestamps, off the page's thread;
 * elsewhere they go through Web Audio, which delays them by an unknown time.
 */
import type { CaptureMessage } from './capture-worker.ts'
import workletUrl from './capture-worklet.ts?worker&url'

export interface SampleSource {
  /** Uncertainty of the delay, beyond what the device reports. */
  readonly sigmaSeconds: number
  close(): void
}

type Listen = (message: CaptureMessage) => void

/** Not in TypeScript's DOM types; only some browsers have it. */
type TrackProcessor = new (options: { track: MediaStreamTrack; maxBufferSize?: number }) => {
  readonly readable: ReadableStream<AudioData>
}

/** How many chunks may wait for the thread: several seconds of sound. */
const MOST_WAITING = 500
/** Chromium was measured to delay samples by 46 ms between a track and Web Audio, without reporting it. */
const GRAPH_SIGMA_SECONDS = 0.05

export async function samplesOf(stream: MediaStream, listen: Listen): Promise<SampleSource> {
  const { MediaStreamTrackProcessor: Processor } = globalThis as { MediaStreamTrackProcessor?: TrackProcessor }
  const [track] = stream.getAudioTracks()
  return Processor && track ? samplesOfTrack(Processor, track, listen) : await samplesOfGraph(stream, listen)
}

function samplesOfTrack(Processor: TrackProcessor, track: MediaStreamTrack, listen: Listen): SampleSource {
  const worker = new Worker(new URL('./capture-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<CaptureMessage>) => listen(data))
  const { readable } = new Processor({ track, maxBufferSize: MOST_WAITING })
  worker.postMessage(readable, [readable])
  return { sigmaSeconds: 0, close: () => worker.terminate() }
}

async function samplesOfGraph(stream: MediaStream, listen: Listen): Promise<SampleSource> {
  const settings = stream.getAudioTracks()[0]?.getSettings()
  // At the rate of the microphone: nothing is resampled on the way.
  const context = new AudioContext({ sampleRate: settings?.sampleRate, latencyHint: 'interactive' })
  const close = (): void => void context.close().catch(() => undefined)
  try {
    await context.audioWorklet.addModule(workletUrl)
    const node = new AudioWorkletNode(context, 'capture', {
      numberOfOutputs: 0,
      channelCount: Math.max(1, Math.min(2, settings?.channelCount ?? 1)),
      channelCountMode: 'explicit',
    })
    node.port.onmessage = ({ data }: MessageEvent<Pick<CaptureMessage, 'channels' | 'samples'>>) =>
      listen({ ...data, sampleRateHz: context.sampleRate, stampSeconds: null })
    context.createMediaStreamSource(stream).connect(node)
    await context.resume()
    return { sigmaSeconds: GRAPH_SIGMA_SECONDS, close }
  } catch (cause) {
    close()
    throw cause
  }
}
