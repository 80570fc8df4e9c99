/**
 * Reads edit decision lists in the form of CMX 3600 and what editors write beside it in comments (`FROM CLIP NAME`,
 * `TO CLIP NAME`, `SOURCE FILE`, `LOC`). The form says neither its frame rate nor where a recording's own timecode
 * begins: both are asked of the project that the list is put into.
 */
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { frameOfTimecode, nominalRate } from '../../../../shared/timecode.ts'
import type { FrameRate } from '../../../../shared/units.ts'
import { foreignClip, tracksOfLanes, type LaneClip } from './edit-lanes.ts'
import { LeftOut } from './left-out.ts'
import type { ReadMarker, ReadTimeline } from './otio-read.ts'
import { unreadableEdit } from './unreadable-edit.ts'

interface Event {
  readonly reel: string
  readonly channels: string
  readonly transition: string
  /** Source in, source out, record in, record out. */
  readonly codes: readonly string[]
  clipName: string | null
  file: string | null
}

interface Locator {
  readonly code: string
  readonly color: string
  readonly title: string
}

export interface ReadEdl {
  readonly title: string
  readonly events: readonly Event[]
  readonly locators: readonly Locator[]
  readonly isDropFrame: boolean
  readonly warnings: readonly Saying[]
}

/** What the project knows of a recording that a list names. */
export interface EdlMedia {
  readonly rate: FrameRate | undefined
  /** Of the recording's own timecode at its clock's zero, as in `01:00:00:00`. */
  readonly timecodeStart: string | undefined
}

const CODE = '(\\d{1,2}[:;.]\\d{1,2}[:;.]\\d{1,2}[:;.]\\d{1,3})'
const EVENT = new RegExp(
  `^(\\d{1,6})\\s+(.*?)\\s+(\\S+)\\s+([CDKW]\\S*)(?:\\s+\\d{1,4})?\\s+${CODE}\\s+${CODE}\\s+${CODE}\\s+${CODE}`,
)
const LOCATOR = new RegExp(`^\\*?\\s*LOC:\\s*${CODE}\\s+(\\S+)\\s*(.*)$`, 'i')
const MOST_EVENTS = 100_000
/** Letters of a line; more is no list. */
const LONGEST_LINE = 1000
const DEFAULT_RATE: FrameRate = { numerator: 25, denominator: 1 }
const BLACK = /^(BL|BLACK)$/i

/** @throws AsterismError `corrupt_file` when there is not one event that can be read. */
export function readEdl(content: string): ReadEdl {
  const events: Event[] = []
  const locators: Locator[] = []
  const warnings = new LeftOut()
  let title = ''
  let isDropFrame = false
  let broken = 0
  for (const line of content.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const text = line.slice(0, LONGEST_LINE).trim()
    // Columns may be any number of spaces apart; tried in every way, a line of spaces alone would take seconds.
    const event = EVENT.exec(text.replace(/\s+/g, ' '))
    const last = events.at(-1)
    if (event) {
      if (events.length === MOST_EVENTS) throw unreadableEdit(say('edit.edl.manyEvents', { most: MOST_EVENTS }))
      const [, , reel = '', channels = '', transition = '', ...codes] = event
      events.push({ reel, channels, transition, codes, clipName: null, file: null })
      if (!transition.startsWith('C')) warnings.add(say('edit.leftOut.transitions'))
    } else if (/^\d+\s/.test(text)) broken++
    else if (/^TITLE:/i.test(text)) title = text.slice(6).trim()
    else if (/^FCM:/i.test(text)) isDropFrame = !/NON/i.test(text)
    else if (/^M2\s/i.test(text)) warnings.add(say('edit.leftOut.speeds'))
    else if (LOCATOR.test(text)) {
      const [, code = '', color = '', name = ''] = LOCATOR.exec(text) ?? []
      locators.push({ code, color, title: name })
    } else if (last) comment(text, last, events)
  }
  if (events.length === 0) throw unreadableEdit(say('edit.edl.noEvents'))
  if (broken > 0) warnings.add(say('edit.leftOut.edlLines', { lines: broken }))
  return { title, events, locators, isDropFrame, warnings: warnings.all }
}

