/** Wallets from the palette and by keys; what is secret about them is dealt with on the page of the confirmation. */
import { useSession } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { connectDevice, dealWith, lockWallets, useWallets } from '../wallets/wallets-store.ts'
import type { WalletAccount } from '../../../shared/contract/wallets.ts'
import type { Action } from './action.ts'

const inUse = (): WalletAccount | undefined => useWallets.getState().accounts.find((account) => account.in_use)
const needsWords = (): string | null => (inUse()?.has_words ? null : t('needs.ownWords'))
const needsKey = (): string | null => (inUse()?.kind === 'keystore' ? null : t('needs.ownKey'))
const needsOpen = (): string | null =>
  useWallets.getState().accounts.some((account) => account.open) ? null : t('needs.openWallet')

export const walletActions: readonly Action[] = [
  {
    id: 'wallets',
    group: 'wallets',
    shortcuts: ['Alt+A'],
    run: () => useSession.setState({ dialog: 'wallets' }),
  },
  { id: 'newWallet', group: 'wallets', shortcuts: [], run: async (c) => await dealWith(c, 'create') },
  { id: 'importWords', group: 'wallets', shortcuts: [], run: async (c) => await dealWith(c, 'importSecret') },
  { id: 'importKeyFile', group: 'wallets', shortcuts: [], run: async (c) => await dealWith(c, 'importFile') },
  {
    id: 'backUpWallet',
    group: 'wallets',
    shortcuts: [],
    disabledReason: needsWords,
    run: async (c) => await dealWith(c, 'backUp', inUse()!.address),
  },
  {
    id: 'exportWallet',
    group: 'wallets',
    shortcuts: [],
    disabledReason: needsKey,
    run: async (c) => await dealWith(c, 'exportFile', inUse()!.address),
  },
  {
    id: 'deriveAccount',
    group: 'wallets',
    shortcuts: [],
    disabledReason: needsWords,
    run: async (c) => await dealWith(c, 'derive', inUse()!.address),
  },
  {
    id: 'watchAddress',
    group: 'wallets',
    shortcuts: [],
    run: () => {
      useWallets.setState({ watching: true })
      useSession.setState({ dialog: 'wallets' })
    },
  },
  { id: 'connectLedger', group: 'wallets', shortcuts: [], run: async (c) => await connectDevice(c.client, 'ledger') },
  { id: 'connectFrame', group: 'wallets', shortcuts: [], run: async (c) => await connectDevice(c.client, 'frame') },
  {
    id: 'lockWallets',
    group: 'wallets',
    shortcuts: ['Alt+Shift+L'],
    disabledReason: needsOpen,
    run: async (c) => await lockWallets(c.client),
  },
]
