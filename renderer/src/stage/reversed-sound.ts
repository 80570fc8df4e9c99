/** Pieces of a recording's sound, turned round: decoded where they are needed, in memory that does not grow with the file. */
import { ALL_FORMATS, AudioBufferSink, Input, UrlSource } from 'mediabunny'

/** Decoders need what comes before to get the first samples of a piece right (an overlap of 21 ms in AAC, 80 ms in Opus). */
const RUN_IN_SECONDS = 0.1

/** Decoded samples and where they begin on the recording's clock. */
export interface SoundPart {
  readonly fromSeconds: number
  readonly channels: readonly Float32Array[]
}

/** What of decoded parts lies in a span, the last sample first; silence where no part has anything. */
export function reversedSpan(
  parts: readonly SoundPart[],
  fromSeconds: number,
  lengthSamples: number,
  sampleRateHz: number,
): Float32Array<ArrayBuffer>[] {
  const channelCount = Math.max(1, ...parts.map(({ channels }) => channels.length))
  const reversed = Array.from({ length: channelCount }, () => new Float32Array(lengthSamples))
  const last = lengthSamples - 1
  for (const part of parts) {
    const at = Math.round((part.fromSeconds - fromSeconds) * sampleRateHz)
    for (const [channel, samples] of part.channels.entries()) {
      const end = Math.min(samples.length, lengthSamples - at)
      for (let n = Math.max(0, -at); n < end; n++) reversed[channel]![last - at - n] = samples[n]!
    }
  }
  return reversed
}

export class ReversedSound {
  readonly sampleRateHz: number
  readonly #input: Input
  readonly #sink: AudioBufferSink

  /** Null where this browser does not decode the sound this way. */
  static async open(url: string): Promise<ReversedSound | null> {
    const input = new Input({ formats: ALL_FORMATS, source: new UrlSource(url) })
    const track = await input.getPrimaryAudioTrack()
    if (track && (await track.canDecode())) {
      const sampleRateHz = await track.getSampleRate()
      return new ReversedSound(input, new AudioBufferSink(track), sampleRateHz)
    }
    input.dispose()
    return null
  }

  private constructor(input: Input, sink: AudioBufferSink, sampleRateHz: number) {
    this.#input = input
    this.#sink = sink
    this.sampleRateHz = sampleRateHz
  }

  close(): void {
    this.#input.dispose()
  }

  /** What was recorded between two moments, the last first. */
  async between(fromSeconds: number, toSeconds: number): Promise<AudioBuffer | null> {
    const lengthSamples = Math.round((toSeconds - fromSeconds) * this.sampleRateHz)
    if (lengthSamples <= 0) return null
    const parts: SoundPart[] = []
    for await (const { buffer, timestamp } of this.#sink.buffers(
      Math.max(0, fromSeconds - RUN_IN_SECONDS),
      toSeconds,
    )) {
      const channels = Array.from({ length: buffer.numberOfChannels }, (_, n) => buffer.getChannelData(n))
      parts.push({ fromSeconds: timestamp, channels })
    }
    const channels = reversedSpan(parts, fromSeconds, lengthSamples, this.sampleRateHz)
    const turned = new AudioBuffer({
      length: lengthSamples,
      numberOfChannels: channels.length,
      sampleRate: this.sampleRateHz,
    })
    for (const [n, samples] of channels.entries()) turned.copyToChannel(samples, n)
    return turned
  }
}
