/** Files of axes that ship (resources/models): what a network or a measure said, centred and turned to fewer numbers. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { rounded } from './measurements.ts'

const axesSchema = z.object({
  /** A network, or a measure of this program, which has no digest. */
  encoder: z.object({ id: z.string(), sha256: z.string().optional() }),
  mean: z.string(),
  axes: z.string(),
  kept: z.number().int(),
})

export interface Axes {
  readonly mean: Float32Array
  /** Numbers that were said x kept. */
  readonly axes: Float32Array
  readonly kept: number
}

function numbers(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}

/**
 * @param of The digest of the network that the axes turn, or the id of the measure.
 * @throws AsterismError `corrupt_file` where they belong to another.
 */
export function readAxes(path: string, of: string): Axes {
  const { encoder, mean, axes, kept } = axesSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  if ((encoder.sha256 ?? encoder.id) !== of)
    throw new AsterismError('corrupt_file', say('recording.otherModel'), { path })
  return { mean: numbers(mean), axes: numbers(axes), kept }
}

/** Where what was said lies on the axes. */
export function ontoAxes({ mean, axes, kept }: Axes, said: ArrayLike<number>): number[] {
  const vector = new Float64Array(kept)
  for (let i = 0; i < said.length; i++) {
    const value = said[i] - mean[i]
    for (let k = 0; k < kept; k++) vector[k] += value * axes[i * kept + k]
  }
  return rounded(vector, 4)
}
