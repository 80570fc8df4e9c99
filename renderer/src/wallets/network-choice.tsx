import { t, type PlainKey } from '../i18n/text.ts'
import { useWallets, type NetworkChoice as Network } from './wallets-store.ts'

/** Networks whose title is no name: it has other words in another language. */
const TITLES: Readonly<Record<string, PlainKey>> = {
  practice: 'wallets.network.practice',
  sepolia: 'wallets.network.sepolia',
  'base-sepolia': 'wallets.network.baseSepolia',
}

export function networkTitle({ id, title }: Pick<Network, 'id' | 'title'>): string {
  const key = TITLES[id]
  return key ? t(key) : title
}

/** The network that the whole window looks at; those without contracts are named, and cannot be chosen. */
export function NetworkChoice() {
  const { networks, network } = useWallets()
  return (
    <select
      className="input"
      value={network}
      onChange={(event) => useWallets.setState({ network: event.target.value })}
    >
      {networks.map((each) => (
        <option key={each.id} value={each.id} disabled={!each.ready}>
          {each.ready ? networkTitle(each) : t('ledger.notReady', { network: networkTitle(each) })}
        </option>
      ))}
    </select>
  )
}
