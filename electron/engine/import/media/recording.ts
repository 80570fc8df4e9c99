/** What the importers of video and of sound have in common: a probe, told in the words of the document. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { FrameRate } from '../../../../shared/units.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { triedStreams, undecodableStreams } from '../../media/decode-check.ts'
import { probeMedia } from '../../media/probe.ts'
import type { MediaProbe, MediaStream } from '../../media/probe.ts'
import { rateText, timecodeFromSamples } from '../../media/recorded-time.ts'
import { decodableCodecs } from '../../media/tool-features.ts'
import type { ClockDescription, ImportContext, ImportedAsset, ImportSource, StreamDescription } from '../importer.ts'
import { kindWords } from '../../media/stream-words.ts'
import { warning } from '../../warning.ts'

type Metadata = Record<string, string | number | boolean>

const CREATION_TIME_NOTE =
  'As the camera wrote it. Many cameras write local time instead of UTC, and some the end of the recording.'
const LOCATION_TAGS = ['location', 'location-eng', 'com.apple.quicktime.location.ISO6709', 'xyz']
/** Names of container extensions that say the same as a format. */
const SAME_FORMAT: Readonly<Record<string, readonly string[]>> = {
  mp4: ['mp4', 'm4v', 'm4a', 'mov', 'lrv', 'insv', '360', 'm4b', 'f4v', 'qt', '3gp'],
  mov: ['mov', 'qt', 'mp4', 'm4v', 'm4a'],
  m4a: ['m4a', 'm4b', 'mp4', 'aac', 'alac'],
  '3gp': ['3gp', '3g2', 'mp4', 'amr'],
  mkv: ['mkv', 'mka', 'mk3d', 'webm'],
  webm: ['webm', 'mkv', 'weba'],
  avi: ['avi', 'divx'],
  mpeg: ['mpg', 'mpeg', 'vob', 'm2p', 'm2v', 'm1v', 'mod', 'dat', 'mpv'],
  mpegts: ['ts', 'mts', 'm2ts', 'm2t', 'tod', 'trp'],
  asf: ['asf', 'wmv', 'wma'],
  ogg: ['ogg', 'oga', 'ogv', 'opus', 'spx', 'ogx'],
  wav: ['wav', 'wave', 'bwf', 'rf64', 'bw64'],
  aiff: ['aif', 'aiff', 'aifc'],
  mp3: ['mp3', 'mp2', 'mpa', 'mp1'],
  aac: ['aac', 'adts'],
  au: ['au', 'snd'],
  flac: ['flac', 'fla'],
}

/**
 * Reads a recording. @throws The refusals of `probeMedia`, and `corrupt_file` when nothing of it can be decoded.
 */
export async function readRecording(source: ImportSource, context: ImportContext): Promise<ImportedAsset> {
  const probe = await probeMedia(source.path, context.tools, context.signal)
  const played = probe.streams.filter(isPlayed)
  const warnings: ImportWarning[] = [
    ...mislabelWarnings(source, probe.containerFormat),
    ...probe.warnings,
    ...(await decodingWarnings(source, context, probe, played)),
  ]
  return {
    format: probe.containerFormat,
    kind: 'recording',
    durationSeconds: probe.durationSeconds,
    clocks: [clockOf(probe)],
    streams: played.map(describeStream),
    warnings,
    metadata: metadataOf(probe),
  }
}

function isPlayed(stream: MediaStream): boolean {
  return (stream.kind === 'video' || stream.kind === 'audio') && !stream.attachedPicture
}

function mislabelWarnings(source: ImportSource, format: string): ImportWarning[] {
  const expected = SAME_FORMAT[format] ?? [format]
  if (source.extension === '' || expected.includes(source.extension)) return []
  return [warning('mislabelled', say('import.mislabelled', { extension: source.extension, format }))]
}

async function decodingWarnings(
  source: ImportSource,
  context: ImportContext,
  probe: MediaProbe,
  played: readonly MediaStream[],
): Promise<ImportWarning[]> {
  const { ffmpeg } = context.tools
  if (!ffmpeg) return [warning('not-checked', say('import.notTried'))]
  const silent = await undecodableStreams(ffmpeg, source.path, probe, context.signal)
  const tried = triedStreams(probe)
  // What gave something has its decoder.
  const unsure = played.filter((stream) => !tried.includes(stream) || silent === null || silent.includes(stream))
  const decodable = unsure.length > 0 ? await decodableCodecs(ffmpeg, context.signal) : null
  const missing = unsure.filter(({ codec }) => codec !== 'unknown' && decodable && !decodable.has(codec))
  const warnings = missing.map(({ codec, kind, index }) =>
    warning(
      'codec-missing',
      say('import.codecMissing', { version: ffmpeg.version, codec, kind: kindWords(kind), index }),
    ),
  )
  if (missing.length > 0) return warnings
  if (silent === null) return [warning('not-checked', say('import.slowToTry'))]
  if (silent.length === tried.length) {
    throw new AsterismError('corrupt_file', say('media.onlyHeader'), {
      path: source.path,
      fix: say('file.fix.copy'),
    })
  }
  return silent.map(({ kind, index, codec }) =>
    warning('undecodable', say('import.undecodable', { kind: kindWords(kind), index, codec })),
  )
}

