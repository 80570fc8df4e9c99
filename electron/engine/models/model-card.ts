/** What is kept of a model that a person brought. */
import { z } from 'zod'

export const cardSchema = z.object({
  id: z.string(),
  title: z.string(),
  licence: z.string(),
  origin: z.enum(['folder', 'downloaded']),
  source: z.string(),
  purpose: z.enum(['speech-to-text', 'picture-text']),
  folder: z.string(),
  digest: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
})
export type ModelCard = z.infer<typeof cardSchema>
