/**
 * What was measured in the recordings of a project, as plain data: the whole input of `estimateStars`. The engine gathers
 * it; tests make it up.
 */

import type { Reason } from '../../sayings/saying.ts'

/** What a camera saw during one window. */
export interface PictureMeasure {
  /** As `pictureVector` makes it; distances of 1 and more are different scenes. */
  readonly vector: readonly number[]
  /** Coherent detail, 0 none, 1 crisp: falls with blur and with noise. */
  readonly clarity: number
  /** 1 minus the share of crushed or burnt pixels. */
  readonly exposure: number
  /** Mean change from one sampled picture to the next, 0..1. */
  readonly motion: number
  /** What it shows, by a learned model: squared distances of 4 are drawings of unlike things. Missing without the model. */
  readonly meaning?: readonly number[]
  /** What it shows in the space that pictures and words share, by a model that a person brought; of unit length. */
  readonly joint?: readonly number[]
  /** Hashes of each second that is not too flat to tell, hexadecimal (near-duplicates.ts). */
  readonly looks?: readonly string[]
}

/** What a microphone heard during one window. */
export interface SoundMeasure {
  /** As `soundVector` makes it. */
  readonly vector: readonly number[]
  /** What it is like on learned axes, rooms and microphones aside: unlike sounds lie as far apart as by `vector`. */
  readonly meaning?: readonly number[]
  /** How far the sound stands out of its own noise, 0..1; 0 for silence. */
  readonly clearness: number
  /** Share of clipped samples. */
  readonly clippedShare: number
  /** How much of the window sounds like a voice, 0..1. */
  readonly speech: number
  /** The same of each second of a window of several, by which a sound is known again that lies in other windows. */
  readonly moments?: readonly Pick<SoundMeasure, 'vector' | 'meaning'>[]
}

/** What pose or inertial sensors felt during one window. */
export interface MotionMeasure {
  readonly vector: readonly number[]
  readonly pathMetres: number
  readonly turnDegrees: number
  /** 1 without gaps and jitter. */
  readonly quality: number
}

/** One window of one clock. */
export interface UnitInput {
  readonly assetId: string
  readonly clockId: string
  /** `ALIGNED` when the clock has a place on the project's time line, else the clock's own id. */
  readonly group: string
  /** Counts windows on the group's time line. */
  readonly window: number
  readonly picture: PictureMeasure | null
  readonly sound: SoundMeasure | null
  readonly motion: MotionMeasure | null
  /** How many seconds of each sense it stands for, where they are not those of the window: a recording may begin and end within one. */
  readonly seconds?: Readonly<Partial<Record<'picture' | 'sound' | 'motion', number>>>
  /** The work that was minted before and that this window was found in; missing where it was not. */
  readonly seenIn?: string
}

/** The group of everything that lies on the project's time line. */
export const ALIGNED = 'project'

export interface ClockInput {
  readonly clockId: string
  readonly assetId: string
  readonly title: string
  readonly group: string
  readonly isReference: boolean
  /** Of its time map, 0..1. */
  readonly confidence: number
  /** Standard error of its place in time, drift included. */
  readonly sigmaSeconds: number
  /** How far off its sound was found to lie against another clock's; null where that cannot be told. */
  readonly residualSeconds: number | null
}

export interface CaptionInput {
  readonly id: string
  readonly startSeconds: number
  readonly endSeconds: number
  readonly text: string
  /** What it says, by a learned model: a vector of unit length. Missing without the model. */
  readonly meaning?: Float32Array
  /** What it says in the space that pictures and words share, by the model that saw the pictures; of unit length. */
  readonly joint?: Float32Array
}

export interface ScanInput {
  readonly assetId: string
  /** Of the depth pictures of a film: missing where it is a recording by itself. */
  readonly isDepth?: boolean
  readonly title: string
  /** Points or triangles. */
  readonly elements: number
  /** Diagonal of its bounds. */
  readonly extentMetres: number
  readonly hasColor: boolean
  /** 1 for even, clean geometry. */
  readonly quality: number
  /** Confidence of its transform; null while it is not registered. */
  readonly confidence: number | null
  /** How surely it is the only scan of the project, which needs no registration: it is the world. */
  readonly isWorld: boolean
}

interface AssetInput {
  readonly assetId: string
  readonly title: string
  readonly sha256: string
}

/** Something that is known to be published or owned already. */
export interface KnownFingerprint {
  readonly id: string
  readonly title: string
  readonly sha256: string
}

interface RightsInput {
  readonly licence: string | null
  readonly trainingUse: 'allowed' | 'constrained' | 'notAllowed'
}

export interface PackReference {
  readonly id: string
  readonly digest: string
  readonly kind: string
  readonly note: string
  readonly title: string
  /** A day. */
  readonly created: string
  /** Samples that the lab has already: value falls as they grow. Null where no lab said. */
  readonly base_size: number | null
  /** What is to be doubted of what it predicts. */
  readonly warnings: readonly Reason[]
}

/** How recordings were sampled that are too long to be looked at and heard second by second. */
export interface Sampling {
  /** The longest time from one look to the next. */
  readonly pictureEverySeconds?: number
  /** What was listened to of the sound that was heard least of, in seconds. */
  readonly heardSeconds?: number
}

export interface StarsInput {
  readonly windowSeconds: number
  /** Missing where every second was. */
  readonly sampling?: Sampling
  readonly assets: readonly AssetInput[]
  readonly clocks: readonly ClockInput[]
  /** In the order of assets, then of windows: of two that are alike the later one is the repeat. */
  readonly units: readonly UnitInput[]
  readonly captions: readonly CaptionInput[]
  readonly scans: readonly ScanInput[]
  readonly rights: RightsInput
  /** The library that originality is judged against. */
  readonly library: readonly KnownFingerprint[]
}
