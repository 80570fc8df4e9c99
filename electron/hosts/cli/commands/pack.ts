import { packAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand, UsageError } from '../command.ts'
import { byteSize } from '../wording.ts'

export const packCommand = defineCommand({
  name: 'pack',
  usage: 'PROJECT --out DIR [--license ID] [--buyer PROFILE]',
  summary: 'the submission package, under one content address',
  positionals: [1, 1],
  options: { out: { type: 'string' }, license: { type: 'string' }, buyer: { type: 'string' } },
  answer: packAnswer,
  async run({ openProject, run, file, positionals, options }) {
    const { out, license, buyer } = options
    if (typeof out !== 'string') throw new UsageError('pack needs --out DIR')
    await openProject(positionals[0]!)
    const answer = await run('pack', {
      out: file(out),
      licence: typeof license === 'string' ? license : null,
      profile: typeof buyer === 'string' ? buyer : null,
    })
    return { answer }
  },
  report: (answer) => [
    `${answer.path}: ${answer.files} files, ${byteSize(answer.bytes)}`,
    `root CID ${answer.root_cid}`,
    `CAR      ${answer.car}`,
    ...answer.checks.map(
      (check) =>
        `  ${check.ok ? 'ok    ' : 'failed'} ${check.id}: ${check.detail}${check.ok || !check.fix ? '' : ` ${check.fix}`}`,
    ),
  ],
})
