import { BadgeCheck } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { OriginalMatches } from './original-matches.tsx'
import { useStarsReport } from './stars-report.ts'

/** What of the work was seen before: its span beside the span that it is the same as. */
export function OriginalityTab() {
  const report = useStarsReport()
  if (!report) return <></>
  const { matches } = report.answer.originality
  if (matches.length === 0) {
    return (
      <div className="empty">
        <BadgeCheck size={34} aria-hidden className="good" />
        <p>{t('stars.noMatch')}</p>
        <p className="faint">{t('stars.matchHow')}</p>
      </div>
    )
  }
  return (
    <>
      <p className="muted">{t('stars.matches', { count: matches.length })}</p>
      <OriginalMatches matches={matches} />
      <p className="faint">{t('stars.matchHow')}</p>
    </>
  )
}
