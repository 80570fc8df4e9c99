/** `alignment.json`: where every stream lies in time and every recording in space, how surely, and why. */
import type { TimeEvidence, TimeMap } from '../../../../shared/document/records.ts'
import { sayingSchema } from '../../../../shared/sayings/saying-schema.ts'
import type { Saying } from '../../../../shared/sayings/saying.ts'
import type { Json } from './canonical-json.ts'
import type { PackagedAsset } from './packaged.ts'
import type { ProjectView } from './project-view.ts'

export const ALIGNMENT_FORMAT = 'asterism-alignment/1'

function mapJson(map: TimeMap | TimeEvidence): { [key: string]: Json } {
  return {
    offset_s: map.offsetSeconds,
    rate_ppm: map.ratePpm,
    sigma_offset_s: map.sigmaOffsetSeconds,
    sigma_rate_ppm: map.sigmaRatePpm,
    covariance: map.covariance,
    confidence: map.confidence,
    method: map.method,
    ...(map.knots === undefined
      ? {}
      : {
          knots: map.knots.map((knot) => ({
            t_asset_s: knot.clockSeconds,
            t_project_s: knot.projectSeconds,
            sigma_s: knot.sigmaSeconds,
          })),
        }),
  }
}

/** A reason as reports keep it: `said` where it has words in other languages. */
interface GivenReason {
  readonly reason: string
  readonly said?: Saying
}

/** Reasons that the last run of an aligner gave for leaving an asset out, by asset id. */
export function reasonsGiven(view: ProjectView, subject: 'sync' | 'register'): ReadonlyMap<string, GivenReason> {
  const data = view.report(subject)?.data
  const field = subject === 'sync' ? 'unsynced' : 'unregistered'
  const reasons = new Map<string, GivenReason>()
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return reasons
  const list = data[field]
  if (!Array.isArray(list)) return reasons
  for (const item of list) {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) continue
    if (typeof item.asset !== 'string') continue
    reasons.set(item.asset, {
      reason: typeof item.reason === 'string' ? item.reason : '',
      said: sayingSchema.safeParse(item.said).data,
    })
  }
  return reasons
}

function assetJson(view: ProjectView, packaged: PackagedAsset): Json {
  const { asset } = packaged
  return {
    id: asset.id,
    title: asset.title,
    path: packaged.path,
    format: asset.format,
    kind: asset.assetKind,
    take: asset.take,
    sha256: packaged.isFolder ? null : packaged.files[0].sha256,
    original_sha256: asset.sha256,
    duration_s: asset.durationSeconds,
    streams: view.streamsOf(asset.id).map((stream) => ({
      id: stream.id,
      kind: stream.sensor,
      clock: stream.clockId,
      index: stream.index,
      codec: stream.codec,
      start_s: stream.startSeconds,
      duration_s: stream.durationSeconds,
      sample_rate_hz: stream.sampleRateHz,
      sample_count: stream.sampleCount,
      frame_rate: stream.frameRate && {
        numerator: stream.frameRate.numerator,
        denominator: stream.frameRate.denominator,
      },
      width: stream.width,
      height: stream.height,
      rotation_degrees: stream.rotationDegrees,
      point_count: stream.pointCount,
      triangle_count: stream.triangleCount,
      bounds_m: stream.boundsMetres,
    })),
  }
}

/** Of the ids that a record names, those that stand beside it: evidence is replaced by later runs, and recordings go. */
function present(ids: readonly string[], there: readonly { readonly id: string }[]): string[] {
  const known = new Set(there.map(({ id }) => id))
  return ids.filter((id) => known.has(id))
}

const presentOrNull = (id: string | null, there: readonly { readonly id: string }[]): string | null =>
  id === null ? null : (present([id], there)[0] ?? null)

