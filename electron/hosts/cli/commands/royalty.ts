import { actAnswer } from '../../../../shared/contract/chain-acts.ts'
import { act, actReport, CHAIN_OPTIONS, CHAIN_USAGE, optionalAddress, royalty } from '../chain-command.ts'
import { defineCommand, UsageError } from '../command.ts'

export const royaltyCommand = defineCommand({
  usage: '--royalty PERCENT [--to ADDRESS]',
  everyForm: CHAIN_USAGE,
  detail:
    'It applies to later sales of all works in the collection of the account: 0 to 10 %, paid to the account or to --to. --dry-run shows the current royalty and changes nothing.',
  positionals: [0, 0],
  options: { ...CHAIN_OPTIONS, royalty: { type: 'string' }, to: { type: 'string' } },
  answer: actAnswer,
  async run(context) {
    const royaltyBasisPoints = royalty(context)
    if (royaltyBasisPoints === undefined) throw new UsageError('--royalty is missing: a percentage from 0 to 10')
    const receiver = optionalAddress(context, 'to')
    return { answer: await act(context, { act: 'setRoyalty', collection: null, receiver, royaltyBasisPoints }) }
  },
  report: actReport,
})
