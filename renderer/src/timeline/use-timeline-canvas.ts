import { useEffect, type RefObject } from 'react'
import { ticksFromSeconds, type FrameRate } from '../../../shared/units.ts'
import type { ActionContext } from '../actions/action.ts'
import { onStreamMedia } from '../state/stream-media.ts'
import { useDocument } from '../state/document-store.ts'
import { selectClip, useSession } from '../state/session-store.ts'
import { now, seek, useTransport } from '../state/transport.ts'
import { drawTimeline, type DragPreview } from './draw.ts'
import {
  commitBlade,
  commitDrag,
  dragPreview,
  edgeAt,
  linkedClips,
  snapped,
  snapTargets,
  type Grab,
} from './gestures.ts'
import { useLatest } from '../ui/use-latest.ts'
import { readPalette, type Palette } from './palette.ts'
import { clipAt, rowAt, RULER_HEIGHT, type TimelineModel } from './rows.ts'
import { timelineView } from './view-state.ts'
import { secondsFromTicks } from '../../../shared/units.ts'

export interface CanvasInput {
  readonly model: TimelineModel
  readonly frameRate: FrameRate
  readonly scrollTop: number
  readonly setScrollTop: (top: number) => void
  readonly context: ActionContext
}

interface Gesture {
  readonly kind: 'scrub' | 'clip'
  readonly grab: Grab | null
  readonly fromX: number
  readonly clipIds: ReadonlySet<string>
  readonly targets: readonly number[]
}

const DRAG_STARTS_PIXELS = 4

/** Draws the canvas when something changed and turns pointers and wheels into gestures. */
export function useTimelineCanvas(ref: RefObject<HTMLCanvasElement | null>, input: CanvasInput): void {
  const latest = useLatest(input)

  useEffect(() => {
    const canvas = ref.current
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const surface = new Surface(canvas, context, () => latest.current)
    return () => surface.dispose()
  }, [ref, latest])

  useEffect(() => {
    ref.current?.dispatchEvent(new Event('redraw'))
  }, [ref, input.model, input.scrollTop, input.frameRate])
}

class Surface {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #input: () => CanvasInput
  readonly #ending = new AbortController()
  readonly #unsubscribe: (() => void)[]
  #palette: Palette
  #dirty = true
  #handle = 0
  #gesture: Gesture | null = null
  #drag: DragPreview | null = null
  #snapSeconds: number | null = null
  #size = { width: 0, height: 0 }
  #shownPlayhead = Number.NaN

