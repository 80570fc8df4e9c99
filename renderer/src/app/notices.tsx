import { createPortal } from 'react-dom'
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import { dismissNotice, useSession, type Notice } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { useTopDialog } from '../ui/top-dialog.ts'

const ICONS = { info: Info, success: CircleCheck, error: CircleAlert } as const

/**
 * What happened, the newest first. Errors stay until they are closed, so they take room of their own and lie over nothing: below the panel
 * at the side, or at the foot of the dialog in front, behind which nobody could read or close them.
 */
export function Notices() {
  const notices = useSession((state) => state.notices)
  const dialog = useTopDialog(({ element }) => element)
  // What another dialog or the window told waits there.
  const shown = notices.filter(({ shownIn }) => shownIn === dialog).toReversed()
  const section = (
    <section className="notices" aria-label={t('app.notices')} aria-live="polite" data-part>
      {shown.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  )
  return dialog ? createPortal(section, dialog) : section
}

function NoticeCard({ notice }: { notice: Notice }) {
  const Icon = ICONS[notice.kind]
  return (
    <div className={`notice notice--${notice.kind}`} role={notice.kind === 'error' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden />
      <div>
        <div className="notice__title">{notice.title}</div>
        {notice.detail ? <div className="muted">{notice.detail}</div> : null}
      </div>
      <button
        className="button button--quiet button--icon"
        aria-label={t('app.close')}
        onClick={() => dismissNotice(notice.id)}
      >
        <X size={14} aria-hidden />
      </button>
    </div>
  )
}
