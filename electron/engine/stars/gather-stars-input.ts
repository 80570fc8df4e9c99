/** Gathers what `estimateStars` looks at: measures the assets, puts the windows where the time maps say. */
import { isUsed, type UsedSpans } from '../../../shared/document/used-spans.ts'
import type { Asset, Caption, Clock, Rights, Stream, TimeMap, Transform } from '../../../shared/document/records.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import type {
  CaptionInput,
  ClockInput,
  KnownFingerprint,
  Sampling,
  ScanInput,
  StarsInput,
  UnitInput,
} from '../../../shared/stars/estimate/stars-input.ts'
import { ALIGNED } from '../../../shared/stars/estimate/stars-input.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import type { MeasureContext, MeasuredStream, SkippedStream } from './measure-asset.ts'
import { measureAsset } from './measure-asset.ts'
import type { Measurement, SoundMeasurement } from './measurements.ts'
import type { PlacedOnsets } from './onset-residual.ts'
import { onsetResidual } from './onset-residual.ts'
import type { ClockBins, SeenSpan } from './place-units.ts'
import { placeUnits, projectSeconds, windowSecondsFor } from './place-units.ts'
import { jointSentences, sentenceMeanings } from './sentence-meaning.ts'

/** What of a project matters to the stars, as plain records. */
export interface StarsProjectView {
  readonly assets: readonly {
    readonly asset: Asset
    readonly streams: readonly Stream[]
    readonly clocks: readonly Clock[]
    /** Null when the file cannot be found. */
    readonly path: string | null
  }[]
  readonly timeMaps: readonly TimeMap[]
  readonly transforms: readonly Transform[]
  readonly captions: readonly Caption[]
  readonly rights: Pick<Rights, 'licence' | 'trainingUse'> | null
  readonly referenceClockId: string | null
  readonly worldAssetId: string | null
  /** What of the streams the edit uses. */
  readonly used: Pick<UsedSpans, 'of'>
}

export interface GatherContext extends MeasureContext {
  /** What is known to be published or owned already. */
  readonly library?: readonly KnownFingerprint[]
  /** Parts of recordings that lie in works that were minted before, on the streams' own time. */
  readonly seen?: readonly SeenPart[]
  /** What is made of each measurement before it counts, to see what the stars would be if it were another. */
  readonly see?: (measurement: Measurement) => Measurement
  /** 0 to 1. */
  readonly onProgress?: (fraction: number, what: string) => void
}

/** A part of a recording, counted from where its film or, of a recording without one, its sound begins. */
export interface SeenPart extends SeenSpan {
  readonly assetId: string
  readonly sensor: 'video' | 'audio'
}

export interface GatheredStars {
  readonly input: StarsInput
  /** Streams that could not be read, each with its reason. */
  readonly skipped: readonly SkippedStream[]
}

type Entry = StarsProjectView['assets'][number]
type Measured = { readonly entry: Entry; readonly streams: readonly MeasuredStream[] }

/** The clock on which the time line runs: the project's own, else the first with anything on it. */
function referenceOf(project: StarsProjectView, measured: readonly Measured[]): string | null {
  if (project.referenceClockId !== null) return project.referenceClockId
  for (const { streams } of measured) {
    const first = streams.find(({ measurement }) => measurement.kind !== 'scan')
    if (first) return first.stream.clockId
  }
  return null
}

/** The bins that the edit uses; the sound keeps its onsets, by which its place in time is checked. */
function usedBins(project: StarsProjectView, { stream, measurement }: MeasuredStream): Measurement {
  const spans = project.used.of(stream)
  if (measurement.kind === 'scan' || spans === null) return measurement
  const end = stream.startSeconds + (stream.durationSeconds ?? Infinity)
  const keep = (bin: { t: number }): boolean => isUsed(spans, bin.t, measurement.binSeconds, end)
  return { ...measurement, bins: measurement.bins.filter(keep) } as Measurement
}

/** The share of a bin that the stream and the edit fill. */
function heldShareOf(project: StarsProjectView, { stream }: MeasuredStream, start: number, binSeconds: number): number {
  const spans = project.used.of(stream) ?? [{ startSeconds: -Infinity, endSeconds: Infinity }]
  const last = Math.min(start + binSeconds, stream.startSeconds + (stream.durationSeconds ?? Infinity))
  const held = spans.reduce(
    (sum, { startSeconds, endSeconds }) =>
      sum + Math.max(0, Math.min(last, endSeconds) - Math.max(start, startSeconds)),
    0,
  )
  return Math.min(1, held / binSeconds)
}

