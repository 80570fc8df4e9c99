/** Who speaks in a project. Captions name their speaker by id (records.ts), so that a name is written down once. */
import { z } from 'zod'

/** Names are shortened to it. */
export const MOST_NAME_LETTERS = 80

export const speakerSchema = z.object({
  kind: z.literal('speaker'),
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(MOST_NAME_LETTERS),
  /** A colour of OpenTimelineIO by its name, as markers have. */
  color: z.string(),
  /** From the top of the list; the first nine have number keys. */
  order: z.number().int(),
})
export type Speaker = z.infer<typeof speakerSchema>
