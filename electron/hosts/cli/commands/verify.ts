import { verifyAnswer } from '../../../../shared/contract/package-answers.ts'
import { defineCommand } from '../command.ts'
import { packageFile } from '../package-argument.ts'
import { byteSize } from '../wording.ts'

export const verifyCommand = defineCommand({
  usage: 'PACKAGE',
  detail:
    'PACKAGE is its folder, its CAR file, or a folder into which only it was packed. The exit code is 1 if anything is wrong.',
  positionals: [1, 1],
  options: {},
  answer: verifyAnswer,
  async run(context) {
    const answer = await context.run('verify', { package: packageFile(context, context.positionals[0]!) })
    return { answer, exitCode: answer.ok ? 0 : 1 }
  },
  report: (answer) => [
    answer.ok ? `${answer.path}: whole, ${answer.files} files, ${byteSize(answer.bytes)}` : `${answer.path}: NOT whole`,
    ...answer.failures.map((failure) => `  ${failure.path}: ${failure.what}`),
    ...(answer.root_cid === null ? [] : [`root CID ${answer.root_cid}`]),
    ...(answer.token_id === null ? [] : [`token    ${answer.token_id}`]),
    ...(answer.signer === null ? [] : [`signed by ${answer.signer}`]),
    ...(answer.sealed === null ? [] : [`sealed   ${answer.sealed.files} recordings, for ${answer.sealed.recipient}`]),
    ...(answer.credentials === null
      ? []
      : [`credentials of ${answer.credentials.files} files by ${answer.credentials.signers.join('; ')}`]),
    ...(answer.blocking.length === 0
      ? []
      : [`may not be minted: ${answer.blocking.join(', ')} failed when it was packed`]),
  ],
})
