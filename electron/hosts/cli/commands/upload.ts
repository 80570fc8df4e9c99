import { uploadAnswer } from '../../../../shared/contract/package-answers.ts'
import { schemeOf } from '../../../../shared/publish/destination.ts'
import { networkOf, optional, optionalAddress } from '../chain-command.ts'
import { defineCommand, UsageError } from '../command.ts'
import { packageFile } from '../package-argument.ts'
import { byteSize } from '../wording.ts'

/** `500k`, `2.5M` or plain bytes a second, decimal units as networks count. */
function rateOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text)
  const rate = found ? Number(found[1]) * { '': 1, k: 1e3, M: 1e6, G: 1e9 }[found[2] as '' | 'k' | 'M' | 'G'] : 0
  if (!(rate > 0)) throw new UsageError('--limit takes bytes a second, as in 500k or 2.5M')
  return rate
}

export const uploadCommand = defineCommand({
  usage: [
    'PACKAGE --to TARGET [--headers FILE] [--limit RATE]',
    'PACKAGE --to TARGET --sign-in ADDRESS --network practice|NAME [--account ADDRESS] [--limit RATE]',
  ],
  detail:
    'TARGET is a folder, https://… (tus), s3://bucket/name, kubo+http://… or pin+https://… (IPFS). --sign-in signs in with an account (EIP-4361), at ADDRESS/nonce and ADDRESS/verify of the same server.',
  positionals: [1, 1],
  options: {
    to: { type: 'string' },
    headers: { type: 'string' },
    limit: { type: 'string' },
    'sign-in': { type: 'string' },
    network: { type: 'string' },
    account: { type: 'string' },
  },
  answer: uploadAnswer,
  async run(context) {
    const { run, file, positionals, options } = context
    const { to, headers, limit } = options
    if (typeof to !== 'string' || to === '') throw new UsageError('upload needs --to TARGET')
    const signInAt = optional(context, 'sign-in')
    const answer = await run('upload', {
      package: packageFile(context, positionals[0]!),
      to: schemeOf(to) === null ? { folder: file(to.replace(/^folder:/, '')) } : { address: to },
      headers: typeof headers === 'string' ? file(headers) : null,
      bytesPerSecond: typeof limit === 'string' ? rateOf(limit) : null,
      ...(signInAt === null
        ? {}
        : { signIn: { at: signInAt, network: networkOf(context), account: optionalAddress(context, 'account') } }),
    })
    // Sent but not read back is done in part.
    return { answer, exitCode: answer.verified ? 0 : 3 }
  },
  report: (answer) => [
    `${answer.location} (${answer.target})`,
    `sent ${byteSize(answer.bytes_sent)}, there already ${byteSize(answer.bytes_skipped)}`,
    answer.verified ? 'read back: it is what was sent' : `NOT verified: ${answer.note ?? 'it was not read back'}`,
  ],
})
