import { actAnswer } from '../../../../shared/contract/chain-acts.ts'
import { act, actReport, addressOption, CHAIN_OPTIONS, CHAIN_USAGE } from '../chain-command.ts'
import { defineCommand } from '../command.ts'
import { WORK_MEANS, workNamed } from '../work-argument.ts'

export const transferCommand = defineCommand({
  usage: 'WORK --to ADDRESS',
  everyForm: CHAIN_USAGE,
  detail: WORK_MEANS,
  positionals: [1, 1],
  options: { ...CHAIN_OPTIONS, to: { type: 'string' } },
  answer: actAnswer,
  async run(context) {
    const to = addressOption(context, 'to', 'whom to give it to')
    return { answer: await act(context, { act: 'transfer', work: await workNamed(context.positionals[0]), to }) }
  },
  report: actReport,
})