function seenOn(
  { entry, streams }: Measured,
  clockId: string,
  seen: readonly SeenPart[],
  toGroupSeconds: (seconds: number) => number,
): SeenSpan[] {
  return seen.flatMap(({ assetId, sensor, startSeconds, endSeconds, work }) => {
    const found = streams.find(({ stream }) => stream.sensor === sensor)?.stream
    if (assetId !== entry.asset.id || found?.clockId !== clockId) return []
    const onLine = (seconds: number): number => toGroupSeconds(found.startSeconds + seconds)
    return [{ startSeconds: onLine(startSeconds), endSeconds: onLine(endSeconds), work }]
  })
}

function binsOf(
  project: StarsProjectView,
  measured: readonly Measured[],
  reference: string | null,
  seen: readonly SeenPart[],
): ClockBins[] {
  const maps = new Map(project.timeMaps.map((map) => [map.clockId, map]))
  return measured.flatMap((each) => {
    const { entry, streams } = each
    return [...new Set(streams.map(({ stream }) => stream.clockId))].flatMap((clockId): ClockBins[] => {
      const own = streams.filter(({ stream, measurement }) => stream.clockId === clockId && measurement.kind !== 'scan')
      if (own.length === 0) return []
      const used = own.map((stream) => ({ own: stream, measurement: usedBins(project, stream) }))
      const map = maps.get(clockId)
      const toGroupSeconds = (seconds: number): number => (map ? projectSeconds(map, seconds) : seconds)
      return [
        {
          assetId: entry.asset.id,
          clockId,
          group: map || clockId === reference ? ALIGNED : clockId,
          toGroupSeconds,
          measurements: used.map(({ measurement }) => measurement),
          heldShare(measurement, startSeconds) {
            const from = used.find((each) => each.measurement === measurement)
            if (!from || measurement.kind === 'scan') return 1
            return heldShareOf(project, from.own, startSeconds, measurement.binSeconds)
          },
          seen: seenOn(each, clockId, seen, toGroupSeconds),
        },
      ]
    })
  })
}

function onsetsOf(clock: ClockBins): PlacedOnsets | null {
  const sound = clock.measurements.find((measurement): measurement is SoundMeasurement => measurement.kind === 'sound')
  if (!sound || clock.group !== ALIGNED) return null
  return { ...sound.onsets, toProjectSeconds: (seconds) => clock.toGroupSeconds(seconds) }
}

function clocksOf(project: StarsProjectView, bins: readonly ClockBins[], reference: string | null): ClockInput[] {
  const maps = new Map(project.timeMaps.map((map) => [map.clockId, map]))
  const titles = new Map(project.assets.map(({ asset }) => [asset.id, asset.title]))
  // Sounds are held against the reference where it has any, else against the first that has.
  const ordered = [...bins].sort((a, b) => Number(b.clockId === reference) - Number(a.clockId === reference))
  const anchor = ordered.find((clock) => onsetsOf(clock) !== null)
  const anchorOnsets = anchor ? onsetsOf(anchor) : null
  return bins.map((clock) => {
    const map = maps.get(clock.clockId)
    const own = onsetsOf(clock)
    const residual = own && anchorOnsets && clock !== anchor ? onsetResidual(anchorOnsets, own) : null
    return {
      clockId: clock.clockId,
      assetId: clock.assetId,
      title: titles.get(clock.assetId) ?? clock.assetId,
      group: clock.group,
      isReference: clock.clockId === reference,
      confidence: map?.confidence ?? 0,
      sigmaSeconds: map?.sigmaOffsetSeconds ?? 0,
      residualSeconds: residual,
    }
  })
}

function scansOf(project: StarsProjectView, measured: readonly Measured[]): ScanInput[] {
  const transforms = new Map(project.transforms.map((transform) => [transform.assetId, transform]))
  const scans = measured.flatMap(({ entry, streams }) =>
    streams.flatMap(({ measurement }) => (measurement.kind === 'scan' ? [{ entry, measurement }] : [])),
  )
  const own = scans.filter(({ measurement }) => !measurement.isDepth)
  // The depth of a recording that brings its scan along shows the same surface once more.
  const told = scans.filter(
    ({ entry, measurement }) => !measurement.isDepth || own.every((each) => each.entry !== entry),
  )
  return told.map(({ entry: { asset }, measurement }) => ({
    assetId: asset.id,
    ...(measurement.isDepth && { isDepth: true }),
    title: asset.title,
    elements: measurement.elements,
    extentMetres: measurement.extentMetres,
    hasColor: measurement.hasColor,
    quality: measurement.quality,
    confidence: transforms.get(asset.id)?.confidence ?? null,
    isWorld: asset.id === project.worldAssetId || (measurement.isDepth ? told : own).length === 1,
  }))
}

