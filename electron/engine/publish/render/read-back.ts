/** What a finished film or sound really holds, by its packets: what the person is told of it after writing. */
import type { WrittenMedia } from '../../../../shared/contract/export.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { fileUrl, runTool } from '../../media/run-tool.ts'
import { requireTool, type MediaTools } from '../../media/tools.ts'

interface ProbedStream {
  readonly codec_type?: string
  readonly codec_name?: string
  readonly width?: number
  readonly height?: number
  readonly nb_read_packets?: string
  readonly sample_rate?: string
  readonly channels?: number
  readonly time_base?: string
  readonly duration_ts?: number
}

const TIMEOUT_MILLISECONDS = 3600_000

/** @throws AsterismError `tool_failed` where the file cannot be read. */
export async function readBack(tools: MediaTools, path: string, signal: AbortSignal): Promise<WrittenMedia> {
  const text: string[] = []
  const result = await runTool(
    requireTool(tools, 'ffprobe'),
    ['-v', 'error', '-of', 'json', '-count_packets', '-show_streams', '-show_format', '-i', fileUrl(path)],
    {
      signal,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      onStdout: (chunk) => void text.push(chunk.toString('utf8')),
    },
  )
  if (result.exitCode !== 0) {
    throw new AsterismError('tool_failed', say('export.notReadBack'), {
      path,
      kept: say('export.kept.file'),
      fix: say('export.fix.lookAndAgain'),
    })
  }
  const probed = JSON.parse(text.join('')) as { streams?: ProbedStream[]; format?: { duration?: string } }
  return {
    duration_s: Number(probed.format?.duration ?? 0),
    streams: (probed.streams ?? []).flatMap((stream) => told(stream)),
  }
}

function told(stream: ProbedStream): WrittenMedia['streams'] {
  const codec = stream.codec_name ?? 'unknown'
  if (stream.codec_type === 'video') {
    return [
      { kind: 'video', codec, width: stream.width, height: stream.height, frames: Number(stream.nb_read_packets ?? 0) },
    ]
  }
  if (stream.codec_type !== 'audio') return []
  const rate = Number(stream.sample_rate)
  // WebM counts in milliseconds: how many samples it holds cannot be read from it.
  const countsSamples = stream.time_base === `1/${rate}` && stream.duration_ts !== undefined
  return [
    {
      kind: 'audio',
      codec,
      sample_rate_hz: rate,
      channels: stream.channels,
      samples: countsSamples ? stream.duration_ts : undefined,
    },
  ]
}
