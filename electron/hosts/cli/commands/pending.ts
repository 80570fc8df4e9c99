import { formatEther, formatUnits } from 'ethers'
import { z } from 'zod'
import {
  pendingAnswer,
  pendingChangeAnswer,
  type PendingAnswer,
  type PendingChangeAnswer,
} from '../../../../shared/contract/pending.ts'
import { CHAIN_OPTIONS, dispatch, networkOf, optionalAddress } from '../chain-command.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'

type Answer = PendingAnswer | PendingChangeAnswer

async function change(context: CommandContext, what: 'bump' | 'cancel' | 'send'): Promise<Answer> {
  const hash = context.positionals[1]?.toLowerCase() ?? ''
  if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new UsageError(`pending ${what} TRANSACTION: 0x and 64 digits`)
  const input = { network: networkOf(context), account: optionalAddress(context, 'account'), hash, change: what }
  return await context.run('pendingChange', input)
}

const ACTIONS = {
  list: async (context: CommandContext): Promise<Answer> =>
    await context.client.chain.pending({ network: networkOf(context) }),
  bump: (context: CommandContext) => change(context, 'bump'),
  cancel: (context: CommandContext) => change(context, 'cancel'),
  send: (context: CommandContext) => change(context, 'send'),
}

const OUTCOMES: Readonly<Record<PendingChangeAnswer['outcome'], string>> = {
  done: 'it is final',
  cancelled: 'it is cancelled: nothing was done',
  void: 'neither can be taken into a block any more',
}

export const pendingCommand = defineCommand<Answer>({
  usage:
    'list | bump TRANSACTION | cancel TRANSACTION | send TRANSACTION, each with --network practice|NAME [--account ADDRESS]',
  detail:
    'A replacement has the nonce of the transaction it replaces, so only one of the two can ever happen. For a watched account the replacement is a file to sign on another machine (wallet sign), take in here (wallet take) and send.',
  positionals: [1, 2],
  options: { network: CHAIN_OPTIONS.network, account: CHAIN_OPTIONS.account },
  answer: z.union([pendingAnswer, pendingChangeAnswer]),
  run: async (context) => ({ answer: await dispatch('pending', ACTIONS, context) }),
  report: (answer) =>
    'pending' in answer
      ? answer.pending.length === 0
        ? ['nothing waits']
        : answer.pending.map(
            (each) =>
              `${each.transaction}  number ${each.nonce}, ${each.stage}, at most ${formatUnits(each.max_fee_per_gas_wei, 'gwei')} gwei a gas${each.cancels ? ', a cancellation' : ''}`,
          )
      : [`${answer.transaction}  ${OUTCOMES[answer.outcome]} (fee ${formatEther(answer.fee_wei)} ETH)`],
})
