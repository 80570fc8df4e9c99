import { formatEther } from 'ethers'
import { z } from 'zod'
import { practiceAnswer, type PracticeAnswer } from '../../../../shared/contract/answers.ts'
import { addressText, wei } from '../../../../shared/contract/chain-basics.ts'
import { dispatch } from '../chain-command.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'

const fundAnswer = z.object({ address: addressText, balance_wei: wei })
type Answer = PracticeAnswer | z.infer<typeof fundAnswer>

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<Answer>>> = {
  start: async ({ run }) => await run('practiceStart', {}),
  status: async ({ client }) => await client.chain.practice(),
  stop: async ({ client }) => await client.chain.practiceStop(),
  async fund({ client, positionals }) {
    const named = addressText.safeParse(positionals[1])
    if (!named.success) throw new UsageError('practice fund ADDRESS: of an account, as wallet list shows it')
    return { address: named.data, balance_wei: (await client.wallets.fund({ address: named.data })).wei }
  },
}

export const practiceCommand = defineCommand<Answer>({
  usage: ['start|status|stop', 'fund ADDRESS'],
  detail: 'Practice ether is worth nothing. The practice account has some; fund gives some to one of your accounts.',
  positionals: [1, 2],
  options: {},
  answer: z.union([practiceAnswer, fundAnswer]),
  run: async (context) => ({ answer: await dispatch('practice', ACTIONS, context) }),
  report(answer) {
    if ('address' in answer) return [`${answer.address} has ${formatEther(answer.balance_wei)} practice ETH`]
    if (!answer.running) return ['not running']
    return [
      `running, chain ${answer.chain_id}`,
      `rpc     ${answer.rpc_url}`,
      `upload  ${answer.upload_url}`,
      ...Object.entries(answer.contracts).map(([name, address]) => `${name}  ${address}`),
    ]
  },
})
