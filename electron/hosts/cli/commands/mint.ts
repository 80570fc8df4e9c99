import { formatEther } from 'ethers'
import { z } from 'zod'
import {
  mintAnswer,
  mintBatchAnswer,
  type MintAnswer,
  type MintBatchAnswer,
} from '../../../../shared/contract/answers.ts'
import { CHAIN_OPTIONS, CHAIN_USAGE, networkOf, optionalAddress, royalty } from '../chain-command.ts'
import { defineCommand } from '../command.ts'
import { packageFile } from '../package-argument.ts'

type Answer = MintAnswer | MintBatchAnswer

export const mintCommand = defineCommand<Answer>({
  usage: 'PACKAGE… [--royalty PERCENT]',
  everyForm: CHAIN_USAGE,
  detail:
    'Several packages are minted in one transaction, all of them or none. The first mint of an account creates its collection and sets its royalty: 5 % by default.',
  positionals: [1, 200],
  options: { ...CHAIN_OPTIONS, royalty: { type: 'string' } },
  answer: z.union([mintAnswer, mintBatchAnswer]),
  async run(context) {
    const { run, positionals, options } = context
    const terms = {
      network: networkOf(context),
      account: optionalAddress(context, 'account'),
      dryRun: options['dry-run'] === true,
      royaltyBasisPoints: royalty(context),
    }
    const packages = positionals.map((path) => packageFile(context, path))
    if (packages.length > 1) return { answer: await run('mintBatch', { packages, ...terms }) }
    return { answer: await run('mint', { package: packages[0]!, ...terms }) }
  },
  report: (answer) => [
    answer.already_minted
      ? 'Minted already; nothing was done.'
      : answer.transaction === null
        ? `Not minted: this is what it would be on ${answer.network}.`
        : `Minted on ${answer.network}.`,
    ...('works' in answer
      ? answer.works.map((work) => `token       ${work.token_id}`)
      : [`token       ${answer.token_id}`]),
    `collection  ${answer.contract}`,
    ...(answer.transaction ? [`transaction ${answer.transaction}`] : []),
    `gas         ${answer.gas_used} (fee ${formatEther(answer.fee_wei)} ETH)`,
  ],
})
