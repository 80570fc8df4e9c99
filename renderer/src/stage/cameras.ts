import { useMemo } from 'react'
import type { Stream } from '../../../shared/document/records.ts'
import { cameraStreamId, cameraTracks } from '../../../shared/document/timeline-multicam.ts'
import { useDocument } from '../state/document-store.ts'
import { useRecords } from '../state/use-records.ts'

/** The cameras as number keys count them: in the order of their tracks, then those that have none. */
export function useCameras(): readonly Stream[] {
  const streams = useRecords('stream')
  // A text, so that an edit which changes no order draws nothing anew.
  const order = useDocument(({ document }) => cameraTracks(document).map(cameraStreamId).join('\n'))
  return useMemo(() => {
    const ids = order.split('\n')
    const placeOf = ({ id }: Stream): number => (ids.includes(id) ? ids.indexOf(id) : ids.length)
    return streams.filter(({ sensor }) => sensor === 'video').sort((a, b) => placeOf(a) - placeOf(b))
  }, [streams, order])
}
