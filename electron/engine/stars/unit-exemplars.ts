/** The drawings of the reference that each unit of the network for pictures answers to most, as pictures that ship. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { modelEntry } from '../models/catalogue.ts'
import { resourceFolder } from '../resources.ts'

const exemplarsSchema = z.object({
  encoder: z.object({ id: z.string(), sha256: z.string() }),
  pictures: z.array(z.object({ name: z.string(), webp: z.string() })),
  /** Of each unit, `place deviations` with commas between: places among the pictures, deviations above the mean. */
  units: z.array(z.string()),
})

export interface ReferenceExemplar {
  readonly name: string
  readonly deviations: number
  /** A `data:` address. */
  readonly picture: string
}

let known: z.infer<typeof exemplarsSchema> | null = null

/** The strongest first. @throws AsterismError `corrupt_file` where they belong to another model */
export function referenceExemplars(unit: number): ReferenceExemplar[] {
  const path = join(resourceFolder('models'), 'unit-exemplars.json')
  known ??= exemplarsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  if (known.encoder.sha256 !== modelEntry('centernet-c5').sha256)
    throw new AsterismError('corrupt_file', say('recording.otherModel'), { path })
  const { pictures, units } = known
  if (units[unit] === '') return []
  return units[unit].split(', ').map((each) => {
    const [at, deviations] = each.split(' ').map(Number)
    const { name, webp } = pictures[at]
    return { name: name.replaceAll('-', ' '), deviations, picture: `data:image/webp;base64,${webp}` }
  })
}