/** What is to be said of recordings that were not followed second by second; null of the others. */
function samplingOf(measured: readonly Measured[]): Sampling | null {
  let everySeconds = 1
  let heardSeconds = Number.POSITIVE_INFINITY
  for (const { measurement } of measured.flatMap(({ streams }) => streams)) {
    if (measurement.kind === 'picture') everySeconds = Math.max(everySeconds, measurement.binSeconds)
    if (measurement.kind !== 'sound' || measurement.bins.length === 0) continue
    const { bins, binSeconds } = measurement
    const heard = bins.length * binSeconds
    if (bins[bins.length - 1].t - bins[0].t > heard) heardSeconds = Math.min(heardSeconds, heard)
  }
  if (everySeconds === 1 && heardSeconds === Number.POSITIVE_INFINITY) return null
  return {
    ...(everySeconds > 1 && { pictureEverySeconds: everySeconds }),
    ...(Number.isFinite(heardSeconds) && { heardSeconds }),
  }
}

function captionInput({ id, startTicks, endTicks, text }: Caption): CaptionInput {
  return { id, startSeconds: secondsFromTicks(startTicks), endSeconds: secondsFromTicks(endTicks), text }
}

/** The words over what the edit uses: those over what was cut away went with it. */
function captionsOver(
  captions: readonly CaptionInput[],
  units: readonly UnitInput[],
  windowSeconds: number,
): CaptionInput[] {
  const windows = new Set(units.filter((unit) => unit.group === ALIGNED).map((unit) => unit.window))
  return captions.filter(({ startSeconds, endSeconds }) => {
    const last = Math.floor(endSeconds / windowSeconds)
    for (let window = Math.floor(startSeconds / windowSeconds); window <= last; window++) {
      if (windows.has(window)) return true
    }
    return false
  })
}

/** Empty without a model of pictures and words, or where it fails, which it then says itself. */
async function jointOf(
  texts: readonly string[],
  { joint, cache }: GatherContext,
): Promise<ReadonlyMap<string, Float32Array>> {
  if (!joint || joint.failure) return new Map()
  try {
    return await jointSentences(texts, joint, cache)
  } catch (error) {
    if (error !== joint.failure) throw error
    return new Map()
  }
}

/**
 * Measures what has not been measured before and gathers the whole input.
 *
 * @throws AsterismError `cancelled`, `tool_missing`, `disk_full`. Streams that cannot be read are skipped with the reason.
 */
export async function gatherStarsInput(project: StarsProjectView, context: GatherContext): Promise<GatheredStars> {
  const measured: Measured[] = []
  const skipped: SkippedStream[] = []
  for (const [index, entry] of project.assets.entries()) {
    throwIfCancelled(context.signal)
    const tell = (fraction: number): void =>
      context.onProgress?.((index + fraction) / project.assets.length, entry.asset.title)
    tell(0)
    const result = await measureAsset(entry, context, tell)
    const { see } = context
    const streams = see
      ? result.measured.map((each) => ({ ...each, measurement: see(each.measurement) }))
      : result.measured
    measured.push({ entry, streams })
    skipped.push(...result.skipped)
  }
  context.onProgress?.(1, '')
  const reference = referenceOf(project, measured)
  const bins = binsOf(project, measured, reference, context.seen ?? [])
  const windowSeconds = windowSecondsFor(bins)
  const units = placeUnits(bins, windowSeconds)
  const scans = scansOf(project, measured)
  const said = project.captions.map(captionInput)
  // Words of which there is no recording stay, so that whoever asks hears that they are alone.
  const isAlone = units.length === 0 && scans.length === 0
  const captions = isAlone ? said : captionsOver(said, units, windowSeconds)
  const texts = isAlone ? [] : captions.map(({ text }) => text)
  const meanings = await sentenceMeanings(texts, context)
  const joints = await jointOf(texts, context)
  const sampling = samplingOf(measured)
  return {
    skipped,
    input: {
      windowSeconds,
      ...(sampling && { sampling }),
      assets: project.assets.map(({ asset }) => ({ assetId: asset.id, title: asset.title, sha256: asset.sha256 })),
      // A clock that the edit uses nothing of ties nothing together.
      clocks: clocksOf(project, bins, reference).filter((clock) =>
        units.some((unit) => unit.clockId === clock.clockId),
      ),
      units,
      captions: captions.map((caption) => {
        const meaning = meanings.get(caption.text)
        const joint = joints.get(caption.text)
        return { ...caption, ...(meaning && { meaning }), ...(joint && { joint }) }
      }),
      scans,
      rights: { licence: project.rights?.licence ?? null, trainingUse: project.rights?.trainingUse ?? 'allowed' },
      library: context.library ?? [],
    },
  }
}
