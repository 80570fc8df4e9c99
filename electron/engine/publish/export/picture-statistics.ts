/** The colours of a film over some of its frames, as training code normalises pictures by them. */
import { say } from '../../../../shared/sayings/saying.ts'
import { COMMON_ARGUMENTS, fileUrl, refuseFailure, runTool } from '../../media/run-tool.ts'
import { requireTool, type MediaTools } from '../../media/tools.ts'
import type { Statistics } from './parquet-table.ts'

const SIDE = 64
const FRAMES = 100

/** Shaped [3, 1, 1], channels in 0 to 1. */
export async function pictureStatistics(
  tools: MediaTools,
  path: string,
  frames: number,
  signal: AbortSignal,
): Promise<Statistics> {
  const every = Math.max(1, Math.floor(frames / FRAMES))
  const filter = `select=not(mod(n\\,${every})),scale=${SIDE}:${SIDE}:flags=area,format=rgb24`
  const args = [...COMMON_ARGUMENTS, '-v', 'error', '-i', fileUrl(path), '-map', '0:v:0', '-vf', filter]
  const result = await runTool(
    requireTool(tools, 'ffmpeg'),
    [...args, '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
    {
      signal,
      timeoutMilliseconds: 3600_000,
      stallMilliseconds: 600_000,
    },
  )
  refuseFailure(result, say('tool.filmReadAgain'), { path })
  const bytes = result.stdout
  const count = bytes.length / 3
  const sums = [0, 0, 0]
  const squares = [0, 0, 0]
  const min = [1, 1, 1]
  const max = [0, 0, 0]
  bytes.forEach((byte, n) => {
    const channel = n % 3
    const value = byte / 255
    sums[channel]! += value
    squares[channel]! += value * value
    min[channel] = Math.min(min[channel]!, value)
    max[channel] = Math.max(max[channel]!, value)
  })
  const shaped = (values: readonly number[]): number[][][] => values.map((value) => [[value]])
  const mean = sums.map((sum) => sum / count)
  return {
    min: shaped(min),
    max: shaped(max),
    mean: shaped(mean),
    std: shaped(squares.map((square, n) => Math.sqrt(Math.max(0, square / count - mean[n]! ** 2)))),
    count: [bytes.length / (SIDE * SIDE * 3)],
  }
}
