import { z } from 'zod'
import { keyOpenAnswer, keyReleaseAnswer, keyRequestAnswer } from '../../../../shared/contract/lease-keys.ts'
import { isoDateOf } from '../../../engine/chain/ledger/chain-time.ts'
import { dispatch, networkOf, optional, optionalAddress, text } from '../chain-command.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'
import { packageFile } from '../package-argument.ts'
import { workNamed } from '../work-argument.ts'
import { byteSize } from '../wording.ts'

type Answer = z.infer<typeof keyRequestAnswer> | z.infer<typeof keyReleaseAnswer> | z.infer<typeof keyOpenAnswer>

function named({ positionals, file }: CommandContext, what: string): string {
  const path = positionals[1]
  if (path === undefined) throw new UsageError(`lease-key ${positionals[0]} ${what}`)
  return file(path)
}

/** The file to send to the lessee; null: beside the package. */
function outOf(context: CommandContext): string | null {
  const out = optional(context, 'out')
  return out === null ? null : context.file(out)
}

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<Answer>>> = {
  async request(context) {
    const work = await workNamed(context.positionals[1])
    return await context.run('keyRequest', {
      network: networkOf(context),
      account: optionalAddress(context, 'account'),
      work,
      out: context.file(text(context, 'out', 'the file to send to the owner')),
    })
  },
  release: async (context) =>
    await context.run('keyRelease', {
      request: named(context, 'REQUEST'),
      package: packageFile(context, text(context, 'package', 'the sealed package')),
      network: optional(context, 'network'),
      out: outOf(context),
    }),
  open: async (context) =>
    await context.run('keyOpen', {
      package: named(context, 'PACKAGE'),
      key: context.file(text(context, 'key', 'the file that the owner sent')),
      out: context.file(text(context, 'out', 'a folder for the recordings')),
    }),
}

const day = (seconds: number): string => isoDateOf(BigInt(seconds))

export const leaseKeyCommand = defineCommand<Answer>({
  usage: [
    'request WORK --network practice|NAME [--account ADDRESS] --out FILE',
    'release REQUEST --package PACKAGE [--network NAME] [--out FILE]',
    'open PACKAGE --key FILE --out DIR',
  ],
  detail:
    'request: the lab asks, signed by its account. release: the owner releases the key, only while the chain shows that account as the lessee (for a lease on a test network, only if --network names it). open: the lab opens the package. After the lease ends no key is released; what was opened stays open.',
  positionals: [2, 2],
  options: {
    network: { type: 'string' },
    account: { type: 'string' },
    package: { type: 'string' },
    key: { type: 'string' },
    out: { type: 'string' },
  },
  answer: z.union([keyOpenAnswer, keyReleaseAnswer, keyRequestAnswer]),
  run: async (context) => ({ answer: await dispatch('lease-key', ACTIONS, context) }),
  report(answer) {
    if ('files' in answer) return [`${answer.path}: ${answer.files} files, ${byteSize(answer.bytes)}`]
    if ('expires' in answer) {
      return [answer.path, `for ${answer.user}, whose lease ends ${day(answer.expires)}`]
    }
    return [answer.path, `asks for the key of ${answer.token_id} as ${answer.user}`]
  },
})
