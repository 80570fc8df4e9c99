import { CID } from 'multiformats/cid'
import { packAnswer, type PackAnswer } from '../../../../shared/contract/answers.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'
import { packageFile } from '../package-argument.ts'
import { byteSize } from '../wording.ts'

const DAG_PB = 0x70
const SHA2_256 = 0x12

/** A content address as packages have it: anything else would be a work that nobody can ever find. */
function rootNamed(text: string): string {
  try {
    const cid = CID.parse(text)
    if (cid.version === 1 && cid.code === DAG_PB && cid.multihash.code === SHA2_256) return text
  } catch {
    // Letters that make no address.
  }
  throw new UsageError(
    '--supersedes is not the root CID of a package (bafybei… and 52 letters and digits): copy it again',
  )
}

/** The root CID of the package that is replaced, named by itself or by where it lies. */
async function rootOf(named: string, context: CommandContext): Promise<string> {
  if (/^bafybei[a-z2-7]*$/.test(named)) return rootNamed(named)
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
  detail: '--encrypt encrypts the recordings; lease-key releases the key to whoever leases the work.',
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
    ...(answer.supersedes === undefined ? [] : [`replaces ${answer.supersedes}`]),
    ...answer.checks.map(
      (check) =>
        `  ${check.ok ? 'ok    ' : 'failed'} ${check.id}: ${check.detail}${check.ok || !check.fix ? '' : ` ${check.fix}`}`,
    ),
  ],
})
