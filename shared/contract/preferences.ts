/** What a person set for themselves on this machine, whatever project is open: the window alone knows what is in it. */
import { oc } from '@orpc/contract'
import { z } from 'zod'

export const preferencesContract = {
  get: oc.output(z.object({ value: z.json().nullable() })),
  set: oc.input(z.object({ value: z.json() })).output(z.object({ kept: z.boolean() })),
}
