/**
 * A preview that fits into a market's page, and its poster. One thread and bit-exact flags: the same ffmpeg makes the
 * same bytes of the same recording, whatever the machine, the clock and the folder.
 */
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import {
  COMMON_ARGUMENTS,
  EXIT_DECODE_ERRORS,
  fileUrl,
  inputArguments,
  lastLine,
  runTool,
} from '../../media/run-tool.ts'
import type { MediaTool } from '../../media/tools.ts'
import { addressOfFile } from '../content/unixfs.ts'
import { withFileErrors } from '../../file-errors.ts'
import { mediaTypeOf } from '../formats/media-types.ts'
import { movingPicture, type RecordingProbe } from './recording-probe.ts'
import type { PackagedAsset, PackagedFile, Preview } from './packaged.ts'

/** OpenSea's page shows media up to 100 MB well. */
const MAX_PREVIEW_BYTES = 100_000_000
/** Left for sound, container and the encoder's overshoot. */
const VIDEO_BUDGET_BITS = 80_000_000 * 8
const MAX_VIDEO_BITS_PER_SECOND = 1_500_000
/** A longer recording is shown by its beginning. */
const MAX_PREVIEW_SECONDS = 1800
/** Of a sealed work: a taste, not the work. */
const MAX_SEALED_PREVIEW_SECONDS = 15
const PREVIEW_HEIGHT = 480
const POSTER_WIDTH = 1280
const TIMEOUT_MILLISECONDS = 3 * 3600_000

const BIT_EXACT = words('-fflags +bitexact -flags:v +bitexact -flags:a +bitexact -threads 1')

function words(text: string): string[] {
  return text.split(' ')
}

const NOTHING: Preview = { video: null, poster: null }
const PREVIEW_PATH = 'preview/preview.mp4'
const POSTER_PATH = 'preview/poster.png'

interface Source {
  readonly path: string
  readonly probe: RecordingProbe
}

async function run(ffmpeg: MediaTool, args: readonly string[], out: string, signal: AbortSignal): Promise<void> {
  const result = await runTool(
    ffmpeg,
    [...COMMON_ARGUMENTS, '-v', 'error', '-progress', 'pipe:1', '-n', ...args, fileUrl(out)],
    { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS, onStdout: () => undefined },
  )
  const made = await stat(out).catch(() => null)
  const ran = result.exitCode === 0 || result.exitCode === EXIT_DECODE_ERRORS
  if (!ran || made === null || made.size === 0) {
    throw new AsterismError('tool_failed', say('package.noPreview', { why: lastLine(result.stderrTail) }), {
      fix: say('package.fix.noPreview'),
    })
  }
}

async function packaged(directory: string, path: string, signal: AbortSignal): Promise<PackagedFile> {
  const { cid, dagBytes, sha256, bytes } = await addressOfFile(join(directory, path), signal)
  return { path, bytes, sha256, address: { cid, dagBytes }, mediaType: mediaTypeOf(path) }
}

/** The first recording in the package that satisfies. */
function firstWith(
  assets: readonly PackagedAsset[],
  directory: string,
  satisfies: (probe: RecordingProbe) => boolean,
): Source | null {
  for (const asset of assets) {
    for (const [path, probe] of asset.probes) if (satisfies(probe)) return { path: join(directory, path), probe }
  }
  return null
}

function firstImage(assets: readonly PackagedAsset[], directory: string): string | null {
  const file = assets
    .filter((asset) => !asset.isFolder)
    .find((asset) => /^image\/(jpeg|png|webp|tiff)$/.test(asset.files[0].mediaType))
  return file === undefined ? null : join(directory, file.path)
}

