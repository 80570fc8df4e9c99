/** What a picture shows, on the axes that ship: the learned model's answer, centred, turned, half whitened. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { modelEntry } from '../models/catalogue.ts'
import type { Encoders } from '../models/encoders.ts'
import { resourceFolder } from '../resources.ts'
import { rounded } from './measurements.ts'

const axesSchema = z.object({
  encoder: z.object({ id: z.string(), sha256: z.string() }),
  mean: z.string(),
  axes: z.string(),
  kept: z.number().int(),
})

interface Axes {
  readonly mean: Float32Array
  /** Channels x kept. */
  readonly axes: Float32Array
  readonly kept: number
}

let known: Axes | null = null
let identity: { readonly id: string; readonly sha256: string } | null = null

function axesPath(): string {
  return join(resourceFolder('models'), 'picture-axes.json')
}

/** What makes these vectors: network and axes together. Packs of another encoder are refused. */
export function pictureEncoder(): { readonly id: string; readonly sha256: string } {
  identity ??= {
    id: 'centernet-c5-axes',
    sha256: createHash('sha256')
      .update(modelEntry('centernet-c5').sha256)
      .update(readFileSync(axesPath()))
      .digest('hex'),
  }
  return identity
}

function numbers(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}

function axes(): Axes {
  if (known) return known
  const path = axesPath()
  const { encoder, mean, axes: turned, kept } = axesSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  if (encoder.sha256 !== modelEntry('centernet-c5').sha256)
    throw new AsterismError('corrupt_file', 'The axes of pictures belong to another model.', { path })
  known = { mean: numbers(mean), axes: numbers(turned), kept }
  return known
}

/** The vector of one picture of PICTURE_ENCODER_SIDE squared RGB bytes. */
export async function picturesMeaning(encoders: Encoders, rgb: Uint8Array): Promise<number[]> {
  return meaningOf(await encoders.pictures(rgb))
}

/** The vector of what the network said of a picture. */
export function meaningOf(said: Float32Array): number[] {
  const { mean, axes: turned, kept } = axes()
  const vector = new Float64Array(kept)
  for (let i = 0; i < said.length; i++) {
    const value = said[i] - mean[i]
    for (let k = 0; k < kept; k++) vector[k] += value * turned[i * kept + k]
  }
  return rounded(vector, 4)
}
