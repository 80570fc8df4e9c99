/** What is annotated in a project. The spans themselves are markers that name their label (records.ts). */
import { z } from 'zod'

/** Questions that a label asks at most. */
export const MOST_ATTRIBUTES = 20

/** A question that is asked of every span of a label, with the answers it may have; none: any text. */
const labelAttributeSchema = z.object({
  name: z.string().min(1).max(60),
  values: z.array(z.string().min(1).max(60)).max(50),
})

export const labelSchema = z.object({
  kind: z.literal('label'),
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(80),
  /** A colour of OpenTimelineIO by its name, as markers have. */
  color: z.string(),
  /** The number key that starts and ends a span of it. */
  key: z
    .string()
    .regex(/^[1-9]$/)
    .nullable(),
  /** From the top of the timeline. */
  order: z.number().int(),
  attributes: z.array(labelAttributeSchema).max(MOST_ATTRIBUTES),
})
export type Label = z.infer<typeof labelSchema>
export type LabelAttribute = z.infer<typeof labelAttributeSchema>

/** What a marker has beside its own fields when it is a span of a label. */
export const spanFields = {
  labelId: z.string().min(1).max(200).optional(),
  /** Answers by the name of their question. */
  values: z.record(z.string(), z.string()).optional(),
}
