import { Coins, Download, LockOpen, Plus, ShieldAlert, ShieldCheck } from 'lucide-react'
import type { WalletAccount } from '../../../shared/contract/wallets.ts'
import { t, type PlainKey } from '../i18n/text.ts'
import { balanceWords, etherWords } from '../ledger/ether.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { shortened } from '../ui/format.ts'
import { balanceKey, dealWith, fundForPractice, PRACTICE, useAccountNow, useWallets } from './wallets-store.ts'

/** One account: whose key it has, whether that is backed up and open, what it holds, and what can be done with it. */
export function AccountCard({ account, network }: { account: WalletAccount; network: string }) {
  const { client } = useEngine()
  const { address, in_use: isUsed } = account
  const balance = useWallets(({ balances }) => balances.get(balanceKey(network, address)))
  return (
    <li className={isUsed ? 'card wallets__card wallets__card--used' : 'card wallets__card'}>
      <div className="row wallets__head">
        <label className="row">
          <input
            type="radio"
            name="account-in-use"
            checked={isUsed}
            aria-label={t('wallets.use', { address: shortened(address) })}
            onChange={() => void useAccountNow(client, address).catch(showFailure)}
          />
          <strong className="mono wallets__short">{shortened(address)}</strong>
        </label>
        <Badges account={account} />
        <span className="spacer" />
        {balance === undefined ? null : (
          <span className="num wallets__balance" title={etherWords(balance)}>
            {balanceWords(balance)}
          </span>
        )}
      </div>
      <p className="mono faint wallets__address">{address}</p>
      <Standing account={account} network={network} isPoor={balance === '0'} />
    </li>
  )
}

const KINDS: Readonly<Record<WalletAccount['kind'], PlainKey>> = {
  practice: 'wallets.kind.practice',
  keystore: 'wallets.kind.imported',
  watch: 'wallets.kind.watch',
  ledger: 'wallets.kind.ledger',
  frame: 'wallets.kind.frame',
}

function Badges({ account }: { account: WalletAccount }) {
  const { kind, backup, has_words: hasWords, open, in_use: isUsed } = account
  return (
    <>
      {isUsed ? <span className="badge badge--accent">{t('wallets.used')}</span> : null}
      <span className="badge">{t(backup === null ? KINDS[kind] : 'wallets.kind.made')}</span>
      {backup === null && hasWords ? <span className="badge">{t('wallets.kind.words')}</span> : null}
      {backup === 'checked' ? (
        <span className="badge badge--good">
          <ShieldCheck size={12} aria-hidden /> {t('wallets.backedUp')}
        </span>
      ) : null}
      {backup === 'unchecked' ? (
        <span className="badge badge--warn">
          <ShieldAlert size={12} aria-hidden /> {t('wallets.notBackedUp')}
        </span>
      ) : null}
      {kind === 'keystore' ? (
        <span className={open ? 'badge badge--warn' : 'badge'}>
          {open ? <LockOpen size={12} aria-hidden /> : null} {t(open ? 'wallets.open' : 'wallets.closed')}
        </span>
      ) : null}
    </>
  )
}

/** What the account may and may not, with what changes that. */
function Standing({ account, network, isPoor }: { account: WalletAccount; network: string; isPoor: boolean }) {
  const engine = useEngine()
  const { address, kind, backup, has_words: hasWords } = account
  const note =
    backup === 'unchecked'
      ? t('wallets.rule.unchecked')
      : kind === 'watch'
        ? t('wallets.rule.watch')
        : kind === 'practice'
          ? t('wallets.rule.practice')
          : null
  const name = shortened(address)
  return (
    <>
      {note ? <p className={backup === 'unchecked' ? 'wallets__rule warn' : 'muted'}>{note}</p> : null}
      <div className="row wallets__acts">
        {hasWords ? (
          <button
            className={backup === 'unchecked' ? 'button button--primary' : 'button'}
            aria-label={t('wallets.backUpOf', { address: name })}
            onClick={() => void dealWith(engine, 'backUp', address)}
          >
            <ShieldCheck size={14} aria-hidden /> {t(backup === 'unchecked' ? 'wallets.backUp' : 'wallets.showWords')}
          </button>
        ) : null}
        {hasWords ? (
          <button
            className="button"
            aria-label={t('wallets.deriveOf', { address: name })}
            onClick={() => void dealWith(engine, 'derive', address)}
          >
            <Plus size={14} aria-hidden /> {t('wallets.derive')}
          </button>
        ) : null}
        {kind === 'keystore' ? (
          <button
            className="button"
            aria-label={t('wallets.exportOf', { address: name })}
            onClick={() => void dealWith(engine, 'exportFile', address)}
          >
            <Download size={14} aria-hidden /> {t('wallets.export')}
          </button>
        ) : null}
        {network === PRACTICE && isPoor ? (
          <button
            className="button"
            aria-label={t('wallets.fundOf', { address: name })}
            onClick={() => void fundForPractice(engine.client, address).catch(showFailure)}
          >
            <Coins size={14} aria-hidden /> {t('wallets.fund')}
          </button>
        ) : null}
      </div>
    </>
  )
}
