/** What a command is: a file in commands/, with its name and summary in the registry, commands/index.ts. */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { z } from 'zod'
import type { EngineClient, RunJobOptions } from '../../../shared/contract/client.ts'
import type { JobInput, JobKind, JobOutput } from '../../../shared/contract/jobs.ts'
import type { Engine } from '../../engine/engine.ts'

/** Wrong usage: exit code 2. */
export class UsageError extends Error {}

export interface CommandContext {
  readonly engine: Engine
  readonly client: EngineClient
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly signal: AbortSignal
  /** A file or folder named on the command line, as a token for the engine. */
  file(path: string): string
  /** Starts a job, shows its progress on standard error and waits for its answer. */
  run<K extends JobKind>(kind: K, input: JobInput<K>, options?: RunJobOptions): Promise<JobOutput<K>>
  /** Opens the project that a positional names. */
  openProject(path: string): Promise<void>
  /** Prints a message for the user on standard error. */
  say(line: string): void
}

interface CommandResult<A> {
  readonly answer: A
  /** 3 if some inputs were refused. An answer such as "ambiguous" is a success: 0. */
  readonly exitCode?: 0 | 1 | 3
  /** True for a command that had to print its answer before it ended. */
  readonly printed?: boolean
}

/** What is known of a command before it is loaded. */
export interface CommandEntry {
  readonly name: string
  /** One clause, without capital or full stop. */
  readonly summary: string
  load(): Promise<Command>
}

export interface Command<A = unknown> {
  /** The arguments, as in `PROJECT PATH…`; a list if the command has several forms. */
  readonly usage: string | readonly string[]
  /** Options that apply to every form. */
  readonly everyForm?: string
  /** What its help says beyond the summary. */
  readonly detail?: string
  readonly positionals: readonly [least: number, most: number]
  readonly options: ParseArgsOptionsConfig
  readonly answer: z.ZodType<A>
  run(context: CommandContext): Promise<CommandResult<A>>
  /** The short report for people. */
  report(answer: A): readonly string[]
}

/** Keeps the answer type of a command while the registry forgets it. */
export function defineCommand<A>(command: Command<A>): Command {
  return command as unknown as Command
}
