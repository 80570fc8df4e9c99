import { useEffect, type RefObject } from 'react'
import type { Document } from '../../../shared/document/document.ts'
import type { Track } from '../../../shared/document/records.ts'
import { isSpan } from '../../../shared/document/labels.ts'
import { clipAt } from '../../../shared/document/timeline.ts'
import { secondsFromTicks, ticksFromSeconds, type FrameRate } from '../../../shared/units.ts'
import type { ActionContext } from '../actions/action.ts'
import { t } from '../i18n/text.ts'
import { isLabelOpen, useLabelling } from '../labels/labelling.ts'
import { followCut } from './follow-cut.ts'
import { onStreamMedia } from '../state/stream-media.ts'
import { useDocument } from '../state/document-store.ts'
import { everyFrame, wakeFrames } from '../state/frames.ts'
import { useJobs } from '../state/jobs-store.ts'
import { announce, selectClip, useSession, type Tool } from '../state/session-store.ts'
import { now, seek, useTransport } from '../state/transport.ts'
import {
  clipsFrom,
  commitBlade,
  commitDrag,
  dragOf,
  edgeAt,
  linkedClips,
  partOf,
  previewOf,
  sayIfLocked,
  sayNoRoom,
  snapped,
  snapTargets,
  type Destination,
  type Drag,
  type Grab,
} from './gestures.ts'
import { useLatest } from '../ui/use-latest.ts'
import { Painter } from './painter.ts'
import { place, type CanvasMarks } from './canvas-marks.ts'
import { cursorOver } from './cursors.ts'
import { markerDragOf, markerGrabAt, type MarkerGrab } from './marker-grab.ts'
import { dragRangeMark, rangeMarkAt, sayRangeMark, type RangeMark } from './range-marks.ts'
import { rowAt, RULER_HEIGHT, withRowsOf, type TimelineModel } from './rows.ts'
import { timelineView } from './view-state.ts'

export interface CanvasInput {
  readonly model: TimelineModel
  readonly frameRate: FrameRate
  readonly scrollTop: number
  readonly setScrollTop: (top: number) => void
  readonly context: ActionContext
}

interface Gesture {
  /** Null while something is moved that is no part of the document: the playhead, in, out. */
  readonly drag: Drag | null
  /** In or out, where that is moved; null with a drag and while scrubbing. */
  readonly mark: { readonly which: RangeMark; readonly fromSeconds: number | null } | null
  readonly fromX: number
  readonly fromY: number
  readonly targets: readonly number[]
  /** What of the document the drag may touch. */
  readonly part: Document
  /** Where it began. */
  readonly track: Track | null
}

/** Where a drag has come to: the last place where it could go. */
interface Dragged extends Destination {
  readonly model: TimelineModel
}

const DRAG_STARTS_PIXELS = 4

/** Draws the canvas when something changed and turns pointers and wheels into gestures. */
export function useTimelineCanvas(
  ref: RefObject<HTMLCanvasElement | null>,
  playhead: RefObject<HTMLElement | null>,
  snap: RefObject<HTMLElement | null>,
  input: CanvasInput,
): void {
  const latest = useLatest(input)

  useEffect(() => {
    const canvas = ref.current
    const context = canvas?.getContext('2d', { alpha: false })
    if (!canvas || !context || !playhead.current || !snap.current) return
    const marks = { playhead: playhead.current, snap: snap.current }
    const surface = new Surface(canvas, context, marks, () => latest.current)
    return () => surface.dispose()
  }, [ref, playhead, snap, latest])

  useEffect(() => {
    ref.current?.dispatchEvent(new Event('redraw'))
  }, [ref, input.model, input.scrollTop, input.frameRate])
}

class Surface {
  readonly #canvas: HTMLCanvasElement
  readonly #painter: Painter
  readonly #marks: CanvasMarks
  readonly #input: () => CanvasInput
  readonly #ending = new AbortController()
  readonly #unsubscribe: (() => void)[]
  #dirty = true
  #gesture: Gesture | null = null
  #dragged: Dragged | null = null
  #tried = false
  #snapSeconds: number | null = null

