/** The sound of a recording as Chromaprint items, heard at the supposed rates that undo a change of speed. */
import { decodeMono } from '../media/decode-audio.ts'
import type { MediaTools } from '../media/tools.ts'
import { chromaprint } from './chromaprint.ts'

const RATE_HZ = 11_025
/** A quarter of a minute at the least says something; half an hour is looked at. */
const LEAST_SECONDS = 6
const MOST_SECONDS = 1800
/**
 * How much faster the sound may have been made, 0.9 to 1.1, in steps of half a percent: it is heard at the rate that undoes
 * each. Notes lie on the borders of the fingerprint's bands, so that at a whole percent beside its speed half of the copies
 * are lost.
 */
const SUPPOSED_SPEEDS = [1, ...Array.from({ length: 41 }, (_, n) => (180 + n) / 200).filter((speed) => speed !== 1)]

export interface SoundPrint {
  /** As it is. */
  readonly items: Int32Array
  /** At each of the supposed speeds. */
  readonly variants: readonly Int32Array[]
}

export async function printSamples(samples: Float32Array): Promise<SoundPrint> {
  const variants: Int32Array[] = []
  for (const speed of SUPPOSED_SPEEDS) variants.push(await chromaprint(samples, Math.round(RATE_HZ / speed)))
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
