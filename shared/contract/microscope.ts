/** What excites a learned model in the work: units of a published network, never of a lab's. */
import { oc } from '@orpc/contract'
import { z } from 'zod'

const exemplar = z.object({ asset: z.string(), seconds: z.number(), deviations: z.number() })

const microscopeAnswer = z.object({
  model: z.string(),
  reference: z.object({ name: z.string(), pictures: z.number().int() }),
  units: z.array(
    z.object({
      unit: z.number().int(),
      /** With all units that rise and fall with it. */
      together: z.array(z.number().int()),
      /** Standard deviations above the mean of the reference, at most. */
      peak: z.number(),
      /** Values farther out are not resolved: the peak may be beyond. */
      or_more: z.boolean(),
      /** The share of the reference that excites it less, as far as it is known. */
      rarer_than: z.number(),
      strips: z.array(
        z.object({
          asset: z.string(),
          /** On the recording's own clock. */
          seconds: z.array(z.number()),
          deviations: z.array(z.number()),
        }),
      ),
      exemplars: z.array(exemplar),
      /** The samples of the reference that excite it most. */
      reference_exemplars: z.array(z.object({ name: z.string(), deviations: z.number(), picture: z.string() })),
    }),
  ),
})
export type MicroscopeAnswer = z.infer<typeof microscopeAnswer>

const occlusionAnswer = z.object({
  /** Row by row from the top left: how much the activation falls when that part of the picture is covered, 0 to 1. */
  side: z.number().int(),
  falls: z.array(z.number()),
})
export type OcclusionAnswer = z.infer<typeof occlusionAnswer>

const unitShare = z.object({ stars: z.number(), all_stars: z.number() })
export type UnitShare = z.infer<typeof unitShare>

const unitNumber = z.number().int().nonnegative()

export const microscopeContract = {
  /** Uses what the stars have measured; decodes nothing. */
  look: oc.output(microscopeAnswer),
  /** Evaluates one picture again with one part after another covered. */
  occlusion: oc.input(z.object({ asset: z.string(), seconds: z.number(), unit: unitNumber })).output(occlusionAnswer),
  /**
   * The part of the stars that passes through units, and through all, under the pack that ships or the installed one of
   * a digest.
   */
  share: oc
    .input(z.object({ units: z.array(unitNumber).min(1).max(10_000), installed: z.string().nullable() }))
    .output(unitShare),
}
