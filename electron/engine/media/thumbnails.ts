/**
 * Thumbnails in sprite sheets: JPEG pictures of at most 10 x 10 tiles, each 160 pixels wide, and an index that says which tile
 * shows which time.
 */
import { readdir, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { requireFreeSpace } from './disk.ts'
import { clockShiftSeconds } from './file-clock.ts'
import type { MediaProbe, MediaStream } from './probe.ts'
import { COMMON_ARGUMENTS, fileUrl, inputArguments, refuseFailure, runTool } from './run-tool.ts'
import { requireTool } from './tools.ts'
import type { MediaTools } from './tools.ts'

/** The index beside the sheets, as JSON. */
export interface ThumbnailIndex {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly columns: number
  readonly rows: number
  /** Tiles in all; tile n lies on sheet floor(n / (columns * rows)), row by row. */
  readonly count: number
  /** Tile n shows what is on screen at the clock time `startSeconds + n * intervalSeconds`. */
  readonly startSeconds: number
  readonly intervalSeconds: number
  /** True when only key frames were decoded: a tile may then show a picture of up to one interval earlier. */
  readonly isFromKeyFrames: boolean
  /** File names in order. */
  readonly sheets: readonly string[]
}

export interface ThumbnailOptions {
  /** Counts the file's video streams from 0. */
  readonly videoStreamIndex: number
  /** Where the stream starts on its clock; where the file says without it. */
  readonly clockStartSeconds?: number
  readonly signal: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

/** Raised whenever the same recording gives other files. */
export const THUMBNAILS_VERSION = 2
export const THUMBNAILS_INDEX = 'thumbnails.json'
const TILE_WIDTH = 160
const HIGHEST_TILE = 480
const COLUMNS = 10
const MOST_ROWS = 10
const MOST_TILES = 400
const INTERVALS_SECONDS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800]
/** A tile of 160 x 90 at this quality, at most. */
const BYTES_PER_PIXEL = 1
const STALL_MILLISECONDS = 120_000

/** The name of a sheet, counted from 0. */
export function sheetName(sheet: number): string {
  return `sheet-${String(sheet + 1).padStart(3, '0')}.jpg`
}

/** The smallest step that shows a recording in at most 400 pictures. */
export function thumbnailInterval(durationSeconds: number): number {
  const longest = INTERVALS_SECONDS[INTERVALS_SECONDS.length - 1]
  const found = INTERVALS_SECONDS.find((interval) => durationSeconds / interval <= MOST_TILES)
  return found ?? longest * Math.ceil(durationSeconds / (longest * MOST_TILES))
}

/**
 * Writes the sheets and `thumbnails.json` into a folder.
 *
 * @throws AsterismError `bad_input` (no such video stream), `corrupt_file`, `disk_full`, `not_writable`,
 *   `tool_missing`, `timeout`, `cancelled`.
 */
export async function makeThumbnails(
  tools: MediaTools,
  probe: MediaProbe,
  directory: string,
  options: ThumbnailOptions,
): Promise<ThumbnailIndex> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const stream = videoStream(probe, options.videoStreamIndex)
  const plan = planTiles(probe, stream)
  const { count, tileWidth, tileHeight } = plan
  await requireFreeSpace(directory, count * tileWidth * tileHeight * BYTES_PER_PIXEL)
  const run = async (fromKeyFrames: boolean): Promise<boolean> => {
    const args = thumbnailArguments(probe, stream, { ...plan, isFromKeyFrames: fromKeyFrames }, directory)
    const result = await runTool(ffmpeg, args, {
      signal: options.signal,
      timeoutMilliseconds: 300_000 + (stream.durationSeconds ?? 3600) * 4000,
      stallMilliseconds: STALL_MILLISECONDS,
      onStderrLine: (line) => {
        const tile = /showinfo.* n: *(\d+) /.exec(line)?.[1]
        if (tile !== undefined) options.onProgress?.(Math.min(1, (Number(tile) + 1) / count))
      },
    })
    const isWhole = (await readdir(directory)).filter((name) => sheets.includes(name)).length === sheets.length
    if (isWhole || !fromKeyFrames) {
      const what = say('tool.thumbnailsMade')
      refuseFailure(result, what, { path: probe.path, code: 'corrupt_file', hasOutput: isWhole })
      if (!isWhole)
        throw new AsterismError('corrupt_file', say('tool.failedSaying', { what, detail: say('tool.noPicture') }), {
          path: probe.path,
        })
    }
    return isWhole
  }
  const sheets = Array.from({ length: Math.ceil(count / (plan.columns * plan.rows)) }, (_, sheet) => sheetName(sheet))
  // Ogg marks key frames that its reader then discards: where none come through, all frames are decoded.
  const isFromKeyFrames = plan.isFromKeyFrames && (await run(true))
  if (!isFromKeyFrames) await run(false)
  const shift = clockShiftSeconds({ startSeconds: options.clockStartSeconds ?? stream.startSeconds }, stream)
  const index = { ...plan, startSeconds: plan.startSeconds + shift, isFromKeyFrames, sheets }
  await writeFile(join(directory, THUMBNAILS_INDEX), JSON.stringify(index))
  options.onProgress?.(1)
  return index
}

