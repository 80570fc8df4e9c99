/** What a dataset is made of: each clip of a picture track with the sound and the words of its time. */
import { say } from '../../../../shared/sayings/saying.ts'
import { copyFile } from 'node:fs/promises'
import { isSpan } from '../../../../shared/document/labels.ts'
import type { Clip, Track } from '../../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'
import type { Json } from '../package/canonical-json.ts'
import type { ProjectView } from '../package/project-view.ts'
import { MP4_PRESETS } from '../render/presets.ts'
import { renderFilm } from '../render/render.ts'
import type { ExportInput, ExportOptions } from './exporter.ts'
import { requireShownTracks } from './audible-tracks.ts'
import { requirePath } from './refusals.ts'

export interface Sample {
  readonly track: Track
  /** The tracks that are heard in its time. */
  readonly sounds: readonly Track[]
  readonly clip: Clip
  readonly startSeconds: number
  readonly endSeconds: number
  /** The captions that lie in its time, joined. */
  readonly text: string
  /** One line of metadata, without the name of a file. */
  readonly metadata: { readonly [key: string]: Json }
}

/**
 * What is muted is left out, with a note.
 *
 * @throws AsterismError `bad_input` when no picture on the timeline is shown.
 */
export function samplesOf(view: ProjectView, options: ExportOptions): Sample[] {
  const { pictures, sounds } = requireShownTracks(view, ['video', 'audio'], options)
  return pictures.flatMap((track) =>
    track.clips.map((clip): Sample => {
      const endTicks = clip.startTicks + clip.durationTicks
      const startSeconds = secondsFromTicks(clip.startTicks)
      const endSeconds = secondsFromTicks(endTicks)
      const words = view.captions.filter(
        (caption) => caption.startTicks < endTicks && caption.endTicks > clip.startTicks,
      )
      // The film of a sample shows nothing before its clip, and nothing behind it.
      const within = (fromTicks: number, toTicks: number) => ({
        start_s: secondsFromTicks(Math.max(0, fromTicks - clip.startTicks)),
        end_s: secondsFromTicks(Math.min(clip.durationTicks, toTicks - clip.startTicks)),
      })
      const stream = view.stream(clip.streamId)
      const asset = view.asset(clip.assetId)
      const map = stream ? view.timeMapOf(stream.clockId) : undefined
      const text = words.map((caption) => caption.text.trim()).join(' ')
      return {
        track,
        sounds,
        clip,
        startSeconds,
        endSeconds,
        text,
        metadata: {
          text,
          source: asset?.fileName ?? clip.assetId,
          source_sha256: asset?.sha256 ?? '',
          start_s: startSeconds,
          end_s: endSeconds,
          duration_s: secondsFromTicks(clip.durationTicks),
          source_start_s: secondsFromTicks(clip.sourceStartTicks),
          offset_s: map?.offsetSeconds ?? 0,
          rate_ppm: map?.ratePpm ?? 0,
          sigma_offset_s: map?.sigmaOffsetSeconds ?? null,
          captions: words.map((caption) => ({
            ...within(caption.startTicks, caption.endTicks),
            text: caption.text.trim(),
          })),
          labels: view.markers
            .filter(isSpan)
            .filter((span) => span.atTicks < endTicks && span.atTicks + span.durationTicks > clip.startTicks)
            .map((span) => ({
              label: span.title,
              ...within(span.atTicks, span.atTicks + span.durationTicks),
              attributes: Object.entries(span.values ?? {}).map(([name, value]) => ({ name, value })),
            })),
          license: view.rights?.licence ?? null,
        },
      }
    }),
  )
}

/** True when a clip is its whole recording and plays on the project's clock as it is, so that the file itself will do. */
function isWholeRecording(view: ProjectView, { clip }: Sample, path: string): boolean {
  const stream = view.stream(clip.streamId)
  const map = stream ? view.timeMapOf(stream.clockId) : undefined
  const whole = Math.abs(secondsFromTicks(clip.durationTicks) - (stream?.durationSeconds ?? 0)) < 1e-3
  return whole && path.toLowerCase().endsWith('.mp4') && (map?.ratePpm ?? 0) === 0 && map?.knots === undefined
}

/** Writes the film of one sample: a copy of the recording where nothing was done to it, a render otherwise. */
export async function writeSampleFilm(
  view: ProjectView,
  input: ExportInput,
  sample: Sample,
  path: string,
  options: ExportOptions,
): Promise<void> {
  const { clip, track, sounds } = sample
  const source = requirePath(input.assetPath(clip.assetId), view.asset(clip.assetId)?.title ?? clip.assetId)
  if (isWholeRecording(view, sample, source)) {
    await copyFile(source, path)
    return
  }
  const part = {
    tracks: [{ ...track, clips: [clip] }, ...sounds],
    fromSeconds: sample.startSeconds,
    toSeconds: sample.endSeconds,
  }
  const container = ['-movflags', '+faststart', '-f', 'mp4']
  await renderFilm(view, input, { path, preset: MP4_PRESETS[0]!, container, part }, options)
}

/** Options of a step that is one of several. */
export function stepOptions(options: ExportOptions, n: number, count: number): ExportOptions {
  return {
    ...options,
    onProgress: (fraction, stage) =>
      options.onProgress?.((n + fraction) / count, say('work.partOf', { place: n + 1, all: count, what: stage ?? '' })),
  }
}
