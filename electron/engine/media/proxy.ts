/**
 * Stand-ins for recordings that the browser cannot play, or plays badly: H.264 and AAC in mp4, at most 1080p, a key
 * frame every 15 frames so that scrubbing is quick. A proxy keeps the recording's clock, its frame times and its
 * rotation (applied to the pixels), so that a time on the original is the same time on the proxy.
 */
import { join } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { fixedAmount } from '../../../shared/sayings/amounts.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { requireFreeSpace } from './disk.ts'
import { PROGRESS_ARGUMENTS, progressReader } from './ffmpeg-progress.ts'
import { probeMedia } from './probe.ts'
import type { MediaProbe, MediaStream } from './probe.ts'
import { COMMON_ARGUMENTS, fileUrl, inputArguments, refuseFailure, runTool } from './run-tool.ts'
import { encodersOf, filtersOf } from './tool-features.ts'
import { requireTool } from './tools.ts'
import type { MediaTool, MediaTools } from './tools.ts'

export interface ProxyOptions {
  readonly signal: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

/** Raised whenever the same recording gives another proxy. */
export const PROXY_VERSION = 2
export const PROXY_FILE = 'proxy.mp4'

/** What Chromium demuxes; mov and mkv are read by its mp4 and webm readers. */
const PLAYED_CONTAINERS = new Set(['mp4', 'mov', 'm4a', '3gp', 'mkv', 'webm', 'mp3', 'wav', 'flac', 'ogg', 'aac'])
const PLAYED_VIDEO = new Set(['h264', 'vp8', 'vp9', 'av1'])
const PLAYED_AUDIO = /^(aac|mp3|opus|vorbis|flac|pcm_(u8|s16le|s24le|s32le|f32le))$/
/** H.264 outside these is decoded by no browser; VP9 and AV1 play in deeper formats as well. */
const PLAYED_PIXELS = new Set(['yuv420p', 'yuvj420p', 'nv12'])
const LONGEST_SIDE = 1920
const SHORTEST_SIDE = 1080
const KEY_FRAME_EVERY = 15
const HIGH_DYNAMIC_RANGE = new Set(['smpte2084', 'arib-std-b67'])
/** By preference; the ones of operating systems are for builds without GPL parts. */
const ENCODERS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['libx264', ['-preset', 'veryfast', '-crf', '23']],
  ['h264_videotoolbox', ['-b:v', '8M']],
  ['h264_mf', ['-b:v', '8M']],
  ['libopenh264', ['-b:v', '8M']],
]
/** Above what the settings give for noisy pictures of 1080p, for the check of free space: bits a second. */
const HIGHEST_BIT_RATE = 12_000_000
const STALL_MILLISECONDS = 120_000
/** The longest that a second of recording may take; slow machines need several. */
const SLOWEST_SECONDS_PER_SECOND = 60
/** Timestamps that begin this close to zero are played as they are: less than a picture. */
const UNSEEN_SECONDS = 0.03
/** Of a proxy, against its original. */
const LENGTH_TOLERANCE_SECONDS = 0.5

/** Why a recording needs a proxy, as sentences; none when it plays as it is. */
export function proxyReasons(probe: MediaProbe): string[] {
  const reasons: string[] = []
  const video = firstPicture(probe)
  if (!PLAYED_CONTAINERS.has(probe.containerFormat))
    reasons.push(`Browsers do not open ${probe.containerFormat} files.`)
  if (video) reasons.push(...pictureReasons(video))
  const audio = probe.streams.find((stream) => stream.kind === 'audio')
  if (audio && !PLAYED_AUDIO.test(audio.codec)) reasons.push(`Browsers do not play ${audio.codec} sound.`)
  if (audio?.codec.startsWith('pcm_') && probe.containerFormat !== 'wav') {
    reasons.push(`Browsers do not play uncompressed sound in ${probe.containerFormat} files.`)
  }
  if (Math.abs(probe.clockOriginSeconds) > UNSEEN_SECONDS && video) reasons.push('Its timestamps do not begin at zero.')
  return [...new Set(reasons)]
}

