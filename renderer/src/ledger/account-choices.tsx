import { t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { shortened } from '../ui/format.ts'
import { NetworkChoice } from '../wallets/network-choice.tsx'
import { PRACTICE, useAccountNow, useWallets } from '../wallets/wallets-store.ts'

/** Of the whole window: the network that is looked at, and the account in use. */
export function AccountChoices({ account }: { readonly account: string | null }) {
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
