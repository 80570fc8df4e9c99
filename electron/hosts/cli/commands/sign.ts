import { signAnswer } from '../../../../shared/contract/package-answers.ts'
import { defineCommand, UsageError } from '../command.ts'
import { packageFile } from '../package-argument.ts'

export const signCommand = defineCommand({
  usage: 'PACKAGE --network practice|NAME',
  positionals: [1, 1],
  options: { network: { type: 'string' } },
  answer: signAnswer,
  async run(context) {
    const { network } = context.options
    if (typeof network !== 'string') throw new UsageError('sign needs --network practice or the name of a network')
    const answer = await context.run('sign', { package: packageFile(context, context.positionals[0]!), network })
    return { answer }
  },
  report: (answer) => [`signed by ${answer.signer}`, answer.path],
})
