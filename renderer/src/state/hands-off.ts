/**
 * When nobody has touched the window for a moment and no long work is under way: what is done ahead of use is done then,
 * and stands back from use.
 */
import { useJobs } from './jobs-store.ts'

let touchedMilliseconds = performance.now()

const touch = (): void => {
  touchedMilliseconds = performance.now()
}
for (const input of ['pointerdown', 'pointerup', 'keydown', 'wheel'] as const)
  addEventListener(input, touch, { capture: true, passive: true })

const isAtWork = (): boolean => [...useJobs.getState().jobs.values()].some(({ state }) => state === 'running')

/** Resolves when nothing was touched or worked on for a time; false where it was given up before. */
export async function handsOff(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (isAtWork()) touch()
    const still = touchedMilliseconds + milliseconds - performance.now()
    if (still <= 0) return true
    await new Promise((resolve) => setTimeout(resolve, still))
  }
  return false
}
