/** Decoded thumbnail sheets for the canvas, the least recently used ones let go. */
const MOST_SHEETS = 60

const images = new Map<string, ImageBitmap | 'loading' | 'failed'>()
const listeners = new Set<() => void>()

export function onSheetImage(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The decoded sheet, or null while it is fetched: listeners hear when it is there. */
export function loadedImage(url: string): ImageBitmap | null {
  const image = images.get(url)
  if (image === undefined) void load(url)
  if (typeof image !== 'object') return null
  images.delete(url)
  images.set(url, image)
  return image
}

async function load(url: string): Promise<void> {
  images.set(url, 'loading')
  try {
    const response = await fetch(url)
    images.set(url, response.ok ? await createImageBitmap(await response.blob()) : 'failed')
  } catch {
    images.set(url, 'failed') // the clip keeps its colour; the next sheet may come through
  }
  for (const [oldest, image] of images) {
    if (images.size <= MOST_SHEETS) break
    if (typeof image === 'object') image.close()
    images.delete(oldest)
  }
  for (const listener of listeners) listener()
}
