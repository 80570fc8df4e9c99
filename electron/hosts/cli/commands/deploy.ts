import { actAnswer } from '../../../../shared/contract/chain-acts.ts'
import { act, actReport, CHAIN_OPTIONS, CHAIN_USAGE } from '../chain-command.ts'
import { defineCommand } from '../command.ts'

export const deployCommand = defineCommand({
  usage: CHAIN_USAGE,
  detail:
    'They get the same addresses as everywhere. Whoever deploys them pays the fee, once for everybody. Contracts that are already there are compared with the shipped ones.',
  positionals: [0, 0],
  options: CHAIN_OPTIONS,
  answer: actAnswer,
  run: async (context) => ({ answer: await act(context, { act: 'deploy' }) }),
  report: actReport,
})
