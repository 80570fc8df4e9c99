/** The sound of a track as blocks of samples on the one clock of the take, conformed as every render's is. */
import type { Saying } from '../../../../shared/sayings/saying.ts'
import type { Track } from '../../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'
import type { ProjectView } from '../package/project-view.ts'
import { planRender, SOUND_HZ } from '../render/plan.ts'
import { mixWindows, SOUND_CHANNELS } from '../render/sound.ts'
import { SourceShelf } from '../render/source-media.ts'
import type { ExportInput, ExportOptions } from './exporter.ts'
import type { McapEntry } from './mcap-entry.ts'

/** A tenth of a second. */
const BLOCK_VALUES = (SOUND_HZ / 10) * SOUND_CHANNELS
/** Whole samples, so that a clip is as long as on the timeline. */
const SAMPLE_GRID = { numerator: SOUND_HZ, denominator: 1 }

/** Interleaved, little-endian; what is beyond full scale is cut. */
function signedWords(samples: Float32Array): Buffer {
  const words = Buffer.alloc(samples.length * 2)
  samples.forEach((sample, n) => {
    words.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), n * 2)
  })
  return words
}

export async function* soundEntries(
  view: ProjectView,
  input: ExportInput,
  track: Track,
  options: ExportOptions,
): AsyncGenerator<McapEntry> {
  const signal = options.signal ?? new AbortController().signal
  const shelf = new SourceShelf(view, input, signal)
  for (const clip of track.clips) {
    const fromSeconds = secondsFromTicks(clip.startTicks)
    const toSeconds = fromSeconds + secondsFromTicks(clip.durationTicks)
    const plan = planRender(view, SAMPLE_GRID, { tracks: [{ ...track, clips: [clip] }], fromSeconds, toSeconds })
    const onNote = (note: Saying): void => options.onNote?.(note)
    let done = 0
    for await (const mix of mixWindows(plan, {
      tools: input.tools,
      shelf,
      signal,
      onProgress: () => undefined,
      onNote,
    })) {
      for (let at = 0; at < mix.length; at += BLOCK_VALUES) {
        yield {
          seconds: fromSeconds + (done + at) / SOUND_CHANNELS / SOUND_HZ,
          message: {
            data: signedWords(mix.subarray(at, at + BLOCK_VALUES)).toString('base64'),
            format: 'pcm-s16',
            sample_rate: SOUND_HZ,
            number_of_channels: SOUND_CHANNELS,
          },
        }
      }
      done += mix.length
    }
  }
}