  constructor(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, input: () => CanvasInput) {
    this.#canvas = canvas
    this.#context = context
    this.#input = input
    this.#palette = readPalette(canvas)
    const dirty = (): void => {
      this.#dirty = true
    }
    const options = { signal: this.#ending.signal }
    const resize = new ResizeObserver(() => this.#resize())
    resize.observe(canvas)
    const themes = new MutationObserver(() => {
      this.#palette = readPalette(canvas)
      dirty()
    })
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    canvas.addEventListener('redraw', dirty, options)
    canvas.addEventListener('pointerdown', (event) => this.#press(event), options)
    canvas.addEventListener('pointermove', (event) => this.#move(event), options)
    canvas.addEventListener('pointerup', (event) => this.#release(event), options)
    canvas.addEventListener('pointercancel', () => this.#cancel(), options)
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { ...options, passive: false })
    this.#unsubscribe = [
      timelineView.subscribe(dirty),
      onStreamMedia(dirty),
      useTransport.subscribe(dirty),
      useSession.subscribe(dirty),
      () => resize.disconnect(),
      () => themes.disconnect(),
    ]
    this.#resize()
    this.#frame()
  }

  dispose(): void {
    this.#ending.abort()
    cancelAnimationFrame(this.#handle)
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  #resize(): void {
    const { width, height } = this.#canvas.getBoundingClientRect()
    const scale = window.devicePixelRatio || 1
    this.#size = { width, height }
    this.#canvas.width = Math.max(1, Math.round(width * scale))
    this.#canvas.height = Math.max(1, Math.round(height * scale))
    this.#context.setTransform(scale, 0, 0, scale, 0, 0)
    timelineView.setWidth(width)
    this.#dirty = true
  }

  #frame = (): void => {
    this.#handle = requestAnimationFrame(this.#frame)
    const playhead = now()
    if (useTransport.getState().rate !== 0 && !this.#gesture) timelineView.follow(playhead)
    if (!this.#dirty && playhead === this.#shownPlayhead) return
    this.#dirty = false
    this.#shownPlayhead = playhead
    const { model, frameRate, scrollTop } = this.#input()
    const { selectedClipIds, ruler } = useSession.getState()
    const { inSeconds, outSeconds } = useTransport.getState()
    drawTimeline(this.#context, {
      model,
      view: timelineView,
      palette: this.#palette,
      ...this.#size,
      scrollTop,
      selectedClipIds,
      drag: this.#drag,
      playheadSeconds: playhead,
      inSeconds,
      outSeconds,
      ruler,
      frameRate,
      snapSeconds: this.#snapSeconds,
    })
  }

  #at(event: PointerEvent): { x: number; y: number } {
    const box = this.#canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  #grabAt(x: number, y: number): Grab | null {
    const { model, scrollTop } = this.#input()
    const row = rowAt(model, y - RULER_HEIGHT + scrollTop)
    if (row?.kind !== 'track') return null
    const clip = clipAt(row.track, ticksFromSeconds(timelineView.secondsAt(x)))
    return clip ? { clip, track: row.track, edge: edgeAt(clip, x, (seconds) => timelineView.xOf(seconds)) } : null
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    this.#canvas.focus({ preventScroll: true })
    this.#canvas.setPointerCapture(event.pointerId)
    const { x, y } = this.#at(event)
    const grab = y < RULER_HEIGHT ? null : this.#grabAt(x, y)
    const { tool } = useSession.getState()
    if (grab && tool === 'blade') {
      commitBlade(this.#input().context, grab.track, timelineView.secondsAt(x))
      return
    }
    if (!grab) {
      if (y >= RULER_HEIGHT) useSession.setState({ selectedClipIds: new Set() })
      this.#gesture = { kind: 'scrub', grab: null, fromX: x, clipIds: new Set(), targets: [] }
      seek(timelineView.secondsAt(x))
      return
    }
    const document = useDocument.getState().document
    this.#select(grab, event)
    const { selectedClipIds } = useSession.getState()
    const clipIds = selectedClipIds.size > 1 ? selectedClipIds : linkedClips(document, grab.clip, event.altKey)
    this.#gesture = { kind: 'clip', grab, fromX: x, clipIds, targets: snapTargets(document, clipIds, now()) }
  }

  #select({ clip, track }: Grab, event: PointerEvent): void {
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
      const blade = useSession.getState().tool === 'blade'
      this.#canvas.style.cursor = !grab ? 'default' : blade ? 'crosshair' : grab.edge ? 'ew-resize' : 'grab'
      return
    }
    if (gesture.kind === 'scrub') {
      seek(timelineView.secondsAt(x))
      return
    }
    const { grab } = gesture
    if (!grab || grab.track.locked || (!this.#drag && Math.abs(x - gesture.fromX) < DRAG_STARTS_PIXELS)) return
    const { pixelsPerSecond } = timelineView.window
    const wished = (x - gesture.fromX) / pixelsPerSecond
    const start = secondsFromTicks(grab.clip.startTicks)
    const end = start + secondsFromTicks(grab.clip.durationTicks)
    const edges = grab.edge === 'start' ? [start] : grab.edge === 'end' ? [end] : [start, end]
    const snap = useSession.getState().snapping
      ? snapped(edges, wished, gesture.targets, pixelsPerSecond)
      : { bySeconds: wished, at: null }
    this.#drag = dragPreview(grab, gesture.clipIds, snap.bySeconds)
    this.#snapSeconds = snap.at
    this.#dirty = true
  }

  #release(event: PointerEvent): void {
    const { grab } = this.#gesture ?? {}
    const preview = this.#drag
    this.#cancel()
    if (this.#canvas.hasPointerCapture(event.pointerId)) this.#canvas.releasePointerCapture(event.pointerId)
    if (grab && preview) commitDrag(this.#input().context, useDocument.getState().document, grab, preview)
  }

  #cancel(): void {
    this.#gesture = null
    this.#drag = null
    this.#snapSeconds = null
    this.#dirty = true
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault()
    const box = this.#canvas.getBoundingClientRect()
    if (event.ctrlKey || event.metaKey) {
      timelineView.zoomAround(timelineView.secondsAt(event.clientX - box.left), Math.exp(-event.deltaY * 0.0022))
      return
    }
    const sideways = event.shiftKey ? event.deltaY : event.deltaX
    if (sideways !== 0) timelineView.scrollBy(sideways)
    if (!event.shiftKey && event.deltaY !== 0) {
      const { model, scrollTop, setScrollTop } = this.#input()
      const most = Math.max(0, model.height - (this.#size.height - RULER_HEIGHT))
      setScrollTop(Math.min(most, Math.max(0, scrollTop + event.deltaY)))
    }
  }
}
