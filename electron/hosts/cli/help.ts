/** What `help` prints: all commands on one screen, or one command with its forms. */
import type { Command, CommandEntry } from './command.ts'
import { commandGroups, commands } from './commands/index.ts'

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100

/** Wraps text to lines of at most `width` characters; all but the first are indented by `indent` spaces. */
function wrap(text: string, width: number, indent: number): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > width - indent) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join(`\n${' '.repeat(indent)}`)
}

/** Each form of a command, as it is typed. */
function forms(name: string, command: Command): string[] {
  const each = typeof command.usage === 'string' ? [command.usage] : command.usage
  return each.map((form) => ['asterism', name, form].filter(Boolean).join(' '))
}

/** One line of usage, for an error. */
export function usageOf(name: string, command: Command): string {
  const all = forms(name, command)
  return all.length === 1
    ? `usage: ${[...all, command.everyForm].filter(Boolean).join(' ')}`
    : `asterism ${name} --help shows its ${all.length} forms`
}

export function helpOnAll(columns: number): string {
  const width = Math.min(columns, WIDEST)
  const names = Math.max(...commands.map((command) => command.name.length)) + 4
  return [
    'asterism COMMAND [arguments] [--json]',
    ...commandGroups.flatMap(({ title, commands: some }) => [
      '',
      title,
      ...some.map((each) => `  ${each.name.padEnd(names - 2)}${wrap(each.summary, width, names)}`),
    ]),
    '',
    wrap(
      'asterism COMMAND --help tells more. --json prints one JSON document, which asterism schema COMMAND describes.',
      width,
      0,
    ),
  ].join('\n')
}

export function helpOnOne({ name, summary: clause }: CommandEntry, command: Command, columns: number): string {
  const width = Math.min(columns, WIDEST)
  const summary = `${clause[0]!.toUpperCase()}${clause.slice(1)}.`
  const text = wrap([summary, command.detail].filter(Boolean).join(' '), width, 0)
  const rest = command.everyForm ? [`    with ${command.everyForm}`] : []
  return [...forms(name, command).map((form) => wrap(form, width, 4)), ...rest, '', text].join('\n')
}

/** The command most likely meant by a mistyped name: it starts with it, or is at most two letters away. */
export function nearest(name: string): string | null {
  const begun = commands.find((each) => name.length > 1 && each.name.startsWith(name))
  const close = commands.map((each) => ({ name: each.name, letters: lettersApart(name, each.name) }))
  const best = close.reduce((least, each) => (each.letters < least.letters ? each : least))
  return begun?.name ?? (best.letters <= Math.min(2, name.length / 2) ? best.name : null)
}

/** Levenshtein distance. */
function lettersApart(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const swapped = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      line.push(Math.min(swapped, above[column]! + 1, line[column - 1]! + 1))
    }
    above = line
  }
  return above[b.length]!
}
