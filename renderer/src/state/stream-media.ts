/** Fetches what the timeline draws into clips, and tells the canvas when something came. */
import type { Stream } from '../../../shared/document/records.ts'
import { loadMotion } from './motion.ts'
import { loadPeaks } from './peaks.ts'
import { onSheetImage } from './sheet-images.ts'
import { loadThumbnails } from './thumbnails.ts'

const listeners = new Set<() => void>()

export function onStreamMedia(listener: () => void): () => void {
  listeners.add(listener)
  const off = onSheetImage(listener)
  return () => {
    listeners.delete(listener)
    off()
  }
}

function came(): void {
  for (const listener of listeners) listener()
}

/** Asks for the waveform, pictures or motion of every stream on the timeline that is not there yet. */
export function prefetchStreams(streams: readonly Stream[]): void {
  for (const stream of streams) {
    if (stream.sensor === 'audio') void loadPeaks(stream.assetId, stream.id, stream.index).then(came)
    else if (stream.sensor === 'video') void loadThumbnails(stream.assetId).then(came)
    else if (stream.sensor === 'pose' || stream.sensor === 'imu')
      void loadMotion(stream.assetId, stream.id, stream.index).then(came)
  }
}
