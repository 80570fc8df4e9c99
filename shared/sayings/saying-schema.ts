/** Sayings as they are checked where they come in; apart, so that whoever only throws an error does not load the checker. */
import { z } from 'zod'
import type { FailureSaid } from '../errors.ts'
import type { Saying } from './saying.ts'

export const sayingSchema: z.ZodType<Saying> = z.lazy(() =>
  z.object({
    code: z.string(),
    slots: z.record(z.string(), z.union([z.string(), z.number(), sayingSchema])).optional(),
  }),
)

/** The sentences of a failure that a window can say in its own language, beside their English. */
export const failureSaidSchema: z.ZodType<FailureSaid> = z.object({
  what: sayingSchema.optional(),
  fix: sayingSchema.optional(),
  kept: sayingSchema.optional(),
})
