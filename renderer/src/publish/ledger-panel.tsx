import { mintAnswer } from '../../../shared/contract/answers.ts'
import { reportId } from '../../../shared/document/document.ts'
import { useDocument } from '../state/document-store.ts'
import { Receipt } from './mint-step.tsx'
import { t } from '../i18n/text.ts'

/** What became of the work. */
export function LedgerPanel() {
  const report = useDocument((state) => state.document.get(reportId('mint')))
  const minted = report?.kind === 'report' ? mintAnswer.safeParse(report.data).data : undefined
  return (
    <section className="panel" aria-label={t('ledger.title')}>
      <div className="panel__head">
        <h2>{t('ledger.title')}</h2>
      </div>
      <div className="panel__body stack">
        {minted ? <Receipt minted={minted} /> : <p className="muted">{t('ledger.none')}</p>}
      </div>
    </section>
  )
}
