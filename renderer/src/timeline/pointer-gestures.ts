/** Turns pointer and wheel events over the timeline into gestures. */
import { isSpan } from '../../../shared/document/labels.ts'
import type { Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { wakeFrames } from '../state/frames.ts'
import { announce, useSession } from '../state/session-store.ts'
import { now, seek, useTransport } from '../state/transport.ts'
import type { CanvasInput } from './canvas-input.ts'
import { place, type CanvasMarks } from './canvas-marks.ts'
import { clipUnder } from './clip-hits.ts'
import { cursorOf, cursorOver } from './cursors.ts'
import { extentIn, extentOf, placeReadout, readoutWords } from './drag-readout.ts'
import { edgeSpeed, ScrollClock } from './edge-scroll.ts'
import {
  commitBlade,
  commitDrag,
  dragOf,
  edgeAt,
  partOf,
  sayIfLocked,
  sayNoRoom,
  snapped,
  snapTargets,
  type Grab,
} from './gestures.ts'
import { draggedTo, selectHeld, selectOne, type Dragged, type Held, type HeldDrag } from './held-gesture.ts'
import { markerDragOf, markerGrabAt, type MarkerGrab } from './marker-grab.ts'
import { clipsBetween, placeMarquee, type Corner } from './marquee.ts'
import type { Painter } from './painter.ts'
import { dragRangeMark, rangeMarkAt, sayRangeMark } from './range-marks.ts'
import { rowAt, RULER_HEIGHT, type TimelineModel } from './rows.ts'
import { timelineView } from './view-state.ts'
import { wheelMeaning } from './wheel.ts'

const DRAG_STARTS_PIXELS = 4
const MIDDLE_BUTTON = 1

interface At {
  readonly x: number
  readonly y: number
}

export class PointerGestures {
  readonly #canvas: HTMLCanvasElement
  readonly #painter: Painter
  readonly #marks: CanvasMarks
  readonly #input: () => CanvasInput
  /** What is drawn is no longer so. */
  readonly #soil: () => void
  readonly #clock = new ScrollClock()
  #held: Held | null = null
  #dragged: Dragged | null = null
  /** The pointer went far enough to mean a drag. */
  #tried = false
  /** Why the drag is blocked; null if it is not. */
  #stays: string | null = null
  #snapSeconds: number | null = null
  #at: At = { x: 0, y: 0 }
  /** What the pointer looked like over what it took hold of. */
  #cursor = 'default'

  constructor(
    canvas: HTMLCanvasElement,
    painter: Painter,
    marks: CanvasMarks,
    input: () => CanvasInput,
    soil: () => void,
    signal: AbortSignal,
  ) {
    this.#canvas = canvas
    this.#painter = painter
    this.#marks = marks
    this.#input = input
    this.#soil = soil
    canvas.addEventListener('pointerdown', (event) => this.#press(event), { signal })
    canvas.addEventListener('pointermove', (event) => this.#move(this.#placeOf(event)), { signal })
    canvas.addEventListener('pointerup', (event) => this.#release(event), { signal })
    canvas.addEventListener('pointercancel', () => this.#letGo(), { signal })
    canvas.addEventListener('keydown', (event) => this.#leave(event), { signal })
    canvas.addEventListener('contextmenu', (event) => this.#askForMenu(event), { signal })
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false })
  }

  get isHolding(): boolean {
    return this.#held !== null
  }

  /** What the rows are while something is dragged. */
  get model(): TimelineModel | null {
    return this.#dragged?.model ?? null
  }

  /** Once a frame: what lies over the canvas, and what is held at its edge. */
  frame(): void {
    this.#scrollAtEdge()
    const { scrollTop } = this.#input()
    place(this.#marks.snap, this.#snapSeconds)
    const corners =
      this.#held?.kind === 'marquee' && this.#tried ? ([this.#held.corner, this.#corner(this.#at)] as const) : null
    placeMarquee(this.#marks.marquee, timelineView, scrollTop, corners)
    placeReadout(this.#marks.readout, this.#readout(), this.#at, this.#painter.width)
  }

  #placeOf(event: MouseEvent): At {
    const box = this.#canvas.getBoundingClientRect()
    const { zoom } = this.#painter
    return { x: (event.clientX - box.left) / zoom, y: (event.clientY - box.top) / zoom }
  }

  #corner({ x, y }: At): Corner {
    return { seconds: timelineView.secondsAt(x), top: y - RULER_HEIGHT + this.#input().scrollTop }
  }

  /** The track at a height; undefined where there is none. */
  #trackAt({ y }: At): Track | undefined {
    const { model, scrollTop } = this.#input()
    const row = y < RULER_HEIGHT ? undefined : rowAt(model, y - RULER_HEIGHT + scrollTop)
    return row?.kind === 'track' ? row.track : undefined
  }

  #grabAt(at: At): Grab | null {
    const { x } = at
    const track = this.#trackAt(at)
    if (!track) return null
    const clip = clipUnder(track, timelineView, x)
    return clip ? { clip, track, ...edgeAt(clip, x, (seconds) => timelineView.xOf(seconds)) } : null
  }

  #markerAt({ x, y }: At): MarkerGrab | null {
    const { model, scrollTop } = this.#input()
    return markerGrabAt(model, timelineView, x, y, scrollTop)
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 && event.button !== MIDDLE_BUTTON) return
    this.#canvas.focus({ preventScroll: true })
    this.#canvas.setPointerCapture(event.pointerId)
    const at = this.#placeOf(event)
    const from = { fromX: at.x, fromY: at.y, fromSeconds: timelineView.secondsAt(at.x) }
    this.#at = at
    this.#tried = false
    this.#cursor = this.#cursorOver(at)
    if (event.button === MIDDLE_BUTTON) {
      // Else the browser scrolls by itself, where it has a way to.
      event.preventDefault()
      this.#held = { ...from, kind: 'pan', lastX: at.x, lastY: at.y }
    } else this.#hold(at, from, event)
    this.#showCursor(at)
  }

  #hold(at: At, from: Pick<Held, 'fromX' | 'fromY' | 'fromSeconds'>, event: PointerEvent): void {
    const grab = this.#grabAt(at)
    const { tool } = useSession.getState()
    const { document } = useDocument.getState()
    if (grab && tool === 'blade') {
      commitBlade(this.#input().context, document, grab, from.fromSeconds, event.altKey)
      return
    }
    const held = this.#markerAt(at)
    if (held) {
      const { marker } = held
      useSession.setState({ selectedMarkerId: marker.id, selectedClipIds: new Set() })
      const targets = snapTargets(document, new Set([marker.id]), now())
      const part = new Map([[marker.id, marker]])
      this.#held = { ...from, kind: 'drag', drag: markerDragOf(held), targets, part, track: null, held: marker }
      return
    }
    if (!grab) {
      this.#holdBeside(at, from, event.shiftKey)
      return
    }
    const clipIds = selectHeld(grab, event, tool)
    this.#held = {
      ...from,
      kind: 'drag',
      drag: dragOf(tool, grab, clipIds),
      targets: snapTargets(document, clipIds, now()),
      part: partOf(document, tool, grab, clipIds),
      track: grab.track,
      held: grab.clip,
    }
  }

  /** A press on nothing of the document: in and out, the playhead, or among rows where a rectangle may begin. */
  #holdBeside(at: At, from: Pick<Held, 'fromX' | 'fromY' | 'fromSeconds'>, isAdded: boolean): void {
    const which = rangeMarkAt(timelineView, at.x, at.y)
    if (which) {
      const targets = snapTargets(useDocument.getState().document, new Set(), now())
      this.#held = { ...from, kind: 'mark', which, wasSeconds: useTransport.getState()[which], targets }
      return
    }
    const { selectedClipIds } = useSession.getState()
    useSession.setState({ selectedMarkerId: null })
    if (at.y < RULER_HEIGHT) {
      this.#held = { ...from, kind: 'scrub' }
      seek(from.fromSeconds)
      return
    }
    if (!isAdded) useSession.setState({ selectedClipIds: new Set() })
    const before = isAdded ? selectedClipIds : new Set<string>()
    this.#held = { ...from, kind: 'marquee', corner: this.#corner(at), before }
  }

  #move(at: At): void {
    this.#at = at
    const held = this.#held
    if (!held) {
      this.#showCursor(at)
      return
    }
    if (held.kind === 'scrub') seek(timelineView.secondsAt(at.x))
    else if (held.kind === 'pan') {
      timelineView.scrollBy(held.lastX - at.x)
      this.#scrollDown(held.lastY - at.y)
      Object.assign(held, { lastX: at.x, lastY: at.y })
    } else if (this.#tried || Math.hypot(at.x - held.fromX, at.y - held.fromY) >= DRAG_STARTS_PIXELS) {
      this.#tried = true
      if (held.kind === 'marquee') this.#reach(held.before, held.corner, this.#corner(at))
      else this.#drag(held, at)
    }
    this.#showCursor(at)
    wakeFrames()
  }

  #reach(before: ReadonlySet<string>, one: Corner, other: Corner): void {
    const clips = clipsBetween(this.#input().model, one, other)
    const selectedClipIds = new Set([...before, ...clips])
    const now = useSession.getState().selectedClipIds
    if (selectedClipIds.size !== now.size || [...selectedClipIds].some((id) => !now.has(id)))
      useSession.setState({ selectedClipIds })
  }

  #drag(held: Extract<Held, { kind: 'drag' | 'mark' }>, at: At): void {
    if (held.kind === 'drag' && held.track?.locked) {
      this.#stays = t('timeline.isLocked', { track: held.track.title })
      return
    }
    const wished = timelineView.secondsAt(at.x) - held.fromSeconds
    const edges = held.kind === 'drag' ? held.drag.edges : [held.wasSeconds ?? 0]
    const snap = useSession.getState().snapping
      ? snapped(edges, wished, held.targets, timelineView.window.pixelsPerSecond)
      : { bySeconds: wished, at: null }
    this.#snapSeconds = snap.at
    if (held.kind === 'mark') dragRangeMark(held.which, edges[0]! + snap.bySeconds)
    else this.#dragTo(held, ticksFromSeconds(snap.bySeconds), at)
  }

  #dragTo(held: HeldDrag, byTicks: number, at: At): void {
    const ontoTrackId = held.drag.changesTracks ? this.#otherTrackAt(at, held) : null
    const dragged = draggedTo(held, { byTicks, ontoTrackId }, this.#input().model)
    const goesBack = byTicks === 0 && ontoTrackId === null
    // If it cannot go there, it stays at the last possible place.
    if (dragged || goesBack) this.#dragged = dragged
    this.#stays = dragged || goesBack ? null : t(ontoTrackId === null ? 'timeline.noFurther' : 'timeline.noRoom')
    this.#soil()
  }

  /** The track at a height that what is dragged may come to lie on, where it is another than its own. */
  #otherTrackAt(at: At, { track: from }: HeldDrag): string | null {
    const track = this.#trackAt(at)
    return track && track.id !== from?.id && track.sensor === from?.sensor ? track.id : null
  }

  /** Held at the edge, the view scrolls below the pointer and what is held goes on with it. */
  #scrollAtEdge(): void {
    const held = this.#held
    const goes = held !== null && held.kind !== 'pan' && (this.#tried || held.kind === 'scrub')
    const goesDown = held?.kind === 'marquee' || (held?.kind === 'drag' && held.drag.changesTracks)
    const aside = goes ? edgeSpeed(this.#at.x, 0, this.#painter.width) : 0
    const down = goes && goesDown ? edgeSpeed(this.#at.y, RULER_HEIGHT, this.#painter.height) : 0
    if (aside === 0 && down === 0) {
      this.#clock.stop()
      return
    }
    wakeFrames()
    const seconds = this.#clock.tick(performance.now())
    if (seconds === 0) return
    timelineView.scrollBy(aside * seconds)
    this.#scrollDown(down * seconds)
    this.#move(this.#at)
  }

  #scrollDown(pixels: number): void {
    if (pixels === 0) return
    const { scrollTop, setScrollTop } = this.#input()
    setScrollTop(Math.min(this.#mostDown(), Math.max(0, scrollTop + pixels)))
  }

  #mostDown(): number {
    return Math.max(0, this.#input().model.height - (this.#painter.height - RULER_HEIGHT))
  }

  #readout(): string | null {
    const held = this.#held
    if (held?.kind !== 'drag' || !this.#tried) return null
    if (this.#stays !== null) return this.#stays
    const after = this.#dragged && extentIn(this.#dragged.document, held.held)
    return after ? readoutWords(extentOf(held.held), after, useSession.getState().ruler, this.#input().frameRate) : null
  }

  #showCursor(at: At): void {
    this.#canvas.style.cursor = this.#held
      ? cursorOf(this.#held, this.#stays !== null, this.#cursor)
      : this.#cursorOver(at)
  }

  #cursorOver(at: At): string {
    const mark = rangeMarkAt(timelineView, at.x, at.y)
    return cursorOver(useSession.getState().tool, this.#grabAt(at), this.#markerAt(at), mark)
  }

  #release(event: PointerEvent): void {
    const held = this.#held
    const dragged = this.#dragged
    const tried = this.#tried
    const at = this.#placeOf(event)
    this.#letGo()
    if (this.#canvas.hasPointerCapture(event.pointerId)) this.#canvas.releasePointerCapture(event.pointerId)
    this.#showCursor(at)
    if (held?.kind === 'mark' && tried) sayRangeMark(held.which)
    // A press among rows that draws no rectangle goes there.
    if (held?.kind === 'marquee' && !tried) seek(held.fromSeconds)
    if (held?.kind !== 'drag') return
    // A marker that is pressed and not dragged is gone to; a span of a label is a place of its own.
    if (!tried && 'atTicks' in held.held && !isSpan(held.held)) seek(secondsFromTicks(held.held.atTicks))
    const wished = tried && Math.abs(timelineView.xOf(held.fromSeconds) - at.x) >= DRAG_STARTS_PIXELS
    if (dragged) commitDrag(this.#input().context, held.drag, dragged)
    else if (wished && !sayIfLocked(held.track ? [held.track] : [])) sayNoRoom()
  }

  /** Escape cancels the drag. */
  #leave(event: KeyboardEvent): void {
    const held = this.#held
    if (event.key !== 'Escape' || !this.#tried || held === null) return
    event.preventDefault()
    this.#letGo()
    if (held.kind === 'drag') announce(t('timeline.dragLeft', { what: held.drag.label }))
    if (held.kind === 'marquee') useSession.setState({ selectedClipIds: held.before })
    if (held.kind !== 'mark') return
    useTransport.setState({ [held.which]: held.wasSeconds })
    sayRangeMark(held.which)
  }

  #letGo(): void {
    this.#held = null
    this.#dragged = null
    this.#tried = false
    this.#stays = null
    this.#snapSeconds = null
    this.#clock.stop()
    this.#soil()
  }

  /** What the menu is about to be for is selected first, as everywhere; keys open it for what is selected. */
  #askForMenu(event: MouseEvent): void {
    const { setMenuPlace } = this.#input()
    if (event.button !== 2) {
      setMenuPlace(useSession.getState().selectedClipIds.size > 0 ? 'clip' : 'rows')
      return
    }
    this.#letGo()
    this.#canvas.focus({ preventScroll: true })
    const at = this.#placeOf(event)
    const marker = this.#markerAt(at)
    const grab = marker ? null : this.#grabAt(at)
    if (marker) useSession.setState({ selectedMarkerId: marker.marker.id, selectedClipIds: new Set() })
    else if (grab && !useSession.getState().selectedClipIds.has(grab.clip.id)) selectOne(grab, false)
    const track = marker || grab ? undefined : this.#trackAt(at)
    const atTicks = ticksFromSeconds(timelineView.secondsAt(at.x))
    useSession.setState({ pointedRow: track ? { trackId: track.id, atTicks } : null })
    setMenuPlace(marker ? 'marker' : grab ? 'clip' : at.y < RULER_HEIGHT ? 'ruler' : 'rows')
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault()
    const { zoom, sideways, down } = wheelMeaning(event, this.#mostDown() > 0)
    if (zoom !== 1) timelineView.zoomAround(timelineView.secondsAt(this.#placeOf(event).x), zoom)
    if (sideways !== 0) timelineView.scrollBy(sideways)
    this.#scrollDown(down)
  }
}
