/** The modules of the timeline among those of the window: see window-modules.ts. */
import type { Clip, DocumentRecord, Marker, Track } from '../../../shared/document/records.ts'
import type { Document } from '../../../shared/document/document.ts'

interface MarkerGrab {
  readonly marker: Marker
  readonly edge: 'start' | 'end' | null
}

export interface TimelineModel {
  readonly rows: readonly object[]
}

export interface Scene {
  readonly model: TimelineModel
  readonly window: { readonly startSeconds: number; readonly pixelsPerSecond: number }
  readonly openSpans: ReadonlyMap<string, number>
  readonly playheadSeconds: number
}

export interface TimelineModules {
  'timeline/clip-navigation': {
    neighbourOf(
      document: Document,
      selectedClipId: string | null,
      direction: 'above' | 'below' | 'before' | 'after',
      playheadTicks: number,
    ): { readonly clip: { readonly id: string } } | null
    editPointFrom(document: Document, fromSeconds: number, direction: 1 | -1): number | null
  }
  'timeline/marker-grab': {
    readonly MARK_BAND_TOP: number
    markerGrabAt(model: TimelineModel, view: object, x: number, y: number, scrollTop: number): MarkerGrab | null
    markerDragOf(grab: MarkerGrab): {
      readonly label: string
      apply(draft: Map<string, DocumentRecord>, byTicks: number, ontoTrackId: string | null): void
    }
  }
  'timeline/clip-hits': {
    drawnSpan(view: object, clip: Clip, nextStartTicks?: number): readonly [left: number, right: number]
    clipUnder(track: Track, view: object, x: number): Clip | undefined
  }
  'timeline/marquee': { clipsBetween(model: TimelineModel, one: object, other: object): Set<string> }
  'timeline/pointer-gestures': {
    readonly PointerGestures: new (...given: readonly unknown[]) => { frame(): void }
  }
  'timeline/edge-scroll': { edgeSpeed(at: number, from: number, to: number): number }
  'timeline/wheel': {
    wheelMeaning(
      turned: Readonly<Record<string, number | boolean>>,
      canGoDown: boolean,
    ): { readonly zoom: number; readonly sideways: number; readonly down: number }
  }
  'timeline/drag-readout': {
    readoutWords(
      before: object,
      after: object,
      format: string,
      rate: { numerator: number; denominator: number },
    ): string
  }
  'timeline/range-marks': {
    rangeMarkAt(view: object, x: number, y: number): string | null
    dragRangeMark(mark: string, seconds: number): void
  }
  'timeline/rows': { timelineModeller(): (document: Document, segments: readonly []) => TimelineModel }
  'timeline/draw-content': {
    waveformState(
      track: { readonly sensor: string },
      clip: { readonly assetId: string; readonly streamId: string },
      deriving: ReadonlyMap<string, string>,
    ): string | null
  }
  'timeline/scene': { changesOf(before: Scene, after: Scene): readonly object[] | 'all' }
  'timeline/fitted-text': {
    fittedText(
      pen: { readonly font: string; readonly context: { measureText(text: string): { readonly width: number } } },
      text: string,
      room: number,
    ): string
  }
  'timeline/view-state': {
    readonly timelineView: InstanceType<TimelineModules['timeline/view-state']['TimelineView']>
    readonly TimelineView: new () => {
      readonly window: { readonly startSeconds: number; readonly pixelsPerSecond: number }
      readonly showsAll: boolean
      subscribe(listener: () => void): () => void
      setWidth(pixels: number): void
      setExtent(startSeconds: number, endSeconds: number): void
      fit(): void
      restore(window: { startSeconds: number; pixelsPerSecond: number }): void
      zoomAround(seconds: number, factor: number): void
      reveal(startSeconds: number, endSeconds: number): void
      follow(seconds: number): void
      showSpan(startSeconds: number, endSeconds: number): void
      xOf(seconds: number): number
      secondsAt(x: number): number
    }
  }
  'timeline/ruler': {
    timecode(seconds: number, rate: { numerator: number; denominator: number }): string
    rulerMark(seconds: number, format: string, rate: { numerator: number; denominator: number }): string
    rulerStep(
      pixelsPerSecond: number,
      labelPixels: number,
      format: string,
      rate: { numerator: number; denominator: number },
    ): number
  }
}
