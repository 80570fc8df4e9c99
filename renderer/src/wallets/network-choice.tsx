import { t } from '../i18n/text.ts'
import { useWallets } from './wallets-store.ts'

/** The network that the whole window looks at; those without contracts are named, and cannot be chosen. */
export function NetworkChoice() {
  const { networks, network } = useWallets()
  return (
    <select
      className="input"
      value={network}
      onChange={(event) => useWallets.setState({ network: event.target.value })}
    >
      {networks.map(({ id, title, ready }) => (
        <option key={id} value={id} disabled={!ready}>
          {ready ? title : t('ledger.notReady', { network: title })}
        </option>
      ))}
    </select>
  )
}
