import { z } from 'zod'
import { defineCommand, UsageError, type Command, type CommandEntry } from '../command.ts'

/** @param entryOf any command by its name: given, since the registry holds this one too */
export function schemaCommand(entryOf: (name: string) => CommandEntry | undefined): Command {
  return defineCommand({
    usage: 'COMMAND',
    positionals: [1, 1],
    options: {},
    answer: z.record(z.string(), z.unknown()),
    async run({ positionals }) {
      const entry = entryOf(positionals[0]!)
      if (!entry) throw new UsageError(`there is no command "${positionals[0]}"`)
      const schema = z.toJSONSchema((await entry.load()).answer, { io: 'output', unrepresentable: 'any' })
      return { answer: { ...schema, title: `asterism ${entry.name} --json` } as Record<string, unknown> }
    },
    // A schema is JSON for people too: line by line, since a line that holds an end of line is written as one line.
    report: (answer) => JSON.stringify(answer, null, 2).split('\n'),
  })
}
