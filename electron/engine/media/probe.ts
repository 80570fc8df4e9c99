/**
 * What a media file holds, and on which clock.
 *
 * The clock's zero is time 0 of the container for the mp4 and Matroska families, where that time means something and
 * players show it; for every other container (transport and program streams start anywhere, MP3 counts its encoder's
 * padding) it is the earliest timestamp. Where nothing but an encoder's delay lies there, it is where the recording
 * begins (`encoder-delay.ts`). A stream that starts later than its clock's zero says so in `startSeconds`.
 */
import { stat } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import type { FrameRate } from '../../../shared/units.ts'
import { containerName } from './container-name.ts'
import { isCutShort, readDeclaredSize } from './declared-size.ts'
import type { DeclaredSize } from './declared-size.ts'
import { answerSchema, parseNumber, streamsFromAnswer, wholeMicroseconds } from './ffprobe-answer.ts'
import type { FfprobeAnswer, MediaStream } from './ffprobe-answer.ts'
import { withoutEncoderDelay } from './encoder-delay.ts'
import { KnownFiles } from './known-files.ts'
import { PACKET_ENTRIES, extentsOf, measureExtents, measureFrameTiming, packetFrom, timingOf } from './packet-walk.ts'
import type { Packet } from './packet-walk.ts'
import { isTimecode, recordedTime } from './recorded-time.ts'
import { inputArguments, lastLine, runTool } from './run-tool.ts'
import { requireTool } from './tools.ts'
import type { MediaTool, MediaTools } from './tools.ts'
import { fixedAmount } from '../../../shared/sayings/amounts.ts'
import { warning } from '../warning.ts'
import { kindWords } from './stream-words.ts'

export type { MediaStream } from './ffprobe-answer.ts'

export interface MediaProbe {
  readonly path: string
  readonly byteLength: number
  /** Short and stable: mp4, mov, mkv, webm, avi, mpeg, mpegts, wav, mp3 … */
  readonly containerFormat: string
  /** Container time of the clock's zero. */
  readonly clockOriginSeconds: number
  /** From the start of the earliest stream to the end of the latest; null when nothing says it. */
  readonly durationSeconds: number | null
  /** Nanoseconds since 1970; null when the recording does not say it. */
  readonly creationTimeUtcNanoseconds: string | null
  /** True when the time of creation carried its own zone. */
  readonly creationTimeHasZone: boolean
  /** SMPTE timecode at the start of the recording. */
  readonly timecode: string | null
  /** What it counts at, where the file has a track of its own for it. */
  readonly timecodeRate: FrameRate | null
  readonly streams: readonly MediaStream[]
  /** Of the container, as written. */
  readonly tags: Readonly<Record<string, string>>
  readonly warnings: readonly ImportWarning[]
}

/** Together under the 30 s that a file may take to be imported. */
const PROBE_TIMEOUT_MILLISECONDS = 11_000
const WALK_TIMEOUT_MILLISECONDS = 10_000
const TIMING_TIMEOUT_MILLISECONDS = 3_000
/** A live stream that was saved from its middle keeps its old timestamps; a recording never starts this late. */
const LATEST_MEANINGFUL_START_SECONDS = 10
const ABSOLUTE_CLOCKS = new Set(['mp4', 'mov', 'm4a', '3gp', 'mkv', 'webm', 'mka'])
/** Smaller files are read whole in less time than starting ffprobe again takes. */
const LARGEST_READ_WITH_HEADER = 16 << 20
/** Of a file that is read with its header; one that has more is read again. */
const MOST_PACKETS = 4_000
/** Their headers carry no length: ffprobe guesses it from the bit rate. */
const GUESSED_LENGTHS = new Set(['aac', 'mp3', 'ac3', 'eac3', 'dts', 'amr', 'truehd', 'loas', 'h264', 'hevc', 'flac'])
/** Their length is read off the last timestamps, which leaves out the last packet of a stream. */
const ROUGH_LENGTHS = new Set(['mpegts', 'mpeg'])
const LARGEST_ROUGH_BYTES = 1 << 30
/** Fewer bits a second than any recording has: the length in the header is made up. */
const FEWEST_BITS_PER_SECOND = 64
/** Of some kilobytes each: more recordings than a take has. */
const KNOWN_PROBES = 256
const knownProbes = new KnownFiles<MediaProbe>(KNOWN_PROBES)

