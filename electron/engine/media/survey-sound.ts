/**
 * Which tracks and channels of a recording hold what was heard, and which hold linear timecode.
 *
 * Recorders put timecode on one channel or track and sound on the others; mixed together the timecode drowns the sound.
 * Channels of opposite sign cancel in a mean. The beginning of every track is looked at; where timecode is found the
 * track is read to its end.
 */
import { AsterismError } from '../../../shared/errors.ts'
import { laterLtcClock, ltcClock, type LtcClock } from '../../../shared/signal/ltc-clock.ts'
import { LtcReader } from '../../../shared/signal/ltc.ts'
import { streamSound } from './decode-audio.ts'
import { FrameSplitter } from './frame-splitter.ts'
import type { MediaProbe } from './probe.ts'
import type { MediaTools } from './tools.ts'

export interface SoundSurvey {
  /** The audio stream to listen to. */
  readonly audioStreamIndex: number
  /** Its channels to be mixed; undefined for all. */
  readonly channels: readonly number[] | undefined
  /** What the timecode says on the recording's clock; null where there is none. */
  readonly timecode: LtcClock | null
}

const RATE_HZ = 48_000
const LOOKED_AT_SECONDS = 30
const MOST_STREAMS = 8
const FEWEST_FRAMES = 20
/** The mean of channels that keeps less of their power than this has lost the sound. */
const CANCELLED = 0.02
const SILENT = 1e-7

interface StreamSurvey {
  readonly audioStreamIndex: number
  /** Channels with sound that is not timecode. */
  readonly heard: readonly number[]
  readonly count: number
  readonly cancels: boolean
  readonly timecode: LtcClock | null
}

/** Ends the reading of a track that holds no timecode. */
class Enough extends Error {}

/** @throws AsterismError as `streamSound` */
export async function surveySound(tools: MediaTools, probe: MediaProbe, signal: AbortSignal): Promise<SoundSurvey> {
  const streams = probe.streams.filter((stream) => stream.kind === 'audio').slice(0, MOST_STREAMS)
  const surveys: StreamSurvey[] = []
  for (const stream of streams) {
    try {
      surveys.push(await surveyStream(tools, probe, stream.kindIndex, stream.channels ?? 1, signal))
    } catch (error) {
      // One broken track of several is no reason to give up the others.
      if (!(error instanceof AsterismError) || error.code === 'cancelled' || streams.length === 1) throw error
    }
  }
  const timecode = surveys.find((survey) => survey.timecode !== null)?.timecode ?? null
  const best = surveys.find((survey) => survey.heard.length > 0)
  if (!best) return { audioStreamIndex: streams[0]?.kindIndex ?? 0, channels: undefined, timecode }
  const channels = best.cancels ? best.heard.slice(0, 1) : best.heard
  return {
    audioStreamIndex: best.audioStreamIndex,
    channels: channels.length === best.count ? undefined : channels,
    timecode,
  }
}

async function surveyStream(
  tools: MediaTools,
  probe: MediaProbe,
  audioStreamIndex: number,
  channelCount: number,
  signal: AbortSignal,
): Promise<StreamSurvey> {
  const splitter = new FrameSplitter(channelCount)
  const readers = Array.from({ length: channelCount }, () => new LtcReader(RATE_HZ))
  const power = new Float64Array(channelCount)
  let active = readers.map((_, channel) => channel)
  let mixPower = 0
  let looked = 0
  let firstSeconds = 0
  const look = (frames: Float32Array): void => {
    const count = frames.length / channelCount
    for (const channel of active) {
      const own = new Float32Array(count)
      for (let index = 0; index < count; index++) own[index] = frames[index * channelCount + channel]!
      readers[channel]!.push(own)
    }
    if (looked >= LOOKED_AT_SECONDS * RATE_HZ) return
    for (let index = 0; index < count; index++) {
      let mix = 0
      for (let channel = 0; channel < channelCount; channel++) {
        const value = frames[index * channelCount + channel]!
        power[channel]! += value * value
        mix += value / channelCount
      }
      mixPower += mix * mix
    }
    looked += count
    if (looked < LOOKED_AT_SECONDS * RATE_HZ) return
    active = active.filter((channel) => readers[channel]!.frames.length >= FEWEST_FRAMES)
    if (active.length === 0) throw new Enough()
  }
  try {
    await streamSound(
      tools,
      probe,
      { audioStreamIndex, sampleRateHz: RATE_HZ, layout: 'source', quality: 'quick', signal },
      (bytes, startSeconds) => {
        firstSeconds = startSeconds
        look(splitter.push(bytes))
      },
    )
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  const clocks = readers.map((reader) => ltcClock(reader.frames, RATE_HZ))
  const timecode = clocks.find((clock) => clock !== null)
  const heard = readers
    .map((_, channel) => channel)
    .filter((channel) => !clocks[channel] && power[channel]! > SILENT * Math.max(1, looked))
  const total = power.reduce((sum, each) => sum + each, 0) / channelCount
  return {
    audioStreamIndex,
    heard,
    count: channelCount,
    cancels: heard.length > 1 && mixPower < CANCELLED * total,
    timecode: timecode ? laterLtcClock(timecode, firstSeconds) : null,
  }
}
