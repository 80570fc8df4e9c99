/** What is said now, and keeping it in sight until the person looks elsewhere. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { now, useTransport } from '../state/transport.ts'

/** How often the word under the playhead is looked up while it plays. */
const LOOK_MILLISECONDS = 100

/** The playhead in seconds, as it was looked up last. */
let seenSeconds = 0
const seen = (): number => seenSeconds

/** Looks the playhead up a few times a second while it runs, and whenever it is set. */
function watchPlayhead(changed: () => void): () => void {
  const look = (): void => {
    seenSeconds = now()
    changed()
  }
  look()
  const timer = setInterval(look, LOOK_MILLISECONDS)
  const off = useTransport.subscribe(look)
  return () => {
    clearInterval(timer)
    off()
  }
}

export function usePlayhead(): number {
  return useSyncExternalStore(watchPlayhead, seen)
}

interface Following {
  /** The person has scrolled: what is said is no longer brought into sight. */
  readonly isAway: boolean
  readonly leave: () => void
  readonly comeBack: () => void
}

/** @param show brings a row into sight @param row where something is said now; -1 for nowhere */
export function useFollowing(row: number, show: (row: number) => void): Following {
  const [isAway, setAway] = useState(false)
  const isPlaying = useTransport((state) => state.rate > 0)
  const [wasPlaying, setWasPlaying] = useState(isPlaying)
  // Whoever starts it wants to read along.
  if (isPlaying !== wasPlaying) {
    setWasPlaying(isPlaying)
    if (isPlaying) setAway(false)
  }
  useEffect(() => {
    if (row >= 0 && !isAway) show(row)
    // Another way to show the row is no reason to scroll.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [row, isAway])
  return { isAway, leave: () => setAway(true), comeBack: () => setAway(false) }
}
