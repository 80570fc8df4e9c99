import { formatEther } from 'ethers'
import { z } from 'zod'
import {
  LIST_KINDS,
  listsAnswer,
  listSignAnswer,
  type ListKind,
  type ListsAnswer,
} from '../../../../shared/contract/lists.ts'
import { dispatch, networkOf, optional, optionalAddress, text } from '../chain-command.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'

type Answer = ListsAnswer | z.infer<typeof listSignAnswer>

function named({ positionals }: CommandContext, what: string): string {
  const value = positionals[1]
  if (value === undefined) throw new UsageError(`lists ${positionals[0]} ${what}`)
  return value
}

function kindOf(context: CommandContext): ListKind {
  const kind = LIST_KINDS.find((each) => each === context.options['kind'])
  if (!kind) throw new UsageError(`--kind is one of ${LIST_KINDS.join(', ')}`)
  return kind
}

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<Answer>>> = {
  async show(context) {
    if (context.positionals[1] !== undefined) await context.openProject(context.positionals[1])
    return await context.client.lists.all()
  },
  import: async (context) => await context.client.lists.take({ file: context.file(named(context, 'FILE')) }),
  remove: async (context) => await context.client.lists.remove({ id: named(context, 'ID') }),
  async sign(context) {
    const content = optional(context, 'content')
    return await context.run('listSign', {
      kind: kindOf(context),
      content: content === null ? null : context.file(content),
      network: networkOf(context),
      account: optionalAddress(context, 'account'),
      out: context.file(text(context, 'out', 'the file to hand out')),
    })
  },
}

function lines(list: ListsAnswer['lists'][number]): string[] {
  const over = list.over ? ' (over)' : ''
  return [
    `${list.id}  ${list.title}${over}, signed by ${list.issuer}${list.kind === 'wanted' ? '' : `: ${list.works} works`}`,
    ...list.needs.map(
      (need) =>
        `  ${need.fits ? 'fits  ' : 'lacks '} ${need.title ?? need.text ?? need.id}, up to ${formatEther(need.budget_wei)} ETH${need.fits ? '' : `: ${need.missing.join('; ')}`}`,
    ),
  ]
}

export const listsCommand = defineCommand<Answer>({
  usage: [
    'show [PROJECT]',
    'import FILE',
    'remove ID',
    'sign --kind wanted|fingerprints [--content FILE] --network practice|NAME [--account ADDRESS] --out FILE',
  ],
  detail:
    'show PROJECT compares a wanted list with a project, offline. A list of fingerprints is part of the index of known works until it is removed. A list without a valid signature is refused.',
  positionals: [1, 2],
  options: {
    kind: { type: 'string' },
    content: { type: 'string' },
    network: { type: 'string' },
    account: { type: 'string' },
    out: { type: 'string' },
  },
  answer: z.union([listsAnswer, listSignAnswer]),
  run: async (context) => ({ answer: await dispatch('lists', ACTIONS, context) }),
  report: (answer) =>
    'lists' in answer
      ? answer.lists.length === 0
        ? ['no lists yet: asterism lists import FILE']
        : answer.lists.flatMap(lines)
      : [`${answer.path}: "${answer.title}", signed by ${answer.issuer}`],
})
