import { basename } from 'node:path'
import { readFile } from 'node:fs/promises'
import { toQuantity } from 'ethers'
import type { WalletAccount, WalletsAnswer } from '../../../shared/contract/wallets.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { accountInUse, useAccount } from '../chain/account-in-use.ts'
import { checkedAddress } from '../chain/address.ts'
import { backupOf, comesFromWords } from '../chain/keystore.ts'
import { openNetwork } from '../chain/networks.ts'
import { startPracticeNetwork } from '../chain/practice-network.ts'
import { quantity } from '../chain/rpc.ts'
import {
  backUpWallet,
  bringKeyFile,
  bringSecret,
  makeWallet,
  nextAccount,
  takeKeyFileAway,
  type WalletDesk,
} from '../chain/wallet-dialogues.ts'
import { ledgerPath } from '../chain/signer/ledger-app.ts'
import { connectWallet, listWallets, watchWallet, type WalletEntry } from '../chain/wallet.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

const PRACTICE = 'practice'
const PRACTICE_ETHER_WEI = 100n * 10n ** 18n

/** The accounts of this machine for the window. Their secrets pass only through the host's own page. */
export function walletProcedures({ options: { home, host }, openWallets }: Session) {
  const desk = (signal: AbortSignal | undefined): WalletDesk => ({
    home,
    spawn: host.spawnSigner,
    signal: signal ?? new AbortController().signal,
    async ask(question, cancelled) {
      if (host.askWallet) return await host.askWallet(question, cancelled)
      throw new AsterismError('wallet_locked', say('wallet.noPage'), {
        fix: say('wallet.fix.byCommand'),
      })
    },
  })
  const list = async (): Promise<WalletsAnswer> => {
    const { wallets, refused } = await listWallets(home)
    const chosen = await accountInUse(home)
    const inUse = wallets.find(({ address }) => address === chosen) ?? wallets.find(({ kind }) => kind === PRACTICE)
    const accounts = wallets.map(async (entry): Promise<WalletAccount> => ({
      address: entry.address,
      kind: entry.kind,
      ...(await originOf(entry)),
      open: openWallets.of(entry.address) !== null,
      in_use: entry === inUse,
    }))
    return {
      accounts: await Promise.all(accounts),
      refused: refused.map(({ path, ...why }) => ({ name: basename(path), ...why })),
    }
  }
  const done = async (address: string) => ({ address, ...(await list()) })
  const balance = async (network: string, address: string, signal: AbortSignal | undefined) => {
    const { rpc } = await openNetwork(home, network, signal)
    return { wei: String(quantity(await rpc.call('eth_getBalance', [checkedAddress(address), 'latest'], signal))) }
  }

  const { wallets } = implementer
  return {
    list: wallets.list.handler(list),
    balance: wallets.balance.handler(async ({ input, signal }) => await balance(input.network, input.address, signal)),
    use: wallets.use.handler(async ({ input }) => {
      const address = checkedAddress(input.address)
      if (!(await listWallets(home)).wallets.some((wallet) => wallet.address === address)) {
        throw new AsterismError('not_found', say('wallet.noneFor', { address }))
      }
      await useAccount(home, address)
      return await done(address)
    }),
    lock: wallets.lock.handler(async () => {
      await openWallets.lock()
      return await list()
    }),
    create: wallets.create.handler(async ({ signal }) => await done(await makeWallet(desk(signal)))),
    importSecret: wallets.importSecret.handler(async ({ signal }) => await done(await bringSecret(desk(signal)))),
    importFile: wallets.importFile.handler(async ({ signal }) => await done(await bringKeyFile(desk(signal)))),
    backUp: wallets.backUp.handler(async ({ input, signal }) => {
      await backUpWallet(desk(signal), input.address)
      return await done(input.address)
    }),
    exportFile: wallets.exportFile.handler(async ({ input, signal }) => {
      await takeKeyFileAway(desk(signal), input.address)
      return await done(input.address)
    }),
    derive: wallets.derive.handler(
      async ({ input, signal }) => await done(await nextAccount(desk(signal), input.address)),
    ),
    connect: wallets.connect.handler(async ({ input: { device: kind }, signal }) => {
      const device = kind === 'ledger' ? { kind, path: ledgerPath(0) } : { kind }
      return await done((await connectWallet({ home, device, spawn: host.spawnSigner, signal })).address)
    }),
    watch: wallets.watch.handler(
      async ({ input }) => await done((await watchWallet(home, input.address.trim())).address),
    ),
    fund: wallets.fund.handler(async ({ input, signal }) => {
      await startPracticeNetwork({ home, ...(signal ? { signal } : {}) })
      const { rpc } = await openNetwork(home, PRACTICE, signal)
      await rpc.call('anvil_setBalance', [checkedAddress(input.address), toQuantity(PRACTICE_ETHER_WEI)], signal)
      return await balance(PRACTICE, input.address, signal)
    }),
  }
}

async function originOf({ kind, path }: WalletEntry): Promise<Pick<WalletAccount, 'has_words' | 'backup'>> {
  if (kind !== 'keystore') return { has_words: false, backup: null }
  const json = await readFile(path, 'utf8')
  return { has_words: comesFromWords(json), backup: backupOf(json) }
}
