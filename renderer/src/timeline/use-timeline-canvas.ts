import { useEffect, type RefObject } from 'react'
import { isLabelOpen, useLabelling } from '../labels/labelling.ts'
import { followCut } from './follow-cut.ts'
import { onStreamMedia } from '../state/stream-media.ts'
import { everyFrame, wakeFrames } from '../state/frames.ts'
import { useJobs } from '../state/jobs-store.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { now, useTransport } from '../state/transport.ts'
import { useLatest } from '../ui/use-latest.ts'
import { selectedWithLinked } from './gestures.ts'
import { Painter } from './painter.ts'
import type { CanvasInput } from './canvas-input.ts'
import { marksBeside, place, type CanvasMarks } from './canvas-marks.ts'
import { PointerGestures } from './pointer-gestures.ts'
import { timelineView } from './view-state.ts'

/** Draws the canvas when something changed and turns pointers and wheels into gestures. */
export function useTimelineCanvas(ref: RefObject<HTMLCanvasElement | null>, input: CanvasInput): void {
  const latest = useLatest(input)

  useEffect(() => {
    const canvas = ref.current
    const context = canvas?.getContext('2d', { alpha: false })
    const marks = canvas && marksBeside(canvas)
    if (!canvas || !context || !marks) return
    const surface = new Surface(canvas, context, marks, () => latest.current)
    return () => surface.dispose()
  }, [ref, latest])

  useEffect(() => {
    ref.current?.dispatchEvent(new Event('redraw'))
  }, [ref, input.model, input.scrollTop, input.frameRate])
}

class Surface {
  readonly #painter: Painter
  readonly #marks: CanvasMarks
  readonly #input: () => CanvasInput
  readonly #ending = new AbortController()
  readonly #unsubscribe: (() => void)[]
  readonly #pointer: PointerGestures
  #dirty = true
  #taken: ReadonlySet<string> = new Set()
  /** What it was found for. */
  #takenOf: readonly unknown[] = []
  #seeks = useTransport.getState().seeks

  constructor(
    canvas: HTMLCanvasElement,
    context: CanvasRenderingContext2D,
    marks: CanvasMarks,
    input: () => CanvasInput,
  ) {
    this.#painter = new Painter(canvas, context)
    this.#marks = marks
    this.#input = input
    const dirty = (): void => this.#soil()
    const { signal } = this.#ending
    this.#pointer = new PointerGestures(canvas, this.#painter, marks, input, dirty, signal)
    const resize = new ResizeObserver(() => this.#resize())
    resize.observe(canvas)
    const themes = new MutationObserver(() => {
      this.#painter.readColors()
      dirty()
    })
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    canvas.addEventListener('redraw', dirty, { signal })
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
    const { rate, seeks } = useTransport.getState()
    // Wherever it was sent, by keys, by a word, by a marker, it is seen; a hand that holds it scrolls by itself.
    if ((rate !== 0 || seeks !== this.#seeks) && !this.#pointer.isHolding) timelineView.follow(playhead)
    this.#seeks = seeks
    this.#pointer.frame()
    place(this.#marks.playhead, playhead)
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

  /** Every clip of the project is asked for it: not with each frame of a scroll. */
  #takenIds(): ReadonlySet<string> {
    const { document } = useDocument.getState()
    const { selectedClipIds, aloneClipIds } = useSession.getState()
    const of = [document, selectedClipIds, aloneClipIds]
    if (of.every((each, n) => each === this.#takenOf[n])) return this.#taken
    this.#takenOf = of
    const taken = selectedWithLinked(document)
    // An edit that leaves it as it was draws no more than what it changed.
    if (taken.size !== this.#taken.size || [...taken].some((id) => !this.#taken.has(id))) this.#taken = taken
    return this.#taken
  }

  #draw(): void {
    const { model, frameRate, scrollTop } = this.#input()
    const { selectedClipIds, selectedMarkerId, ruler } = useSession.getState()
    const { inSeconds, outSeconds } = useTransport.getState()
    this.#painter.paint({
      model: this.#pointer.model ?? model,
      view: timelineView,
      window: timelineView.window,
      scrollTop,
      selectedClipIds,
      takenClipIds: this.#takenIds(),
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
}
