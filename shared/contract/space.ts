/**
 * Manual alignment in space: landmarks, floor, gravity, verdicts on measured pairs. Each is one gesture that can be
 * undone, and no later run overwrites it. Metres, +Y up, matrices column-major.
 */
import { z } from 'zod'
import { point3 } from '../document/space-records.ts'
import { base } from './base.ts'

const assetId = z.string()
const placed = z.object({ unregistered: z.array(z.object({ assetId, reason: z.string() })) })

const region = z.object({ min: point3, max: point3 }).nullable()

/** Measures one pair again, optionally within boxes in the assets' own frames. */
export const registerPairInput = z.object({
  targetAssetId: assetId,
  sourceAssetId: assetId,
  targetRegion: region,
  sourceRegion: region,
})

export const spaceContract = {
  /** Places the source by three or more corresponding points. Refused if they leave a rotation free. */
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
        /** Distance of each pair of points after the fit: a mistaken point stands out. */
        residualsMetres: z.array(z.number()),
      }),
    ),
  /** The user's verdict on a measured pair, or the choice of a candidate; everything is placed again. */
  judge: base
    .input(
      z.object({
        evidenceId: z.string(),
        verdict: z.enum(['accept', 'reject']).nullable(),
        /** Index of the candidate whose pose is used. Only with `accept`. */
        candidate: z.number().int().nonnegative().nullable(),
      }),
    )
    .output(placed),
  /** The lowest large level surface of an asset, and its up direction; in world frame if the asset is placed. */
  floor: base.input(z.object({ assetId })).output(
    z.object({
      up: point3,
      /** Along `up`, metres. */
      heightMetres: z.number(),
      /** Share of the asset's surface that is on it. */
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
  /** Points of the source, in its frame, with their distances to the target's surface; for colouring. */
  residuals: base
    .input(z.object({ evidenceId: z.string(), maximumPoints: z.number().int().min(1).max(20_000) }))
    .output(z.object({ assetId, positions: z.array(z.number()), distancesMetres: z.array(z.number()) })),
}