export function needsProxy(probe: MediaProbe): boolean {
  return proxyReasons(probe).length > 0
}

function pictureReasons(video: MediaStream): string[] {
  const reasons: string[] = []
  const { width = 0, height = 0 } = video
  if (!PLAYED_VIDEO.has(video.codec)) reasons.push(`Browsers do not play ${video.codec} pictures.`)
  if (video.codec === 'h264' && video.pixelFormat && !PLAYED_PIXELS.has(video.pixelFormat)) {
    reasons.push(`Browsers do not play H.264 with ${video.pixelFormat} pixels.`)
  }
  if (Math.max(width, height) > LONGEST_SIDE || Math.min(width, height) > SHORTEST_SIDE) {
    reasons.push(`Its picture of ${width} x ${height} is larger than 1080p.`)
  }
  if (video.isMirrored) reasons.push('Its picture has to be mirrored.')
  return reasons
}

function firstPicture(probe: MediaProbe): MediaStream | undefined {
  return probe.streams.find((stream) => stream.kind === 'video' && !stream.attachedPicture)
}

/**
 * Writes `proxy.mp4` into a folder and checks it against the original.
 *
 * @throws AsterismError `disk_full`, `not_writable`, `tool_missing` (no ffmpeg, or one without H.264), `corrupt_file`,
 *   `tool_failed`, `timeout`, `cancelled`.
 */
export async function makeProxy(
  tools: MediaTools,
  probe: MediaProbe,
  directory: string,
  options: ProxyOptions,
): Promise<void> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const encoders = await encodersOf(ffmpeg, options.signal)
  const video = firstPicture(probe)
  const toned = video ? await toneMapFilters(video, ffmpeg, options.signal) : []
  const duration = probe.durationSeconds
  await requireFreeSpace(directory, duration === null ? probe.byteLength : (duration * bitRateOf(probe)) / 8)
  const path = join(directory, PROXY_FILE)
  const args = proxyArguments(probe, encoders, toned, ffmpeg.version)
  const result = await runTool(ffmpeg, [...args, '-y', fileUrl(path)], {
    signal: options.signal,
    timeoutMilliseconds: 300_000 + (duration ?? 3600) * SLOWEST_SECONDS_PER_SECOND * 1000,
    stallMilliseconds: STALL_MILLISECONDS,
    onStderrLine: progressReader(duration, 0, options.onProgress),
  })
  refuseFailure(result, say('tool.proxyMade'), { path: probe.path, hasOutput: true })
  await checkProxy(tools, probe, path, options.signal)
  options.onProgress?.(1)
}

/** Of small pictures less, though sound and what each picture says of itself stay. */
function bitRateOf(probe: MediaProbe): number {
  const { width = LONGEST_SIDE, height = SHORTEST_SIDE } = firstPicture(probe) ?? {}
  const share = (width * height) / (LONGEST_SIDE * SHORTEST_SIDE)
  return HIGHEST_BIT_RATE * Math.min(1, Math.max(0.1, share))
}

function proxyArguments(
  probe: MediaProbe,
  encoders: ReadonlySet<string>,
  toned: readonly string[],
  version: string,
): string[] {
  const video = firstPicture(probe)
  const audio = probe.streams.find((stream) => stream.kind === 'audio')
  const jumps = probe.streams.some((stream) => stream.hasTimestampJumps)
  // Where timestamps jump ffmpeg's own bridging is wanted, which keeping timestamps switches off.
  const [kept, fromZero] = jumps ? [[], []] : [['-copyts'], ['-output_ts_offset', String(-probe.clockOriginSeconds)]]
  return [
    ...COMMON_ARGUMENTS,
    '-v',
    'error',
    ...PROGRESS_ARGUMENTS,
    ...kept,
    ...inputArguments(probe.path),
    ...(video ? pictureArguments(video, encoders, toned, version) : ['-vn']),
    ...(audio ? soundArguments(audio) : ['-an']),
    '-sn',
    '-dn',
    '-map_metadata',
    '-1',
    ...(probe.clockOriginSeconds === 0 ? [] : fromZero),
    '-avoid_negative_ts',
    'disabled',
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
  ]
}