function comment(text: string, last: Event, events: readonly Event[]): void {
  const named = /^\*?\s*(FROM CLIP NAME|TO CLIP NAME|SOURCE FILE|FROM CLIP IS A STILL)\s*:\s*(.*)$/i.exec(text)
  const [, what = '', value = ''] = named ?? []
  if (value === '') return
  const before = events.at(-2)
  if (/^SOURCE/i.test(what)) last.file = value
  // Of a dissolve the comments of both sides stand behind its second line.
  else if (/^FROM/i.test(what) && !last.transition.startsWith('C') && before) before.clipName ??= value
  else if (!/STILL/i.test(what)) last.clipName = value
}

/** The numbering of frames: without drop frame, 29.97 counts 30 to a second of timecode. */
function numbering(rate: FrameRate, isDropFrame: boolean): FrameRate {
  return isDropFrame ? rate : { numerator: nominalRate(rate), denominator: 1 }
}

function kindsOf(channels: string): readonly LaneClip['kind'][] {
  const kinds: LaneClip['kind'][] = []
  if (/V/i.test(channels) || /^B$/i.test(channels)) kinds.push('Video')
  if (/A/i.test(channels) || /^B$/i.test(channels)) kinds.push('Audio')
  return kinds
}

/** Sound channels of their own are lanes of their own: `A2` lies below `A`. */
function laneOf(channels: string, kind: LaneClip['kind']): number {
  const number = Number(new RegExp(`${kind[0]}(\\d+)`, 'i').exec(channels)?.[1] ?? 1)
  return kind === 'Video' ? number : -number
}

/**
 * The list as an edit in seconds.
 * @param mediaOf What the project knows of the recording of an event, by the names that the list gives it.
 */
export function editOfEdl(list: ReadEdl, mediaOf: (names: readonly string[]) => EdlMedia | undefined): ReadTimeline {
  const namesOf = ({ file, clipName, reel }: Event) => [file, clipName, reel].filter((name) => name !== null)
  const dropRate = (rate: FrameRate): FrameRate =>
    list.isDropFrame && rate.denominator !== 1001 ? { numerator: nominalRate(rate) * 1000, denominator: 1001 } : rate
  const known = list.events.map((event) => mediaOf(namesOf(event))?.rate).find((rate) => rate !== undefined)
  const rate = dropRate(known ?? (list.isDropFrame ? { numerator: 30, denominator: 1 } : DEFAULT_RATE))
  const counted = numbering(rate, list.isDropFrame)
  const secondsOf = (frames: number) => (frames * rate.denominator) / rate.numerator
  const warnings = [...list.warnings]
  if (!known) warnings.push(say('edit.leftOut.edlNoRate', { rate: fixedAmount(rate.numerator / rate.denominator, 2) }))
  let unreadable = 0
  const clips: (LaneClip & { readonly recordIn: number })[] = []
  for (const event of list.events) {
    const [sourceIn, , recordIn, recordOut] = event.codes.map((code) => frameOfTimecode(code, counted))
    if (typeof sourceIn !== 'number' || typeof recordIn !== 'number' || typeof recordOut !== 'number') {
      unreadable++
      continue
    }
    if (recordOut <= recordIn || BLACK.test(event.reel)) continue
    const origin = frameOfTimecode(mediaOf(namesOf(event))?.timecodeStart ?? '', counted) ?? 0
    for (const kind of kindsOf(event.channels))
      clips.push({
        ...foreignClip({
          name: event.clipName ?? event.reel,
          startSeconds: 0,
          durationSeconds: secondsOf(recordOut - recordIn),
          sourceStartSeconds: secondsOf(sourceIn >= origin ? sourceIn - origin : sourceIn),
          targetUrl: event.file ?? event.clipName,
        }),
        kind,
        lane: laneOf(event.channels, kind),
        recordIn,
      })
  }
  if (unreadable > 0) warnings.push(say('edit.leftOut.edlTimes', { events: unreadable }))
  // Lists begin at a whole hour, by custom the first.
  const hour = frameOfTimecode('01:00:00:00', counted) ?? 1
  const first = clips.reduce((least, { recordIn }) => Math.min(least, recordIn), Infinity)
  const start = Number.isFinite(first) ? Math.floor(first / hour) * hour : 0
  const markers = list.locators.flatMap(({ code, color, title }): ReadMarker[] => {
    const frame = frameOfTimecode(code, counted)
    if (frame === null) return []
    return [{ name: title, comment: '', color, atSeconds: secondsOf(frame - start), durationSeconds: 0 }]
  })
  const placed = clips.map(({ recordIn, ...clip }) => ({ ...clip, startSeconds: secondsOf(recordIn - start) }))
  return { name: list.title, own: {}, tracks: tracksOfLanes(placed), markers, warnings }
}
