import { signAnswer } from '../../../../shared/contract/package-answers.ts'
import { defineCommand, UsageError } from '../command.ts'

export const signCommand = defineCommand({
  usage: 'PACKAGE --network practice|NAME',
  positionals: [1, 1],
  options: { network: { type: 'string' } },
  answer: signAnswer,
  async run({ run, file, positionals, options }) {
    const { network } = options
    if (typeof network !== 'string') throw new UsageError('sign needs --network practice or the name of a network')
    return { answer: await run('sign', { package: file(positionals[0]!), network }) }
  },
  report: (answer) => [`signed by ${answer.signer}`, answer.path],
})
