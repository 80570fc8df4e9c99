/**
 * Alignment in space by the person: landmarks, floor, gravity, a word on a measured pair. Each is one gesture that can
 * be undone, and none is overwritten by a later run. Metres, +Y up, matrices column-major.
 */
import { z } from 'zod'
import { point3 } from '../document/space-records.ts'
import { base } from './base.ts'

const assetId = z.string()
const placed = z.object({ unregistered: z.array(z.object({ assetId, reason: z.string() })) })

const region = z.object({ min: point3, max: point3 }).nullable()

/** One pair measured again, within boxes of the assets' own frames where they are given. */
export const registerPairInput = z.object({
  targetAssetId: assetId,
  sourceAssetId: assetId,
  targetRegion: region,
  sourceRegion: region,
})

export const spaceContract = {
  /** Three or more places that are one in both assets place the source. Refused where they leave a turn free. */
  landmarks: base
    .input(
      z.object({
        targetAssetId: assetId,
        sourceAssetId: assetId,
        /** Each in its asset's own frame. */
        points: z.array(z.object({ target: point3, source: point3 })).max(200),
        withScale: z.boolean(),
      }),
    )
    .output(
      placed.extend({
        targetFromSource: z.array(z.number()).length(16),
        scale: z.number(),
        rmseMetres: z.number(),
        /** How far each pair of places is apart after the fit: a place that was mistaken stands out. */
        residualsMetres: z.array(z.number()),
      }),
    ),
  /** The person's word on a measured pair, or the choice of one of its candidates; everything is placed anew. */
  judge: base
    .input(
      z.object({
        evidenceId: z.string(),
        verdict: z.enum(['accept', 'reject']).nullable(),
        /** Index into the candidates: that pose is taken. Only with `accept`. */
        candidate: z.number().int().nonnegative().nullable(),
      }),
    )
    .output(placed),
  /** The lowest large level surface of an asset, and which way is up from it. World frame where it is placed. */
  floor: base.input(z.object({ assetId })).output(
    z.object({
      up: point3,
      /** Along `up`, metres. */
      heightMetres: z.number(),
      /** Of the asset's surface that lies on it. */
      share: z.number(),
      tiltDegrees: z.number(),
    }),
  ),
  /**
   * Turns the world (or one asset alone) so that `up`, a direction of the world, becomes +Y, and moves it so that what
   * was at `floorMetres` along it lies at y = 0; null leaves the height.
   */
  level: base
    .input(z.object({ assetId: assetId.nullable(), up: point3, floorMetres: z.number().nullable() }))
    .output(z.object({ moved: z.array(assetId), tiltDegrees: z.number() })),
  /** Points of the source with their distances to the target's surface, for colours; in the source's frame. */
  residuals: base
    .input(z.object({ evidenceId: z.string(), maximumPoints: z.number().int().min(1).max(20_000) }))
    .output(z.object({ assetId, positions: z.array(z.number()), distancesMetres: z.array(z.number()) })),
}
