/** The sound of a render: every audible clip on the project's clock, mixed, as a wave file of floats. */
import { amplitudeAt } from '../../../../shared/document/clip-sound.ts'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import type { Saying } from '../../../../shared/sayings/saying.ts'
import { TICKS_PER_SECOND } from '../../../../shared/units.ts'
import { conformAudio } from '../../media/conform.ts'
import type { MediaTools } from '../../media/tools.ts'
import { writeFloatWave } from '../../media/wave-file.ts'
import { SOUND_HZ, type RenderPlan, type SoundPiece } from './plan.ts'
import { onFileTime, type SourceShelf } from './source-media.ts'

export const SOUND_CHANNELS = 2
/** Mixed at a time: long enough that opening files costs little, short enough that memory does not grow with the edit. */
const WINDOW_SAMPLES = 60 * SOUND_HZ

export interface MixedSound {
  /** Largest sample, 1 at full scale. */
  readonly peak: number
}

export interface MixOptions {
  readonly tools: MediaTools
  readonly shelf: SourceShelf
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
  readonly onNote: (note: Saying) => void
}

/** @param sample of the output */
function amplitudeOfPiece({ loudness }: SoundPiece, sample: number): number {
  if (loudness === null) return 1
  return amplitudeAt(loudness.clip, ((sample - loudness.clipStart) / SOUND_HZ) * TICKS_PER_SECOND)
}

async function addPiece(
  mix: Float32Array,
  windowStart: number,
  plan: RenderPlan,
  piece: SoundPiece,
  options: MixOptions,
): Promise<void> {
  const first = Math.max(piece.firstSample, windowStart)
  const end = Math.min(piece.firstSample + piece.samples, windowStart + mix.length / SOUND_CHANNELS)
  if (end <= first) return
  const media = await options.shelf.mediaOf(piece.stream)
  let at = (first - windowStart) * SOUND_CHANNELS
  let amplitude = 1
  const limit = (end - windowStart) * SOUND_CHANNELS
  const { warnings } = await conformAudio(
    options.tools,
    media.probe,
    {
      map: onFileTime(piece.map, media),
      fromSeconds: plan.startSeconds + first / SOUND_HZ,
      toSeconds: plan.startSeconds + end / SOUND_HZ,
      sampleRateHz: SOUND_HZ,
      layout: 'stereo',
      audioStreamIndex: media.stream.kindIndex,
      signal: options.signal,
    },
    (samples) => {
      for (let n = 0; n < samples.length && at < limit; n++, at++) {
        if (at % SOUND_CHANNELS === 0) amplitude = amplitudeOfPiece(piece, windowStart + at / SOUND_CHANNELS)
        mix[at]! += amplitude * samples[n]!
      }
    },
  )
  for (const warning of warnings) options.onNote(warning)
}

/** The mix as interleaved samples, at most a minute at a time. Samples beyond full scale are kept as they are. */
export async function* mixWindows(plan: RenderPlan, options: MixOptions): AsyncGenerator<Float32Array> {
  for (let start = 0; start < plan.samples; start += WINDOW_SAMPLES) {
    throwIfCancelled(options.signal)
    const mix = new Float32Array(Math.min(WINDOW_SAMPLES, plan.samples - start) * SOUND_CHANNELS)
    for (const piece of plan.sounds) await addPiece(mix, start, plan, piece, options)
    yield mix
    options.onProgress(Math.min(1, (start + WINDOW_SAMPLES) / plan.samples))
  }
}

/** Writes the mix to `path` and tells its peak. */
export async function mixSound(plan: RenderPlan, path: string, options: MixOptions): Promise<MixedSound> {
  let peak = 0
  await writeFloatWave(path, { sampleRateHz: SOUND_HZ, channels: SOUND_CHANNELS }, async (write) => {
    for await (const mix of mixWindows(plan, options)) {
      for (const sample of mix) peak = Math.max(peak, Math.abs(sample))
      await write(mix)
    }
  })
  return { peak }
}
