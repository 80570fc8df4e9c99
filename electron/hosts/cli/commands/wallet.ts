import { z } from 'zod'
import { walletAnswer, walletListAnswer } from '../../../../shared/contract/answers.ts'
import { signedFile } from '../../../../shared/contract/offline.ts'
import { parseUnsigned, signFile, takeSigned } from '../../../engine/chain/offline-signing.ts'
import {
  checkBackup,
  connectWallet,
  createWallet,
  deriveWallet,
  importWallet,
  keystoreFile,
  listWallets,
  watchWallet,
  wordsOfWallet,
  type WalletSource,
} from '../../../engine/chain/wallet.ts'
import { ledgerPath } from '../../../engine/chain/signer/ledger-app.ts'
import type { Device } from '../../../engine/chain/signer/protocol.ts'
import { openSessionSigner } from '../../../engine/work/open-signer.ts'
import { decimal, dispatch, keepSigned, number, optional, readSignedFile } from '../chain-command.ts'
import { askNewOnTerminal, askOnTerminal } from '../terminal-host.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'
import { readNamedText, writeNewFile } from '../named-files.ts'

const PRIVATE_FILE = 0o600

/** A key comes from a file, never from an argument: arguments are seen by every program of the machine. */
async function sourceFrom(path: string): Promise<WalletSource> {
  const text = (await readNamedText(path)).trim()
  return text.startsWith('{') ? { kind: 'keystore', json: text } : { kind: 'secret', secret: text }
}

function named(context: CommandContext, what: string): string {
  const value = context.positionals[1]
  if (value === undefined) throw new UsageError(`wallet ${context.positionals[0]} ${what}`)
  return value
}

/** A wallet of this machine with its pass phrase. */
async function opened(context: CommandContext) {
  const address = named(context, 'ADDRESS')
  return {
    home: home(context),
    address,
    passphrase: await askOnTerminal(`Pass phrase of ${address}`, context.signal),
    signal: context.signal,
  }
}

const outAnswer = z.object({ address: z.string(), out: z.string() })
type Answer =
  | z.infer<typeof walletAnswer>
  | z.infer<typeof walletListAnswer>
  | z.infer<typeof outAnswer>
  | z.infer<typeof signedFile>

function outOf(context: CommandContext): string {
  const out = optional(context, 'out')
  if (out === null) throw new UsageError(`wallet ${context.positionals[0]} … --out FILE`)
  return out
}

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<Answer>>> = {
  new: async (context) =>
    await createWallet({
      home: home(context),
      passphrase: await askNewOnTerminal('A pass phrase for the new wallet', context.signal),
      signal: context.signal,
    }),
  async import(context) {
    const source = await sourceFrom(
      named(context, 'FILE: a keystore file, or a file that holds a private key or the words'),
    )
    const passphrase =
      source.kind === 'keystore'
        ? await askOnTerminal('The pass phrase of the keystore', context.signal)
        : await askNewOnTerminal('A pass phrase for the wallet', context.signal)
    return await importWallet({ home: home(context), source, passphrase, signal: context.signal })
  },
  derive: async (context) =>
    await deriveWallet({ ...(await opened(context)), index: number(context, 'index', 'from 1 on') }),
  /** Into a private file: what is printed stays in scroll-back and logs. */
  async words(context) {
    const out = outOf(context)
    const wallet = await opened(context)
    writeNewFile(out, `${await wordsOfWallet(wallet)}\n`, PRIVATE_FILE)
    return { address: wallet.address, out }
  },
  async check(context) {
    const wallet = await opened(context)
    const file = optional(context, 'words')
    const words =
      file === null
        ? await askOnTerminal('The words, as you wrote them down', context.signal)
        : await readNamedText(file)
    return await checkBackup({ ...wallet, words })
  },
  async export(context) {
    const wanted = named(context, 'ADDRESS --out FILE')
    const out = outOf(context)
    const { address, json } = await keystoreFile(home(context), wanted)
    writeNewFile(out, json, PRIVATE_FILE)
    return { address, out }
  },
  async connect(context) {
    const kind = named(context, 'ledger|frame')
    if (kind !== 'ledger' && kind !== 'frame') throw new UsageError('wallet connect ledger|frame')
    const index = optional(context, 'index') === null ? 0 : decimal(context, 'index', 'from 0 on')
    if (!Number.isInteger(index) || index < 0) throw new UsageError('--index is not a whole number from 0 on')
    const device: Device = kind === 'ledger' ? { kind, path: ledgerPath(index) } : { kind }
    const { host } = context.engine.session.options
    return await connectWallet({ home: home(context), device, spawn: host.spawnSigner, signal: context.signal })
  },
  watch: async (context) => await watchWallet(home(context), named(context, 'ADDRESS')),
  async sign(context) {
    const file = parseUnsigned(await readSignedFile(named(context, 'FILE --out SIGNED'), 'something to be signed'))
    outOf(context)
    const signer = await openSessionSigner(context.engine.session, file.network, file.account)
    try {
      const signed = await signFile(file, signer, context.signal)
      keepSigned(context, signed)
      return signed
    } finally {
      await signer.close()
    }
  },
  take: async (context) =>
    await takeSigned(home(context), await readSignedFile(named(context, 'SIGNED'), 'something signed'), context.signal),
  list: async (context) => ({ wallets: [...(await listWallets(home(context))).wallets] }),
}

function home({ engine }: CommandContext): string {
  return engine.session.options.home
}

export const walletCommand = defineCommand<Answer>({
  usage: [
    'new | list',
    'import FILE',
    'export ADDRESS --out FILE',
    'words ADDRESS --out FILE',
    'check ADDRESS [--words FILE]',
    'derive ADDRESS --index N',
    'watch ADDRESS',
    'connect ledger [--index N] | connect frame',
    'sign FILE --out SIGNED',
    'take SIGNED',
  ],
  detail:
    'The pass phrase is typed on the terminal, or read from the file that ASTERISM_PASSPHRASE_FILE names. A new wallet has twelve recovery words: write them down (words) and enter them again (check); until then it signs on no main network. A watched address signs on another machine: each act writes a file (sign it there, take it here, run the act again). A Ledger device or Frame keeps its key and asks for consent itself.',
  positionals: [1, 2],
  options: { out: { type: 'string' }, words: { type: 'string' }, index: { type: 'string' } },
  answer: z.union([walletListAnswer, walletAnswer, outAnswer, signedFile]),
  run: async (context) => ({ answer: await dispatch('wallet', ACTIONS, context) }),
  report(answer) {
    if ('wallets' in answer) {
      return answer.wallets.length === 0
        ? ['no wallets yet: asterism wallet new']
        : answer.wallets.map((wallet) => `${wallet.address}  ${wallet.kind}  ${wallet.path}`)
    }
    if ('signed' in answer) return [`signed by ${answer.account} for ${answer.network}`]
    return [`${answer.address}  ${'out' in answer ? answer.out : answer.path}`]
  },
})
