/**
 * The edit as OpenTimelineIO (github.com/AcademySoftwareFoundation/OpenTimelineIO; schemas of 0.17 to 0.18). Every
 * sensor is an ordinary clip on a track of its own kind, since readers refuse unknown schemas on tracks. Times are in
 * the stream's own frames or samples and need not be whole: alignment is finer than a frame.
 */
import type { Clip, Sensor, Stream, Track } from '../../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'
import type { ProjectView } from '../package/project-view.ts'
import { rateOf } from '../../../../shared/document/edit-rates.ts'
import { otioColor } from './marker-color.ts'
import {
  clip,
  externalReference,
  gap,
  marker,
  missingReference,
  ownMetadata,
  stack,
  timeRange,
  timeline,
  track,
  writeOtio,
  type OtioObject,
  type OtioValue,
} from './otio-json.ts'

const KINDS: Partial<Record<Sensor, string>> = { video: 'Video', audio: 'Audio' }
/** A length in frames or samples of a rate: whole where it is whole to a millionth, since ticks divide frames exactly. */
function unitsOf(ticks: number, rate: number): number {
  const units = secondsFromTicks(ticks) * rate
  const whole = Math.round(units)
  return Math.abs(units - whole) < 1e-6 ? whole : units
}

function reference(url: string | null, stream: Stream | undefined, rate: number): OtioObject {
  const available: OtioValue =
    stream?.durationSeconds === null || stream === undefined
      ? null
      : timeRange(stream.startSeconds * rate, stream.durationSeconds * rate, rate)
  return url === null ? missingReference(available) : externalReference(url, available)
}

function clipOf(view: ProjectView, record: Clip, rate: number, urlOf: (assetId: string) => string | null): OtioObject {
  const asset = view.asset(record.assetId)
  const stream = view.stream(record.streamId)
  const map = stream === undefined ? undefined : view.timeMapOf(stream.clockId)
  return clip({
    metadata: ownMetadata({
      asset: record.assetId,
      clip: record.id,
      link: record.linkId,
      stream: record.streamId,
      stream_index: stream?.index,
      gain_db: record.gainDb,
      fade_in_s: record.fadeInTicks === undefined ? undefined : secondsFromTicks(record.fadeInTicks),
      fade_out_s: record.fadeOutTicks === undefined ? undefined : secondsFromTicks(record.fadeOutTicks),
      epoch_utc_ns: view.clocksOf(record.assetId).find((clock) => clock.id === stream?.clockId)?.epochUtcNanoseconds,
      ...(map === undefined
        ? {}
        : { offset_s: map.offsetSeconds, rate_ppm: map.ratePpm, sigma_offset_s: map.sigmaOffsetSeconds }),
    }),
    name: asset?.title ?? record.assetId,
    range: timeRange(unitsOf(record.sourceStartTicks, rate), unitsOf(record.durationTicks, rate), rate),
    reference: reference(urlOf(record.assetId), stream, rate),
  })
}

/** @param startTicks The project time at which every track begins. */
function trackOf(
  view: ProjectView,
  record: Track,
  startTicks: number,
  urlOf: (assetId: string) => string | null,
): OtioObject {
  const children: OtioObject[] = []
  const firstStream = record.clips.map((each) => view.stream(each.streamId)).find((stream) => stream !== undefined)
  const rate = rateOf(firstStream, record.sensor)
  let at = startTicks
  for (const each of record.clips) {
    if (each.startTicks > at) children.push(gap(unitsOf(each.startTicks - at, rate), rate))
    children.push(clipOf(view, each, rate, urlOf))
    at = each.startTicks + each.durationTicks
  }
  return track({
    metadata: ownMetadata({ locked: record.locked, sensor: record.sensor, track: record.id }),
    name: record.title,
    enabled: !record.muted,
    children,
    kind: KINDS[record.sensor] ?? record.sensor,
  })
}

/**
 * The timeline of a project.
 * @param urlOf Where an asset lies, as a URL relative to the file or absolute; null where nothing is to be said.
 */
export function otioTimeline(view: ProjectView, urlOf: (assetId: string) => string | null): string {
  const starts = view.tracks.flatMap((each) => each.clips.map((record) => record.startTicks))
  const start = Math.min(0, ...starts)
  const videoTrack = view.tracks.find((each) => each.sensor === 'video' && each.clips.length > 0)
  const rate = rateOf(view.stream(videoTrack?.clips[0]?.streamId ?? ''), videoTrack?.sensor ?? 'text')
  const text = writeOtio(
    timeline({
      metadata: ownMetadata({
        project_start_s: secondsFromTicks(start),
        reference_clock: view.project.referenceClockId,
        version: '1',
        world_asset: view.project.worldAssetId,
      }),
      name: view.project.title,
      globalStart: null,
      stack: stack({
        name: 'tracks',
        markers: view.markers.map((each) =>
          marker({
            metadata: ownMetadata({ color: each.color, marker: each.id }),
            name: each.title,
            color: otioColor(each.color),
            range: timeRange(unitsOf(each.atTicks - start, rate), unitsOf(each.durationTicks, rate), rate),
            comment: each.note,
          }),
        ),
        children: view.tracks.map((each) => trackOf(view, each, start, urlOf)),
      }),
    }),
  )
  return `${text}\n`
}
