import { recordsOf } from '../../../shared/document/document.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { now, seek, setRate, togglePlay, useTransport } from '../state/transport.ts'
import { editPointFrom } from '../timeline/clip-navigation.ts'
import { projectFrameRate } from '../timeline/frame-rate.ts'
import { sayRangeMark, type RangeMark } from '../timeline/range-marks.ts'
import type { Action } from './action.ts'
import { isHeld } from './held-keys.ts'

function step(seconds: number): void {
  setRate(0)
  seek(now() + seconds)
}

/** One picture of the first camera on or back. */
function stepFrame(direction: 1 | -1): void {
  const rate = projectFrameRate(useDocument.getState().document)
  step((direction * rate.denominator) / rate.numerator)
}

/** J and L: each press doubles the speed, up to eight times; with K held they step, and go slowly while held. */
function shuttle(direction: 1 | -1): void {
  if (isHeld('stop')) {
    stepFrame(direction)
    return
  }
  if (isHeld(direction === 1 ? 'forward' : 'reverse')) return
  const { rate } = useTransport.getState()
  setRate(Math.sign(rate) === direction ? direction * Math.min(8, Math.abs(rate) * 2) : direction)
}

function mark(which: RangeMark): void {
  useTransport.setState({ [which]: now() })
  sayRangeMark(which)
}

/** Seconds; undefined where there is none on that side of the playhead. */
function nextMarker(direction: 1 | -1): number | undefined {
  const at = now()
  const times = recordsOf(useDocument.getState().document, 'marker')
    .map((marker) => secondsFromTicks(marker.atTicks))
    .sort((a, b) => direction * (a - b))
  return times.find((time) => direction * (time - at) > 1e-3)
}

function jumpToMarker(direction: 1 | -1): void {
  const next = nextMarker(direction)
  if (next !== undefined) seek(next)
}

function jumpToEdit(direction: 1 | -1): void {
  const next = editPointFrom(useDocument.getState().document, now(), direction)
  if (next !== null) seek(next)
}

export const playbackActions: readonly Action[] = [
  { id: 'play', group: 'playback', shortcuts: ['Space'], run: togglePlay },
  {
    id: 'reverse',
    group: 'playback',
    shortcuts: ['J'],
    run: () => shuttle(-1),
  },
  { id: 'stop', group: 'playback', shortcuts: ['K'], run: () => setRate(0) },
  {
    id: 'forward',
    group: 'playback',
    shortcuts: ['L'],
    run: () => shuttle(1),
  },
  {
    id: 'previousFrame',
    group: 'playback',
    shortcuts: ['ArrowLeft'],
    run: () => stepFrame(-1),
  },
  { id: 'nextFrame', group: 'playback', shortcuts: ['ArrowRight'], run: () => stepFrame(1) },
  {
    id: 'previousSecond',
    group: 'playback',
    shortcuts: ['Shift+ArrowLeft'],
    run: () => step(-1),
  },
  { id: 'nextSecond', group: 'playback', shortcuts: ['Shift+ArrowRight'], run: () => step(1) },
  { id: 'start', group: 'playback', shortcuts: ['Home'], run: () => seek(-Infinity) },
  { id: 'end', group: 'playback', shortcuts: ['End'], run: () => seek(Infinity) },
  {
    id: 'previousEdit',
    group: 'playback',
    shortcuts: ['PageUp'],
    run: () => jumpToEdit(-1),
  },
  {
    id: 'nextEdit',
    group: 'playback',
    shortcuts: ['PageDown'],
    run: () => jumpToEdit(1),
  },
  {
    id: 'markIn',
    group: 'playback',
    shortcuts: ['I'],
    run: () => mark('inSeconds'),
  },
  {
    id: 'markOut',
    group: 'playback',
    shortcuts: ['O'],
    run: () => mark('outSeconds'),
  },
  {
    id: 'clearMarks',
    group: 'playback',
    shortcuts: ['Alt+X'],
    run: () => useTransport.setState({ inSeconds: null, outSeconds: null }),
    said: () => t('timeline.marksCleared'),
  },
  {
    id: 'loop',
    group: 'playback',
    shortcuts: ['Ctrl+L'],
    run: () => useTransport.setState((state) => ({ loop: !state.loop })),
    said: () => t(useTransport.getState().loop ? 'timeline.loopOn' : 'timeline.loopOff'),
  },
  {
    id: 'previousMarker',
    group: 'playback',
    shortcuts: ['<'],
    disabledReason: () => (nextMarker(-1) === undefined ? t('needs.markerBefore') : null),
    run: () => jumpToMarker(-1),
  },
  {
    id: 'nextMarker',
    group: 'playback',
    shortcuts: ['>'],
    disabledReason: () => (nextMarker(1) === undefined ? t('needs.markerAfter') : null),
    run: () => jumpToMarker(1),
  },
]
