import { practiceAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'

const ACTIONS = {
  start: ({ run }: CommandContext) => run('practiceStart', {}),
  status: ({ client }: CommandContext) => client.chain.practice(),
  stop: ({ client }: CommandContext) => client.chain.practiceStop(),
} as const

export const practiceCommand = defineCommand({
  usage: 'start|status|stop',
  positionals: [1, 1],
  options: {},
  answer: practiceAnswer,
  async run(context) {
    const action = context.positionals[0]!
    if (!Object.hasOwn(ACTIONS, action)) throw new UsageError('practice start, practice status or practice stop')
    return { answer: await ACTIONS[action as keyof typeof ACTIONS](context) }
  },
  report: (answer) =>
    answer.running
      ? [
          `running, chain ${answer.chain_id}`,
          `rpc     ${answer.rpc_url}`,
          `upload  ${answer.upload_url}`,
          ...Object.entries(answer.contracts).map(([name, address]) => `${name}  ${address}`),
        ]
      : ['not running'],
})
