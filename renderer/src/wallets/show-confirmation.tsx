import { ShieldCheck } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { useHost } from '../state/engine-context.ts'

/** Brings the window in which is signed to the front while something waits there; a browser opens it inside a click only. */
export function ShowConfirmation() {
  const host = useHost()
  return (
    <button className="button" onClick={() => host.openConfirmation()}>
      <ShieldCheck size={15} aria-hidden /> {t('mint.show')}
    </button>
  )
}
