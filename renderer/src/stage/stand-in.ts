/** What there is of a moment before its exact picture has come: its thumbnail, as large as the film. */
import { loadedImage } from '../state/sheet-images.ts'
import { loadedThumbnails } from '../state/thumbnails.ts'

/** @returns false where there is none yet */
export function drawStandIn(
  canvas: HTMLCanvasElement,
  { videoWidth, videoHeight }: HTMLVideoElement,
  assetId: string,
  seconds: number,
): boolean {
  const tile = loadedThumbnails(assetId)?.tileAt(seconds)
  const image = tile && loadedImage(tile.url)
  const context = image && canvas.getContext('2d', { alpha: false })
  if (!tile || !image || !context) return false
  // A film that is still to be opened has no size: its thumbnail has the same shape.
  const [width, height] = videoWidth > 0 ? [videoWidth, videoHeight] : [tile.width, tile.height]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.resetTransform()
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, tile.x, tile.y, tile.width, tile.height, 0, 0, width, height)
  return true
}
