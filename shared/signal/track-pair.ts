/** Two recordings while one is being placed on the other. */
import type { FftPlans } from './fft.ts'
import type { OnsetEnvelope } from './onset-envelope.ts'
import type { SoundSamples } from './sound-samples.ts'

/** One recording with what has been computed of it. */
export interface Track {
  readonly samples: SoundSamples
  readonly sampleRateHz: number
  readonly envelope: OnsetEnvelope
  readonly durationSeconds: number
}

/** B is placed on the clock of A; both are at one sample rate. */
export interface TrackPair {
  readonly plans: FftPlans
  readonly a: Track
  readonly b: Track
  readonly signal: AbortSignal | undefined
}
