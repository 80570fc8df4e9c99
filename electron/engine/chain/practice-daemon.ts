/** Entry of the practice network's own process: `node practice-daemon.ts HOME`. Its output goes to the log file. */
import { AsterismError } from '../../../shared/errors.ts'
import { runPracticeNetwork } from './practice-host.ts'

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort())

const log = (line: string): void => {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`)
}

const home = process.argv[2]
if (!home) throw new Error('usage: practice-daemon HOME')
try {
  const ran = await runPracticeNetwork({ home, log, signal: stop.signal })
  if (!ran) log('Another process runs the practice network of this home.')
  process.exit(0)
} catch (error) {
  log(error instanceof AsterismError ? `error: ${error.sentence}` : `error: ${String(error)}`)
  process.exit(1)
}
