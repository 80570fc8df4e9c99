import { Wallet } from 'lucide-react'
import type { LedgerAnswer } from '../../../shared/contract/chain-acts.ts'
import { t } from '../i18n/text.ts'
import type { EtherRate } from '../state/preferences.ts'
import { etherWords, moneyWords } from './ether.ts'

interface IncomeProps {
  readonly income: LedgerAnswer['income']
  readonly rate: EtherRate | null
  readonly onWithdraw: () => void
}

/** What the works brought, and what waits at the market to be withdrawn. */
export function Income({ income, rate, onWithdraw }: IncomeProps) {
  return (
    <div className="card stack" aria-label={t('ledger.income')} role="group">
      <div className="row">
        <strong>{t('ledger.income')}</strong>
        <span className="spacer" />
        <strong className="num ledger__total">
          {etherWords(income.total_wei)}
          {moneyWords(income.total_wei, rate)}
        </strong>
      </div>
      <dl className="facts">
        <dt>{t('ledger.sales')}</dt>
        <dd className="num">{etherWords(income.sales_wei)}</dd>
        <dt>{t('ledger.royalties')}</dt>
        <dd className="num">{etherWords(income.royalties_wei)}</dd>
        <dt>{t('ledger.rent')}</dt>
        <dd className="num">{etherWords(income.rent_wei)}</dd>
        <dt>{t('ledger.owed')}</dt>
        <dd className="num">{etherWords(income.owed_wei)}</dd>
      </dl>
      {income.owed_wei === '0' ? null : (
        <button className="button button--primary" onClick={onWithdraw}>
          <Wallet size={14} aria-hidden /> {t('ledger.act.withdraw')}
        </button>
      )}
    </div>
  )
}
