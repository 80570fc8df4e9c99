/** The sound of a recording as Chromaprint items, heard at the supposed rates that undo a change of speed. */
import { decodeMono } from '../media/decode-audio.ts'
import type { MediaTools } from '../media/tools.ts'
import { chromaprint } from './chromaprint.ts'

const RATE_HZ = 11_025
/** A quarter of a minute at the least says something; half an hour is looked at. */
const LEAST_SECONDS = 6
const MOST_SECONDS = 1800
/** How much faster the sound may have been made: it is heard slowed down and sped up by these. */
export const SUPPOSED_RATES = [1, 0.9, 0.92, 0.94, 0.96, 0.98, 1.02, 1.04, 1.06, 1.08, 1.1] as const

export interface SoundPrint {
  /** As it is. */
  readonly items: Int32Array
  /** At each of the supposed rates. */
  readonly variants: readonly Int32Array[]
}

export async function printSamples(samples: Float32Array): Promise<SoundPrint> {
  const variants: Int32Array[] = []
  for (const rate of SUPPOSED_RATES) variants.push(await chromaprint(samples, Math.round(RATE_HZ * rate)))
  return { items: variants[0], variants }
}

/** Null for a sound that is too short to tell. @throws AsterismError as decoding fails; `cancelled`. */
export async function printSound(tools: MediaTools, path: string, signal: AbortSignal): Promise<SoundPrint | null> {
  const { samples } = await decodeMono(tools, path, {
    sampleRateHz: RATE_HZ,
    signal,
    durationSeconds: MOST_SECONDS,
  })
  return samples.length < LEAST_SECONDS * RATE_HZ ? null : await printSamples(samples)
}
