/** What the folder of a CLIP or SigLIP model says of itself, beside its graphs: how pictures and sentences are given to it. */
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readModelText } from './model-text.ts'

const side = z.number().int().min(16).max(2048)
const rectangle = z.object({ height: side, width: side })

const configSchema = z.object({
  model_type: z.enum(['clip', 'siglip']),
  text_config: z.looseObject({ max_position_embeddings: z.number().int().min(2).max(4096).optional() }).default({}),
})
/** Older files give one number where newer ones name what it is. */
const preprocessorSchema = z.object({
  do_resize: z.boolean().default(true),
  size: z.union([side, rectangle, z.object({ shortest_edge: side })]),
  resample: z.number().int().min(0).max(5).default(3),
  do_center_crop: z.boolean().default(false),
  crop_size: z.union([side, rectangle]).optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .max(1)
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: z.array(z.number().min(-1e3).max(1e3)).length(3).default([0, 0, 0]),
  image_std: z.array(z.number().min(1e-6).max(1e3)).length(3).default([1, 1, 1]),
})

export interface PictureTextFacts {
  readonly kind: 'clip' | 'siglip'
  /** Of the square picture that it looks at. */
  readonly side: number
  /** Shorter edge to which a picture is brought before its middle is cut out; null where it is drawn to the square. */
  readonly shortestEdge: number | null
  /** How it is brought there, by the numbers that its makers' library uses. */
  readonly resample: number
  /** A byte times the factor, less the mean, over the deviation: one of each for red, green and blue. */
  readonly factor: number
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  /** More pieces of a sentence than this are not read. */
  readonly mostTokens: number
  /** Whether shorter sentences are filled up to that: such models read the last place. */
  readonly fillsUp: boolean
}

const USUAL_TOKENS = { clip: 77, siglip: 64 } as const

function squareOf(size: z.infer<typeof preprocessorSchema>['size']): number | null {
  if (typeof size === 'number') return size
  if ('shortest_edge' in size) return null
  return size.height === size.width ? size.height : null
}

/** @throws AsterismError `corrupt_file`, `unsupported_format` naming the file and what is wrong with it */
export async function readPictureTextFacts(folder: string): Promise<PictureTextFacts> {
  const { model_type: kind, text_config: text } = await readModelText(folder, 'config.json', configSchema)
  const given = await readModelText(folder, 'preprocessor_config.json', preprocessorSchema)
  const crop = given.do_center_crop ? (given.crop_size ?? given.size) : null
  const square = squareOf(crop ?? given.size)
  if (square === null || !given.do_resize)
    throw new AsterismError('unsupported_format', say('model.notSquare'), {
      fix: say('model.fix.square'),
    })
  const { size } = given
  // A number alone meant the shorter edge where the middle is cut out, and the square where it is not.
  const shortest = typeof size === 'number' ? size : 'shortest_edge' in size ? size.shortest_edge : null
  return {
    kind,
    side: square,
    shortestEdge: crop === null ? null : shortest && Math.max(shortest, square),
    resample: given.resample,
    factor: given.do_rescale ? given.rescale_factor : 1,
    mean: given.do_normalize ? given.image_mean : [0, 0, 0],
    deviation: given.do_normalize ? given.image_std : [1, 1, 1],
    mostTokens: text.max_position_embeddings ?? USUAL_TOKENS[kind],
    fillsUp: kind === 'siglip',
  }
}
