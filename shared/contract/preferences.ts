/** The user's preferences on this machine, independent of the project. Only the window interprets them. */
import { oc } from '@orpc/contract'
import { z } from 'zod'

export const preferencesContract = {
  get: oc.output(z.object({ value: z.json().nullable() })),
  set: oc.input(z.object({ value: z.json() })).output(z.object({ kept: z.boolean() })),
}
