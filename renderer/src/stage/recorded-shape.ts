/** What a recording has in the world, as the engine gives it: a surface, a path, joints. */
import { useEffect, useState } from 'react'
import type { Stream } from '../../../shared/document/records.ts'
import { pathCorrectionId } from '../../../shared/document/space-records.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure, useHost } from '../state/engine-context.ts'
import { tellOfLoss } from '../state/look-for-media.ts'
import { useIsMissing } from '../state/use-records.ts'

const NOT_FOUND = 404

interface Shape<T> {
  readonly what: 'scan' | 'poses' | 'joints'
  /** Of the address, beside which stream it is. */
  readonly query?: string
  readonly decode: (bytes: ArrayBuffer) => T
}

/** @param shape the same from one drawing to the next */
export function useRecordedShape<T>({ assetId, index }: Stream, { what, query = '', decode }: Shape<T>): T | null {
  const { client } = useHost()
  const [found, setFound] = useState<T | null>(null)
  const isMissing = useIsMissing(assetId)
  const correction = useDocument(({ document }) =>
    what === 'scan' ? undefined : document.get(pathCorrectionId(assetId)),
  )
  useEffect(() => {
    const loading = new AbortController()
    fetch(`/media/${assetId}/${what}?stream=${index}${query}`, { signal: loading.signal, cache: 'no-cache' })
      .then(async (response) => {
        if (response.ok) return setFound(decode(await response.arrayBuffer()))
        const error = new Error(await response.text())
        if (response.status !== NOT_FOUND) throw error
        if (!isMissing && !loading.signal.aborted) await tellOfLoss(client, error)
      })
      .catch((error: unknown) => {
        if (!loading.signal.aborted && !isMissing) showFailure(error)
      })
    return () => loading.abort()
    // A path that was put right, or left as recorded again, is another one; a file that is back is asked for again.
  }, [client, assetId, index, what, query, decode, isMissing, correction])
  return found
}