/**
 * Reads what a media file holds, without decoding it. Known files are looked into again only once they have changed.
 *
 * @throws AsterismError `empty_file`, `corrupt_file` (cut off before its index, or broken), `unsupported_format` (not
 *   media, or nothing in it that can be played), `timeout`, `tool_missing`, `not_found`, `cancelled`.
 */
export async function probeMedia(path: string, tools: MediaTools, signal: AbortSignal): Promise<MediaProbe> {
  const ffprobe = requireTool(tools, 'ffprobe')
  const byteLength = await fileSize(path)
  if (byteLength === 0) throw new AsterismError('empty_file', say('file.nothing'), { path })
  // What took too long may be quick the next time.
  const isCertain = ({ warnings }: MediaProbe): boolean => !warnings.some(({ code }) => code === 'duration-unsure')
  return await knownProbes.about(path, ffprobe.path, () => readProbe(tools, path, byteLength, signal), isCertain)
}

async function readProbe(
  tools: MediaTools,
  path: string,
  byteLength: number,
  signal: AbortSignal,
): Promise<MediaProbe> {
  const ffprobe = requireTool(tools, 'ffprobe')
  const declared = await readDeclaredSize(path)
  const answer = await askFfprobe(ffprobe, path, declared, signal)
  const packets = allPackets(answer)
  const containerFormat = await containerName(path, answer.format?.format_name ?? '')
  const containerOrigin = clockOrigin(containerFormat, parseNumber(answer.format?.start_time))
  let streams = streamsFromAnswer(answer, containerOrigin)
  refuseNothingToPlay(path, containerFormat, streams)

  const warnings: ImportWarning[] = []
  const missingBytes = isCutShort(declared) ? (declared.declaredBytes ?? 0) - declared.actualBytes : 0
  if (missingBytes > 0) {
    warnings.push(warning('truncated', say('import.truncated', { bytes: missingBytes })))
  }
  if (declared.bytesBeyond > 0) {
    warnings.push(warning('longer-than-declared', say('import.longer', { bytes: declared.bytesBeyond })))
  }
  if (missingBytes > 0 || needsMeasuring(containerFormat, byteLength, streams)) {
    const measured = await measuredStreams(ffprobe, path, streams, containerOrigin, packets, signal)
    if (measured) {
      if (containerFormat === 'flac' && missingBytes === 0) warnings.push(...shortfallWarnings(streams, measured))
      streams = measured
    } else {
      warnings.push(warning('duration-unsure', say('import.slowToRead')))
    }
  }
  const told = { streams, clockOriginSeconds: containerOrigin }
  const begun = await withoutEncoderDelay(tools.ffmpeg, path, containerFormat, told, signal)
  for (const { index, codec } of begun.unsure) {
    warnings.push(warning('encoder-delay', say('import.encoderDelay', { index, codec })))
  }
  streams = await withFrameTiming(ffprobe, path, begun.streams, warnings, packets, signal)
  warnings.push(...streamWarnings(streams))

  const created = recordedTime(answer.format?.tags ?? {}) ?? firstOf(streams, (stream) => recordedTime(stream.tags))
  const timecode = [answer.format?.tags['timecode'], ...streams.map((stream) => stream.timecode)].find(isTimecode)
  return {
    path,
    byteLength,
    containerFormat,
    clockOriginSeconds: begun.clockOriginSeconds,
    durationSeconds: overallDuration(streams) ?? parseNumber(answer.format?.duration),
    creationTimeUtcNanoseconds: created?.utcNanoseconds ?? null,
    creationTimeHasZone: created?.hasZone ?? false,
    timecode: timecode ?? null,
    timecodeRate: firstOf(streams, (stream) => stream.timecodeRate ?? null),
    streams,
    tags: answer.format?.tags ?? {},
    warnings,
  }
}

async function fileSize(path: string): Promise<number> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw new AsterismError('not_found', say('file.noneFound'), { path, cause })
  })
  if (!entry.isFile()) throw new AsterismError('bad_input', say('file.noRegular'), { path })
  return entry.size
}

