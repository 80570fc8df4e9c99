import { useEffect, useState } from 'react'
import { asEngineError } from '../../../shared/contract/client.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { failureText } from '../ui/saying-words.ts'
import { useEngine } from '../state/engine-context.ts'

/** What a cut that copies would keep, or why there can be none: said before anything is written. */
export function KeptRanges({ way }: { readonly way: 'lossless' | 'exact' }) {
  const { client } = useEngine()
  const document = useDocument((state) => state.document)
  const [told, setTold] = useState<{ readonly words: string; readonly isRefused: boolean } | null>(null)
  useEffect(() => {
    const looking = new AbortController()
    client.exports.lossless({ way }, { signal: looking.signal }).then(
      ({ kept, extraSeconds, encodedPictures }) => {
        const spans = kept
          .map((span) => `${decimalWords(span.fromSeconds, 3)}–${decimalWords(span.toSeconds, 3)} s`)
          .join(', ')
        const exact =
          encodedPictures === 0 ? t('export.keptExact') : t('export.keptEncoded', { count: encodedPictures })
        const more = extraSeconds === 0 ? exact : t('export.keptExtra', { seconds: decimalWords(extraSeconds, 3) })
        if (!looking.signal.aborted) setTold({ words: `${t('export.kept', { spans })} ${more}`, isRefused: false })
      },
      (error: unknown) => {
        if (!looking.signal.aborted) setTold({ words: failureText(asEngineError(error)), isRefused: true })
      },
    )
    return () => looking.abort()
  }, [client, document, way])
  return (
    <p className={`export__wide ${told?.isRefused ? 'bad' : ''}`} role="status">
      {told?.words}
    </p>
  )
}
