/** A clock of a recording with what lies on it, as alignment in time needs it. */
import { dirname } from 'node:path'
import type { TimedSource } from '../align/time/index.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, MediaPart } from '../import/importer.ts'
import { laterLtcClock } from '../../../shared/signal/ltc-clock.ts'
import type { TimedWord } from '../../../shared/signal/match-words.ts'
import { PictureRotation, ROTATION_PICTURE } from '../../../shared/signal/picture-rotation.ts'
import { EVENT_PICTURE, SeenEvents } from '../../../shared/signal/seen-claps.ts'
import { audioStream, decodePacked } from '../media/decode-audio.ts'
import { clockShiftOfFirst } from '../media/file-clock.ts'
import { grayFrames } from '../media/gray-frames.ts'
import { type MediaProbe, probeMedia } from '../media/probe.ts'
import { type SoundSurvey, surveySound } from '../media/survey-sound.ts'
import { SoundShelf } from './sound-shelf.ts'

/** What alignment in time works at; above it there is nothing that helps. */
const SOUND_HZ = 16_000
/** Of pictures, which take long to decode; sound is heard to its end. */
const LONGEST_PICTURE_SECONDS = 1800

type Streams = ImportedAsset['streams']
type Clock = ImportedAsset['clocks'][number]

export interface ClockOfRecording {
  readonly clockId: string
  readonly title: string
  readonly clock: Pick<Clock, 'source' | 'epochUtcNanoseconds' | 'epochSource' | 'timecode'>
  /** Of the whole recording. */
  readonly durationSeconds: number | null
  /** What was said in it, on the clock; empty without a transcript. */
  readonly words?: readonly TimedWord[]
  /** The streams of the whole recording; `isOnClock` says which lie on this clock. */
  readonly streams: readonly Omit<Streams[number], 'clock'>[]
  isOnClock(streamIndex: number): boolean
}

/** Null where nothing on the clock takes time: scans and pictures. */
export function timedSource(
  importer: Importer,
  source: ImportSource,
  recording: ClockOfRecording,
  context: Context,
): TimedSource | null {
  const own = recording.streams
    .map((stream, index) => ({ stream, index }))
    .filter(({ index }) => recording.isOnClock(index))
  const timed = own.filter(({ stream }) => (stream.durationSeconds ?? 0) > 0)
  if (timed.length === 0) return null
  const startSeconds = Math.min(...timed.map(({ stream }) => stream.startSeconds))
  const endSeconds = Math.max(...timed.map(({ stream }) => stream.startSeconds + (stream.durationSeconds ?? 0)))
  const all = (sensor: string) => own.filter(({ stream }) => stream.sensor === sensor)
  const [[audio], [video], inertial] = [all('audio'), all('video'), all('imu')]
  const poses = all('pose').filter(({ stream }) => !stream.rotationUnknown)
  const partOf = (index: number, signal: AbortSignal): MediaPart =>
    importer.mediaPart?.(source, index, { ...context, signal }) ?? { path: source.path }
  const { loadPoses, loadImu } = importer
  return {
    clockId: recording.clockId,
    title: recording.title,
    epochUtcNanoseconds: recording.clock.epochUtcNanoseconds,
    epochSource: recording.clock.epochSource ?? (recording.clock.source === 'utc' ? 'device' : 'container'),
    timecode: recording.clock.timecode,
    startSeconds,
    durationSeconds: endSeconds - startSeconds,
    ...fileOf(
      importer,
      source,
      recording,
      timed.map(({ stream }) => stream),
    ),
    ...(recording.words && recording.words.length > 0 && { words: recording.words }),
    ...(audio && soundOf(partOf(audio.index, new AbortController().signal).path, audio.stream, context)),
    ...(video && pictureOf((signal) => partOf(video.index, signal), video.stream, context)),
    ...(poses.length > 0 &&
      loadPoses && {
        loadPaths: poses.map(
          ({ index }) =>
            async (signal: AbortSignal) =>
              await loadPoses.call(importer, source, index, { ...context, signal }),
        ),
      }),
    ...(inertial.length > 0 &&
      loadImu && {
        loadImus: inertial.map(
          ({ index }) =>
            async (signal: AbortSignal) =>
              await loadImu.call(importer, source, index, { ...context, signal }),
        ),
      }),
  }
}

