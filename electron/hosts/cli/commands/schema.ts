import { z } from 'zod'
import { defineCommand, UsageError, type Command } from '../command.ts'

/** @param others every other command: a function, since the registry holds this one too */
export function schemaCommand(others: () => readonly Command[]): Command {
  return defineCommand({
    name: 'schema',
    usage: 'COMMAND',
    summary: 'the JSON Schema of what a command prints with --json',
    positionals: [1, 1],
    options: {},
    answer: z.record(z.string(), z.unknown()),
    async run({ positionals }) {
      const command = others().find((each) => each.name === positionals[0])
      if (!command) throw new UsageError(`there is no command "${positionals[0]}"`)
      const schema = z.toJSONSchema(command.answer, { io: 'output', unrepresentable: 'any' })
      return { answer: { ...schema, title: `asterism ${command.name} --json` } as Record<string, unknown> }
    },
    // A schema is JSON for people too.
    report: (answer) => [JSON.stringify(answer, null, 2)],
  })
}