async function askFfprobe(
  ffprobe: MediaTool,
  path: string,
  declared: DeclaredSize,
  signal: AbortSignal,
): Promise<FfprobeAnswer> {
  const result = await runTool(
    ffprobe,
    [
      '-v',
      'error',
      '-max_alloc',
      String(1 << 30),
      '-of',
      'json',
      '-show_format',
      '-show_streams',
      ...(declared.actualBytes > LARGEST_READ_WITH_HEADER
        ? []
        : ['-read_intervals', `%+#${MOST_PACKETS}`, '-show_entries', PACKET_ENTRIES]),
      ...inputArguments(path),
    ],
    { signal, timeoutMilliseconds: PROBE_TIMEOUT_MILLISECONDS, maxOutputBytes: 16 << 20 },
  )
  if (result.exitCode !== 0) throw refusal(path, declared, result.stderrTail)
  const parsed = answerSchema.safeParse(JSON.parse(result.stdout.toString('utf8')))
  if (!parsed.success) {
    throw new AsterismError('tool_failed', say('tool.noSense'), { path, cause: parsed.error })
  }
  return parsed.data
}

/** All packets of the file, in its order; null where they were not, or not all, read with the header. */
function allPackets({ packets }: FfprobeAnswer): Packet[] | null {
  if (!packets || packets.length >= MOST_PACKETS) return null
  return packets.map(({ side_data_list: beside, ...packet }) =>
    packetFrom(Object.assign({}, ...beside, packet) as Record<string, unknown>),
  )
}

function refusal(path: string, declared: DeclaredSize, log: string): AsterismError {
  if (declared.hasMovieIndex === false) {
    return new AsterismError('corrupt_file', say('media.cutOff'), {
      path,
      fix: say('media.fix.camera'),
    })
  }
  if (/not on whitelist/.test(log)) {
    return new AsterismError('unsupported_format', say('media.otherKind'), { path })
  }
  // ffprobe finds "no moov" in any file named .mp4: without the boxes of one, the name is what is wrong.
  if (declared.hasMovieIndex === null && /moov atom not found|Invalid data found/.test(log)) {
    return new AsterismError('unsupported_format', say('media.notMedia'), { path })
  }
  return new AsterismError(
    'corrupt_file',
    say('media.unreadable', { reason: lastLine(log) || say('media.noReason') }),
    {
      path,
    },
  )
}

function refuseNothingToPlay(path: string, format: string, streams: readonly MediaStream[]): void {
  if (streams.length === 0) throw new AsterismError('corrupt_file', say('media.noTracks', { format }), { path })
  if (streams.every((stream) => (stream.kind !== 'video' && stream.kind !== 'audio') || stream.attachedPicture)) {
    const kinds = [...new Set(streams.map((stream) => stream.kind))].join(', ')
    throw new AsterismError('unsupported_format', say('media.nothingToPlay', { format, kinds }), {
      path,
    })
  }
  const described = streams.some(
    (stream) =>
      (stream.kind === 'video' && stream.width && stream.height) || (stream.kind === 'audio' && stream.sampleRateHz),
  )
  if (!described) {
    throw new AsterismError('corrupt_file', say('media.nothingDecodes', { format }), {
      path,
    })
  }
}

function clockOrigin(containerFormat: string, startSeconds: number | null): number {
  if (startSeconds === null) return 0
  if (!ABSOLUTE_CLOCKS.has(containerFormat)) return startSeconds
  return Math.abs(startSeconds) > LATEST_MEANINGFUL_START_SECONDS ? startSeconds : 0
}

function needsMeasuring(containerFormat: string, byteLength: number, streams: readonly MediaStream[]): boolean {
  if (GUESSED_LENGTHS.has(containerFormat)) return true
  if (ROUGH_LENGTHS.has(containerFormat) && byteLength <= LARGEST_ROUGH_BYTES) return true
  const duration = overallDuration(streams)
  return duration === null || (duration > 1 && (byteLength * 8) / duration < FEWEST_BITS_PER_SECOND)
}

