/** What a camera says while it has nothing to show: when it has, and the way there. */
import { useEffect, useState } from 'react'
import { SkipBack, SkipForward } from 'lucide-react'
import type { Stream } from '../../../shared/document/records.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { seek } from '../state/transport.ts'
import { timeAmount } from '../../../shared/sayings/amounts.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { nearestShown, type Nearest } from './clip-time.ts'
import { everyFrame } from '../state/frames.ts'

const SENTENCES = {
  ahead: 'stage.beginsIn',
  between: 'stage.goesOnIn',
  behind: 'stage.endedBefore',
} as const
/** Of a clip's end, so that its last picture is shown. */
const LAST_PICTURE_SECONDS = 0.04

const timeWords = (seconds: number): string => reasonWords({ reason: '', said: timeAmount(seconds) })

export function Outside({ stream, title }: { readonly stream: Stream; readonly title: string }) {
  const [nearest, setNearest] = useState<Nearest & { readonly atSeconds: number }>()
  useEffect(
    () =>
      everyFrame((seconds) => {
        const found = nearestShown(useDocument.getState().document, stream.id, seconds)
        setNearest((before) =>
          before?.is === found.is && timeWords(before.awaySeconds) === timeWords(found.awaySeconds)
            ? before
            : { ...found, atSeconds: seconds },
        )
      }),
    [stream.id],
  )
  if (!nearest) return null
  if (nearest.is === 'nowhere') return <div className="picture__note">{t('stage.notOnTimeline', { title })}</div>
  const { is, awaySeconds, atSeconds } = nearest
  const there = is === 'behind' ? atSeconds - awaySeconds - LAST_PICTURE_SECONDS : atSeconds + awaySeconds
  return (
    <div className="picture__note">
      {t(SENTENCES[is], { title, time: timeWords(awaySeconds) })}
      <button className="button" onClick={() => seek(there)}>
        {is === 'behind' ? <SkipBack size={13} aria-hidden /> : <SkipForward size={13} aria-hidden />}
        {t('stage.goThere')}
      </button>
    </div>
  )
}
