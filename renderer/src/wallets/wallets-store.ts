/** The accounts of this machine and the network that is looked at, as everything in the window that shows them knows them. */
import { create } from 'zustand'
import type { NetworksAnswer } from '../../../shared/contract/chain-acts.ts'
import type { EngineClient } from '../../../shared/contract/client.ts'
import type { WalletAccount, WalletsAnswer } from '../../../shared/contract/wallets.ts'
import { t } from '../i18n/text.ts'
import { showFailure, type EngineAccess } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'
import { shortened } from '../ui/format.ts'

export const PRACTICE = 'practice'
export type NetworkChoice = NetworksAnswer['networks'][number]

/** What is dealt with on the page of the confirmation: nothing of it is typed or shown here. */
export type WalletTask = 'create' | 'importSecret' | 'importFile' | 'backUp' | 'exportFile' | 'derive'

interface WalletsState {
  readonly accounts: readonly WalletAccount[]
  readonly refused: WalletsAnswer['refused']
  readonly networks: readonly NetworkChoice[]
  readonly network: string
  /** In wei, by network and address, as far as somebody asked. */
  readonly balances: ReadonlyMap<string, string>
  /** The form for an address to watch is open. */
  readonly watching: boolean
  /** The form for the nodes of a network is open. */
  readonly namingNodes: boolean
  /** What waits for the person on the page of the confirmation. */
  readonly waiting: { readonly task: WalletTask | 'nodes'; readonly stop: AbortController } | null
}

export const useWallets = create<WalletsState>(() => ({
  accounts: [],
  refused: [],
  networks: [],
  network: PRACTICE,
  balances: new Map(),
  watching: false,
  namingNodes: false,
  waiting: null,
}))

const keep = ({ accounts, refused }: WalletsAnswer): void => useWallets.setState({ accounts, refused })

export async function refreshWallets(client: EngineClient): Promise<void> {
  keep(await client.wallets.list())
  useWallets.setState({ networks: (await client.chain.networks()).networks })
}

/** Who acts on a network: the account in use, but for the one of the practice network elsewhere. */
export function accountOn({ accounts }: Pick<WalletsState, 'accounts'>, network: string): WalletAccount | null {
  const inUse = accounts.find((account) => account.in_use)
  return inUse && (network === PRACTICE || inUse.kind !== PRACTICE) ? inUse : null
}

export async function useAccountNow(client: EngineClient, address: string): Promise<void> {
  keep(await client.wallets.use({ address }))
}

export async function lockWallets(client: EngineClient): Promise<void> {
  keep(await client.wallets.lock())
  notify({ kind: 'info', title: t('wallets.locked') })
}

/** @returns false where it was no address, or is here already; that has been said. */
export async function watchAddress(client: EngineClient, text: string): Promise<boolean> {
  try {
    const { address, ...rest } = await client.wallets.watch({ address: text })
    keep(rest)
    notify({ kind: 'success', title: t('wallets.done.watch', { address: shortened(address) }) })
    return true
  } catch (error) {
    showFailure(error)
    return false
  }
}

/** Asks what holds a key elsewhere for its account; the person agrees to that there. */
export async function connectDevice(client: EngineClient, device: 'ledger' | 'frame'): Promise<void> {
  const { address, ...rest } = await client.wallets.connect({ device })
  keep(rest)
  notify({ kind: 'success', title: t('wallets.done.connect', { address: shortened(address) }) })
}

export const balanceKey = (network: string, address: string): string => `${network}:${address}`

function keepBalance(network: string, address: string, wei: string): void {
  useWallets.setState(({ balances }) => ({ balances: new Map(balances).set(balanceKey(network, address), wei) }))
}

/** Asks the network, which nothing else here does unasked. */
export async function readBalances(client: EngineClient, network: string): Promise<void> {
  for (const { address, kind } of useWallets.getState().accounts) {
    if (kind === PRACTICE && network !== PRACTICE) continue
    keepBalance(network, address, (await client.wallets.balance({ network, address })).wei)
  }
}

/** Play money of the practice network. */
export async function fundForPractice(client: EngineClient, address: string): Promise<void> {
  keepBalance(PRACTICE, address, (await client.wallets.fund({ address })).wei)
}

/** One after the other: what waits is shown again instead of a second. Must be called inside a click, or a key. */
export async function dealWith({ client, host }: EngineAccess, task: WalletTask, address?: string): Promise<void> {
  host.openConfirmation()
  if (useWallets.getState().waiting) return
  const stop = new AbortController()
  useWallets.setState({ waiting: { task, stop } })
  try {
    const { address: about, ...rest } = await started(client, task, address ?? '', stop.signal)
    keep(rest)
    notify({ kind: 'success', title: t(`wallets.done.${task}`, { address: shortened(about) }) })
  } catch (error) {
    showFailure(error)
  } finally {
    useWallets.setState({ waiting: null })
  }
}

/**
 * Names the nodes of a network; none: it is forgotten. Whoever they are is agreed to in the window of the confirmation.
 * Must be called inside a click, or a key.
 * @returns false where it was not agreed to, or they are not of that network; that has been said.
 */
export async function nameNodes(
  { client, host }: EngineAccess,
  network: string,
  urls: readonly string[],
): Promise<boolean> {
  if (urls.length > 0) host.openConfirmation()
  if (useWallets.getState().waiting) return false
  const stop = new AbortController()
  useWallets.setState({ waiting: { task: 'nodes', stop } })
  try {
    const { networks } = await client.chain.nameNodes(
      { network, urls: [...urls], quorum: null },
      { signal: stop.signal },
    )
    const isLookedAt = useWallets.getState().network === network
    // Where the nodes were just named is where the person wants to look, and not where they were forgotten.
    useWallets.setState({ networks, ...(urls.length > 0 ? { network } : isLookedAt ? { network: PRACTICE } : {}) })
    notify({ kind: 'success', title: t(urls.length > 0 ? 'wallets.done.nodes' : 'wallets.done.nodesForgotten') })
    return true
  } catch (error) {
    showFailure(error)
    return false
  } finally {
    useWallets.setState({ waiting: null })
  }
}

async function started(client: EngineClient, task: WalletTask, address: string, signal: AbortSignal) {
  const { wallets } = client
  switch (task) {
    case 'create':
    case 'importSecret':
    case 'importFile':
      return await wallets[task](undefined, { signal })
    case 'backUp':
    case 'exportFile':
    case 'derive':
      return await wallets[task]({ address }, { signal })
  }
}
