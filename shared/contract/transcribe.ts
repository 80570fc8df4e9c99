/** Speech to words: the answer of the command. */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'

export const transcribeAnswer = z.object({
  recognizer: z.object({
    id: z.string(),
    note: z.string().describe('how good it is, as a sentence'),
    said: sayingSchema.optional(),
  }),
  segments: z.array(
    z.object({
      asset: z.string(),
      start_s: z.number().describe('on the project’s clock'),
      end_s: z.number(),
      text: z.string(),
      words: z.array(
        z.object({
          text: z.string(),
          start_s: z.number(),
          end_s: z.number(),
          confidence: z.number().min(0).max(1).optional(),
        }),
      ),
    }),
  ),
  skipped: z.array(z.object({ asset: z.string(), reason: z.string() })),
})
export type TranscribeAnswer = z.infer<typeof transcribeAnswer>
