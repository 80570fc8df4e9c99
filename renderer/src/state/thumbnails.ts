/** Thumbnail sheets of assets, fetched once they are made. */
import { useEffect } from 'react'
import { create } from 'zustand'
import { z } from 'zod'
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

type Known = ThumbnailSheet | 'loading' | 'none'

const useSheets = create<{ readonly sheets: ReadonlyMap<string, Known> }>(() => ({ sheets: new Map() }))

function remember(assetId: string, known: Known): void {
  useSheets.setState(({ sheets }) => ({ sheets: new Map(sheets).set(assetId, known) }))
}

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

/** Fetches the index of an asset's sheets unless it is there. Asked again after `none`: they may have been made since. */
export async function loadThumbnails(assetId: string): Promise<void> {
  const current = useSheets.getState().sheets.get(assetId)
  if (current !== undefined && current !== 'none') return
  remember(assetId, 'loading')
  const response = await fetch(`/media/${assetId}/thumbnails.json`)
  const parsed = response.ok ? indexSchema.safeParse(await response.json()) : null
  remember(assetId, parsed?.success ? sheetFrom(assetId, parsed.data) : 'none')
}

/** The sheet of a video asset; null until it is made. Asks again whenever background work ends. */
export function useThumbnails(assetId: string): ThumbnailSheet | null {
  const known = useSheets((state) => state.sheets.get(assetId))
  const derived = useJobs((state) => countDerived(state.jobs))
  useEffect(() => {
    void loadThumbnails(assetId)
  }, [assetId, derived])
  return typeof known === 'object' ? known : null
}

/** The sheet if it is there already, for code that draws outside React. */
export function loadedThumbnails(assetId: string): ThumbnailSheet | null {
  const known = useSheets.getState().sheets.get(assetId)
  return typeof known === 'object' ? known : null
}

export function countDerived(jobs: ReturnType<typeof useJobs.getState>['jobs']): number {
  let count = 0
  for (const job of jobs.values()) if (job.kind === 'derive' && job.state === 'done') count += 1
  return count
}
