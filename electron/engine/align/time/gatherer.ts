/** What a way of finding out how two clocks relate is. The registry is the array in index.ts. */
import type { Saying } from '../../../../shared/sayings/saying.ts'
import type { Curve } from '../../../../shared/document/records.ts'
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import type { LtcClock } from '../../../../shared/signal/ltc-clock.ts'
import type { TimedWord } from '../../../../shared/signal/match-words.ts'
import type { SoundSamples } from '../../../../shared/signal/sound-samples.ts'
import type { TimedValues } from '../../../../shared/signal/rotation-rate.ts'
import type { Seen } from '../../../../shared/signal/seen-claps.ts'
import type { GraphKnot, OwnDelays, ToldPair } from './graph-model.ts'
import type { EpochSource } from '../../../../shared/document/records.ts'

/** Sound on a clock. */
export interface MonoSound {
  /** -1 to 1. */
  readonly samples: SoundSamples
  readonly sampleRateHz: number
  /** Clock time of the first sample. */
  readonly startSeconds: number
  /** One standard deviation of it, where an encoder's delay is not known; 0 without it. */
  readonly startSigmaSeconds?: number
}

/** Where a recording lies. */
export interface FileName {
  /** With its extension. */
  readonly name: string
  readonly folder: string
}

/** Of what has no picture and no sound of its own, and may be about a film that has. */
export interface Sidecar {
  /** True where its clock begins with the film, as that of captions does. */
  readonly countsFromFilm: boolean
  /** Of captions up to the end of the last one, whatever they say. */
  readonly lengthSeconds: number
  /** Between two of its samples. */
  readonly stepSeconds: number
}

export type Load<T> = (signal: AbortSignal) => Promise<T>

/** A clock with what was recorded on it; each part is loaded when a gatherer needs it. */
export interface TimedSource {
  readonly clockId: string
  readonly title: string
  readonly epochUtcNanoseconds: string | null
  /** Who says so; a container's tag where nothing better is known. */
  readonly epochSource?: EpochSource
  readonly timecode: { readonly start: string; readonly rate: string; readonly mayCountHalf?: boolean } | null
  readonly startSeconds: number
  readonly durationSeconds: number
  /** Not of capture folders. */
  readonly file?: FileName
  readonly sidecar?: Sidecar
  readonly loadSound?: Load<MonoSound>
  /** Every device whose poses it holds, the first one first. */
  readonly loadPaths?: readonly Load<PosePath>[]
  /** Every inertial sensor; those that only feel acceleration as well. */
  readonly loadImus?: readonly Load<ImuSamples>[]
  /** What linear timecode in its sound says; null where there is none. */
  readonly loadLinearTimecode?: Load<LtcClock | null>
  /** Sudden light in its picture, and hands or sticks that meet. The whole picture is decoded for it. */
  readonly loadSeen?: Load<Seen>
  /** How fast its picture turned, rad/s as a guess at the lens allows. The whole picture is decoded for it. */
  readonly loadPictureRotation?: Load<TimedValues>
  /** A transcript of what is said in it, on this clock. */
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
  /** Set where it is no measurement but what both clocks say of themselves. */
  readonly told?: ToldPair
  readonly ownDelays?: OwnDelays
  readonly curves: readonly Curve[]
}

export interface GatheredEvidence {
  readonly method: string
  readonly map: MeasuredTimeMap
}

export interface NotFound {
  readonly found: false
  /** Why there is no answer and what would help, as a sentence. */
  readonly reason: string
  readonly said: Saying
  /** B's zero on A's clock, where a passage that both play is all that their sound shares. */
  readonly passageOffsetSeconds?: number
  readonly curves: readonly Curve[]
}

export interface GatherContext {
  readonly signal: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
  /** True where trustworthy evidence was found already: what costs much and says less is not worth its time. */
  readonly isSure: boolean
  /** As in `NotFound`: what is heard or said there is that passage once more, and proves no more than it did. */
  readonly passageOffsetSeconds?: number
}

export interface TimeEvidenceGatherer {
  /** As on the command line: `audio`, `motion`, `timecode`, `event`. */
  readonly id: string
  readonly title: string
  supports(a: TimedSource, b: TimedSource): boolean
  /** @throws AsterismError only when a recording cannot be read or the signal fires; "no match" is an answer. */
  gather(a: TimedSource, b: TimedSource, context: GatherContext): Promise<MeasuredTimeMap | NotFound>
}
