/**
 * The whole test run: provides the machine, checks the code, builds the bundles that the tests drive, runs all rings,
 * and closes with the sum over all runners on a line of its own.
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

function runNode(script: string, args: readonly string[]): boolean {
  const result = spawnSync(process.execPath, [join('node_modules', script), ...args], { stdio: 'inherit' })
  return result.status === 0
}

/** Runs a script of package.json and prints what it said when it has ended, so that two side by side stay readable. */
function runCheck(check: string): Promise<boolean> {
  return new Promise((done) => {
    const said: Buffer[] = []
    const child = spawn('npm', ['run', '-s', check], { shell: process.platform === 'win32' })
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      say(`${code === 0 ? '✓' : '✗'} ${check}`)
      done(code === 0)
    })
  })
}

/** Each static check counts as one test: a run in which one fails is a failed run. Two run at a time. */
async function runChecks(sum: Sum): Promise<void> {
  const waiting = ['format', 'typecheck', 'boundaries', 'deadcode', 'lint']
  const runWaiting = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (await runCheck(check)) sum.passed += 1
      else sum.failed += 1
    }
  }
  await Promise.all([runWaiting(), runWaiting()])
}

function runVitest(sum: Sum, args: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-report-'))
  const file = join(folder, 'report.json')
  const ok = runNode('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...args,
  ])
  try {
    const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    sum.passed += report.numPassedTests
    sum.failed += report.numFailedTests
    sum.skipped += report.numPendingTests + report.numTodoTests
    // A file that could not be loaded has no tests to fail.
    if (!ok && report.numFailedTests === 0) sum.failed += Math.max(1, report.numFailedTestSuites)
  } catch {
    say('The test runner left no report.')
    sum.failed += 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A run that could not be started is a failed run. */
function runForge(sum: Sum): void {
  try {
    const { passed, failed, skipped } = runSolidityTests(say)
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
const missing = provideMachine(say)
if (missing.length > 0) {
  sum.failed += 1
} else {
  if (args.length === 0) {
    await runChecks(sum)
    runForge(sum)
  }
  if (runNode('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'])) runVitest(sum, args)
  else sum.failed += 1
}
say(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = sum.failed === 0 ? 0 : 1
