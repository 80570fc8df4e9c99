import { z } from 'zod'
import {
  mintAnswer,
  mintBatchAnswer,
  type MintAnswer,
  type MintBatchAnswer,
} from '../../../../shared/contract/answers.ts'
import { defineCommand, UsageError } from '../command.ts'
import { packageFile } from '../package-argument.ts'

type Answer = MintAnswer | MintBatchAnswer

export const mintCommand = defineCommand<Answer>({
  usage: 'PACKAGE… --network practice|NAME [--dry-run]',
  detail: 'Several packages are minted in one transaction, all of them or none.',
  positionals: [1, 200],
  options: { network: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  answer: z.union([mintAnswer, mintBatchAnswer]),
  async run(context) {
    const { run, positionals, options } = context
    const { network } = options
    if (typeof network !== 'string') throw new UsageError('mint needs --network practice or the name of a network')
    const dryRun = options['dry-run'] === true
    const packages = positionals.map((path) => packageFile(context, path))
    if (packages.length > 1) return { answer: await run('mintBatch', { packages, network, dryRun }) }
    return { answer: await run('mint', { package: packages[0]!, network, dryRun }) }
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
    `gas         ${answer.gas_used} (fee ${answer.fee_wei} wei)`,
  ],
})
