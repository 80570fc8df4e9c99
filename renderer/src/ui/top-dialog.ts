import { create } from 'zustand'

/** The dialog in front, where one is open: the rest of the window is behind it and cannot be reached. */
export const useTopDialog = create<{ readonly element: HTMLElement | null }>(() => ({ element: null }))

/** @returns puts the one before in front again */
export function bringToFront(element: HTMLElement): () => void {
  const { element: before } = useTopDialog.getState()
  useTopDialog.setState({ element })
  return () => useTopDialog.setState({ element: before?.isConnected ? before : null })
}
