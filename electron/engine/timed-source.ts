/** A clock of a recording with what lies on it, as alignment in time needs it. */
import type { TimedSource } from './align/time/index.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource } from './import/importer.ts'
import { decodeMono } from './media/decode-audio.ts'

/** What alignment in time works at; above it there is nothing that helps. */
const SOUND_HZ = 16_000

type Streams = ImportedAsset['streams']
type Clock = ImportedAsset['clocks'][number]

export interface ClockOfRecording {
  readonly clockId: string
  readonly title: string
  readonly clock: Pick<Clock, 'epochUtcNanoseconds' | 'timecode'>
  /** The streams of the whole recording; `isOnClock` says which lie on this clock. */
  readonly streams: readonly Omit<Streams[number], 'clock'>[]
  isOnClock(streamIndex: number): boolean
}

/** Null where nothing on the clock takes time: scans and pictures. */
export function timedSource(
  importer: Importer,
  source: ImportSource,
  recording: ClockOfRecording,
  context: Omit<ImportContext, 'signal'>,
): TimedSource | null {
  const own = recording.streams
    .map((stream, index) => ({ stream, index }))
    .filter(({ index }) => recording.isOnClock(index))
  const timed = own.filter(({ stream }) => (stream.durationSeconds ?? 0) > 0)
  if (timed.length === 0) return null
  const startSeconds = Math.min(...timed.map(({ stream }) => stream.startSeconds))
  const endSeconds = Math.max(...timed.map(({ stream }) => stream.startSeconds + (stream.durationSeconds ?? 0)))
  const find = (sensor: string): number => own.find(({ stream }) => stream.sensor === sensor)?.index ?? -1
  const [audio, pose, imu] = [find('audio'), find('pose'), find('imu')]
  const audioStreamIndex = recording.streams
    .slice(0, Math.max(0, audio))
    .filter((stream) => stream.sensor === 'audio').length
  return {
    clockId: recording.clockId,
    title: recording.title,
    epochUtcNanoseconds: recording.clock.epochUtcNanoseconds,
    timecode: recording.clock.timecode,
    startSeconds,
    durationSeconds: endSeconds - startSeconds,
    ...(audio >= 0
      ? {
          loadSound: async (signal: AbortSignal) =>
            await decodeMono(context.tools, importer.mediaPath?.(source, audio) ?? source.path, {
              audioStreamIndex,
              sampleRateHz: SOUND_HZ,
              signal,
            }),
        }
      : {}),
    ...(pose >= 0 && importer.loadPoses
      ? { loadPath: async (signal: AbortSignal) => await importer.loadPoses!(source, pose, { ...context, signal }) }
      : {}),
    ...(imu >= 0 && importer.loadImu
      ? { loadImu: async (signal: AbortSignal) => await importer.loadImu!(source, imu, { ...context, signal }) }
      : {}),
  }
}
