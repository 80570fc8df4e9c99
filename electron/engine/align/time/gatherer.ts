/** What a way of finding out how two clocks relate is. The registry is the array in index.ts. */
import type { Curve } from '../../../../shared/document/records.ts'
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import type { LtcClock } from '../../../../shared/signal/ltc-clock.ts'
import type { TimedWord } from '../../../../shared/signal/match-words.ts'
import type { TimedValues } from '../../../../shared/signal/rotation-rate.ts'
import type { TimedEvent } from '../../../../shared/signal/timed-events.ts'
import type { GraphKnot } from './graph-model.ts'

/** Sound on a clock. */
export interface MonoSound {
  /** -1 to 1. */
  readonly samples: Float32Array
  readonly sampleRateHz: number
  /** Clock time of the first sample. */
  readonly startSeconds: number
}

/** A clock with what was recorded on it; each part is loaded when a gatherer needs it. */
export interface TimedSource {
  readonly clockId: string
  readonly title: string
  readonly epochUtcNanoseconds: string | null
  readonly timecode: { readonly start: string; readonly rate: string } | null
  readonly startSeconds: number
  readonly durationSeconds: number
  readonly loadSound?: (signal: AbortSignal) => Promise<MonoSound>
  readonly loadPath?: (signal: AbortSignal) => Promise<PosePath>
  readonly loadImu?: (signal: AbortSignal) => Promise<ImuSamples>
  /** What linear timecode in its sound says; null where there is none. */
  readonly loadLinearTimecode?: (signal: AbortSignal) => Promise<LtcClock | null>
  /** Sudden light in its picture. The whole picture is decoded for it. */
  readonly loadLight?: (signal: AbortSignal) => Promise<readonly TimedEvent[]>
  /** How fast its picture turned, rad/s as a guess at the lens allows. The whole picture is decoded for it. */
  readonly loadPictureRotation?: (signal: AbortSignal) => Promise<TimedValues>
  /** A transcript of what is said in it. */
  readonly words?: readonly TimedWord[]
}

/** `t_a = offsetSeconds + (1 + ratePpm * 1e-6) * t_b`. */
export interface MeasuredTimeMap {
  readonly found: true
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  /** The chance of being right. */
  readonly confidence: number
  readonly overlapSeconds: number
  readonly knots?: readonly GraphKnot[]
  readonly curves: readonly Curve[]
}

export interface NotFound {
  readonly found: false
  /** Why there is no answer and what would help, as a sentence. */
  readonly reason: string
  readonly curves: readonly Curve[]
}

export interface GatherContext {
  readonly signal: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
  /** True where nothing trustworthy was found yet, or this way was asked for: what costs much is worth it. */
  readonly mayDecodePictures: boolean
}

export interface TimeEvidenceGatherer {
  /** As on the command line: `audio`, `motion`, `timecode`, `event`. */
  readonly id: string
  readonly title: string
  supports(a: TimedSource, b: TimedSource): boolean
  /** @throws AsterismError only when a recording cannot be read or the signal fires; "no match" is an answer. */
  gather(a: TimedSource, b: TimedSource, context: GatherContext): Promise<MeasuredTimeMap | NotFound>
}
