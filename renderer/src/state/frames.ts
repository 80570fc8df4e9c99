/**
 * One loop of frames for the whole window: all that follows the playhead is shown the same moment. It runs while the
 * playhead does and rests otherwise, so that a window at rest costs nothing, and a frame that is asked for then begins
 * at once instead of waiting behind one that shows nothing new.
 */
import { useDocument } from './document-store.ts'
import { showFailure } from './engine-context.ts'
import { useSession } from './session-store.ts'
import { keepTransport, now, useTransport } from './transport.ts'

type Callback = (projectSeconds: number) => void

const callbacks = new Set<Callback>()
/** Those that failed in the frame before: that is said once, and again only after they worked in between. */
const failing = new WeakSet<Callback>()
let handle: number | null = null

/** Calls back in every frame while the playhead runs, and in one after whatever may have changed what is seen. */
export function everyFrame(callback: Callback): () => void {
  callbacks.add(callback)
  wakeFrames()
  return () => callbacks.delete(callback)
}

/** Asks for a frame: playhead, document and session do so by themselves; what comes from elsewhere says so here. */
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

/** Whoever fails is alone in it: the others, and the next frame, are shown all the same. */
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
 * The same for what takes long to follow, as a film does: where the playhead is set while it stands, that is said at
 * once, so that what it asks for is under way before the frame begins.
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
