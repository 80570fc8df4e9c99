/** Waveforms: fetched once a stream, read by the canvas at any zoom. */
import { decodePeaks, type Peaks } from '../../../shared/media/peaks-format.ts'
import { DerivedCache } from './derived-cache.ts'

export interface Waveform {
  /** Smallest and largest sample between two moments on the clock, -1 to 1. */
  between(fromSeconds: number, toSeconds: number): readonly [least: number, most: number]
}

const SILENCE = [0, 0] as const
const waveforms = new DerivedCache<Waveform>()

export function loadedPeaks(streamId: string): Waveform | null {
  return waveforms.get(streamId)
}

/** Fetches the waveform of a stream unless it is there. */
export async function loadPeaks(assetId: string, streamId: string, streamIndex: number): Promise<void> {
  await waveforms.load(streamId, async () => {
    const response = await fetch(`/media/${assetId}/peaks?stream=${streamIndex}`)
    return response.status === 200 ? waveformFrom(decodePeaks(new Uint8Array(await response.arrayBuffer()))) : null
  })
}

function waveformFrom(peaks: Peaks): Waveform {
  const { levels, samplesPerBucket, factor, sampleRateHz, startSeconds } = peaks
  return {
    between(fromSeconds, toSeconds) {
      const from = (fromSeconds - startSeconds) * sampleRateHz
      const to = (toSeconds - startSeconds) * sampleRateHz
      // The coarsest level whose buckets are still finer than what is asked for.
      let level = 0
      let bucket = samplesPerBucket
      while (level + 1 < levels.length && bucket * factor <= to - from) {
        level += 1
        bucket *= factor
      }
      const values = levels[level]
      if (!values) return SILENCE
      const first = Math.max(0, Math.floor(from / bucket))
      const last = Math.min(values.length / 2 - 1, Math.max(first, Math.ceil(to / bucket) - 1))
      if (last < first || to < 0) return SILENCE
      let least = 32_767
      let most = -32_768
      for (let i = first; i <= last; i++) {
        least = Math.min(least, values[i * 2]!)
        most = Math.max(most, values[i * 2 + 1]!)
      }
      return [least / 32_767, most / 32_767]
    },
  }
}
