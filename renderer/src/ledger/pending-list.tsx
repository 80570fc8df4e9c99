import { useCallback, useEffect, useState } from 'react'
import { FileCheck } from 'lucide-react'
import type { PendingAnswer } from '../../../shared/contract/pending.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { tokenOfFile } from '../state/host.ts'
import { notify } from '../state/session-store.ts'
import { FileChoice } from '../ui/file-choice.tsx'
import { shortened } from '../ui/format.ts'
import { refreshWallets, useWallets } from '../wallets/wallets-store.ts'
import { gweiWords } from './ether.ts'

type Waiting = PendingAnswer['pending'][number]
type Change = 'bump' | 'cancel' | 'send'

/**
 * What was signed and is not final yet, from the journal alone: sent, made dearer or cancelled in its place. Of a
 * watched account a change becomes a file, and what comes back signed is taken here.
 */
export function PendingList({ network, onDone }: { readonly network: string; readonly onDone: () => void }) {
  const { client, host, run } = useEngine()
  const [waiting, setWaiting] = useState<readonly Waiting[]>([])
  const running = useRunning('pendingChange')
  const acting = useRunning('chainAct', 'mint', 'attest', 'pendingChange') !== undefined
  const accounts = useWallets((state) => state.accounts)
  const refresh = useCallback(
    () => client.chain.pending({ network }).then(({ pending }) => setWaiting(pending), showFailure),
    [client, network],
  )
  useEffect(() => {
    if (!acting) void refresh()
  }, [refresh, acting])
  const isWatched = ({ account }: Waiting): boolean =>
    accounts.some(({ address, kind }) => address === account && kind === 'watch')
  const take = async (file: File): Promise<void> => {
    const token = await tokenOfFile(host, file)
    if (token === undefined) return
    const { account, network: of } = await client.chain.takeSigned({ file: token })
    notify({ kind: 'success', title: t('pending.taken', { account: shortened(account), network: of }) })
    await refreshWallets(client)
    await refresh()
  }
  const change = async (each: Waiting, what: Change): Promise<void> => {
    // A browser opens the window of the confirmation only inside a click.
    if (what !== 'send' && !isWatched(each)) host.openConfirmation()
    const answer = await run('pendingChange', { network, account: each.account, hash: each.transaction, change: what })
    if (answer) {
      notify({ kind: 'info', title: t(`pending.outcome.${answer.outcome}`) })
      onDone()
    }
    await refresh()
  }
  const canTake = waiting.length > 0 || accounts.some(({ kind }) => kind === 'watch')
  if (!canTake) return null
  return (
    <section className="stack" aria-label={t('pending.title')}>
      <h3>{t('pending.title')}</h3>
      {waiting.length === 0 ? <p className="muted">{t('pending.none')}</p> : null}
      {running ? <RunningJob job={running} /> : null}
      {waiting.map((each) => (
        <PendingCard
          key={each.transaction}
          waiting={each}
          disabled={acting}
          onChange={(what) => void change(each, what).catch(showFailure)}
        />
      ))}
      <FileChoice words={t('pending.take')} Icon={FileCheck} accept=".json" onChoose={take} />
    </section>
  )
}

interface PendingCardProps {
  readonly waiting: Waiting
  readonly disabled: boolean
  readonly onChange: (change: Change) => void
}

function PendingCard({ waiting, disabled, onChange }: PendingCardProps) {
  const { transaction, account, nonce, stage, max_fee_per_gas_wei: fee, cancels } = waiting
  const name = shortened(transaction)
  const ways: readonly Change[] = stage === 'signed' ? ['send', 'bump', 'cancel'] : ['bump', 'cancel']
  return (
    <article className="card stack" aria-label={name}>
      <div className="row">
        <strong className="mono" title={transaction}>
          {name}
        </strong>
        <span className="spacer" />
        {cancels ? <span className="badge">{t('pending.cancels')}</span> : null}
        <span className="badge">{t(stage === 'signed' ? 'pending.signed' : 'pending.sent')}</span>
      </div>
      <span className="faint">
        {t('pending.of', { account: shortened(account), number: nonce, fee: gweiWords(fee) })}
      </span>
      <div className="row">
        {ways
          .filter((what) => !(cancels && what === 'cancel'))
          .map((what) => (
            <button
              key={what}
              className="button"
              disabled={disabled}
              aria-label={t(`pending.${what}Of`, { transaction: name })}
              onClick={() => onChange(what)}
            >
              {t(`pending.${what}`)}
            </button>
          ))}
      </div>
    </article>
  )
}
