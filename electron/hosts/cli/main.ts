/** The command line: arguments in; one report or one JSON document and an exit code out. It has no feature logic. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { asEngineError, runJob } from '../../../shared/contract/client.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { visibleLine, visibleText } from '../../../shared/visible-text.ts'
import { keepDumpsEmpty } from '../../engine/empty-dumps.ts'
import { errorPath, fileError } from '../../engine/file-errors.ts'
import { homeFolder } from '../../engine/home.ts'
import { farmSettings } from '../../engine/jobs/farm/settings.ts'
import { VERSION } from '../../engine/version.ts'
import { UsageError, type Command, type CommandContext, type CommandEntry } from './command.ts'
import { commands } from './commands/index.ts'
import { helpOnAll, helpOnOne, nearest, usageOf } from './help.ts'
import { outliveReader, writeAnswer } from './lost-reader.ts'
import { createProgressView } from './progress.ts'
import { terminalHost } from './terminal-host.ts'

const COMMON: ParseArgsOptionsConfig = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }

/** Node's first sentence, and what to do about a word that begins with a dash and is no option. */
function complaintOf(message: string, words: readonly string[]): string {
  const what = `${message.split(/\.\s/)[0]!.replace(/\.$/, '')}.`
  if (words.some((word) => word.startsWith('-') && existsSync(word))) {
    return `${what} A path that begins with "-" goes behind " -- ", or begins with "./".`
  }
  return what.includes('ambiguous') ? `${what} A value that begins with "-" goes behind "=".` : what
}

function parse(
  name: string,
  command: Command,
  words: string[],
): { positionals: string[]; options: CommandContext['options'] } {
  try {
    const parsed = parseArgs({
      args: words,
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    })
    const [least, most] = command.positionals
    if (!parsed.values.help && (parsed.positionals.length < least || parsed.positionals.length > most)) {
      throw new UsageError(usageOf(name, command))
    }
    return { positionals: parsed.positionals, options: parsed.values as CommandContext['options'] }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${complaintOf((error as Error).message, words)} ${usageOf(name, command)}`)
  }
}

/** Answers name files as the user typed them, not as the engine resolved them. */
function asGiven(answer: unknown, given: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(answer)) return answer.map((each) => asGiven(each, given))
  if (answer === null || typeof answer !== 'object') return answer
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [
      key,
      key === 'path' && typeof value === 'string' ? (given.get(value) ?? value) : asGiven(value, given),
    ]),
  )
}

/** A variable of a script that is not set would otherwise name the folder that one works in. */
function named(path: string): string {
  if (path === '') throw new UsageError('a path is empty')
  return path
}

const columns = (): number => process.stdout.columns ?? 80

function commandNamed(name: string): CommandEntry {
  const command = commands.find((each) => each.name === name)
  if (command) return command
  const meant = nearest(name)
  throw new UsageError(
    `there is no command "${name}". ${meant ? `Did you mean "${meant}"?` : 'asterism help lists them.'}`,
  )
}

async function execute(entry: CommandEntry, words: string[], signal: AbortSignal): Promise<number> {
  const command = await entry.load()
  const { positionals, options } = parse(entry.name, command, words)
  if (options['help']) {
    await writeAnswer(`${helpOnOne(entry, command, columns())}\n`)
    return 0
  }
  const json = options['json'] === true
  // Help and wrong usage do not need it.
  const { createEngine } = await import('../../engine/engine.ts')
  const engine = await createEngine({
    home: homeFolder(),
    host: terminalHost(),
    resumeJobs: false,
    farm: farmSettings(),
  })
  const view = createProgressView(process.stderr)
  const given = new Map<string, string>()
  try {
    const context: CommandContext = {
      engine,
      client: engine.client,
      positionals,
      options,
      signal,
      file(path) {
        const absolute = resolve(named(path))
        given.set(absolute, path)
        return engine.grantFile(absolute)
      },
      run: (kind, input, extra) =>
        runJob(engine.client, kind, input, {
          signal,
          ...extra,
          onProgress(job) {
            view.show(job)
            extra?.onProgress?.(job)
          },
        }).finally(() => view.end()),
      async openProject(path) {
        await engine.client.projects.openFile({ file: engine.grantFile(resolve(named(path))), create: false })
      },
      say: (line) => void process.stderr.write(`${visibleLine(line)}\n`),
    }
    const { answer, exitCode, printed } = await command.run(context)
    if (printed) return exitCode ?? 0
    const shown = asGiven(command.answer.parse(answer), given)
    const lines = json ? JSON.stringify(shown, null, 2).split('\n') : command.report(shown)
    await writeAnswer(`${lines.map(visibleLine).join('\n')}\n`)
    return exitCode ?? 0
  } finally {
    view.end()
    await engine.close()
  }
}

function complain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n`)
    return 2
  }
  const failure = asEngineError(fileError(error, errorPath(error)))
  if (failure.code === 'cancelled') {
    process.stderr.write('cancelled\n')
    return 130
  }
  process.stderr.write(`error: ${visibleText(failure.sentence)}\n`)
  if (failure.code === 'internal' && error instanceof Error && !(error instanceof AsterismError)) {
    process.stderr.write(`${error.stack ?? ''}\n`)
  }
  return 1
}

async function main(argv: string[]): Promise<number> {
  const abort = new AbortController()
  // The first Ctrl-C cancels cleanly, the second ends at once. A listener that removed itself would leave the signal to
  // libraries, some of which end the process if nobody else listens.
  const stop = (): void => (abort.signal.aborted ? process.exit(130) : abort.abort())
  // A terminal that is closed is a Ctrl-C as well: programs that are encoding would go on for nobody.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  const [name, ...words] = argv
  try {
    const asked = !name || name === 'help' || name === '--help' || name === '-h'
    if (asked && words.length === 0) {
      await writeAnswer(`${helpOnAll(columns())}\n`)
      return name ? 0 : 2
    }
    if (name === '--version' && words.length === 0) {
      await writeAnswer(`asterism ${VERSION}\n`)
      return 0
    }
    const entry = commandNamed(asked ? words[0]! : name)
    return await execute(entry, asked ? ['--help'] : words, abort.signal)
  } catch (error) {
    return complain(error)
  }
}

// Pass phrases and credentials pass through this process.
keepDumpsEmpty()
outliveReader()
process.exitCode = await main(process.argv.slice(2))
// Nothing may keep a finished command alive; everything that must last is written and synced by now.
process.exit()
