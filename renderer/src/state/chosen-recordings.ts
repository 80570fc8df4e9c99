/** The recordings that are chosen in the library: the selected one, and those that were taken beside it. */
import { useSession } from './session-store.ts'

type Session = ReturnType<typeof useSession.getState>
type Choice = Pick<Session, 'selectedAssetId' | 'libraryChoice'>

/** Several count only while the one that they were taken beside is selected still: a clip may have selected another since. */
export function chosenRecordings({ selectedAssetId, libraryChoice }: Choice): ReadonlySet<string> {
  if (selectedAssetId === null) return new Set()
  return libraryChoice?.beside === selectedAssetId ? libraryChoice.assetIds : new Set([selectedAssetId])
}

export function isChosenRecording(choice: Choice, assetId: string): boolean {
  return choice.libraryChoice?.beside === choice.selectedAssetId
    ? choice.libraryChoice.assetIds.has(assetId)
    : choice.selectedAssetId === assetId
}

/** Takes one more along, or leaves it out again; the last one is not left out. */
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

/** @param order of all that are shown; everything from the selected one to this one is chosen */
export function chooseRecordingsUpTo(assetId: string, order: readonly string[]): void {
  useSession.setState(({ selectedAssetId }) => {
    const [at, to] = [order.indexOf(selectedAssetId ?? ''), order.indexOf(assetId)]
    if (at < 0 || to < 0) return { selectedAssetId: assetId, libraryChoice: null }
    const assetIds = new Set(order.slice(Math.min(at, to), Math.max(at, to) + 1))
    return { libraryChoice: { beside: selectedAssetId!, assetIds } }
  })
}
