/** What ffprobe says of a packaged recording: what checks need and nothing of where it lies. */
import { z } from 'zod'
import { inputArguments, runTool } from '../../media/run-tool.ts'
import type { MediaTool } from '../../media/tools.ts'

export interface ProbedStream {
  readonly index: number
  readonly kind: string
  readonly codec: string
  readonly codecTag: string
  readonly profile: string
  readonly width: number
  readonly height: number
  /** Clockwise turn that shows the picture upright. */
  readonly rotationDegrees: number
  readonly pixelFormat: string
  readonly transfer: string
  readonly bFrames: number
  readonly framesPerSecond: number
  /** A cover, not a moving picture. */
  readonly isAttachedPicture: boolean
}

export interface RecordingProbe {
  readonly container: string
  readonly durationSeconds: number
  readonly streams: readonly ProbedStream[]
  /** Of the file and of its streams. */
  readonly tags: readonly (readonly [string, string])[]
}

const tags = z.record(z.string(), z.string()).default({})
const number = z.coerce.number().catch(0)
const outputSchema = z.object({
  streams: z
    .array(
      z.object({
        index: z.number(),
        codec_type: z.string().default(''),
        codec_name: z.string().default(''),
        codec_tag_string: z.string().default(''),
        profile: z.string().default(''),
        width: number.default(0),
        height: number.default(0),
        pix_fmt: z.string().default(''),
        color_transfer: z.string().default(''),
        has_b_frames: number.default(0),
        avg_frame_rate: z.string().default('0/0'),
        disposition: z
          .object({ attached_pic: number.default(0) })
          .loose()
          .default({ attached_pic: 0 }),
        side_data_list: z.array(z.object({ rotation: number.optional() }).loose()).default([]),
        tags,
      }),
    )
    .default([]),
  format: z.object({ format_name: z.string().default(''), duration: number.default(0), tags }),
})

const PROBE_TIMEOUT_MILLISECONDS = 60_000

function rate(text: string): number {
  const [numerator, denominator] = text.split('/').map(Number)
  return denominator > 0 ? numerator / denominator : 0
}

/** The moving picture of a recording; a cover or a still is none. */
export function movingPicture(probe: RecordingProbe): ProbedStream | undefined {
  if (probe.durationSeconds === 0) return undefined
  return probe.streams.find(
    (stream) => stream.kind === 'video' && !stream.isAttachedPicture && stream.framesPerSecond > 0,
  )
}

/** Probes a file; null when ffprobe can make nothing of it. */
export async function probeRecording(
  ffprobe: MediaTool,
  path: string,
  signal: AbortSignal,
): Promise<RecordingProbe | null> {
  const result = await runTool(
    ffprobe,
    ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', ...inputArguments(path)],
    { signal, timeoutMilliseconds: PROBE_TIMEOUT_MILLISECONDS },
  )
  if (result.exitCode !== 0) return null
  const output = outputSchema.parse(JSON.parse(result.stdout.toString('utf8')))
  return {
    container: output.format.format_name,
    durationSeconds: output.format.duration,
    streams: output.streams.map((stream) => ({
      index: stream.index,
      kind: stream.codec_type,
      codec: stream.codec_name,
      codecTag: stream.codec_tag_string,
      profile: stream.profile,
      width: stream.width,
      height: stream.height,
      rotationDegrees: (360 - (stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0)) % 360,
      pixelFormat: stream.pix_fmt,
      transfer: stream.color_transfer,
      bFrames: stream.has_b_frames,
      framesPerSecond: rate(stream.avg_frame_rate),
      isAttachedPicture: stream.disposition.attached_pic === 1,
    })),
    tags: [output.format.tags, ...output.streams.map((stream) => stream.tags)].flatMap((each) => Object.entries(each)),
  }
}
