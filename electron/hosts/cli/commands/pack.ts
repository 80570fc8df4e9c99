import { packAnswer, type PackAnswer } from '../../../../shared/contract/answers.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'
import { packageFile } from '../package-argument.ts'
import { byteSize } from '../wording.ts'

/** The root CID of the package that is replaced, named by itself or by where it lies. */
async function rootOf(named: string, context: CommandContext): Promise<string> {
  if (/^baf[a-z2-7]{50,}$/.test(named)) return named
  const { root_cid: root, ok } = await context.run('verify', { package: packageFile(context, named) })
  if (root !== null && ok) return root
  throw new AsterismError('corrupt_file', 'The package that is to be superseded is not whole.', {
    path: named,
    fix: 'Name its root CID.',
  })
}

/** As the command line answers: in English alone. */
export const inWords = (answer: PackAnswer): PackAnswer => ({
  ...answer,
  checks: answer.checks.map((check) => ({ ...check, said: undefined })),
})

export const packCommand = defineCommand({
  usage: 'PROJECT --out DIR [--license ID] [--buyer PROFILE] [--supersedes PACKAGE|ROOT_CID] [--encrypt]',
  detail: '--encrypt seals the recordings: they open with a key that lease-key releases to whoever leases the work.',
  positionals: [1, 1],
  options: {
    out: { type: 'string' },
    license: { type: 'string' },
    buyer: { type: 'string' },
    supersedes: { type: 'string' },
    encrypt: { type: 'boolean' },
  },
  answer: packAnswer,
  async run(context) {
    const { openProject, run, file, positionals, options } = context
    const { out, license, buyer, supersedes } = options
    if (typeof out !== 'string') throw new UsageError('pack needs --out DIR')
    await openProject(positionals[0]!)
    const answer = await run('pack', {
      out: file(out),
      licence: typeof license === 'string' ? license : null,
      profile: typeof buyer === 'string' ? buyer : null,
      supersedes: typeof supersedes === 'string' ? await rootOf(supersedes, context) : null,
      seal: options['encrypt'] === true,
    })
    return { answer: inWords(answer) }
  },
  report: (answer) => [
    `${answer.path}: ${answer.files} files, ${byteSize(answer.bytes)}`,
    `root CID ${answer.root_cid}`,
    `CAR      ${answer.car}`,
    ...(answer.sealed_for === undefined ? [] : [`sealed   for ${answer.sealed_for}`]),
    ...answer.checks.map(
      (check) =>
        `  ${check.ok ? 'ok    ' : 'failed'} ${check.id}: ${check.detail}${check.ok || !check.fix ? '' : ` ${check.fix}`}`,
    ),
  ],
})
