/** A clock of a recording with what lies on it, as alignment in time needs it. */
import type { TimedSource } from './align/time/index.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource } from './import/importer.ts'
import { PictureRotation, ROTATION_PICTURE } from '../../shared/signal/picture-rotation.ts'
import { LIGHT_GRID, lightEvents } from '../../shared/signal/timed-events.ts'
import { decodeMono } from './media/decode-audio.ts'
import { grayFrames } from './media/gray-frames.ts'
import { type MediaProbe, probeMedia } from './media/probe.ts'
import { type SoundSurvey, surveySound } from './media/survey-sound.ts'

/** What alignment in time works at; above it there is nothing that helps. */
const SOUND_HZ = 16_000
/** Of pictures, which take long to decode; sound is heard to its end. */
const LONGEST_PICTURE_SECONDS = 1800

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
  const [audio, pose, imu, video] = [find('audio'), find('pose'), find('imu'), find('video')]
  return {
    clockId: recording.clockId,
    title: recording.title,
    epochUtcNanoseconds: recording.clock.epochUtcNanoseconds,
    timecode: recording.clock.timecode,
    startSeconds,
    durationSeconds: endSeconds - startSeconds,
    ...(audio >= 0 ? soundOf(importer.mediaPath?.(source, audio) ?? source.path, context) : {}),
    ...(video >= 0 ? pictureOf(importer.mediaPath?.(source, video) ?? source.path, context) : {}),
    ...(pose >= 0 && importer.loadPoses
      ? { loadPath: async (signal: AbortSignal) => await importer.loadPoses!(source, pose, { ...context, signal }) }
      : {}),
    ...(imu >= 0 && importer.loadImu
      ? { loadImu: async (signal: AbortSignal) => await importer.loadImu!(source, imu, { ...context, signal }) }
      : {}),
  }
}

type Context = Omit<ImportContext, 'signal'>

function soundOf(path: string, { tools }: Context): Pick<TimedSource, 'loadSound' | 'loadLinearTimecode'> {
  const survey = once(async (signal): Promise<{ probe: MediaProbe; survey: SoundSurvey }> => {
    const probe = await probeMedia(path, tools, signal)
    return { probe, survey: await surveySound(tools, probe, signal) }
  })
  return {
    // Sound is decoded once for all the pairs that need it.
    loadSound: once(async (signal) => {
      const {
        probe,
        survey: { audioStreamIndex, channels },
      } = await survey(signal)
      return await decodeMono(tools, path, { probe, audioStreamIndex, channels, sampleRateHz: SOUND_HZ, signal })
    }),
    loadLinearTimecode: async (signal) => (await survey(signal)).survey.timecode,
  }
}

function pictureOf(path: string, { tools }: Context): Pick<TimedSource, 'loadLight' | 'loadPictureRotation'> {
  const frames = async (
    size: { readonly width: number; readonly height: number },
    signal: AbortSignal,
    onFrame: (pixels: Uint8Array) => void,
  ): Promise<Float64Array> => {
    const probe = await probeMedia(path, tools, signal)
    return await grayFrames(tools, probe, { ...size, longestSeconds: LONGEST_PICTURE_SECONDS, signal }, onFrame)
  }
  return {
    loadLight: once(async (signal) => {
      const pictures: Uint8Array[] = []
      const seconds = await frames(LIGHT_GRID, signal, (pixels) => pictures.push(pixels.slice()))
      return lightEvents(Uint8Array.from(Buffer.concat(pictures)), seconds)
    }),
    loadPictureRotation: once(async (signal) => {
      const rotation = new PictureRotation()
      const seconds = await frames(ROTATION_PICTURE, signal, (pixels) => rotation.push(pixels))
      return rotation.rate(seconds)
    }),
  }
}

/** Done once for all that need it; after a failure it is tried again. */
function once<T>(load: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let loading: Promise<T> | undefined
  return (signal) => {
    loading ??= load(signal).catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}
