/** Thumbnail sheets of assets, fetched once they are made. */
import { useEffect, useSyncExternalStore, type CSSProperties } from 'react'
import { z } from 'zod'
import { DerivedCache } from './derived-cache.ts'
import { useJobs } from './jobs-store.ts'

const indexSchema = z.object({
  intervalSeconds: z.number().positive(),
  startSeconds: z.number(),
  tileWidth: z.number().int().positive(),
  tileHeight: z.number().int().positive(),
  columns: z.number().int().positive(),
  rows: z.number().int().positive(),
  count: z.number().int().positive(),
  sheets: z.array(z.string()).min(1),
})

export interface ThumbnailTile {
  readonly url: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly sheetWidth: number
  readonly sheetHeight: number
}

export interface ThumbnailSheet {
  readonly durationSeconds: number
  /** The picture nearest before a moment on the asset's clock. */
  tileAt(seconds: number): ThumbnailTile
}

/** Shows one tile as the background of an element of a width in pixels. */
export function tileStyle(tile: ThumbnailTile, width: number): CSSProperties {
  const scale = width / tile.width
  return {
    backgroundImage: `url("${tile.url}")`,
    backgroundPosition: `${-tile.x * scale}px ${-tile.y * scale}px`,
    backgroundSize: `${tile.sheetWidth * scale}px ${tile.sheetHeight * scale}px`,
    width,
    height: tile.height * scale,
  }
}

const sheets = new DerivedCache<ThumbnailSheet>()

function sheetFrom(assetId: string, index: z.infer<typeof indexSchema>): ThumbnailSheet {
  const perSheet = index.columns * index.rows
  return {
    durationSeconds: index.count * index.intervalSeconds,
    tileAt(seconds) {
      const n = Math.min(
        index.count - 1,
        Math.max(0, Math.floor((seconds - index.startSeconds) / index.intervalSeconds)),
      )
      const sheet = Math.floor(n / perSheet)
      const cell = n % perSheet
      const inSheet = Math.min(perSheet, index.count - sheet * perSheet)
      return {
        url: `/media/${assetId}/thumbnails?sheet=${sheet}`,
        x: (cell % index.columns) * index.tileWidth,
        y: Math.floor(cell / index.columns) * index.tileHeight,
        width: index.tileWidth,
        height: index.tileHeight,
        sheetWidth: index.columns * index.tileWidth,
        sheetHeight: Math.ceil(inSheet / index.columns) * index.tileHeight,
      }
    },
  }
}

/** Fetches the index of an asset's sheets unless it is there. */
export async function loadThumbnails(assetId: string): Promise<void> {
  await sheets.load(assetId, async () => {
    const response = await fetch(`/media/${assetId}/thumbnails.json`)
    const parsed = response.status === 200 ? indexSchema.safeParse(await response.json()) : null
    return parsed?.success ? sheetFrom(assetId, parsed.data) : null
  })
}

/** The sheet of a video asset; null until it is made. */
export function useThumbnails(assetId: string): ThumbnailSheet | null {
  const derived = useJobs((state) => state.derived)
  useEffect(() => {
    void loadThumbnails(assetId)
  }, [assetId, derived])
  return useSyncExternalStore(sheets.subscribe, () => sheets.get(assetId))
}

/** The sheet if it is there already, for code that draws outside React. */
export function loadedThumbnails(assetId: string): ThumbnailSheet | null {
  return sheets.get(assetId)
}
