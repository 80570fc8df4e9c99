/** Waits for idle time: nobody has touched the window for a moment and no job runs. Work ahead of use is done then. */
import { useJobs } from './jobs-store.ts'

let touchedMilliseconds = performance.now()

const touch = (): void => {
  touchedMilliseconds = performance.now()
}
for (const input of ['pointerdown', 'pointerup', 'keydown', 'wheel'] as const)
  addEventListener(input, touch, { capture: true, passive: true })

const isAtWork = (): boolean => [...useJobs.getState().jobs.values()].some(({ state }) => state === 'running')

/** Resolves with true after a time without input or running jobs; with false if it was aborted first. */
export async function untilIdle(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (isAtWork()) touch()
    const still = touchedMilliseconds + milliseconds - performance.now()
    if (still <= 0) return true
    await new Promise((resolve) => setTimeout(resolve, still))
  }
  return false
}
