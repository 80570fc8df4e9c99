import { recordsOf } from '../../../shared/document/document.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'
import { now, seek, setRate, togglePlay, useTransport } from '../state/transport.ts'
import { editPointFrom } from '../timeline/clip-navigation.ts'
import { projectFrameRate } from '../timeline/frame-rate.ts'
import type { Action } from './action.ts'

function step(seconds: number): void {
  setRate(0)
  seek(now() + seconds)
}

/** One picture of the first camera on or back. */
function stepFrame(direction: 1 | -1): void {
  const rate = projectFrameRate(useDocument.getState().document)
  step((direction * rate.denominator) / rate.numerator)
}

/** J and L: each press doubles the speed, up to eight times. */
function shuttle(direction: 1 | -1): void {
  const { rate } = useTransport.getState()
  setRate(Math.sign(rate) === direction ? direction * Math.min(8, Math.abs(rate) * 2) : direction)
}

function jumpToMarker(direction: 1 | -1): void {
  const at = now()
  const times = recordsOf(useDocument.getState().document, 'marker')
    .map((marker) => secondsFromTicks(marker.atTicks))
    .sort((a, b) => direction * (a - b))
  const next = times.find((time) => direction * (time - at) > 1e-3)
  if (next !== undefined) seek(next)
}

function jumpToEdit(direction: 1 | -1): void {
  const next = editPointFrom(useDocument.getState().document, now(), direction)
  if (next !== null) seek(next)
}

export const playbackActions: readonly Action[] = [
  { id: 'play', title: 'Play or pause', group: 'Playback', shortcuts: ['Space'], run: togglePlay },
  {
    id: 'reverse',
    title: 'Play backwards, again for faster',
    group: 'Playback',
    shortcuts: ['J'],
    run: () => shuttle(-1),
  },
  { id: 'stop', title: 'Stop', group: 'Playback', shortcuts: ['K'], run: () => setRate(0) },
  {
    id: 'forward',
    title: 'Play forwards, again for faster',
    group: 'Playback',
    shortcuts: ['L'],
    run: () => shuttle(1),
  },
  {
    id: 'previousFrame',
    title: 'One frame back',
    group: 'Playback',
    shortcuts: ['ArrowLeft'],
    run: () => stepFrame(-1),
  },
  { id: 'nextFrame', title: 'One frame on', group: 'Playback', shortcuts: ['ArrowRight'], run: () => stepFrame(1) },
  {
    id: 'previousSecond',
    title: 'One second back',
    group: 'Playback',
    shortcuts: ['Shift+ArrowLeft'],
    run: () => step(-1),
  },
  { id: 'nextSecond', title: 'One second on', group: 'Playback', shortcuts: ['Shift+ArrowRight'], run: () => step(1) },
  { id: 'start', title: 'Go to the start', group: 'Playback', shortcuts: ['Home'], run: () => seek(-Infinity) },
  { id: 'end', title: 'Go to the end', group: 'Playback', shortcuts: ['End'], run: () => seek(Infinity) },
  {
    id: 'previousEdit',
    title: 'Previous edge of a clip',
    group: 'Playback',
    shortcuts: ['PageUp'],
    run: () => jumpToEdit(-1),
  },
  {
    id: 'nextEdit',
    title: 'Next edge of a clip',
    group: 'Playback',
    shortcuts: ['PageDown'],
    run: () => jumpToEdit(1),
  },
  {
    id: 'markIn',
    title: 'Mark in',
    group: 'Playback',
    shortcuts: ['I'],
    run: () => useTransport.setState({ inSeconds: now() }),
  },
  {
    id: 'markOut',
    title: 'Mark out',
    group: 'Playback',
    shortcuts: ['O'],
    run: () => useTransport.setState({ outSeconds: now() }),
  },
  {
    id: 'clearMarks',
    title: 'Clear in and out',
    group: 'Playback',
    shortcuts: ['Alt+X'],
    run: () => useTransport.setState({ inSeconds: null, outSeconds: null }),
  },
  {
    id: 'loop',
    title: 'Loop',
    group: 'Playback',
    shortcuts: ['Ctrl+L'],
    run: () => useTransport.setState((state) => ({ loop: !state.loop })),
  },
  {
    id: 'previousMarker',
    title: 'Previous marker',
    group: 'Playback',
    shortcuts: ['Ctrl+Shift+M'],
    run: () => jumpToMarker(-1),
  },
  { id: 'nextMarker', title: 'Next marker', group: 'Playback', shortcuts: ['Shift+M'], run: () => jumpToMarker(1) },
]
