/**
 * Edit decision lists in the form of CMX 3600: one track a list, whole frames, eight letters for a reel. What the form
 * cannot hold stands in comments that other editors read (`FROM CLIP NAME`, `LOC`).
 */
import type { Marker, Track } from '../../../../shared/document/records.ts'
import { frameOfTimecode, isDropFrame, timecodeOfFrame } from '../../../../shared/timecode.ts'
import { secondsFromTicks, type FrameRate } from '../../../../shared/units.ts'
import type { ProjectView } from '../package/project-view.ts'
import { nearestFrame } from '../../../../shared/document/edit-rates.ts'
import { otioColor } from './marker-color.ts'

/** Where the record side begins, as editors expect it. */
const RECORD_START_HOURS = 1
/** The numbers of events have three digits. */
export const MOST_EDL_EVENTS = 999

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ').trim()
}

/** Eight capital letters and digits that differ from each other. */
function reelNames(): (id: string, title: string) => string {
  const byId = new Map<string, string>()
  return (id, title) => {
    const known = byId.get(id)
    if (known !== undefined) return known
    const plain =
      title
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '')
        .slice(0, 8) || 'AX'
    const taken = new Set(byId.values())
    let name = plain
    for (let n = 2; taken.has(name); n++) name = `${plain.slice(0, 8 - String(n).length)}${n}`
    byId.set(id, name)
    return name
  }
}

/** Frames of the recording's own timecode at its clock's zero; 0 where it has none. */
function sourceOrigin(view: ProjectView, clockId: string | undefined, assetId: string, rate: FrameRate): number {
  const timecode = view.clocksOf(assetId).find((clock) => clock.id === clockId)?.timecode
  return timecode ? (frameOfTimecode(timecode.start, rate) ?? 0) : 0
}

/**
 * One track as a list. Times are rounded to whole frames of `rate`; the record side starts at 01:00:00:00.
 *
 * @param startTicks The project time that is the record start.
 * @param markers Become locators.
 */
export function edlText(
  view: ProjectView,
  track: Track,
  fields: { readonly rate: FrameRate; readonly startTicks: number; readonly markers: readonly Marker[] },
): string {
  const { rate, startTicks } = fields
  const recordOrigin = frameOfTimecode(`0${RECORD_START_HOURS}:00:00:00`, rate) ?? 0
  const code = (frame: number): string => timecodeOfFrame(Math.max(0, frame), rate)
  const reelOf = reelNames()
  const kind = track.sensor === 'audio' ? 'A' : 'V'
  const events = track.clips.slice(0, MOST_EDL_EVENTS).map((clip, n) => {
    const asset = view.asset(clip.assetId)
    const stream = view.stream(clip.streamId)
    const recordIn = recordOrigin + nearestFrame(clip.startTicks - startTicks, rate)
    const recordOut = recordOrigin + nearestFrame(clip.startTicks + clip.durationTicks - startTicks, rate)
    const sourceIn = sourceOrigin(view, stream?.clockId, clip.assetId, rate) + nearestFrame(clip.sourceStartTicks, rate)
    const times = [sourceIn, sourceIn + recordOut - recordIn, recordIn, recordOut].map(code).join(' ')
    const number = String(n + 1).padStart(3, '0')
    const title = asset?.title ?? clip.assetId
    return [
      `${number}  ${reelOf(clip.assetId, title).padEnd(8)} ${kind.padEnd(5)} C        ${times}`,
      `* FROM CLIP NAME:  ${oneLine(asset?.fileName ?? title)}`,
    ].join('\n')
  })
  const locators = fields.markers.map((marker) => {
    const at = recordOrigin + nearestFrame(marker.atTicks - startTicks, rate)
    return `* LOC: ${code(at)} ${otioColor(marker.color).padEnd(7)} ${oneLine(marker.title)}`
  })
  return [
    `TITLE: ${oneLine(view.project.title)} ${oneLine(track.title)}`.trim(),
    `FCM: ${isDropFrame(rate) ? 'DROP FRAME' : 'NON-DROP FRAME'}`,
    '',
    ...events,
    ...locators,
    '',
  ].join('\n')
}

/** How far the rounding to frames moves a time, seconds at most. */
export function edlRoundingSeconds(track: Track, rate: FrameRate): number {
  const frame = rate.denominator / rate.numerator
  return Math.max(
    0,
    ...track.clips.map((clip) =>
      Math.abs(nearestFrame(clip.startTicks, rate) * frame - secondsFromTicks(clip.startTicks)),
    ),
  )
}
