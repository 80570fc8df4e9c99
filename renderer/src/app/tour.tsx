import { useEffect } from 'react'
import { t } from '../i18n/text.ts'
import { usePreferences } from '../state/preferences.ts'
import { useSession, type Workspace } from '../state/session-store.ts'

/** What each step is about stands in front while it is read. */
const STEPS = [
  { key: 'tour.1', workspace: 'edit' },
  { key: 'tour.2', workspace: 'align' },
  { key: 'tour.3', workspace: 'edit' },
  { key: 'tour.4', workspace: 'stars' },
  { key: 'tour.5', workspace: 'publish' },
] as const satisfies readonly { key: string; workspace: Workspace }[]

/** Five steps at the first start: beside the work, never over it; skipped with one press, found again under Help. */
export function Tour() {
  const step = useSession((state) => state.tourStep)
  useEffect(() => {
    if (!usePreferences.getState().toured) useSession.setState({ tourStep: 0 })
  }, [])
  const current = step === null ? undefined : STEPS[step]
  if (step === null || !current) return null
  const isLast = step === STEPS.length - 1
  const end = (): void => {
    useSession.setState({ tourStep: null })
    usePreferences.setState({ toured: true })
  }
  const go = (): void => {
    if (isLast) end()
    else useSession.setState({ tourStep: step + 1, workspace: STEPS[step + 1]!.workspace })
  }
  return (
    <section className="tour" aria-label={t('tour.title')}>
      <strong>{t('tour.step', { number: step + 1, count: STEPS.length })}</strong>
      <p aria-live="polite">{t(current.key)}</p>
      {isLast ? null : (
        <button className="button button--quiet" onClick={end}>
          {t('tour.skip')}
        </button>
      )}
      <button className="button button--primary" onClick={go}>
        {t(isLast ? 'tour.done' : 'tour.next')}
      </button>
    </section>
  )
}