function clockOf(probe: MediaProbe): ClockDescription {
  return {
    title: 'Container clock',
    source: 'container',
    epochUtcNanoseconds: beginning(probe),
    epochSource: probe.creationTimeHasZone ? 'zoned' : 'container',
    timecode: timecodeOf(probe),
  }
}

/** Android's recorder writes the time when it closes the file (MPEG4Writer), most others when they open it. */
function beginning({ creationTimeUtcNanoseconds: created, tags, durationSeconds }: MediaProbe): string | null {
  if (created === null || tags['com.android.version'] === undefined) return created
  return String(BigInt(created) - BigInt(Math.round((durationSeconds ?? 0) * 1e9)))
}

const perSecond = ({ numerator, denominator }: FrameRate): number => numerator / denominator
/** From here on cameras may count every other picture only: SMPTE ST 12-1 has no frame numbers beyond 29. */
const FAST_PICTURES = 47

const fitsHalf = (start: string, rate: FrameRate): boolean => Number(start.slice(9)) < Math.round(perSecond(rate)) / 2

/** A timecode track says 30 where it counts every picture, or every other one, of 29.97 or 59.94 a second. */
function countedAt(track: FrameRate, pictures: FrameRate): FrameRate {
  const every = Math.round(perSecond(pictures) / perSecond(track))
  const isWhole = every >= 1 && Math.abs(perSecond(pictures) / every / perSecond(track) - 1) < 2e-3
  return isWhole ? { ...pictures, denominator: pictures.denominator * every } : track
}

function timecodeOf(probe: MediaProbe): ClockDescription['timecode'] {
  const video = probe.streams.find((stream) => stream.kind === 'video' && stream.frameRate)
  if (probe.timecode && video?.frameRate) {
    const { timecode: start, timecodeRate } = probe
    if (timecodeRate) return { start, rate: rateText(countedAt(timecodeRate, video.frameRate)) }
    const mayCountHalf =
      perSecond(video.frameRate) >= FAST_PICTURES && Number(start.slice(9)) > 0 && fitsHalf(start, video.frameRate)
    return { start, rate: rateText(video.frameRate), ...(mayCountHalf && { mayCountHalf }) }
  }
  const audio = probe.streams.find((stream) => stream.kind === 'audio')
  const samples = Number(probe.tags['time_reference'])
  return audio?.sampleRateHz ? timecodeFromSamples(samples, audio.sampleRateHz) : null
}

function describeStream(stream: MediaStream): StreamDescription {
  return {
    clock: 0,
    sensor: stream.kind === 'video' ? 'video' : 'audio',
    codec: stream.codec,
    startSeconds: stream.startSeconds,
    durationSeconds: stream.durationSeconds,
    ...(stream.sampleRateHz !== undefined && { sampleRateHz: stream.sampleRateHz }),
    ...(stream.channels !== undefined && { channels: stream.channels }),
    ...(stream.frameCount !== undefined && { sampleCount: stream.frameCount }),
    ...(stream.frameRate !== undefined && { frameRate: stream.frameRate }),
    ...(stream.width !== undefined && { width: stream.width }),
    ...(stream.height !== undefined && { height: stream.height }),
    ...(stream.rotationDegrees !== undefined && { rotationDegrees: stream.rotationDegrees }),
  }
}

function metadataOf(probe: MediaProbe): Metadata {
  const { tags } = probe
  const metadata: Metadata = {}
  const put = (key: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined && value !== '') metadata[key] = value
  }
  const tag = (...names: readonly string[]): string | undefined =>
    names
      .map((name) => tags[name])
      .find((value) => value !== undefined)
      ?.slice(0, 200)
  put('make', tag('com.apple.quicktime.make', 'make', 'com.android.manufacturer'))
  put('model', tag('com.apple.quicktime.model', 'model', 'com.android.model'))
  put('writtenBy', tag('encoder', 'com.apple.quicktime.software', 'encoded_by'))
  if (probe.creationTimeUtcNanoseconds !== null) {
    put(
      'creationTimeNote',
      probe.creationTimeHasZone ? 'As the camera wrote it, with its time zone.' : CREATION_TIME_NOTE,
    )
  }
  if (probe.timecode) put('timecode', probe.timecode)
  // The place itself stays in the file: that it is there is what a person must know before publishing.
  const hasLocation = [tags, ...probe.streams.map((stream) => stream.tags)].some((some) =>
    LOCATION_TAGS.some((name) => some[name]),
  )
  put('hasLocation', hasLocation)
  const data = probe.streams.filter((stream) => stream.kind === 'data').map((stream) => stream.codecTag || stream.codec)
  put('dataTracks', data.join(', '))
  const audio = probe.streams.filter((stream) => stream.kind === 'audio').length
  if (audio > 1) put('audioStreams', audio)
  if (probe.clockOriginSeconds !== 0) put('clockOriginSeconds', probe.clockOriginSeconds)
  return metadata
}
