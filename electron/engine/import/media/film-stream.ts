/** A stream of pictures that a film file is made of when a program asks for one: described by the times of its pictures. */
import { gapsBetween } from '../../../../shared/document/sample-gaps.ts'
import type { FilmFormat } from '../../media/film-file.ts'
import type { StreamDescription } from '../importer.ts'

/** What a decoder is called that reads a sample entry of a film file. */
const CODECS: Readonly<Record<string, string>> = { avc1: 'h264', hev1: 'hevc', jpeg: 'mjpeg', 'png ': 'png' }

/** @param times Strictly increasing, at least one, nanoseconds on the recording's clock. */
export function filmDescription(
  format: FilmFormat,
  times: BigInt64Array,
  title?: string,
): Omit<StreamDescription, 'clock'> {
  const stepNanoseconds = usualStep(times)
  const gaps = gapsBetween(times)
  return {
    sensor: 'video',
    ...(title !== undefined && { title }),
    codec: CODECS[format.entry],
    width: format.width,
    height: format.height,
    sampleCount: times.length,
    startSeconds: Number(times[0]) / 1e9,
    durationSeconds: (Number(times[times.length - 1] - times[0]) + stepNanoseconds) / 1e9,
    frameRate: { numerator: Math.max(1, Math.round(1e12 / stepNanoseconds)), denominator: 1000 },
    ...(gaps.length > 0 && { gaps }),
  }
}

/** How long the last picture is shown: the middle one of the steps; a thirtieth of a second for one picture. */
export function usualStep(times: BigInt64Array): number {
  const steps = Float64Array.from({ length: times.length - 1 }, (_, i) => Number(times[i + 1] - times[i])).toSorted()
  return steps.length > 0 ? steps[steps.length >> 1] : 1e9 / 30
}