function pictureArguments(
  video: MediaStream,
  encoders: ReadonlySet<string>,
  toned: readonly string[],
  version: string,
): string[] {
  const encoder = ENCODERS.find(([name]) => encoders.has(name))
  if (!encoder) {
    throw new AsterismError('tool_missing', say('tool.noH264'), {
      fix: say('tool.fix.completeFfmpeg'),
    })
  }
  const [name, args] = encoder
  return [
    '-map',
    `0:${video.index}`,
    '-vf',
    pictureFilter(video, toned),
    // Frames keep their own times, evenly spaced or not.
    isOlderThan51(version) ? '-vsync' : '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '1:90000',
    '-c:v',
    name,
    ...args,
    '-g',
    String(KEY_FRAME_EVERY),
    '-bf',
    '0',
  ]
}

/** Within 1080p either way up, square pixels, even sides, eight bits of standard range. */
function pictureFilter(video: MediaStream, toned: readonly string[]): string {
  const { width = LONGEST_SIDE, height = SHORTEST_SIDE, pixelAspect = 1, rotationDegrees = 0 } = video
  // ffmpeg turns the picture before the filters see it.
  const isTurned = rotationDegrees % 180 !== 0
  const shown = { width: Math.round(width * pixelAspect), height }
  const [w, h] = isTurned ? [shown.height, shown.width] : [shown.width, shown.height]
  const scale = Math.min(1, LONGEST_SIDE / Math.max(w, h), SHORTEST_SIDE / Math.min(w, h))
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2))
  const filters = [`scale=${even(w)}:${even(h)}`, 'setsar=1', ...toned]
  return [...filters, 'format=yuv420p'].join(',')
}

/** Brings high dynamic range down to that of BT.709; nothing for other pictures, and where ffmpeg cannot. */
export async function toneMapFilters(video: MediaStream, ffmpeg: MediaTool, signal: AbortSignal): Promise<string[]> {
  const isBright = video.colorTransfer !== undefined && HIGH_DYNAMIC_RANGE.has(video.colorTransfer)
  if (!isBright) return []
  const filters = await filtersOf(ffmpeg, signal)
  if (!filters.has('zscale') || !filters.has('tonemap')) return []
  return [
    'zscale=t=linear:npl=100',
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
  ]
}

function soundArguments(audio: MediaStream): string[] {
  const channels = Math.min(2, audio.channels ?? 2)
  // async=1 fills gaps; without it a lost packet would shift all sound after it.
  return [
    '-map',
    `0:${audio.index}`,
    '-af',
    'aresample=async=1',
    '-c:a',
    'aac',
    '-b:a',
    '160k',
    '-ac',
    String(channels),
  ]
}

function isOlderThan51(version: string): boolean {
  return /^n?5\.0/.test(version)
}

async function checkProxy(tools: MediaTools, original: MediaProbe, path: string, signal: AbortSignal): Promise<void> {
  const made = await probeMedia(path, tools, signal)
  const shortSeconds = (original.durationSeconds ?? 0) - (made.durationSeconds ?? 0)
  const wanted = firstPicture(original) ? 'video' : 'audio'
  const isWhole = made.streams.some((stream) => stream.kind === wanted)
  if (isWhole && shortSeconds <= Math.max(LENGTH_TOLERANCE_SECONDS, (original.durationSeconds ?? 0) * 0.02)) return
  throw new AsterismError('tool_failed', say('tool.proxyShort', { seconds: fixedAmount(shortSeconds, 1) }), {
    path: original.path,
    kept: say('tool.kept.original'),
  })
}
