/** Where a voice speaks and nothing is written down yet: commentary that could be transcribed. */
import type { StarsView } from './unit-state.ts'
import { ALIGNED } from './stars-input.ts'
import { isSaidOver } from './words-agreement.ts'

/** Windows of the time line with this share of voice are spoken in. */
const SPOKEN = 0.25

export interface SpokenWindow {
  readonly window: number
  /** Seconds of voice in it, by the device that hears most of it. */
  readonly seconds: number
}

function hasWords(view: StarsView, window: number): boolean {
  const length = view.prepared.input.windowSeconds
  return isSaidOver(view.captions, window * length, (window + 1) * length)
}

/** The windows of the time line in which a voice speaks without words that lie on it, in order. */
export function spokenWindows(view: StarsView): SpokenWindow[] {
  const loudest = new Map<number, number>()
  for (const { input } of view.distinct) {
    const share = input.sound?.speech ?? 0
    if (input.group === ALIGNED && share >= SPOKEN)
      loudest.set(input.window, Math.max(share, loudest.get(input.window) ?? 0))
  }
  const length = view.prepared.input.windowSeconds
  return [...loudest]
    .filter(([window]) => !hasWords(view, window))
    .map(([window, share]) => ({ window, seconds: share * length }))
    .sort((a, b) => a.window - b.window)
}

/** Seconds of voice that nobody has written down. */
export function spokenSeconds(view: StarsView): number {
  return spokenWindows(view).reduce((sum, { seconds }) => sum + seconds, 0)
}
