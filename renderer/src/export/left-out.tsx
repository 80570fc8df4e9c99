import { useMemo } from 'react'
import { leftOutOf } from '../../../shared/document/left-out.ts'
import { NAMED_TO_LOOK_FOR, namesWords } from '../i18n/names.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'

/** Which sensors go lost: recorded beside what the edit keeps, and not kept. Said before anything is written. */
export function LeftOut() {
  const document = useDocument((state) => state.document)
  const left = useMemo(() => {
    const named = leftOutOf(document).map((stream) => {
      const asset = document.get(stream.assetId)
      const title = asset?.kind === 'asset' ? asset.title : ''
      return t('export.leftOutOne', { sensor: t(`sensor.${stream.sensor}`), title })
    })
    return namesWords([...new Set(named)], NAMED_TO_LOOK_FOR)
  }, [document])
  return left === '' ? null : (
    <p className="export__wide muted" role="note">
      {t('export.leftOut', { sensors: left })}
    </p>
  )
}
