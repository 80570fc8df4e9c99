import { useEffect, useState } from 'react'
import { Eye, FileKey, KeyRound, Lock, Network, Plug, Plus, ShieldCheck, Usb } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { AccountCard } from './account-card.tsx'
import { NetworkChoice } from './network-choice.tsx'
import { NetworkNodes } from './network-nodes.tsx'
import { reasonWords } from '../ui/saying-words.ts'
import {
  connectDevice,
  dealWith,
  lockWallets,
  PRACTICE,
  readBalances,
  refreshWallets,
  useWallets,
  watchAddress,
} from './wallets-store.ts'

/** The accounts of this machine. What is secret about them is dealt with on the page of the confirmation. */
export function WalletsDialog() {
  const open = useSession((state) => state.dialog === 'wallets')
  return (
    <Dialog
      open={open}
      title={t('wallets.title')}
      className="wallets"
      onClose={() => {
        useSession.setState({ dialog: null })
        useWallets.setState({ watching: false, namingNodes: false })
      }}
    >
      <Wallets />
    </Dialog>
  )
}

function Wallets() {
  const engine = useEngine()
  const { client } = engine
  const { accounts, refused, waiting, watching, namingNodes, network } = useWallets()
  const setWatching = (open: boolean): void => useWallets.setState({ watching: open })
  useEffect(() => {
    const look = async (): Promise<void> => {
      await refreshWallets(client)
      // Nothing is asked of a network unasked, but of the one on this machine.
      if (network === PRACTICE && (await client.chain.practice()).running) await readBalances(client, network)
    }
    look().catch(showFailure)
  }, [client, network, accounts.length])
  return (
    <>
      <p className="muted">{t('wallets.what')}</p>
      <Toolbar />
      {waiting ? <Waiting /> : null}
      {namingNodes ? <NetworkNodes onDone={() => useWallets.setState({ namingNodes: false })} /> : null}
      <ul className="wallets__list" aria-label={t('wallets.title')}>
        {accounts.map((account) => (
          <AccountCard key={`${account.kind} ${account.address}`} account={account} network={network} />
        ))}
      </ul>
      {accounts.length === 0 ? <p className="card muted">{t('wallets.empty')}</p> : null}
      {refused.map(({ name, ...why }) => (
        <p key={name} className="bad" role="alert">
          <span className="mono">{name}</span> {reasonWords(why)}
        </p>
      ))}
      {watching ? <WatchForm onDone={() => setWatching(false)} /> : null}
      <div className="wallets__ways">
        <button className="button button--primary" data-first onClick={() => void dealWith(engine, 'create')}>
          <Plus size={14} aria-hidden /> {t('wallets.create')}
        </button>
        <button className="button" onClick={() => void dealWith(engine, 'importSecret')}>
          <KeyRound size={14} aria-hidden /> {t('wallets.importSecret')}
        </button>
        <button className="button" onClick={() => void dealWith(engine, 'importFile')}>
          <FileKey size={14} aria-hidden /> {t('wallets.importFile')}
        </button>
        <button className="button" aria-expanded={watching} onClick={() => setWatching(!watching)}>
          <Eye size={14} aria-hidden /> {t('wallets.watch')}
        </button>
        <button className="button" onClick={() => void connectDevice(client, 'ledger').catch(showFailure)}>
          <Usb size={14} aria-hidden /> {t('wallets.connectLedger')}
        </button>
        <button className="button" onClick={() => void connectDevice(client, 'frame').catch(showFailure)}>
          <Plug size={14} aria-hidden /> {t('wallets.connectFrame')}
        </button>
      </div>
    </>
  )
}

/** Which network the balances are of, and the lock. */
function Toolbar() {
  const { client } = useEngine()
  const { network, accounts, namingNodes } = useWallets()
  return (
    <div className="row wallets__bar">
      <label className="row">
        <span className="muted">{t('mint.network')}</span>
        <NetworkChoice />
      </label>
      {network === PRACTICE ? null : (
        <button className="button" onClick={() => void readBalances(client, network).catch(showFailure)}>
          {t('wallets.askBalances')}
        </button>
      )}
      <button
        className="button"
        aria-expanded={namingNodes}
        onClick={() => useWallets.setState({ namingNodes: !namingNodes })}
      >
        <Network size={14} aria-hidden /> {t('wallets.nodes')}
      </button>
      <span className="spacer" />
      <button
        className="button"
        disabled={!accounts.some(({ open }) => open)}
        onClick={() => void lockWallets(client).catch(showFailure)}
      >
        <Lock size={14} aria-hidden /> {t('wallets.lock')}
      </button>
    </div>
  )
}

function Waiting() {
  const { host } = useEngine()
  const waiting = useWallets((state) => state.waiting)
  if (!waiting) return null
  return (
    <div className="card row wallets__waiting" role="status">
      <ShieldCheck size={16} aria-hidden />
      <span>{t('wallets.waiting', { task: t(`wallets.task.${waiting.task}`) })}</span>
      <span className="spacer" />
      <button className="button" onClick={() => host.openConfirmation()}>
        {t('wallets.show')}
      </button>
      <button className="button button--quiet" onClick={() => waiting.stop.abort()}>
        {t('app.cancel')}
      </button>
    </div>
  )
}

function WatchForm({ onDone }: { onDone: () => void }) {
  const { client } = useEngine()
  const [text, setText] = useState('')
  const isAddress = /^\s*0x[0-9a-fA-F]{40}\s*$/.test(text)
  const watch = async (): Promise<void> => {
    if (await watchAddress(client, text)) onDone()
  }
  return (
    <form
      className="card stack"
      aria-label={t('wallets.watch')}
      onSubmit={(event) => {
        event.preventDefault()
        if (isAddress) void watch()
      }}
    >
      <label className="field">
        <span>{t('wallets.watchAddress')}</span>
        <input
          className="input mono"
          value={text}
          autoFocus
          spellCheck={false}
          autoComplete="off"
          aria-invalid={text !== '' && !isAddress}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p className="muted">{t('wallets.watchWhat')}</p>
      <div className="row">
        <button className="button button--primary" disabled={!isAddress}>
          {t('wallets.watchNow')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {t('app.cancel')}
        </button>
      </div>
    </form>
  )
}