function timeJson(view: ProjectView, assets: readonly PackagedAsset[]): Json {
  const clocks = assets.flatMap(({ asset }) => view.clocksOf(asset.id))
  const evidences = view.timeEvidence.filter(({ clockA, clockB }) => present([clockA, clockB], clocks).length === 2)
  const reasons = reasonsGiven(view, 'sync')
  return {
    unit: 's',
    formula: 't_project = offset_s + (1 + rate_ppm * 1e-6) * t_asset; with knots, linear between them',
    reference_clock: presentOrNull(view.project.referenceClockId, clocks),
    clocks: clocks.map((clock) => {
      const map = view.timeMapOf(clock.id)
      return {
        id: clock.id,
        asset: clock.assetId,
        title: clock.title,
        source: clock.source,
        epoch_utc_ns: clock.epochUtcNanoseconds,
        timecode: clock.timecode && { start: clock.timecode.start, rate: clock.timecode.rate },
        map:
          map === undefined
            ? null
            : { ...mapJson(map), manual: map.manual, evidence: present(map.evidenceIds, evidences) },
        unaligned_reason: map === undefined ? (reasons.get(clock.assetId)?.reason ?? 'not aligned') : undefined,
      }
    }),
    evidence: evidences.map((evidence) => ({
      id: evidence.id,
      clock_a: evidence.clockA,
      clock_b: evidence.clockB,
      formula: 't_a = offset_s + (1 + rate_ppm * 1e-6) * t_b',
      ...mapJson(evidence),
      overlap_s: evidence.overlapSeconds,
      accepted: evidence.accepted,
      reason: evidence.reason,
      verdict: evidence.verdict,
    })),
  }
}

function spaceJson(view: ProjectView, packaged: readonly PackagedAsset[]): Json {
  const assets = packaged.map(({ asset }) => asset)
  const evidences = view.spaceEvidence.filter(
    ({ targetAssetId, sourceAssetId }) => present([targetAssetId, sourceAssetId], assets).length === 2,
  )
  const unregistered = reasonsGiven(view, 'register')
  return {
    unit: 'm',
    frame: 'right-handed, +Y up; matrices are 16 numbers, column-major; a camera looks along -Z',
    covariance: '6x6 row-major over (rotation vector in rad, translation in m) in world axes',
    world_asset: presentOrNull(view.project.worldAssetId, assets),
    transforms: assets.flatMap((asset) => {
      const transform = view.transformOf(asset.id)
      if (transform === undefined) return []
      return [
        {
          asset: asset.id,
          world_from_asset: transform.worldFromAsset,
          scale: transform.scale,
          covariance: transform.covariance,
          rmse_m: transform.rmseMetres,
          overlap: transform.overlap,
          confidence: transform.confidence,
          method: transform.method,
          manual: transform.manual,
          evidence: present(transform.evidenceIds, evidences),
          path_corrections: (view.pathCorrectionOf(asset.id)?.knots ?? []).map((knot) => ({
            t_asset_s: knot.clockSeconds,
            corrected_from_recorded: knot.correctedFromRecorded,
          })),
        },
      ]
    }),
    unregistered: present([...unregistered.keys()], assets).map((asset) => ({
      asset,
      reason: unregistered.get(asset)!.reason,
    })),
    evidence: evidences.map((evidence) => ({
      id: evidence.id,
      target: evidence.targetAssetId,
      source: evidence.sourceAssetId,
      target_from_source: evidence.targetFromSource,
      scale: evidence.scale,
      covariance: evidence.covariance,
      rmse_m: evidence.rmseMetres,
      overlap: evidence.overlap,
      confidence: evidence.confidence,
      method: evidence.method,
      accepted: evidence.accepted,
      reason: evidence.reason,
      verdict: evidence.verdict,
    })),
  }
}

/** The alignment of everything in the package. Names and units are those of the command line's JSON. */
export function alignmentJson(view: ProjectView, assets: readonly PackagedAsset[]): Json {
  return {
    format: ALIGNMENT_FORMAT,
    assets: assets.map((packaged) => assetJson(view, packaged)),
    time: timeJson(view, assets),
    space: spaceJson(view, assets),
  }
}
