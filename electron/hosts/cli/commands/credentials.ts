import { credentialsAnswer } from '../../../../shared/contract/package-answers.ts'
import { defineCommand } from '../command.ts'
import { packageFile } from '../package-argument.ts'

export const credentialsCommand = defineCommand({
  usage: 'PACKAGE [--embed DIR]',
  detail:
    'They are written beside the package; --embed also writes copies that contain theirs. The root certificate is this machine’s own.',
  positionals: [1, 1],
  options: { embed: { type: 'string' } },
  answer: credentialsAnswer,
  async run(context) {
    const { embed } = context.options
    const embedIn = typeof embed === 'string' ? context.file(embed) : null
    const named = packageFile(context, context.positionals[0]!)
    return { answer: await context.run('credentials', { package: named, embedIn }) }
  },
  report: (answer) => [
    ...answer.files.map(
      (each) => `${each.path}  ${each.embedded ?? each.credentials}${each.note ? ` (${each.note})` : ''}`,
    ),
    `signed by this machine alone, root ${answer.root_sha256}`,
  ],
})
