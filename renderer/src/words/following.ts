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

/**
 * @param said what is said now, by name: rows move when others before them are parted or put together, which is no reason to scroll
 * @param show brings it into sight
 */
export function useFollowing(said: string | undefined, show: () => void): Following {
  const [isAway, setAway] = useState(false)
  const isPlaying = useTransport((state) => state.rate > 0)
  const [wasPlaying, setWasPlaying] = useState(isPlaying)
  // Whoever starts it wants to read along.
  if (isPlaying !== wasPlaying) {
    setWasPlaying(isPlaying)
    if (isPlaying) setAway(false)
  }
  useEffect(() => {
    if (said !== undefined && !isAway) show()
    // Another way to show it is no reason to scroll.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [said, isAway])
  return { isAway, leave: () => setAway(true), comeBack: () => setAway(false) }
}
