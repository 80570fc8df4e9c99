import { useState } from 'react'
import { t } from '../i18n/text.ts'
import type { ActForm, LedgerWork } from './acts.ts'
import { WorkCard } from './work-card.tsx'
import { worksThatFit } from './works-that-fit.ts'

/** So many are drawn before somebody asks for more: what stands below them stays at hand. */
const SHOWN_AT_FIRST = 20
/** So few are seen without looking for one. */
const FEW = 5

interface WorksListProps {
  readonly works: readonly LedgerWork[]
  readonly account: string | null
  readonly explorer: string | null
  readonly atMilliseconds: number
  readonly onAct: (work: LedgerWork, form: ActForm) => void
  readonly onRelease: (work: LedgerWork) => void
}

/** All works; what others sent unasked stands apart, closed, so that nobody can fill the ledger of somebody else. */
export function WorksList({ works, ...rest }: WorksListProps) {
  const given = works.filter(({ came }) => came === 'given')
  return (
    <>
      <FoundWorks works={works.filter(({ came }) => came !== 'given')} {...rest} />
      {given.length > 0 ? (
        <details className="stack">
          <summary>{t('ledger.given', { count: given.length })}</summary>
          <div className="stack ledger__given">
            <p className="muted">{t('ledger.givenNote')}</p>
            <FoundWorks works={given} {...rest} />
          </div>
        </details>
      ) : null}
    </>
  )
}

/** The newest first, and a field to find one. */
function FoundWorks({ works, onAct, onRelease, ...rest }: WorksListProps) {
  const [wanted, setWanted] = useState('')
  const [shown, setShown] = useState(SHOWN_AT_FIRST)
  const found = worksThatFit(works, wanted)
  const more = Math.min(shown, found.length - shown)
  return (
    <>
      {works.length > FEW ? (
        <input
          type="search"
          className="input"
          value={wanted}
          placeholder={t('ledger.search', { count: works.length })}
          aria-label={t('ledger.search', { count: works.length })}
          onChange={(event) => setWanted(event.target.value)}
        />
      ) : null}
      {works.length > 0 && found.length === 0 ? <p className="muted">{t('ledger.notFound')}</p> : null}
      {found.slice(0, shown).map((work) => (
        <WorkCard
          key={`${work.contract}/${work.token_id}`}
          work={work}
          {...rest}
          onAct={(form) => onAct(work, form)}
          onRelease={() => onRelease(work)}
        />
      ))}
      {more > 0 ? (
        <button className="button" onClick={() => setShown(shown + more)}>
          {t('ledger.more', { count: more })}
        </button>
      ) : null}
    </>
  )
}
