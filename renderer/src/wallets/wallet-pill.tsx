import { useEffect } from 'react'
import { LockOpen, Wallet } from 'lucide-react'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useJobs } from '../state/jobs-store.ts'
import { useSession } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { shortened } from '../ui/format.ts'
import { networkTitle } from './network-choice.tsx'
import { accountOn, PRACTICE, refreshWallets, useWallets } from './wallets-store.ts'
import './wallets.css'

/** An open wallet locks itself without telling: how often that is looked at. */
const LOOK_EVERY_MILLISECONDS = 20_000
/** Work that makes accounts, or opens them. */
const CHAIN_JOBS: ReadonlySet<string> = new Set(['mint', 'practiceStart', 'chainAct', 'attest', 'voucher', 'ledger'])

/** On which network, with which account, and whether it is open; the way to all accounts. */
export function WalletPill() {
  const { client } = useEngine()
  const network = useWallets((state) => state.network)
  const known = useWallets(({ networks }) => networks.find(({ id }) => id === network))
  const account = useWallets((state) => accountOn(state, network))
  const isOpen = useWallets(({ accounts }) => accounts.some((each) => each.open))
  const settled = useJobs(
    ({ jobs }) => [...jobs.values()].filter((job) => CHAIN_JOBS.has(job.kind) && job.state !== 'running').length,
  )
  useEffect(() => void refreshWallets(client).catch(showFailure), [client, settled])
  useEffect(() => {
    if (!isOpen) return
    const timer = setInterval(() => void refreshWallets(client).catch(() => undefined), LOOK_EVERY_MILLISECONDS)
    return () => clearInterval(timer)
  }, [client, isOpen])
  const name = network === PRACTICE ? t('wallets.practice') : known ? networkTitle(known) : network
  return (
    <button
      className="button button--quiet wallet"
      title={account ? `${name} · ${account.address}` : t('wallets.hint')}
      onClick={() => useSession.setState({ dialog: 'wallets' })}
    >
      <Wallet size={14} aria-hidden />
      <span>{name}</span>
      {account ? <span className="mono">{shortened(account.address, 4)}</span> : null}
      {isOpen ? <LockOpen size={13} className="warn" aria-label={t('wallets.open')} /> : null}
    </button>
  )
}
