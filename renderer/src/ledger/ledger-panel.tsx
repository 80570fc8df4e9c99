import { useState } from 'react'
import { BadgeCheck, RefreshCw, ShieldCheck, Wallet } from 'lucide-react'
import type { LedgerAnswer } from '../../../shared/contract/chain-acts.ts'
import { dateWords, t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { usePreferences, type EtherRate } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { shortened } from '../ui/format.ts'
import { ActDialog, type ActRequest } from './act-dialog.tsx'
import { FORMS_FOR_OTHERS, type LedgerWork } from './acts.ts'
import { AttestDialog } from './attest-dialog.tsx'
import { etherWords, moneyWords } from './ether.ts'
import { KeyReleaseDialog } from './key-release-dialog.tsx'
import { useLedger } from './use-ledger.ts'
import { NetworkChoice } from '../wallets/network-choice.tsx'
import { accountOn, PRACTICE, useAccountNow, useWallets } from '../wallets/wallets-store.ts'
import { PendingList } from './pending-list.tsx'
import { SignedLists } from './signed-lists.tsx'
import { WorksList } from './works-list.tsx'
import './ledger.css'

/** What became of the works: who holds and leases them, what is bid and earned, what labs attest. */
export function LedgerPanel() {
  const { host } = useEngine()
  const { networks, network } = useWallets()
  const chosen = useWallets((state) => accountOn(state, network)?.address ?? null)
  const [asked, setAsked] = useState<ActRequest | null>(null)
  const [attesting, setAttesting] = useState(false)
  const [releasing, setReleasing] = useState<LedgerWork | null>(null)
  const rate = usePreferences(({ etherRate }) => etherRate)
  const explorer = networks.find(({ id }) => id === network)?.explorer ?? null
  const { kept, refresh } = useLedger(network, chosen)
  const reading = useRunning('ledger', 'practiceStart')
  const acting = useRunning('chainAct', 'attest')
  const account = chosen ?? kept?.answer.account ?? null

  const answer = kept?.answer ?? null
  return (
    <section className="panel" aria-label={t('ledger.title')}>
      <div className="panel__head">
        <h2>{t('ledger.title')}</h2>
        <span className="spacer" />
        {kept ? (
          <span className="faint">
            {t('ledger.asOf', { block: kept.answer.indexed_to_block, date: dateWords(new Date(kept.readAt)) })}
          </span>
        ) : null}
      </div>
      <div className="panel__body stack">
        <Choices account={chosen} />
        <div className="row ledger__look">
          <button className="button" disabled={reading !== undefined} onClick={() => void refresh()}>
            <RefreshCw size={14} aria-hidden /> {t(kept ? 'ledger.again' : 'ledger.read')}
          </button>
          <button className="button" onClick={() => useSession.setState({ dialog: 'wallets' })}>
            <Wallet size={14} aria-hidden /> {t('wallets.all')}
          </button>
        </div>
        {reading ? <RunningJob job={reading} /> : null}
        {acting ? (
          <>
            <RunningJob job={acting} />
            <button className="button" onClick={() => host.openConfirmation()}>
              <ShieldCheck size={15} aria-hidden /> {t('mint.show')}
            </button>
          </>
        ) : null}
        {answer ? (
          <Income
            income={answer.income}
            rate={network === PRACTICE ? null : rate}
            onWithdraw={() => setAsked({ kind: 'withdraw' })}
          />
        ) : (
          <p className="muted">{t('ledger.what')}</p>
        )}
        <PendingList network={network} onDone={() => void refresh()} />
        {answer && answer.works.length === 0 ? <p className="muted">{t('ledger.none')}</p> : null}
        {answer ? (
          <WorksList
            works={answer.works}
            account={account}
            explorer={explorer}
            atMilliseconds={Date.parse(kept?.readAt ?? '')}
            onAct={(work, form) => setAsked({ kind: 'form', form, work })}
            onRelease={setReleasing}
          />
        ) : null}
        <h3>{t('ledger.others')}</h3>
        <div className="ledger__acts">
          {FORMS_FOR_OTHERS.map((form) => (
            <button key={form.id} className="button" onClick={() => setAsked({ kind: 'form', form, work: null })}>
              {t(form.title)}
            </button>
          ))}
          <button className="button" onClick={() => setAttesting(true)}>
            <BadgeCheck size={14} aria-hidden /> {t('ledger.attest')}
          </button>
        </div>
        <SignedLists />
      </div>
      {asked ? (
        <ActDialog
          request={asked}
          network={network}
          account={chosen}
          onClose={() => setAsked(null)}
          onDone={() => void refresh()}
        />
      ) : null}
      {releasing ? <KeyReleaseDialog work={releasing} onClose={() => setReleasing(null)} /> : null}
      {attesting ? (
        <AttestDialog
          network={network}
          account={chosen}
          onClose={() => setAttesting(false)}
          onDone={() => void refresh()}
        />
      ) : null}
    </section>
  )
}

/** Of the whole window: the network that is looked at, and the account in use. */
function Choices({ account }: { readonly account: string | null }) {
  const { client } = useEngine()
  const { network, accounts } = useWallets()
  const usable = accounts.filter(({ kind }) => network === PRACTICE || kind !== PRACTICE)
  return (
    <div className="ledger__choices">
      <label className="field">
        <span>{t('mint.network')}</span>
        <NetworkChoice />
      </label>
      <label className="field">
        <span>{t('ledger.account')}</span>
        <select
          className="input mono"
          value={account ?? ''}
          disabled={usable.length === 0}
          onChange={(event) => void useAccountNow(client, event.target.value).catch(showFailure)}
        >
          {account === null ? <option value="">{t('ledger.noAccount')}</option> : null}
          {usable.map(({ address }) => (
            <option key={address} value={address}>
              {shortened(address, 8)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

interface IncomeProps {
  readonly income: LedgerAnswer['income']
  readonly rate: EtherRate | null
  readonly onWithdraw: () => void
}

function Income({ income, rate, onWithdraw }: IncomeProps) {
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
