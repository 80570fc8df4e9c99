/** The chosen recordings of the library: the selected one, and others added to it. */
import { useSession } from './session-store.ts'

type Session = ReturnType<typeof useSession.getState>
type Choice = Pick<Session, 'selectedAssetId' | 'libraryChoice'>

/**
 * The others count only while the recording they were added to is still selected: a clip may have selected another
 * since.
 */
export function chosenRecordings({ selectedAssetId, libraryChoice }: Choice): ReadonlySet<string> {
  if (selectedAssetId === null) return new Set()
  return libraryChoice?.beside === selectedAssetId ? libraryChoice.assetIds : new Set([selectedAssetId])
}

export function isChosenRecording(choice: Choice, assetId: string): boolean {
  return choice.libraryChoice?.beside === choice.selectedAssetId
    ? choice.libraryChoice.assetIds.has(assetId)
    : choice.selectedAssetId === assetId
}

/** Adds a recording to the choice, or removes it; the last one stays. */
export function toggleRecording(assetId: string): void {
  useSession.setState((state) => {
    const assetIds = new Set(chosenRecordings(state))
    if (assetIds.delete(assetId)) {
      if (assetIds.size === 0) return state
      const beside = state.selectedAssetId === assetId ? [...assetIds].at(-1)! : state.selectedAssetId!
      return { selectedAssetId: beside, libraryChoice: { beside, assetIds } }
    }
    assetIds.add(assetId)
    return { selectedAssetId: assetId, libraryChoice: { beside: assetId, assetIds } }
  })
}

/** @param order of all shown recordings; everything from the selected one to this one is chosen */
export function chooseRecordingsUpTo(assetId: string, order: readonly string[]): void {
  useSession.setState(({ selectedAssetId }) => {
    const [at, to] = [order.indexOf(selectedAssetId ?? ''), order.indexOf(assetId)]
    if (at < 0 || to < 0) return { selectedAssetId: assetId, libraryChoice: null }
    const assetIds = new Set(order.slice(Math.min(at, to), Math.max(at, to) + 1))
    return { libraryChoice: { beside: selectedAssetId!, assetIds } }
  })
}
