/**
 * The one playhead. It runs on the clock of the machine, is steered to where sound is heard while some plays, and
 * everything else follows it, so that picture, sound, poses and 3D show one moment. Panels that draw every frame read
 * `now()`; React hears of it a few times a second.
 */
import { create } from 'zustand'

interface TransportState {
  /** -8 to 8; 0: stopped. */
  readonly rate: number
  /** How often it was sent somewhere. */
  readonly seeks: number
  /** Project seconds at `anchorMilliseconds`. */
  readonly anchorSeconds: number
  readonly anchorMilliseconds: number
  readonly inSeconds: number | null
  readonly outSeconds: number | null
  readonly loop: boolean
}

export const useTransport = create<TransportState>(() => ({
  rate: 0,
  seeks: 0,
  anchorSeconds: 0,
  anchorMilliseconds: 0,
  inSeconds: null,
  outSeconds: null,
  loop: false,
}))

/** First and last moment of the timeline, seconds. */
let bounds: readonly [number, number] = [0, 0]

export function setTransportBounds(startSeconds: number, endSeconds: number): void {
  bounds = [startSeconds, endSeconds]
}

/** From in to out, project seconds; null unless both are set and out is after in. */
export function markedRange(): { readonly from: number; readonly to: number } | null {
  const { inSeconds: from, outSeconds: to } = useTransport.getState()
  return from !== null && to !== null && to > from ? { from, to } : null
}

/** How far the playhead was steered from the clock of the machine since it was set, project seconds. */
let steered = { since: 0, seconds: 0, milliseconds: 0 }

/**
 * While it is steered back it goes on, at this much of its pace at the least: it never shows again what it has shown.
 */
const SLOWEST = 0.4
const STEERED_IN_MILLISECONDS = 120
const LONGEST_FRAME_MILLISECONDS = 100

/** The playhead in project seconds, this instant. */
export function now(): number {
  return playheadAt(performance.now())
}

/** The playhead in project seconds at a moment of the machine's clock, as far as it is known now. */
export function playheadAt(milliseconds: number): number {
  const { rate, anchorSeconds, anchorMilliseconds } = useTransport.getState()
  if (rate === 0) return anchorSeconds
  const own = steered.since === anchorMilliseconds ? steered.seconds : 0
  const at = anchorSeconds + own + (rate * (milliseconds - anchorMilliseconds)) / 1000
  return Math.min(Math.max(at, bounds[0]), bounds[1])
}

/** Called in every frame in which sound leads. @param heardSeconds where the playhead should be at that moment */
export function steer(milliseconds: number, heardSeconds: number): void {
  const { rate, anchorMilliseconds: since } = useTransport.getState()
  if (rate <= 0) return
  if (steered.since !== since) steered = { since, seconds: 0, milliseconds: since }
  const passed = Math.min(milliseconds - steered.milliseconds, LONGEST_FRAME_MILLISECONDS)
  const away = heardSeconds - playheadAt(milliseconds)
  const most = ((1 - SLOWEST) * rate * Math.max(0, passed)) / 1000
  const step = away * (1 - Math.exp(-passed / STEERED_IN_MILLISECONDS))
  steered = { since, seconds: steered.seconds + Math.max(-most, Math.min(most, step)), milliseconds }
}

export function seek(seconds: number): void {
  useTransport.setState(({ seeks }) => ({
    seeks: seeks + 1,
    anchorSeconds: Math.min(Math.max(seconds, bounds[0]), bounds[1]),
    anchorMilliseconds: performance.now(),
  }))
}

/** Where the playhead was when the project was last open: its document, which bounds it, is not there yet. */
export function placePlayhead(seconds: number): void {
  useTransport.setState({ rate: 0, anchorSeconds: seconds, inSeconds: null, outSeconds: null, loop: false })
}

/** True if there is nothing to play before the playhead. */
export function isAtEnd(): boolean {
  return now() >= bounds[1] - 1e-3
}

export function setRate(rate: number): void {
  const at = now()
  const atEnd = rate > 0 && isAtEnd()
  useTransport.setState({ rate, anchorSeconds: atEnd ? bounds[0] : at, anchorMilliseconds: performance.now() })
}

export function togglePlay(): void {
  setRate(useTransport.getState().rate === 0 ? 1 : 0)
}

/** Stops at the ends, and loops between in and out; called once a frame. */
export function keepTransport(): void {
  const { rate, loop, inSeconds, outSeconds } = useTransport.getState()
  if (rate === 0) return
  const at = now()
  const end = outSeconds ?? bounds[1]
  if (rate > 0 && at >= end) {
    if (loop) seek(inSeconds ?? bounds[0])
    else useTransport.setState({ rate: 0, anchorSeconds: end, anchorMilliseconds: performance.now() })
  } else if (rate < 0 && at <= bounds[0]) {
    useTransport.setState({ rate: 0, anchorSeconds: bounds[0], anchorMilliseconds: performance.now() })
  }
}
