/** The scene of the timeline, and what to redraw when it replaces another. */
import type { Clip } from '../../../shared/document/records.ts'
import type { FrameRate } from '../../../shared/units.ts'
import type { Deriving } from '../state/jobs-store.ts'
import type { RulerFormat } from '../state/session-store.ts'
import type { Palette } from './palette.ts'
import type { Row, TimelineModel, TrackRow } from './rows.ts'
import type { TimelineView, TimeWindow } from './view-state.ts'

export interface Scene {
  readonly model: TimelineModel
  readonly view: TimelineView
  /** Of the view: another one whenever it zoomed or scrolled. */
  readonly window: TimeWindow
  readonly palette: Palette
  readonly width: number
  readonly height: number
  readonly scrollTop: number
  readonly selectedClipIds: ReadonlySet<string>
  /** With what is linked and comes along with whatever is done to them. */
  readonly takenClipIds: ReadonlySet<string>
  readonly selectedMarkerId: string | null
  readonly inSeconds: number | null
  readonly outSeconds: number | null
  /** Labels that are being marked: when their span began. */
  readonly openSpans: ReadonlyMap<string, number>
  readonly playheadSeconds: number
  readonly ruler: RulerFormat
  readonly frameRate: FrameRate
  /** Recordings whose waveforms, pictures and the like are being made, or were not made to their end. */
  readonly deriving: ReadonlyMap<string, Deriving>
}

export type TickSpan = readonly [fromTicks: number, toTicks: number]

export interface RowChange {
  readonly row: Row
  /** Outside it the row is unchanged; null: all of it is redrawn. */
  readonly span: TickSpan | null
}

/**
 * What of a scene has to be drawn anew over another: rows, where nothing else changed, or all of it. The playhead lies
 * above, so that where it is changes nothing, but for labels that are being marked.
 */
export function changesOf(before: Scene, after: Scene): readonly RowChange[] | 'all' {
  const { model, playheadSeconds, ...rest } = after
  const isSameView = Object.entries(rest).every(([name, value]) => value === before[name as keyof Scene])
  const grows = after.openSpans.size > 0 && playheadSeconds !== before.playheadSeconds
  const { rows, ...others } = model
  const isSameModel = Object.entries(others).every(
    ([name, value]) => value === before.model[name as keyof TimelineModel],
  )
  if (!isSameView || grows || !isSameModel || rows.length !== before.model.rows.length) return 'all'
  return rows.flatMap((row, n) => {
    const old = before.model.rows[n]!
    return row === old ? [] : [{ row, span: clipsChanged(old, row) }]
  })
}

/** Where the clips of a track are others, of rows that else say the same: an edit changes a few of thousands. */
function clipsChanged(before: Row, after: Row): TickSpan | null {
  if (before.kind !== 'track' || after.kind !== 'track' || !isSameBut(before, after, ['track'])) return null
  if (!isSameBut(before.track, after.track, ['clips'])) return null
  const [was, is] = [before.track.clips, after.track.clips]
  // The name that clips go by is that of the first.
  if (was[0]?.assetId !== is[0]?.assetId) return null
  const most = Math.min(was.length, is.length)
  let head = 0
  while (head < most && was[head] === is[head]) head += 1
  let tail = 0
  while (tail < most - head && was.at(-1 - tail) === is.at(-1 - tail)) tail += 1
  const changed = [...was.slice(head, was.length - tail), ...is.slice(head, is.length - tail)]
  return [
    changed.reduce((first, { startTicks }) => Math.min(first, startTicks), Infinity),
    changed.reduce((last, clip) => Math.max(last, endOf(clip)), -Infinity),
  ]
}

const endOf = ({ startTicks, durationTicks }: Clip): number => startTicks + durationTicks

function isSameBut<T extends TrackRow | TrackRow['track']>(one: T, other: T, fields: readonly (keyof T)[]): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof T>
  return [...names].every((name) => fields.includes(name) || one[name] === other[name])
}
