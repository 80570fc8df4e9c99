/** The base of every procedure: expected failures all come back as the error `ASTERISM`. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { failureSaidSchema } from '../sayings/saying-schema.ts'

const failureData = z.object({
  code: z.string(),
  path: z.string().optional(),
  fix: z.string().optional(),
  kept: z.string().optional(),
  said: failureSaidSchema.optional(),
})

export const base = oc.errors({ ASTERISM: { status: 422, data: failureData } })
