import { useEffect, useState } from 'react'
import type { LedgerWork } from './acts.ts'
import { nextChange } from './works-in-time.ts'

/** A day: timers of a month and more come at once. */
const LONGEST_WAIT_MILLISECONDS = 86_400_000

/** The moment that works are looked at: it moves on by itself whenever the clock alone changes one of them. */
export function useMoment(works: readonly LedgerWork[]): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => setNow(Date.now()), [works])
  useEffect(() => {
    const next = nextChange(works, now)
    if (next === null) return
    const wait = Math.min(Math.max(0, next - Date.now()), LONGEST_WAIT_MILLISECONDS)
    const timer = setTimeout(() => setNow(Date.now()), wait)
    return () => clearTimeout(timer)
  }, [works, now])
  return now
}
