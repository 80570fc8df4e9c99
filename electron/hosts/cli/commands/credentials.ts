import { credentialsAnswer } from '../../../../shared/contract/package-answers.ts'
import { defineCommand } from '../command.ts'

export const credentialsCommand = defineCommand({
  usage: 'PACKAGE [--embed DIR]',
  detail:
    'They are written beside the package; with --embed also copies that carry theirs. The root is this machine’s own.',
  positionals: [1, 1],
  options: { embed: { type: 'string' } },
  answer: credentialsAnswer,
  async run({ run, file, positionals, options }) {
    const { embed } = options
    const embedIn = typeof embed === 'string' ? file(embed) : null
    return { answer: await run('credentials', { package: file(positionals[0]!), embedIn }) }
  },
  report: (answer) => [
    ...answer.files.map(
      (each) => `${each.path}  ${each.embedded ?? each.credentials}${each.note ? ` (${each.note})` : ''}`,
    ),
    `signed by this machine alone, root ${answer.root_sha256}`,
  ],
})
