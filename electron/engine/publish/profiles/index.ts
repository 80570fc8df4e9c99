/** What buyers accept, as data files with their sources: resources/profiles/*.json. */
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import egocentricBaseline from '../../../../resources/profiles/egocentric-baseline.json' with { type: 'json' }
import none from '../../../../resources/profiles/none.json' with { type: 'json' }

const buyerProfileSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** Where the figures come from. */
  source: z.string(),
  /** `yyyy-mm-dd`, when the source was read. */
  read: z.string(),
  video: z
    .strictObject({
      containers: z.array(z.string()),
      codecs: z.array(z.string()),
      minPixels: z.number().int(),
      minFramesPerSecond: z.number(),
      maxBitDepth: z.number().int(),
      hdr: z.boolean(),
      landscape: z.boolean(),
      maxFramesBetweenKeyframes: z.number().int(),
      bFrames: z.boolean(),
      minSeconds: z.number(),
      maxSeconds: z.number(),
    })
    .optional(),
  imu: z.strictObject({ minHz: z.number(), maxSyncSeconds: z.number() }).optional(),
  pose: z.strictObject({ minHz: z.number(), maxSyncFrames: z.number() }).optional(),
})
export type BuyerProfile = z.infer<typeof buyerProfileSchema>

export const BUYER_PROFILES: readonly BuyerProfile[] = [none, egocentricBaseline].map((data) =>
  buyerProfileSchema.parse(data),
)

/** @throws AsterismError `bad_input` naming the profiles there are. */
export function buyerProfile(id: string): BuyerProfile {
  const profile = BUYER_PROFILES.find((each) => each.id === id)
  if (profile === undefined) {
    throw new AsterismError('bad_input', say('profile.none', { id }), {
      fix: say('export.fix.oneOf', { names: BUYER_PROFILES.map((each) => each.id).join(', ') }),
    })
  }
  return profile
}