/** Its file, and whether it may be about a film of that name: of what has neither picture nor sound. */
function fileOf(
  { countsFromFilm }: Importer,
  { path, name, isDirectory }: ImportSource,
  { durationSeconds, streams }: ClockOfRecording,
  timed: readonly Omit<Streams[number], 'clock'>[],
): Pick<TimedSource, 'file' | 'sidecar'> {
  if (isDirectory) return {}
  const file = { name, folder: dirname(path) }
  if (streams.some(({ sensor }) => sensor === 'video' || sensor === 'audio')) return { file }
  const steps = timed.flatMap(({ durationSeconds: own, sampleCount = 0 }) =>
    own !== null && sampleCount > 1 ? [own / (sampleCount - 1)] : [],
  )
  if (steps.length === 0 || durationSeconds === null) return { file }
  return {
    file,
    sidecar: {
      countsFromFilm: countsFromFilm === true,
      lengthSeconds: durationSeconds,
      stepSeconds: Math.min(...steps),
    },
  }
}

type Context = Omit<ImportContext, 'signal'> & { readonly shelf?: SoundShelf }
type Started = Pick<Streams[number], 'startSeconds'>

function soundOf(
  path: string,
  stream: Started,
  { tools, shelf = new SoundShelf() }: Context,
): Pick<TimedSource, 'loadSound' | 'loadLinearTimecode'> {
  const survey = once(async (signal): Promise<{ probe: MediaProbe; survey: SoundSurvey }> => {
    const probe = await probeMedia(path, tools, signal)
    return { probe, survey: await surveySound(tools, probe, signal) }
  })
  return {
    loadSound: async (signal) =>
      await shelf.take(path, async () => {
        const {
          probe,
          survey: { audioStreamIndex, channels },
        } = await survey(signal)
        const options = { probe, audioStreamIndex, channels, sampleRateHz: SOUND_HZ, signal }
        const sound = await decodePacked(tools, path, options)
        const { startSigmaSeconds } = audioStream(probe, audioStreamIndex)
        return {
          ...sound,
          startSeconds: sound.startSeconds + clockShiftOfFirst(stream, probe, 'audio'),
          startSigmaSeconds,
        }
      }),
    loadLinearTimecode: async (signal) => {
      const { probe, survey: heard } = await survey(signal)
      if (!heard.timecode) return null
      const sigmaSeconds = Math.max(0, ...probe.streams.map((each) => each.startSigmaSeconds ?? 0))
      return laterLtcClock(heard.timecode, clockShiftOfFirst(stream, probe, 'audio'), sigmaSeconds)
    },
  }
}

function pictureOf(
  partFor: (signal: AbortSignal) => MediaPart,
  stream: Started,
  { tools }: Context,
): Pick<TimedSource, 'loadSeen' | 'loadPictureRotation'> {
  const frames = async (
    size: { readonly width: number; readonly height: number },
    signal: AbortSignal,
    onFrame: (pixels: Uint8Array) => void,
  ): Promise<Float64Array> => {
    const { path, make } = partFor(signal)
    await make?.()
    const probe = await probeMedia(path, tools, signal)
    const options = { ...size, longestSeconds: LONGEST_PICTURE_SECONDS, signal }
    const seconds = await grayFrames(tools, probe, options, onFrame)
    const shift = clockShiftOfFirst(stream, probe, 'video')
    return seconds.map((each) => each + shift)
  }
  return {
    loadSeen: once(async (signal) => {
      const seen = new SeenEvents()
      const seconds = await frames(EVENT_PICTURE, signal, (pixels) => seen.push(pixels))
      return seen.read(seconds)
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
