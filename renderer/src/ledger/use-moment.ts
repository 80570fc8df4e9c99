import { useEffect, useState } from 'react'
import type { LedgerWork } from './acts.ts'
import { nextChange } from './works-in-time.ts'

/** A day: timers of a month and more come at once. */
const LONGEST_WAIT_MILLISECONDS = 86_400_000

/**
 * The moment that works are looked at: when they were read, and from then on whenever the clock alone changes one of them.
 */
export function useMoment(works: readonly LedgerWork[], readAtMilliseconds: number): number {
  const [changedAt, setChangedAt] = useState(0)
  const now = Math.max(readAtMilliseconds, changedAt)
  useEffect(() => {
    const next = nextChange(works, now)
    if (next === null) return
    const wait = Math.min(Math.max(0, next - Date.now()), LONGEST_WAIT_MILLISECONDS)
    const timer = setTimeout(() => setChangedAt(Date.now()), wait)
    return () => clearTimeout(timer)
  }, [works, now])
  return now
}
