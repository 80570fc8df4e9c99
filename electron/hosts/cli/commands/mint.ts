import { mintAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand, UsageError } from '../command.ts'

export const mintCommand = defineCommand({
  name: 'mint',
  usage: 'PACKAGE --network practice|NAME [--dry-run]',
  summary: 'mints a package; run again it finds its own mint',
  positionals: [1, 1],
  options: { network: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  answer: mintAnswer,
  async run({ run, file, positionals, options }) {
    const { network } = options
    if (typeof network !== 'string') throw new UsageError('mint needs --network practice or the name of a network')
    return {
      answer: await run('mint', { package: file(positionals[0]!), network, dryRun: options['dry-run'] === true }),
    }
  },
  report: (answer) => [
    answer.already_minted ? 'Minted already; nothing was done.' : `Minted on ${answer.network}.`,
    `token       ${answer.token_id}`,
    `collection  ${answer.contract}`,
    ...(answer.transaction ? [`transaction ${answer.transaction}`] : []),
    `gas         ${answer.gas_used} (fee ${answer.fee_wei} wei)`,
  ],
})
