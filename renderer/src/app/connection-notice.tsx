import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { KeyRound, LoaderCircle, Unplug } from 'lucide-react'
import { awayPhase, lookNow, useConnection } from '../state/connection.ts'
import { useDocument } from '../state/document-store.ts'
import { t } from '../i18n/text.ts'
import { useTopDialog } from '../ui/top-dialog.ts'
import './connection-notice.css'

const ICONS = { gone: Unplug, locked: KeyRound, returning: LoaderCircle } as const

/** The engine may be back before anybody could read that it went. */
const UNSEEN_MILLISECONDS = 300

/**
 * The engine went: what is safe, what to do, what could not be done meanwhile. Takes room of its own above everything,
 * in the dialog in front where one is open, and goes by itself.
 */
export function ConnectionNotice() {
  const phase = useConnection(awayPhase)
  const dialog = useTopDialog(({ element }) => element)
  const isAway = phase !== null
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (!isAway) return
    const timer = setTimeout(() => setSeen(true), UNSEEN_MILLISECONDS)
    return () => {
      clearTimeout(timer)
      setSeen(false)
    }
  }, [isAway])
  if (phase === null || !isSeen) return null
  const strip = <Strip phase={phase} />
  return dialog ? createPortal(strip, dialog) : strip
}

function Strip({ phase }: { phase: keyof typeof ICONS }) {
  const refused = useConnection((state) => state.refused)
  const unsure = useDocument((state) => state.unsure)
  const interrupted = useConnection((state) => state.interrupted)
  const Icon = ICONS[phase]
  return (
    <section className="connection" aria-label={t('connection.title')} data-part>
      <Icon size={18} aria-hidden className="connection__sign" />
      <div className="connection__words" role="alert">
        <strong>{t(`connection.${phase}`)}</strong> <span>{t(`connection.${phase}.what`)}</span>
        {unsure.length > 0 ? <p>{t('connection.unsure', { labels: unsure.join(', ') })}</p> : null}
        {interrupted > 0 ? <p>{t('connection.work', { count: interrupted })}</p> : null}
        {refused !== null ? (
          <p className="connection__refused">
            {refused ? t('connection.refused', { label: refused }) : t('connection.refusedUnnamed')}
          </p>
        ) : null}
      </div>
      {phase === 'returning' ? null : (
        <button className="button" onClick={lookNow}>
          {t('connection.look')}
        </button>
      )}
    </section>
  )
}
