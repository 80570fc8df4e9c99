/**
 * Two ways from a microphone's track to its samples. Chromium hands them over with stamps, off the page's thread; elsewhere
 * they go through the graph of sound, which holds them back by a time that it does not say.
 */
import type { CaptureMessage } from './capture-worker.ts'
import workletUrl from './capture-worklet.ts?worker&url'

export interface Ear {
  /** How little is known of the way here, beyond what the device says. */
  readonly sigmaSeconds: number
  close(): void
}

type Listen = (message: CaptureMessage) => void

/** Of the browsers that have it; the library of the page's types does not know it. */
type TrackProcessor = new (options: { track: MediaStreamTrack; maxBufferSize?: number }) => {
  readonly readable: ReadableStream<AudioData>
}

/** Portions that may wait for the thread: seconds of sound. */
const MOST_WAITING = 500
/** Between a track and the graph, Chromium was measured to hold 46 ms back, without saying so. */
const GRAPH_SIGMA_SECONDS = 0.05

export async function earOn(stream: MediaStream, listen: Listen): Promise<Ear> {
  const { MediaStreamTrackProcessor: Processor } = globalThis as { MediaStreamTrackProcessor?: TrackProcessor }
  const [track] = stream.getAudioTracks()
  return Processor && track ? earOnTrack(Processor, track, listen) : await earOnGraph(stream, listen)
}

function earOnTrack(Processor: TrackProcessor, track: MediaStreamTrack, listen: Listen): Ear {
  const worker = new Worker(new URL('./capture-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<CaptureMessage>) => listen(data))
  const { readable } = new Processor({ track, maxBufferSize: MOST_WAITING })
  worker.postMessage(readable, [readable])
  return { sigmaSeconds: 0, close: () => worker.terminate() }
}

async function earOnGraph(stream: MediaStream, listen: Listen): Promise<Ear> {
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
