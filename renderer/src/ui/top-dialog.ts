import { create } from 'zustand'

/** The dialog in front, where one is open: the rest of the window is behind it and cannot be reached. */
export const useTopDialog = create<{ readonly element: HTMLElement | null }>(() => ({ element: null }))

let open: readonly HTMLElement[] = []

/** @returns takes it away, whatever was opened or closed meanwhile */
export function bringToFront(element: HTMLElement): () => void {
  setOpen([...open, element])
  return () => setOpen(open.filter((each) => each !== element))
}

function setOpen(dialogs: readonly HTMLElement[]): void {
  open = dialogs
  useTopDialog.setState({ element: dialogs.at(-1) ?? null })
}

export const dialogInFront = (): HTMLElement | null => useTopDialog.getState().element
