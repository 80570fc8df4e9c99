/** What alignment.json must be for whoever reads it: every member of its kind, and nothing that leads nowhere. */
import { z } from 'zod'
import { ALIGNMENT_FORMAT } from './alignment.ts'

export const ALIGNMENT_NAME = 'alignment.json'

const share = z.number().min(0).max(1)
const seconds = z.number()
const numbers = (count: number): z.ZodArray<z.ZodNumber> => z.array(z.number()).length(count)

/** By how much columns may differ from those of a turn and one scale, as a share: matrices are written in full digits. */
const MOST_SKEW = 1e-3

/** Column-major: turned, scaled alike in all directions, moved, and nothing else; never mirrored. */
function isSimilarity(m: readonly number[]): boolean {
  if (m[3] !== 0 || m[7] !== 0 || m[11] !== 0 || m[15] !== 1) return false
  const [a, b, c] = [m.slice(0, 3), m.slice(4, 7), m.slice(8, 11)]
  const dot = (u: readonly number[], v: readonly number[]): number => u.reduce((sum, x, n) => sum + x * v[n]!, 0)
  const square = dot(a, a)
  const differs = [dot(b, b) - square, dot(c, c) - square, dot(a, b), dot(b, c), dot(c, a)]
  const across = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!]
  return square > 0 && differs.every((each) => Math.abs(each) <= MOST_SKEW * square) && dot(across, c) > 0
}
const similarity = numbers(16).refine(isSimilarity)
const count = z.number().int().nonnegative()
const digest = z.string().regex(/^[0-9a-f]{64}$/)

const mapMembers = {
  offset_s: seconds,
  rate_ppm: z.number(),
  sigma_offset_s: seconds.nonnegative(),
  sigma_rate_ppm: z.number().nonnegative(),
  covariance: numbers(3),
  confidence: share,
  method: z.string(),
  knots: z
    .array(
      z.looseObject({
        t_asset_s: seconds,
        t_project_s: seconds,
        sigma_s: seconds.nonnegative(),
      }),
    )
    .optional(),
}
const poseMembers = {
  scale: z.number().positive(),
  covariance: numbers(36).nullable(),
  rmse_m: z.number().nonnegative().nullable(),
  overlap: share.nullable(),
  confidence: share,
  method: z.string(),
}
const verdictMembers = {
  accepted: z.boolean(),
  reason: z.string().nullish(),
  verdict: z.string().nullish(),
}

const assetSchema = z.looseObject({
  id: z.string().min(1),
  title: z.string(),
  path: z.string().min(1),
  format: z.string().min(1),
  kind: z.string().min(1),
  sha256: digest.nullable(),
  original_sha256: digest,
  take: z.string().nullable(),
  duration_s: seconds.nonnegative().nullable(),
  streams: z.array(
    z.looseObject({
      id: z.string().min(1),
      kind: z.string().min(1),
      clock: z.string().min(1),
      index: z.number().int().nonnegative(),
      start_s: seconds,
      duration_s: seconds.nonnegative().nullable(),
      sample_rate_hz: z.number().nonnegative().nullish(),
      sample_count: count.nullish(),
      frame_rate: z
        .looseObject({
          numerator: count,
          denominator: z.number().int().positive(),
        })
        .nullish(),
      width: count.nullish(),
      height: count.nullish(),
      point_count: count.nullish(),
      triangle_count: count.nullish(),
    }),
  ),
})

export const alignmentSchema = z.looseObject({
  format: z.literal(ALIGNMENT_FORMAT),
  assets: z.array(assetSchema),
  time: z.looseObject({
    unit: z.literal('s'),
    formula: z.string().min(1),
    reference_clock: z.string().nullable(),
    clocks: z.array(
      z.looseObject({
        id: z.string().min(1),
        asset: z.string(),
        title: z.string(),
        source: z.string(),
        epoch_utc_ns: z
          .string()
          .regex(/^-?\d+$/)
          .nullish(),
        unaligned_reason: z.string().optional(),
        map: z
          .looseObject({
            ...mapMembers,
            manual: z.boolean(),
            evidence: z.array(z.string()),
          })
          .nullable(),
      }),
    ),
    evidence: z.array(
      z.looseObject({
        id: z.string().min(1),
        clock_a: z.string(),
        clock_b: z.string(),
        ...mapMembers,
        ...verdictMembers,
      }),
    ),
  }),
  space: z.looseObject({
    unit: z.literal('m'),
    frame: z.string().min(1),
    covariance: z.string().min(1),
    world_asset: z.string().nullable(),
    transforms: z.array(
      z.looseObject({
        asset: z.string(),
        world_from_asset: similarity,
        ...poseMembers,
        manual: z.boolean(),
        evidence: z.array(z.string()),
        path_corrections: z.array(
          z.looseObject({
            t_asset_s: seconds,
            corrected_from_recorded: similarity,
          }),
        ),
      }),
    ),
    unregistered: z.array(z.looseObject({ asset: z.string(), reason: z.string() })),
    evidence: z.array(
      z.looseObject({
        id: z.string().min(1),
        target: z.string(),
        source: z.string(),
        target_from_source: similarity,
        ...poseMembers,
        ...verdictMembers,
      }),
    ),
  }),
})
type Alignment = z.infer<typeof alignmentSchema>

/**
 * What in it leads nowhere, or to other bytes; empty when it fits the package.
 * @param sha256Of of a recording as it lies in the package, or as a sealed one opens; undefined where there is none,
 *   null for the folder of a capture
 */
export function misplaced(alignment: Alignment, sha256Of: (path: string) => string | null | undefined): string[] {
  const { assets, time, space } = alignment
  const faults: string[] = []
  const known = (subject: string, all: readonly { id: string }[], named: readonly (string | null)[] = []): void => {
    const there = new Set(all.map(({ id }) => id))
    if (there.size !== all.length) faults.push(`names ${subject} twice`)
    const strange = named.find((id) => id !== null && !there.has(id))
    if (strange !== undefined) faults.push(`names ${subject} "${strange}", which is not there`)
  }
  const streams = assets.flatMap((asset) => asset.streams)
  known('a recording', assets, [
    space.world_asset,
    ...[...time.clocks, ...space.transforms, ...space.unregistered].map((part) => part.asset),
    ...space.evidence.flatMap(({ target, source }) => [target, source]),
  ])
  known('a stream', streams)
  known('a clock', time.clocks, [
    time.reference_clock,
    ...streams.map((stream) => stream.clock),
    ...time.evidence.flatMap((each) => [each.clock_a, each.clock_b]),
  ])
  known(
    'evidence',
    time.evidence,
    time.clocks.flatMap(({ map }) => map?.evidence ?? []),
  )
  known(
    'evidence',
    space.evidence,
    space.transforms.flatMap(({ evidence }) => evidence),
  )
  for (const { path, sha256 } of assets) {
    const there = sha256Of(path)
    if (there === undefined) faults.push(`names ${path}, which is not in the package`)
    else if (there !== sha256) faults.push(`names ${path} by another content`)
  }
  return faults
}
