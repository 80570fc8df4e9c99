/** From what importers and the document say to what the commands answer. */
import type { StreamAnswer } from '../../../shared/contract/answers.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import type { Saying } from '../../../shared/sayings/saying.ts'
import type { StreamDescription } from '../import/importer.ts'

export function streamAnswer(stream: Stream | StreamDescription, id: string): StreamAnswer {
  return {
    id,
    kind: stream.sensor,
    title: stream.title,
    codec: stream.codec,
    start_s: stream.startSeconds,
    duration_s: stream.durationSeconds,
    sample_rate_hz: stream.sampleRateHz,
    sample_count: stream.sampleCount,
    gaps: stream.gaps?.map(({ startSeconds, durationSeconds }) => ({
      start_s: startSeconds,
      duration_s: durationSeconds,
    })),
    channels: stream.channels,
    frame_rate: stream.frameRate ? stream.frameRate.numerator / stream.frameRate.denominator : undefined,
    width: stream.width,
    height: stream.height,
    rotation_degrees: stream.rotationDegrees,
    rotation_unknown: stream.rotationUnknown,
    point_count: stream.pointCount,
    triangle_count: stream.triangleCount,
    has_color: stream.hasColor,
    bounds_m: stream.boundsMetres,
  }
}

/** A refused input with its reason; anything but a refusal goes on up. */
export function refusalOf(error: unknown, path: string): { path: string; code: string; reason: string; said?: Saying } {
  if (!(error instanceof AsterismError) || error.code === 'cancelled') throw error
  return { path, code: error.code, ...error.reason }
}
