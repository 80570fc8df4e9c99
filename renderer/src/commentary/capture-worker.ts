/** Takes the samples of a microphone's track as they come, off the page's thread, where nothing keeps them waiting. */

export interface CaptureMessage {
  readonly channels: number
  readonly sampleRateHz: number
  /** When its first sample was taken, on the browser's own clock; null where it does not say. */
  readonly stampSeconds: number | null
  /** Interleaved. */
  readonly samples: Float32Array
}

const MOST_CHANNELS = 2

async function listen(track: ReadableStream<AudioData>): Promise<void> {
  const reader = track.getReader()
  for (;;) {
    const { value: data, done } = await reader.read()
    if (done) return
    const channels = Math.min(MOST_CHANNELS, data.numberOfChannels)
    const plane = new Float32Array(data.numberOfFrames)
    const samples = new Float32Array(data.numberOfFrames * channels)
    for (let channel = 0; channel < channels; channel++) {
      data.copyTo(plane, { planeIndex: channel, format: 'f32-planar' })
      for (let n = 0; n < plane.length; n++) samples[n * channels + channel] = plane[n]!
    }
    const { sampleRate: sampleRateHz, timestamp } = data
    data.close()
    const message: CaptureMessage = { channels, sampleRateHz, stampSeconds: timestamp / 1e6, samples }
    postMessage(message, { transfer: [samples.buffer] })
  }
}

addEventListener('message', ({ data }: MessageEvent<ReadableStream<AudioData>>) => void listen(data))
