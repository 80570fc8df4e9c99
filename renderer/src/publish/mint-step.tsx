import { useState } from 'react'
import { Coins, Ticket } from 'lucide-react'
import type { MintAnswer, PackAnswer } from '../../../shared/contract/answers.ts'
import { useEngine } from '../state/engine-context.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { ActDialog } from '../ledger/act-dialog.tsx'
import { feeWords } from '../ledger/ether.ts'
import { shortened } from '../ui/format.ts'
import { numberWords, t } from '../i18n/text.ts'
import { accountOn, useWallets } from '../wallets/wallets-store.ts'
import { VoucherDialog } from './voucher-dialog.tsx'
import { ShowConfirmation } from '../wallets/show-confirmation.tsx'

interface MintStepProps {
  readonly packed: PackAnswer | null
  readonly minted: MintAnswer | null
  /** The package was made anew since: what is minted is another one. */
  readonly isStale: boolean
  readonly royaltyBasisPoints: number
}

/** The whole of minting on a chain of one's own: free, and the same steps as on a real network. */
export function MintStep({ packed, minted, isStale, royaltyBasisPoints }: MintStepProps) {
  const { host, run } = useEngine()
  const [dry, setDry] = useState<MintAnswer | null>(null)
  const [offering, setOffering] = useState<'make' | 'withdraw' | null>(null)
  const { network } = useWallets()
  const account = useWallets((state) => accountOn(state, network)?.address ?? null)
  const running = useRunning('mint')
  const busy = running !== undefined
  if (!packed) return <p className="muted">{t('mint.packageFirst')}</p>
  const mint = async (dryRun: boolean): Promise<void> => {
    // The confirmation has an origin of its own; a browser opens it only inside a click. What is minted already is
    // only looked up: nothing will be signed.
    if (!dryRun && (!minted || isStale)) host.openConfirmation()
    const answer = await run('mint', { package: null, network: 'practice', dryRun })
    if (dryRun) setDry(answer)
  }
  return (
    <>
      <p className="muted">{t('mint.what')}</p>
      <div className="row">
        <button className="button" disabled={busy} onClick={() => void mint(true)}>
          {t('mint.cost')}
        </button>
        <button className="button button--primary" disabled={busy} onClick={() => void mint(false)}>
          <Coins size={15} aria-hidden />{' '}
          {busy ? t('mint.minting') : minted && !isStale ? t('mint.lookUp') : t('mint.mint')}
        </button>
      </div>
      {running ? (
        <>
          <RunningJob job={running} />
          <ShowConfirmation />
        </>
      ) : null}
      {dry && !busy ? (
        <p className="num" role="status">
          {dry.already_minted ? t('mint.already') : t('mint.price', { gas: dry.gas_used, fee: feeWords(dry.fee_wei) })}
        </p>
      ) : null}
      {minted ? <Receipt minted={minted} /> : null}
      {minted && !isStale ? null : (
        <>
          <h3>{t('voucher.title')}</h3>
          <p className="muted">{t('voucher.what')}</p>
          <div className="row">
            <button className="button" disabled={busy} onClick={() => setOffering('make')}>
              <Ticket size={15} aria-hidden /> {t('voucher.make')}
            </button>
            <button className="button" disabled={busy} onClick={() => setOffering('withdraw')}>
              {t('ledger.act.withdrawVouchers')}
            </button>
          </div>
        </>
      )}
      {offering === 'make' ? (
        <VoucherDialog royaltyBasisPoints={royaltyBasisPoints} onClose={() => setOffering(null)} />
      ) : null}
      {offering === 'withdraw' ? (
        <ActDialog
          request={{ kind: 'withdrawVouchers' }}
          network={network}
          account={account}
          onClose={() => setOffering(null)}
          onDone={() => undefined}
        />
      ) : null}
    </>
  )
}

export function Receipt({ minted }: { minted: MintAnswer }) {
  return (
    <div className="card stack">
      <strong>{minted.already_minted ? t('mint.found') : t('mint.minted')}</strong>
      <dl className="facts">
        <dt>{t('mint.network')}</dt>
        <dd>{minted.network}</dd>
        <dt>{t('mint.token')}</dt>
        <dd className="mono" title={minted.token_id}>
          {shortened(minted.token_id, 10)}
        </dd>
        <dt>{t('mint.collection')}</dt>
        <dd className="mono" title={minted.contract}>
          {shortened(minted.contract, 8)}
        </dd>
        {minted.transaction ? (
          <>
            <dt>{t('mint.transaction')}</dt>
            <dd className="mono" title={minted.transaction}>
              {shortened(minted.transaction, 8)}
            </dd>
          </>
        ) : null}
        <dt>{t('mint.gas')}</dt>
        <dd className="num">{numberWords(minted.gas_used)}</dd>
      </dl>
    </div>
  )
}