  constructor(
    canvas: HTMLCanvasElement,
    context: CanvasRenderingContext2D,
    marks: CanvasMarks,
    input: () => CanvasInput,
  ) {
    this.#canvas = canvas
    this.#painter = new Painter(canvas, context)
    this.#marks = marks
    this.#input = input
    const dirty = (): void => this.#soil()
    const options = { signal: this.#ending.signal }
    const resize = new ResizeObserver(() => this.#resize())
    resize.observe(canvas)
    const themes = new MutationObserver(() => {
      this.#painter.readColors()
      dirty()
    })
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    canvas.addEventListener('redraw', dirty, options)
    canvas.addEventListener('pointerdown', (event) => this.#press(event), options)
    canvas.addEventListener('pointermove', (event) => this.#move(event), options)
    canvas.addEventListener('pointerup', (event) => this.#release(event), options)
    canvas.addEventListener('pointercancel', () => this.#cancel(), options)
    canvas.addEventListener('keydown', (event) => this.#leave(event), options)
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { ...options, passive: false })
    this.#unsubscribe = [
      timelineView.subscribe(dirty),
      onStreamMedia(() => {
        this.#painter.forget()
        dirty()
      }),
      useTransport.subscribe((now, before) => {
        if (now.inSeconds !== before.inSeconds || now.outSeconds !== before.outSeconds) dirty()
      }),
      useSession.subscribe(dirty),
      useLabelling.subscribe(dirty),
      useJobs.subscribe((jobs, before) => {
        if (jobs.deriving !== before.deriving) dirty()
      }),
      everyFrame(this.#frame),
      () => resize.disconnect(),
      () => themes.disconnect(),
    ]
    this.#resize()
  }

  dispose(): void {
    this.#ending.abort()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  #resize(): void {
    timelineView.setWidth(this.#painter.resize())
    this.#soil()
  }

  #frame = (playhead: number): void => {
    followCut(playhead)
    if (useTransport.getState().rate !== 0 && !this.#gesture) timelineView.follow(playhead)
    place(this.#marks.playhead, playhead)
    place(this.#marks.snap, this.#snapSeconds)
    // What is being labelled grows with the playhead.
    if (!this.#dirty && !(isLabelOpen() && useTransport.getState().rate !== 0)) return
    this.#dirty = false
    this.#draw()
  }

  /** Drawn anew with the next frame. */
  #soil(): void {
    this.#dirty = true
    wakeFrames()
  }

  #draw(): void {
    const { model, frameRate, scrollTop } = this.#input()
    const { selectedClipIds, selectedMarkerId, ruler } = useSession.getState()
    const { inSeconds, outSeconds } = useTransport.getState()
    this.#painter.paint({
      model: this.#dragged?.model ?? model,
      view: timelineView,
      window: timelineView.window,
      scrollTop,
      selectedClipIds,
      selectedMarkerId,
      inSeconds,
      outSeconds,
      openSpans: useLabelling.getState().open,
      playheadSeconds: now(),
      ruler,
      frameRate,
      deriving: useJobs.getState().deriving,
    })
  }

  #at(event: MouseEvent): { x: number; y: number } {
    const box = this.#canvas.getBoundingClientRect()
    const { zoom } = this.#painter
    return { x: (event.clientX - box.left) / zoom, y: (event.clientY - box.top) / zoom }
  }

  #grabAt(x: number, y: number): Grab | null {
    const { model, scrollTop } = this.#input()
    const row = rowAt(model, y - RULER_HEIGHT + scrollTop)
    if (row?.kind !== 'track') return null
    const clip = clipAt(row.track, ticksFromSeconds(timelineView.secondsAt(x)))
    return clip ? { clip, track: row.track, ...edgeAt(clip, x, (seconds) => timelineView.xOf(seconds)) } : null
  }

  #markerAt(x: number, y: number): MarkerGrab | null {
    const { model, scrollTop } = this.#input()
    return markerGrabAt(model, timelineView, x, y, scrollTop)
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    this.#canvas.focus({ preventScroll: true })
    this.#canvas.setPointerCapture(event.pointerId)
    const { x, y } = this.#at(event)
    const grab = y < RULER_HEIGHT ? null : this.#grabAt(x, y)
    const { tool } = useSession.getState()
    const { document } = useDocument.getState()
    if (grab && tool === 'blade') {
      commitBlade(this.#input().context, document, grab, timelineView.secondsAt(x), event.altKey)
      return
    }
    const from = { fromX: x, fromY: y, mark: null, track: null }
    const held = this.#markerAt(x, y)
    if (held) {
      const { marker } = held
      useSession.setState({ selectedMarkerId: marker.id, selectedClipIds: new Set() })
      const targets = snapTargets(document, new Set([marker.id]), now())
      this.#gesture = { ...from, drag: markerDragOf(held), targets, part: new Map([[marker.id, marker]]) }
      return
    }
    if (!grab) {
      this.#pressBeside(x, y, from)
      return
    }
    const clipIds = this.#select(grab, event, tool)
    this.#tried = false
    this.#gesture = {
      ...from,
      drag: dragOf(tool, grab, clipIds),
      targets: snapTargets(document, clipIds, now()),
      part: partOf(document, tool, grab, clipIds),
      track: grab.track,
    }
  }

  /** A press on nothing that can be dragged, or on in or out, which are no part of the document. */
  #pressBeside(x: number, y: number, from: Pick<Gesture, 'fromX' | 'fromY' | 'mark' | 'track'>): void {
    const { document } = useDocument.getState()
    const which = rangeMarkAt(timelineView, x, y)
    if (which) {
      const mark = { which, fromSeconds: useTransport.getState()[which] }
      this.#gesture = { ...from, drag: null, mark, targets: snapTargets(document, new Set(), now()), part: document }
      return
    }
    useSession.setState({ selectedMarkerId: null })
    if (y >= RULER_HEIGHT) useSession.setState({ selectedClipIds: new Set() })
    this.#gesture = { ...from, drag: null, targets: [], part: document }
    seek(timelineView.secondsAt(x))
  }

  /** Selects what a press takes hold of and returns what goes with it. */
  #select(grab: Grab, event: PointerEvent, tool: Tool): ReadonlySet<string> {
    const { document } = useDocument.getState()
    if (tool === 'trackSelect') {
      const selectedClipIds = clipsFrom(document, grab, event.shiftKey)
      useSession.setState({ selectedClipIds })
      return selectedClipIds
    }
    this.#selectOne(grab, event)
    const { selectedClipIds } = useSession.getState()
    const isMany = tool === 'select' && grab.edge === null && selectedClipIds.size > 1
    return isMany ? selectedClipIds : linkedClips(document, grab.clip, event.altKey)
  }

  #selectOne({ clip, track }: Grab, event: PointerEvent): void {
    const before = useSession.getState().selectedClipIds
    // A press on one of several selected clips takes hold of them all.
    if (!event.shiftKey && before.has(clip.id) && before.size > 1) return
    selectClip(clip, track)
    if (!event.shiftKey) return
    const selectedClipIds = new Set(before)
    if (!selectedClipIds.delete(clip.id)) selectedClipIds.add(clip.id)
    useSession.setState({ selectedClipIds })
  }

