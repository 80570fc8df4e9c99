import { useState } from 'react'
import { BadgeCheck, RefreshCw, Ticket, Wallet } from 'lucide-react'
import type { LedgerAnswer } from '../../../shared/contract/chain-acts.ts'
import { dateWords, t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { usePreferences } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { ActDialog, type ActRequest } from './act-dialog.tsx'
import { FORMS_FOR_OTHERS, type LedgerWork } from './acts.ts'
import { AccountChoices } from './account-choices.tsx'
import { AttestDialog } from './attest-dialog.tsx'
import { Income } from './income.tsx'
import { KeyReleaseDialog } from './key-release-dialog.tsx'
import { useLedger } from './use-ledger.ts'
import { useMoment } from './use-moment.ts'
import { workAt } from './works-in-time.ts'
import { accountOn, PRACTICE, useWallets } from '../wallets/wallets-store.ts'
import { PendingList } from './pending-list.tsx'
import { SignedLists } from './signed-lists.tsx'
import { WorksList } from './works-list.tsx'
import { SigningJob } from '../wallets/signing-job.tsx'
import './ledger.css'

const NO_WORKS: readonly LedgerWork[] = []

/** What became of the works: who holds and leases them, what is bid and earned, what labs attest. */
export function LedgerPanel() {
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
  const now = useMoment(kept?.answer.works ?? NO_WORKS, kept ? Date.parse(kept.readAt) : 0)

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
        <AccountChoices account={chosen} />
        <div className="row ledger__look">
          <button className="button" disabled={reading !== undefined} onClick={() => void refresh()}>
            <RefreshCw size={14} aria-hidden /> {t(kept ? 'ledger.again' : 'ledger.read')}
          </button>
          <button className="button" onClick={() => useSession.setState({ dialog: 'wallets' })}>
            <Wallet size={14} aria-hidden /> {t('wallets.all')}
          </button>
        </div>
        {reading ? <RunningJob job={reading} /> : null}
        {acting ? <SigningJob job={acting} /> : null}
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
        {answer ? (
          <>
            <Reservations answer={answer} />
            <WorksList
              works={answer.works.map((work) => workAt(work, now))}
              account={account}
              explorer={explorer}
              atMilliseconds={now}
              onAct={(work, form) => setAsked({ kind: 'form', form, work })}
              onRelease={setReleasing}
            />
          </>
        ) : null}
        <ActsOnOthers onAct={setAsked} onAttest={() => setAttesting(true)} />
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
      {releasing ? <KeyReleaseDialog work={releasing} network={network} onClose={() => setReleasing(null)} /> : null}
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

/** What the ledger may lack, and that it is empty. */
function Reservations({ answer }: { readonly answer: LedgerAnswer }) {
  const { others_unread: othersUnread, unproven_start_block: unprovenStart, works } = answer
  return (
    <>
      {othersUnread ? <p className="muted">{t('ledger.othersUnread')}</p> : null}
      {unprovenStart === null ? null : <p className="muted">{t('ledger.unprovenStart', { block: unprovenStart })}</p>}
      {works.length === 0 ? <p className="muted">{t('ledger.none')}</p> : null}
    </>
  )
}

interface ActsOnOthersProps {
  readonly onAct: (request: ActRequest) => void
  readonly onAttest: () => void
}

/** What can be done with works that are not in this ledger. */
function ActsOnOthers({ onAct, onAttest }: ActsOnOthersProps) {
  return (
    <>
      <h3>{t('ledger.others')}</h3>
      <div className="ledger__acts">
        {FORMS_FOR_OTHERS.map((form) => (
          <button key={form.id} className="button" onClick={() => onAct({ kind: 'form', form, work: null })}>
            {t(form.title)}
          </button>
        ))}
        <button className="button" onClick={() => onAct({ kind: 'redeem' })}>
          <Ticket size={14} aria-hidden /> {t('ledger.act.redeem')}
        </button>
        <button className="button" onClick={onAttest}>
          <BadgeCheck size={14} aria-hidden /> {t('ledger.attest')}
        </button>
      </div>
    </>
  )
}
