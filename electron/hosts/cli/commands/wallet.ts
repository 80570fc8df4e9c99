import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { walletAnswer, walletListAnswer } from '../../../../shared/contract/answers.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { createWallet, importWallet, listWallets, type WalletSource } from '../../../engine/chain/wallet.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'

async function passphrase({ engine, signal }: CommandContext, purpose: string): Promise<string> {
  const ask = engine.session.options.host.askPassphrase
  if (!ask) throw new AsterismError('wallet_locked', 'There is no way to ask for a pass phrase here.')
  return await ask(purpose, signal)
}

/** A key comes from a file, never from an argument: arguments are seen by every program of the machine. */
function sourceFrom(path: string): WalletSource {
  const text = readFileSync(path, 'utf8').trim()
  return text.startsWith('{') ? { kind: 'keystore', json: text } : { kind: 'secret', secret: text }
}

type Answer = z.infer<typeof walletAnswer> | z.infer<typeof walletListAnswer>

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<Answer>>> = {
  new: async (context) =>
    await createWallet({
      home: home(context),
      passphrase: await passphrase(context, 'A pass phrase for the new wallet'),
      signal: context.signal,
    }),
  async import(context) {
    const path = context.positionals[1]
    if (!path)
      throw new UsageError('wallet import FILE: a keystore file, or a file that holds a private key or the words')
    return await importWallet({
      home: home(context),
      source: sourceFrom(path),
      passphrase: await passphrase(context, 'The pass phrase of the wallet'),
      signal: context.signal,
    })
  },
  list: async (context) => ({ wallets: [...(await listWallets(home(context))).wallets] }),
}

function home({ engine }: CommandContext): string {
  return engine.session.options.home
}

export const walletCommand = defineCommand<Answer>({
  name: 'wallet',
  usage: ['new', 'import FILE', 'list'],
  summary: 'keys on this machine, each under a pass phrase',
  detail: 'The pass phrase is asked on the terminal or read from the file that ASTERISM_PASSPHRASE_FILE names.',
  positionals: [1, 2],
  options: {},
  answer: z.union([walletListAnswer, walletAnswer]),
  async run(context) {
    const action = context.positionals[0]!
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
    if (!act) throw new UsageError('wallet new, wallet import FILE or wallet list')
    return { answer: await act(context) }
  },
  report: (answer) =>
    'wallets' in answer
      ? answer.wallets.length === 0
        ? ['no wallets yet: asterism wallet new']
        : answer.wallets.map((wallet) => `${wallet.address}  ${wallet.kind}  ${wallet.path}`)
      : [`${answer.address}  ${answer.path}`],
})
