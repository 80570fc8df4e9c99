/** Keeps a media element on the playhead: by its rate while they are close, by seeking when they are not. */
import { everyFrameAndSeek, wakeFrames } from '../state/frames.ts'
import { useTransport } from '../state/transport.ts'

/** Beyond this the element jumps; within it, it catches up. */
const JUMP_SECONDS = 0.25
const CLOSE_SECONDS = 0.012
const CATCH_UP = 0.6

export interface Wanted {
  readonly seconds: number
  /** Seconds of the recording per second of the project. */
  readonly rate: number
}

/**
 * @param wanted where the element should be now; null pauses it
 * @param mayJump false while another shows where it would stand
 */
export function follow(element: HTMLMediaElement, wanted: Wanted | null, volume: number, mayJump = true): void {
  element.volume = volume
  const { rate } = useTransport.getState()
  // Backwards and very fast playing is done by seeking: no browser plays backwards.
  const plays = wanted !== null && rate > 0 && rate <= 4
  if (!plays) {
    if (!element.paused) element.pause()
    if (wanted && mayJump && !element.seeking && Math.abs(element.currentTime - wanted.seconds) > 0.004)
      element.currentTime = Math.max(0, wanted.seconds)
    return
  }
  const error = wanted.seconds - element.currentTime
  if (Math.abs(error) > JUMP_SECONDS && !element.seeking) element.currentTime = Math.max(0, wanted.seconds)
  const nominal = rate * wanted.rate
  element.playbackRate =
    Math.abs(error) < CLOSE_SECONDS ? nominal : nominal * (1 + Math.max(-0.25, Math.min(0.25, error * CATCH_UP)))
  // A browser that will not play before the person has clicked is no failure: the picture follows by seeking.
  if (element.paused) element.play().catch(() => undefined)
}

/** What of a media element changes what can be shown or where it stands. */
const NEWS = ['loadedmetadata', 'loadeddata', 'canplay', 'seeked', 'pause', 'error'] as const

/** Calls back in every frame, as soon as the playhead is set, and when there is news of the element. */
export function followWith(element: HTMLMediaElement, callback: (projectSeconds: number) => void): () => void {
  for (const news of NEWS) element.addEventListener(news, wakeFrames)
  const stop = everyFrameAndSeek(callback)
  return () => {
    stop()
    for (const news of NEWS) element.removeEventListener(news, wakeFrames)
  }
}
