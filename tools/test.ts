/**
 * The whole test run: provides the machine, while it checks the code and builds the bundles that the tests drive; runs
 * all rings, and closes with the sum over all runners on a line of its own.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { runSolidityTests } from './contracts/forge.ts'
import { provideMachine } from './machine.ts'

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
})

interface Sum {
  passed: number
  failed: number
  skipped: number
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Runs a program and prints what it said when it has ended, so that two side by side stay readable. */
function runQuietly(name: string, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((done) => {
    const said: Buffer[] = []
    const child = spawn(program, args, { shell: program === 'npm' && process.platform === 'win32' })
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      say(`${code === 0 ? '✓' : '✗'} ${name}`)
      done(code === 0)
    })
  })
}

/** A script of the package and what it is given. */
type Check = readonly [string, ...string[]]

/** Each static check counts as one test: a run in which one fails is a failed run. */
async function runCheck(sum: Sum, [check, ...args]: Check): Promise<void> {
  if (await runQuietly(check, 'npm', ['run', '-s', check, '--', ...args])) sum.passed += 1
  else sum.failed += 1
}

const runBuild = (): Promise<boolean> =>
  runQuietly('build', process.execPath, [
    'node_modules/electron-vite/bin/electron-vite.js',
    'build',
    '--logLevel',
    'warn',
  ])

/** Two at a time, in this order. */
async function runInTwoLanes(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...steps]
  const runWaiting = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await step()
  }
  await Promise.all([runWaiting(), runWaiting()])
}

function runVitest(sum: Sum, args: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-report-'))
  const file = join(folder, 'report.json')
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...args,
    ],
    { stdio: 'inherit' },
  )
  try {
    const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    sum.passed += report.numPassedTests
    sum.failed += report.numFailedTests
    sum.skipped += report.numPendingTests + report.numTodoTests
    // A file that could not be loaded has no tests to fail.
    if (status !== 0 && report.numFailedTests === 0) sum.failed += Math.max(1, report.numFailedTestSuites)
  } catch {
    say('The test runner left no report.')
    sum.failed += 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A run that could not be started is a failed run. */
async function runForge(sum: Sum): Promise<void> {
  try {
    const { passed, failed, skipped } = await runSolidityTests(say)
    sum.passed += passed
    sum.failed += failed
    sum.skipped += skipped
  } catch (error) {
    say(`✗ solidity: ${error instanceof Error ? error.message : String(error)}`)
    sum.failed += 1
  }
}

const args = process.argv.slice(2)
const sum: Sum = { passed: 0, failed: 0, skipped: 0 }
let isBuilt = false
const build = async (): Promise<void> => {
  isBuilt = await runBuild()
}
// Each checker works out anew what it shares with the others: one takes two thirds of the processor time of four.
const checks: readonly Check[] = [
  ['typecheck:node', '--checkers', '1'],
  ['format'],
  ['typecheck:web', '--checkers', '1'],
  ['boundaries'],
  ['deadcode'],
  ['lint'],
]
const checking = checks.map((check) => () => runCheck(sum, check))
// None of these needs what apt installs, which waits for the network and the disk more than for a processor. What takes
// longest begins, and the tests of the contracts run on both processors now and then.
const [missing] = await Promise.all([
  provideMachine(say),
  runInTwoLanes(args.length === 0 ? [() => runForge(sum), ...checking, build] : [build]),
])
if (missing.length === 0 && isBuilt) runVitest(sum, args)
else sum.failed += 1
say(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = sum.failed === 0 ? 0 : 1