/** The streams with lengths as measured; null when reading the file took too long. */
async function measuredStreams(
  ffprobe: MediaTool,
  path: string,
  streams: readonly MediaStream[],
  clockOriginSeconds: number,
  packets: readonly Packet[] | null,
  signal: AbortSignal,
): Promise<MediaStream[] | null> {
  const sampleRates = new Map(
    streams.flatMap((stream) => (stream.sampleRateHz ? [[stream.index, stream.sampleRateHz]] : [])),
  )
  try {
    const limits = { signal, timeoutMilliseconds: WALK_TIMEOUT_MILLISECONDS, sampleRates }
    const extents = packets ? extentsOf(packets, sampleRates) : await measureExtents(ffprobe, path, limits)
    return streams.map((stream) => {
      const extent = extents.find((candidate) => candidate.streamIndex === stream.index)
      if (!extent) return { ...stream, durationSeconds: stream.kind === 'data' ? stream.durationSeconds : 0 }
      return {
        ...stream,
        startSeconds: wholeMicroseconds(extent.startSeconds - clockOriginSeconds),
        durationSeconds: wholeMicroseconds(extent.endSeconds - extent.startSeconds),
        ...(extent.hasJumps && (stream.kind === 'video' || stream.kind === 'audio') && { hasTimestampJumps: true }),
        ...(stream.frameCount !== undefined && { frameCount: extent.packetCount }),
      }
    })
  } catch (error) {
    if (error instanceof AsterismError && error.code === 'timeout') return null
    throw error
  }
}

/** FLAC says its length in samples and not in bytes, so that a cut shows only in what can be read. */
function shortfallWarnings(declared: readonly MediaStream[], measured: readonly MediaStream[]): ImportWarning[] {
  const missing = (overallDuration(declared) ?? 0) - (overallDuration(measured) ?? 0)
  if (missing <= 0.2) return []
  return [warning('truncated', say('import.truncatedSeconds', { seconds: fixedAmount(missing, 1) }))]
}

async function withFrameTiming(
  ffprobe: MediaTool,
  path: string,
  streams: readonly MediaStream[],
  warnings: ImportWarning[],
  packets: readonly Packet[] | null,
  signal: AbortSignal,
): Promise<MediaStream[]> {
  const timed: MediaStream[] = []
  for (const stream of streams) {
    if (stream.kind !== 'video' || stream.attachedPicture) {
      timed.push(stream)
      continue
    }
    const limits = { signal, timeoutMilliseconds: TIMING_TIMEOUT_MILLISECONDS }
    const timing = packets
      ? timingOf(packets, stream.index)
      : await measureFrameTiming(ffprobe, path, stream.index, limits)
    const frameCount = shownFrames(stream, packets, timing.discardedCount)
    timed.push({
      ...stream,
      ...(frameCount !== undefined && { frameCount }),
      ...(timing.isVariable !== null && { isVariableRate: timing.isVariable }),
      ...(timing.keyframeIntervalSeconds !== null && { keyframeIntervalSeconds: timing.keyframeIntervalSeconds }),
    })
    if (timing.isVariable) {
      warnings.push(warning('variable-frame-rate', say('import.unevenRate', { index: stream.index })))
    }
  }
  return timed
}

/** Frames that are shown, without those before the beginning of an edit list; undefined where the file was not read whole. */
function shownFrames(
  { index, frameCount }: MediaStream,
  packets: readonly Packet[] | null,
  discarded: number,
): number | undefined {
  if (!packets) return frameCount === undefined ? undefined : frameCount - discarded
  return packets.filter((packet) => packet.streamIndex === index && !packet.isDiscarded).length || undefined
}

function streamWarnings(streams: readonly MediaStream[]): ImportWarning[] {
  const warnings: ImportWarning[] = []
  for (const stream of streams) {
    const { index } = stream
    const kind = kindWords(stream.kind)
    if ((stream.kind === 'video' || stream.kind === 'audio') && stream.codec === 'unknown') {
      warnings.push(warning('unknown-codec', say('import.unknownCodec', { index, kind, tag: stream.codecTag })))
    }
    if (stream.hasTimestampJumps) {
      warnings.push(warning('timestamp-jumps', say('import.jumps', { index, kind })))
    }
    if (stream.isMirrored) {
      warnings.push(warning('mirrored', say('import.mirrored', { index })))
    }
  }
  return warnings
}

/** From the earliest start to the latest end of picture and sound. */
function overallDuration(streams: readonly MediaStream[]): number | null {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const stream of streams) {
    if ((stream.kind !== 'video' && stream.kind !== 'audio') || stream.attachedPicture) continue
    if (stream.durationSeconds === null) continue
    start = Math.min(start, stream.startSeconds)
    end = Math.max(end, stream.startSeconds + stream.durationSeconds)
  }
  return end >= start ? wholeMicroseconds(end - start) : null
}

function firstOf<T, R>(items: readonly T[], read: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = read(item)
    if (found !== null) return found
  }
  return null
}
