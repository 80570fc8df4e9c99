import { useState } from 'react'
import { Coins, ShieldCheck } from 'lucide-react'
import type { MintAnswer, PackAnswer } from '../../../shared/contract/answers.ts'
import { useEngine } from '../state/engine-context.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { shortened } from '../ui/format.ts'

interface MintStepProps {
  readonly packed: PackAnswer | null
  readonly minted: MintAnswer | null
  /** The package was made anew since: what is minted is another one. */
  readonly isStale: boolean
}

/** The whole of minting on a chain of one's own: free, and the same steps as on a real network. */
export function MintStep({ packed, minted, isStale }: MintStepProps) {
  const { host, run } = useEngine()
  const [dry, setDry] = useState<MintAnswer | null>(null)
  const running = useRunning('mint')
  const busy = running !== undefined
  if (!packed) return <p className="muted">Make the package first.</p>
  const mint = async (dryRun: boolean): Promise<void> => {
    // The confirmation has an origin of its own; a browser opens it only inside a click. What is minted already is
    // only looked up: nothing will be signed.
    if (!dryRun && (!minted || isStale)) host.openConfirmation()
    const answer = await run('mint', { package: null, network: 'practice', dryRun })
    if (dryRun) setDry(answer)
  }
  return (
    <>
      <p className="muted">
        The practice network is a real chain on this machine. What you sign is shown in words and in full in a window of
        its own; nothing is signed from here.
      </p>
      <div className="row">
        <button className="button" disabled={busy} onClick={() => void mint(true)}>
          What would it cost?
        </button>
        <button className="button button--primary" disabled={busy} onClick={() => void mint(false)}>
          <Coins size={15} aria-hidden />{' '}
          {busy ? 'Minting…' : minted && !isStale ? 'Look it up again' : 'Mint on the practice network'}
        </button>
      </div>
      {running ? (
        <>
          <RunningJob job={running} />
          <button className="button" onClick={() => host.openConfirmation()}>
            <ShieldCheck size={15} aria-hidden /> Show what is to be signed
          </button>
        </>
      ) : null}
      {dry && !busy ? (
        <p className="num" role="status">
          {dry.already_minted
            ? 'It is minted already; minting again would cost nothing and do nothing.'
            : `${dry.gas_used.toLocaleString()} gas, ${dry.fee_wei} wei of practice money.`}
        </p>
      ) : null}
      {minted ? <Receipt minted={minted} /> : null}
    </>
  )
}

export function Receipt({ minted }: { minted: MintAnswer }) {
  return (
    <div className="card stack">
      <strong>{minted.already_minted ? 'Found: it had been minted before' : 'Minted'}</strong>
      <dl className="facts">
        <dt>Network</dt>
        <dd>{minted.network}</dd>
        <dt>Token</dt>
        <dd className="mono" title={minted.token_id}>
          {shortened(minted.token_id, 10)}
        </dd>
        <dt>Collection</dt>
        <dd className="mono" title={minted.contract}>
          {shortened(minted.contract, 8)}
        </dd>
        {minted.transaction ? (
          <>
            <dt>Transaction</dt>
            <dd className="mono" title={minted.transaction}>
              {shortened(minted.transaction, 8)}
            </dd>
          </>
        ) : null}
        <dt>Gas</dt>
        <dd className="num">{minted.gas_used.toLocaleString()}</dd>
      </dl>
    </div>
  )
}
