/** Hands files of the desktop to the engine, and shows how far that is. */
import { create } from 'zustand'
import type { Host } from '../state/host.ts'
import type { DroppedFiles } from '../state/upload.ts'

/** What is under way; null: nothing. */
export const useTakingIn = create<{ readonly now: { readonly count: number; readonly fraction: number } | null }>(
  () => ({ now: null }),
)

/** Tokens of files that were dropped or chosen. */
export async function takeIn(host: Host, files: DroppedFiles['files']): Promise<string[]> {
  const count = files.length
  useTakingIn.setState({ now: { count, fraction: 0 } })
  try {
    return await host.receiveDrop({ files }, (fraction) => useTakingIn.setState({ now: { count, fraction } }))
  } finally {
    useTakingIn.setState({ now: null })
  }
}
