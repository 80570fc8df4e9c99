import { useEffect, useRef, useState } from 'react'
import { ZoomIn, ZoomOut } from 'lucide-react'
import { recordsOf, timeMapId, type Document } from '../../../shared/document/document.ts'
import { IDENTITY_MOMENTS } from '../../../shared/document/clip-clock.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { clockSecondsOf } from '../../../shared/signal/time-map.ts'
import { loadedPeaks, loadPeaks } from '../state/peaks.ts'
import { useJobs } from '../state/jobs-store.ts'
import { now, useTransport } from '../state/transport.ts'
import { readPalette, type Palette } from '../timeline/palette.ts'
import { t } from '../i18n/text.ts'
import { titleOfClock } from './hand-moments.ts'

const HEIGHT = 120
const SPANS_SECONDS = [0.2, 0.5, 1, 2, 5, 10, 30] as const
const FIRST_SPAN = 3

/** The sound of two recordings round the playhead, one over the other, each where its map puts it. */
export function WaveformOverlay({ document, clocks }: { document: Document; clocks: readonly [string, string] }) {
  const [one, two] = clocks.map((clockId) => soundOn(document, clockId))
  const [zoom, setZoom] = useState(FIRST_SPAN)
  const canvas = useRef<HTMLCanvasElement>(null)
  const spanSeconds = SPANS_SECONDS[zoom]!
  const rate = useTransport((state) => state.rate)
  const anchor = useTransport((state) => state.anchorSeconds)
  // Waveforms are asked for again when the work that makes them has ended.
  const jobs = useJobs()
  const [came, setCame] = useState(0)
  useEffect(() => {
    let isGone = false
    for (const stream of [one, two]) {
      if (!stream) continue
      void loadPeaks(stream.assetId, stream.id, stream.index).then(() => {
        if (!isGone) setCame((count) => count + 1)
      })
    }
    return () => {
      isGone = true
    }
  }, [one, two, jobs])
  useEffect(() => {
    const element = canvas.current
    if (!element || !one || !two) return
    const palette = readPalette(element)
    let frame = 0
    const paint = (): void => {
      draw(element, palette, document, [one, two], spanSeconds)
      if (rate !== 0) frame = requestAnimationFrame(paint)
    }
    paint()
    const observer = new ResizeObserver(paint)
    observer.observe(element)
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
    }
  }, [document, one, two, spanSeconds, rate, anchor, came])
  const names = clocks.map((clockId) => titleOfClock(document, clockId))
  if (!one || !two) return <p className="muted">{t('align.overlayNeedsSound')}</p>
  return (
    <figure className="overlay" aria-label={t('align.overlay')}>
      <canvas
        ref={canvas}
        height={HEIGHT}
        role="img"
        aria-label={t('align.overlayOf', { one: names[0]!, two: names[1]!, span: String(spanSeconds) })}
      />
      <figcaption className="row">
        <span className="overlay__one">{names[0]}</span>
        <span className="overlay__two">{names[1]}</span>
        <span className="spacer" />
        <span className="num faint">{t('align.overlaySpan', { span: String(spanSeconds) })}</span>
        <button
          className="button button--quiet"
          aria-label={t('align.overlayIn')}
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        >
          <ZoomIn size={13} aria-hidden />
        </button>
        <button
          className="button button--quiet"
          aria-label={t('align.overlayOut')}
          disabled={zoom === SPANS_SECONDS.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          <ZoomOut size={13} aria-hidden />
        </button>
      </figcaption>
    </figure>
  )
}

function soundOn(document: Document, clockId: string): Stream | undefined {
  return recordsOf(document, 'stream').find((stream) => stream.clockId === clockId && stream.sensor === 'audio')
}

/** The first filled, the second as an outline: neither hides the other, and colour is not all that tells them apart. */
function draw(
  element: HTMLCanvasElement,
  palette: Palette,
  document: Document,
  streams: readonly [Stream, Stream],
  spanSeconds: number,
): void {
  const ratio = window.devicePixelRatio || 1
  const width = element.clientWidth
  element.width = Math.max(1, Math.round(width * ratio))
  element.height = Math.round(HEIGHT * ratio)
  const context = element.getContext('2d')
  if (!context) return
  context.scale(ratio, ratio)
  context.clearRect(0, 0, width, HEIGHT)
  const middle = HEIGHT / 2
  const start = now() - spanSeconds / 2
  for (const [which, stream] of streams.entries()) {
    const waveform = loadedPeaks(stream.id)
    if (!waveform) continue
    const map = document.get(timeMapId(stream.clockId))
    const moments = map?.kind === 'timeMap' ? map : IDENTITY_MOMENTS
    const at = (x: number): number => clockSecondsOf(moments, start + (x / width) * spanSeconds)
    const columns = Array.from({ length: Math.ceil(width) }, (_, x) => waveform.between(at(x), at(x + 1)))
    // Microphones differ: each is drawn as loud as it gets here.
    const loudest = columns.reduce((most, [low, high]) => Math.max(most, -low, high), 1e-3)
    const half = (HEIGHT / 2 - 6) / loudest
    context.beginPath()
    if (which === 0) {
      context.fillStyle = palette.sensor('audio')
      columns.forEach(([low, high], x) => context.rect(x, middle - high * half, 1, Math.max(1, (high - low) * half)))
      context.fill()
    } else {
      context.strokeStyle = palette.star
      context.lineWidth = 1.2
      columns.forEach(([, high], x) =>
        (x === 0 ? context.moveTo : context.lineTo).call(context, x, middle - high * half),
      )
      columns.forEach(([low], x) => (x === 0 ? context.moveTo : context.lineTo).call(context, x, middle - low * half))
      context.stroke()
    }
  }
  context.fillStyle = palette.playhead
  context.fillRect(width / 2 - 0.5, 0, 1, HEIGHT)
}