  #move(event: PointerEvent): void {
    const { x, y } = this.#at(event)
    const gesture = this.#gesture
    if (!gesture) {
      const grab = y < RULER_HEIGHT ? null : this.#grabAt(x, y)
      const mark = rangeMarkAt(timelineView, x, y)
      this.#canvas.style.cursor = cursorOver(useSession.getState().tool, grab, this.#markerAt(x, y), mark)
      return
    }
    const { drag } = gesture
    if (!drag && !gesture.mark) {
      seek(timelineView.secondsAt(x))
      return
    }
    if (!this.#tried && Math.hypot(x - gesture.fromX, y - gesture.fromY) < DRAG_STARTS_PIXELS) return
    this.#tried = true
    if (gesture.track?.locked) return
    const { pixelsPerSecond } = timelineView.window
    const wished = (x - gesture.fromX) / pixelsPerSecond
    const edges = drag?.edges ?? [gesture.mark?.fromSeconds ?? 0]
    const snap = useSession.getState().snapping
      ? snapped(edges, wished, gesture.targets, pixelsPerSecond)
      : { bySeconds: wished, at: null }
    if (!drag) {
      dragRangeMark(gesture.mark!.which, edges[0]! + snap.bySeconds)
      this.#snapSeconds = snap.at
      return
    }
    const byTicks = ticksFromSeconds(snap.bySeconds)
    const ontoTrackId = drag.changesTracks ? this.#otherTrackAt(y, gesture.track) : null
    const model = (to: Destination): TimelineModel | null => {
      const after = to.byTicks === 0 && to.ontoTrackId === null ? null : previewOf(gesture.part, drag, to)
      return after && withRowsOf(this.#input().model, after)
    }
    const wanted = { byTicks, ontoTrackId }
    const onto = model(wanted)
    const along = onto || ontoTrackId === null ? null : model({ byTicks, ontoTrackId: null })
    // Where it cannot go, it stays at the last place where it could.
    if (onto) this.#dragged = { ...wanted, model: onto }
    else if (along) this.#dragged = { byTicks, ontoTrackId: null, model: along }
    else if (byTicks === 0) this.#dragged = null
    this.#snapSeconds = snap.at
    this.#soil()
  }

  /** The track at a height that what is dragged may come to lie on, where it is another than its own. */
  #otherTrackAt(y: number, from: Track | null): string | null {
    const { model, scrollTop } = this.#input()
    const row = rowAt(model, y - RULER_HEIGHT + scrollTop)
    if (row?.kind !== 'track' || row.track.id === from?.id || row.track.sensor !== from?.sensor) return null
    return row.track.id
  }