/** A video stream of a probe by its rank. @throws `bad_input` when there is none. */
function videoStream(probe: MediaProbe, videoStreamIndex: number): MediaStream {
  const found = probe.streams.find(
    (stream) => stream.kind === 'video' && !stream.attachedPicture && stream.kindIndex === videoStreamIndex,
  )
  if (found) return found
  throw new AsterismError('bad_input', say('tool.noStream', { rank: videoStreamIndex }), { path: probe.path })
}

type Plan = Omit<ThumbnailIndex, 'sheets'>

function planTiles(probe: MediaProbe, stream: MediaStream): Plan {
  const durationSeconds = stream.durationSeconds ?? probe.durationSeconds ?? 0
  const intervalSeconds = thumbnailInterval(durationSeconds)
  const { keyframeIntervalSeconds } = stream
  const count = Math.max(1, Math.ceil(durationSeconds / intervalSeconds))
  return {
    tileWidth: TILE_WIDTH,
    tileHeight: tileHeight(stream),
    columns: COLUMNS,
    rows: Math.min(MOST_ROWS, Math.ceil(count / COLUMNS)),
    count,
    startSeconds: stream.startSeconds,
    intervalSeconds,
    isFromKeyFrames: keyframeIntervalSeconds !== undefined && keyframeIntervalSeconds <= intervalSeconds,
  }
}

/** As high as the upright picture asks for at 160 pixels of width; even. */
function tileHeight(stream: MediaStream): number {
  const { width = 16, height = 9, pixelAspect = 1, rotationDegrees = 0 } = stream
  const aspect = (width * pixelAspect) / height
  const shown = rotationDegrees % 180 === 0 ? aspect : 1 / aspect
  return Math.max(2, Math.min(HIGHEST_TILE, 2 * Math.round(TILE_WIDTH / shown / 2)))
}

function thumbnailArguments(probe: MediaProbe, stream: MediaStream, plan: Plan, directory: string): string[] {
  // The sign of the pattern is doubled where it stands in the path.
  const pattern = `${fileUrl(directory.replaceAll('%', '%%'))}${sep}sheet-%03d.jpg`
  const start = stream.startSeconds + probe.clockOriginSeconds
  const filters = [
    `scale=${plan.tileWidth}:${plan.tileHeight}`,
    'setsar=1',
    // Rounding up gives the picture that is on screen at the time of the tile, not one that comes after it.
    `fps=fps=1/${plan.intervalSeconds}:start_time=${start.toFixed(6)}:round=up`,
    // Without the frames between key frames, and in files that were cut, the last pictures may be missing.
    `tpad=stop_mode=clone:stop=${plan.count}`,
    `trim=end_frame=${plan.count}`,
    'showinfo=checksum=0',
    `tile=${plan.columns}x${plan.rows}`,
    'format=yuvj420p',
  ]
  return [
    ...COMMON_ARGUMENTS,
    '-v',
    'info',
    '-nostats',
    '-copyts',
    ...(plan.isFromKeyFrames ? ['-skip_frame', 'nokey', '-discard:v', 'nokey'] : []),
    ...inputArguments(probe.path),
    '-map',
    `0:${stream.index}`,
    '-vf',
    filters.join(','),
    '-vsync',
    'passthrough',
    '-c:v',
    'mjpeg',
    '-q:v',
    '5',
    '-f',
    'image2',
    '-y',
    pattern,
  ]
}