async function makeVideo(
  ffmpeg: MediaTool,
  source: Source,
  longestSeconds: number,
  out: string,
  signal: AbortSignal,
): Promise<void> {
  const picture = movingPicture(source.probe)?.index ?? 0
  const seconds = Math.min(Math.max(source.probe.durationSeconds, 1), longestSeconds)
  const bits = Math.min(MAX_VIDEO_BITS_PER_SECOND, Math.floor(VIDEO_BUDGET_BITS / seconds))
  await run(
    ffmpeg,
    [
      ...inputArguments(source.path),
      ...words(`-t ${longestSeconds} -map 0:${picture} -map 0:a:0? -map_metadata -1 -map_chapters -1`),
      '-vf',
      `scale=-2:'min(${PREVIEW_HEIGHT},trunc(ih/2)*2)':flags=bicubic+accurate_rnd+full_chroma_int`,
      ...words(`-c:v libx264 -preset veryfast -crf 27 -maxrate ${bits} -bufsize ${2 * bits} -pix_fmt yuv420p -g 60`),
      ...words('-c:a aac -b:a 96k -ac 2 -ar 48000'),
      ...BIT_EXACT,
      ...words('-movflags +faststart -f mp4'),
    ],
    out,
    signal,
  )
  const { size } = await stat(out)
  if (size >= MAX_PREVIEW_BYTES) {
    throw new AsterismError('internal', `The preview came out at ${size} bytes, above ${MAX_PREVIEW_BYTES}.`)
  }
}

/**
 * Makes `preview/preview.mp4` of the first video (480 lines, H.264, below 100 MB) and `preview/poster.png`: a frame of
 * it, else the first picture, else the waveform of the first sound. A sealed film shows its first seconds only, and a
 * sealed picture or sound nothing. Scans alone have neither, nor has a recording that
 * ffmpeg cannot decode: the checks tell of both.
 */
export async function makePreview(
  ffmpeg: MediaTool | null,
  directory: string,
  assets: readonly PackagedAsset[],
  isSealed: boolean,
  signal: AbortSignal,
): Promise<Preview> {
  if (ffmpeg === null) return NOTHING
  const folder = join(directory, 'preview')
  await withFileErrors(folder, () => mkdir(folder))
  let preview = NOTHING
  try {
    preview = await previewOf(ffmpeg, directory, assets, isSealed, signal)
  } catch (error) {
    if (!(error instanceof AsterismError) || error.code !== 'tool_failed') throw error
  }
  if (preview.poster === null) await rm(folder, { recursive: true, force: true })
  return preview
}

async function previewOf(
  ffmpeg: MediaTool,
  directory: string,
  assets: readonly PackagedAsset[],
  isSealed: boolean,
  signal: AbortSignal,
): Promise<Preview> {
  const longest = isSealed ? MAX_SEALED_PREVIEW_SECONDS : MAX_PREVIEW_SECONDS
  const video = firstWith(assets, directory, (probe) => movingPicture(probe) !== undefined)
  const audio = firstWith(assets, directory, (probe) => probe.streams.some((stream) => stream.kind === 'audio'))
  const image = firstImage(assets, directory)
  const poster = join(directory, POSTER_PATH)
  const frame = [...words('-frames:v 1 -map_metadata -1'), ...BIT_EXACT, ...words('-pix_fmt rgb24 -f image2 -update 1')]
  if (video !== null) {
    const film = join(directory, PREVIEW_PATH)
    await makeVideo(ffmpeg, video, longest, film, signal)
    const at = Math.min(video.probe.durationSeconds, longest) / 3
    await run(ffmpeg, ['-ss', at.toFixed(3), ...inputArguments(film), '-map', '0:v:0', ...frame], poster, signal)
  } else if (isSealed) return NOTHING
  else if (image !== null) {
    const scale = `scale='min(${POSTER_WIDTH},iw)':-2:flags=bicubic+accurate_rnd`
    await run(ffmpeg, [...inputArguments(image), '-map', '0:v:0', '-vf', scale, ...frame], poster, signal)
  } else if (audio !== null) {
    const wave = `[0:a:0]aresample=8000,showwavespic=s=${POSTER_WIDTH}x400:colors=white[wave]`
    const draw = ['-filter_complex', wave, '-map', '[wave]']
    await run(ffmpeg, [...inputArguments(audio.path), ...draw, ...frame], poster, signal)
  } else return NOTHING
  return {
    video: video === null ? null : await packaged(directory, PREVIEW_PATH, signal),
    poster: await packaged(directory, POSTER_PATH, signal),
  }
}
