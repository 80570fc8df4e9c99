import type { PackEntry, PacksAnswer } from '../../../../shared/contract/packs.ts'
import { packsAnswer } from '../../../../shared/contract/packs.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'

const USAGE = 'packs list, packs verify FILE, packs install FILE or packs remove DIGEST'

function files({ positionals, file }: CommandContext): string[] {
  if (positionals.length < 2) throw new UsageError(USAGE)
  return positionals.slice(1).map(file)
}

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<PacksAnswer>>> = {
  list: async ({ client }) => await client.packs.list(),
  verify: async (context) => await context.client.packs.verify({ files: files(context) }),
  install: async (context) => await context.client.packs.install({ files: files(context) }),
  async remove({ client, positionals }) {
    if (positionals.length !== 2) throw new UsageError(USAGE)
    return await client.packs.remove({ digest: positionals[1]! })
  },
}

function line(pack: PackEntry): string {
  const asks = (task: PackEntry['tasks'][number]): string =>
    task.targets === 'captions' ? 'captions' : `${task.classes} classes`
  const tasks = pack.tasks.map((task) => `${task.id} (${asks(task)}, base of ${task.base_size})`)
  const signed = pack.signed_by ? `signed by ${pack.signed_by}` : 'ships with the program'
  return `${pack.id}  ${pack.title}  ${pack.created}  ${signed}  ${tasks.join(', ') || 'no task'}  ${pack.digest}`
}

export const packsCommand = defineCommand<PacksAnswer>({
  usage: ['list', 'verify|install FILE…', 'remove DIGEST'],
  positionals: [1, 101],
  options: {},
  answer: packsAnswer,
  async run(context) {
    const action = context.positionals[0]!
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
    if (!act) throw new UsageError(USAGE)
    const answer = await act(context)
    for (const { path, reason } of answer.refused) context.say(`refused ${path}: ${reason}`)
    const refusedAll = action !== 'list' && answer.packs.length === 0
    return { answer, exitCode: answer.refused.length === 0 || action === 'list' ? 0 : refusedAll ? 1 : 3 }
  },
  report: (answer) =>
    answer.packs.flatMap((pack) => [line(pack), ...pack.warnings.map(({ reason }) => `  warning: ${reason}`)]),
})
