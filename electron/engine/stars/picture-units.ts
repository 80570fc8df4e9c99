/**
 * The units of the network for pictures, each against what it answers to the reference: how far it stands out, and how
 * rare that is.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { modelEntry } from '../models/catalogue.ts'
import { resourceFolder } from '../resources.ts'
import type { Measurement } from './measurements.ts'
import { meaningWithout } from './picture-meaning.ts'

/** Shares of the reference whose answer is kept for each unit. */
export const UNIT_SHARES = [0.5, 0.9, 0.99] as const
/** Standard deviations are kept in quarters, as bytes: film goes far beyond what drawings excite. */
const STEPS = 4
const MOST_STEPS = 127
export const MOST_DEVIATIONS = MOST_STEPS / STEPS

const unitsSchema = z.object({
  encoder: z.object({ id: z.string(), sha256: z.string() }),
  reference: z.string(),
  pictures: z.number().int(),
  mean: z.string(),
  deviation: z.string(),
  quantiles: z.string(),
})

export interface UnitReference {
  readonly model: string
  readonly reference: string
  readonly pictures: number
  readonly mean: Float32Array
  readonly deviation: Float32Array
  /** Units x UNIT_SHARES. */
  readonly quantiles: Float32Array
}

let known: UnitReference | null = null

function numbers(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)
}

export function unitReference(): UnitReference {
  if (known) return known
  const path = join(resourceFolder('models'), 'picture-units.json')
  const { encoder, reference, pictures, mean, deviation, quantiles } = unitsSchema.parse(
    JSON.parse(readFileSync(path, 'utf8')),
  )
  if (encoder.sha256 !== modelEntry('centernet-c5').sha256)
    throw new AsterismError('corrupt_file', say('recording.otherModel'), { path })
  known = {
    model: encoder.id,
    reference,
    pictures,
    mean: numbers(mean),
    deviation: numbers(deviation),
    quantiles: numbers(quantiles),
  }
  return known
}

/** How far each unit stands out, as bytes in base64: small enough to be kept for every second. */
export function packUnits(said: Float32Array): string {
  const { mean, deviation } = unitReference()
  const bytes = Int8Array.from(said, (value, unit) =>
    Math.max(
      -MOST_STEPS,
      Math.min(MOST_STEPS, Math.round((STEPS * (value - mean[unit])) / Math.max(1e-6, deviation[unit]))),
    ),
  )
  return Buffer.from(bytes.buffer).toString('base64')
}

/** Standard deviations above the mean of the reference, by unit. */
export function unpackUnits(packed: string): Float32Array {
  return Float32Array.from(new Int8Array(Buffer.from(packed, 'base64')), (value) => value / STEPS)
}

/** A measurement as if the network answered with these units to every picture as it does to the reference on the mean. */
export function withoutUnits(measurement: Measurement, units: readonly number[]): Measurement {
  if (measurement.kind !== 'picture') return measurement
  const { deviation } = unitReference()
  const bins = measurement.bins.map((bin) => {
    if (!bin.meaning || !bin.units) return bin
    const said = unpackUnits(bin.units)
    return { ...bin, meaning: meaningWithout(bin.meaning, units, (unit) => said[unit] * deviation[unit]) }
  })
  return { ...measurement, bins }
}

/** The share of the reference that excites a unit less than so many standard deviations, as far as it is known. */
export function shareBelow(unit: number, deviations: number): number {
  const { mean, deviation, quantiles } = unitReference()
  const value = mean[unit] + deviations * deviation[unit]
  let share = 0
  UNIT_SHARES.forEach((each, at) => {
    if (value >= quantiles[unit * UNIT_SHARES.length + at]) share = each
  })
  return share
}
