/** What there is of a moment before its exact picture has come: its thumbnail, which the page shows as large as the film, on a canvas that stays as small as it is. */
import { loadedImage } from '../state/sheet-images.ts'
import { loadedThumbnails } from '../state/thumbnails.ts'

/** @returns false where there is none yet */
export function drawStandIn(canvas: HTMLCanvasElement, assetId: string, seconds: number): boolean {
  const tile = loadedThumbnails(assetId)?.tileAt(seconds)
  const image = tile && loadedImage(tile.url)
  const context = image && canvas.getContext('2d', { alpha: false })
  if (!tile || !image || !context) return false
  const { width, height } = tile
  // In its own size: made as large as the film here, it would hold up the picture that is waited for.
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.resetTransform()
  context.drawImage(image, tile.x, tile.y, width, height, 0, 0, width, height)
  return true
}
