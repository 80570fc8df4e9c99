/**
 * One frame loop for the whole window: everything that follows the playhead shows the same moment. It runs while the
 * playhead runs and rests otherwise, so an idle window costs nothing, and a requested frame starts at once.
 */
import { useDocument } from './document-store.ts'
import { showFailure } from './engine-context.ts'
import { useSession } from './session-store.ts'
import { keepTransport, now, useTransport } from './transport.ts'

type Callback = (projectSeconds: number) => void

const callbacks = new Set<Callback>()
/** Listeners that failed in the last frame: reported once, and again only after they worked in between. */
const failing = new WeakSet<Callback>()
let handle: number | null = null

/** Calls back in every frame while the playhead runs, and in one frame after anything that may change the picture. */
export function everyFrame(callback: Callback): () => void {
  callbacks.add(callback)
  wakeFrames()
  return () => callbacks.delete(callback)
}

/** Requests a frame. Playhead, document and session do so automatically; other sources call this. */
export function wakeFrames(): void {
  handle ??= requestAnimationFrame(frame)
}

function frame(): void {
  handle = null
  keepTransport()
  if (useTransport.getState().rate !== 0) wakeFrames()
  const seconds = now()
  for (const callback of callbacks) call(callback, seconds)
}

/** A failing listener does not affect the others or the next frame. */
function call(callback: Callback, seconds: number): void {
  try {
    callback(seconds)
    failing.delete(callback)
  } catch (error) {
    if (!failing.has(callback)) showFailure(error)
    failing.add(callback)
  }
}

/**
 * The same for slow followers such as films: they are called at once when a standing playhead is moved, so that their
 * request is under way before the frame starts.
 */
export function everyFrameAndSeek(callback: Callback): () => void {
  const stop = everyFrame(callback)
  const off = useTransport.subscribe(({ rate, anchorSeconds }) => {
    if (rate === 0) call(callback, anchorSeconds)
  })
  return () => {
    stop()
    off()
  }
}

for (const store of [useTransport, useDocument, useSession]) store.subscribe(wakeFrames)