  #release(event: PointerEvent): void {
    const { drag, mark, track, fromX = 0 } = this.#gesture ?? {}
    const dragged = this.#dragged
    const tried = this.#tried
    const wished = tried && Math.abs(this.#at(event).x - fromX) >= DRAG_STARTS_PIXELS
    const [marker] = this.#gesture?.part.size === 1 ? this.#gesture.part.values() : []
    this.#cancel()
    if (this.#canvas.hasPointerCapture(event.pointerId)) this.#canvas.releasePointerCapture(event.pointerId)
    if (mark && tried) sayRangeMark(mark.which)
    // A marker that is pressed and not dragged is gone to; a span of a label is a place of its own.
    if (!tried && marker?.kind === 'marker' && !isSpan(marker)) seek(secondsFromTicks(marker.atTicks))
    if (drag && dragged) commitDrag(this.#input().context, drag, dragged)
    else if (drag && wished && !sayIfLocked(track ? [track] : [])) sayNoRoom()
  }

  /** Escape leaves what is dragged where it was. */
  #leave(event: KeyboardEvent): void {
    const { drag, mark } = this.#gesture ?? {}
    if (event.key !== 'Escape' || !this.#tried || !(drag || mark)) return
    event.preventDefault()
    this.#cancel()
    if (drag) announce(t('timeline.dragLeft', { what: drag.label }))
    if (!mark) return
    useTransport.setState({ [mark.which]: mark.fromSeconds })
    sayRangeMark(mark.which)
  }

  #cancel(): void {
    this.#gesture = null
    this.#dragged = null
    this.#tried = false
    this.#snapSeconds = null
    this.#soil()
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault()
    if (event.ctrlKey || event.metaKey) {
      timelineView.zoomAround(timelineView.secondsAt(this.#at(event).x), Math.exp(-event.deltaY * 0.0022))
      return
    }
    const sideways = event.shiftKey ? event.deltaY : event.deltaX
    if (sideways !== 0) timelineView.scrollBy(sideways)
    if (!event.shiftKey && event.deltaY !== 0) {
      const { model, scrollTop, setScrollTop } = this.#input()
      const most = Math.max(0, model.height - (this.#painter.height - RULER_HEIGHT))
      setScrollTop(Math.min(most, Math.max(0, scrollTop + event.deltaY)))
    }
  }
}
