/**
 * Runs the Solidity tests of tests/solidity with the forge and solc of npm, offline. By default they run on the
 * committed artifacts: what is tested are the bytes that are shipped.
 *
 *   npx node tools/contracts/forge.ts             tests, gas against tests/solidity/snapshots, planted bugs, coverage
 *   npx node tools/contracts/forge.ts snapshot    writes the gas snapshot anew
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { measureCoverage } from './coverage.ts'
import { forge, SOLIDITY_TESTS } from './forge-program.ts'
import { plantedBugs, writeMutants } from './mutants.ts'

const SNAPSHOT = join(SOLIDITY_TESTS, 'snapshots', 'calls.json')

export interface ForgeSum {
  passed: number
  failed: number
  skipped: number
}

const resultsSchema = z.record(
  z.string(),
  z.object({
    test_results: z.record(
      z.string(),
      z.object({
        status: z.string(),
        reason: z.string().nullish(),
        gas_snapshots: z.record(z.string(), z.record(z.string(), z.string())).optional(),
      }),
    ),
  }),
)

interface Outcome {
  readonly name: string
  readonly ok: boolean
  /** Of each call that the test measured. */
  readonly gas: Readonly<Record<string, string>>
}

/** Every test with its outcome. Throws when there are none, with what forge said. */
async function runTests(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome[]> {
  const { stdout, stderr } = await forge(['test', '--json', ...args], env)
  const from = stdout.indexOf('{')
  if (from < 0) throw new Error(`forge ran no tests: ${stderr || stdout}`)
  const suites = resultsSchema.parse(JSON.parse(stdout.slice(from)))
  const tests = Object.entries(suites).flatMap(([suite, { test_results: results }]) =>
    Object.entries(results).map(([test, { status, reason, gas_snapshots: gas }]) => ({
      name: `${suite.split(':').at(-1)} ${test.replace(/\(.*/, '')}${reason ? `: ${reason}` : ''}`,
      ok: status === 'Success',
      gas: gas?.['calls'] ?? {},
    })),
  )
  if (tests.length === 0) throw new Error(`forge ran no tests: ${stderr}`)
  return tests
}

const QUICK = { FOUNDRY_FUZZ_RUNS: '8', FOUNDRY_INVARIANT_RUNS: '6', FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT: '0' }

/** One bug at a time in each suite, all suites at once: as many runs as the suite with the most bugs has. */
async function hunt(): Promise<{ name: string; ok: boolean }[]> {
  const { unchanged, mutants } = writeMutants()
  const bySuite = Map.groupBy(plantedBugs, ({ suite }) => suite)
  const base: Record<string, string> = { ...QUICK }
  for (const [contract, path] of unchanged) base[`CODE_${contract}`] = path
  const suites = `^(${[...bySuite.keys()].join('|')})$`
  const sound = (await runTests(['--match-contract', suites], base)).every(({ ok }) => ok)
  const rounds = Math.max(...[...bySuite.values()].map(({ length }) => length))
  const hunted: { name: string; ok: boolean }[] = []
  for (let round = 0; round < rounds; round++) {
    const bugs = [...bySuite.values()].flatMap((of) => of.slice(round, round + 1))
    const env = { ...base }
    for (const { name, suite, contract } of bugs) env[`CODE_${suite}_${contract}`] = mutants.get(name)!
    const tests = await runTests(['--match-contract', `^(${bugs.map(({ suite }) => suite).join('|')})$`], env)
    for (const { name, suite } of bugs) {
      const ok = tests.some((test) => !test.ok && test.name.startsWith(`${suite} `))
      hunted.push({ name: `planted bug: ${name}`, ok })
    }
  }
  return [{ name: 'without a planted bug all is well', ok: sound }, ...hunted]
}

/** Whether every call costs what the snapshot says; forge itself compares only where it writes for people. */
function sameGas(measured: Readonly<Record<string, string>>, say: (line: string) => void): boolean {
  const kept = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(SNAPSHOT, 'utf8')))
  const names = [...new Set([...Object.keys(kept), ...Object.keys(measured)])].sort()
  const different = names.filter((name) => kept[name] !== measured[name])
  for (const name of different) say(`gas of ${name}: ${kept[name]} before, ${measured[name]} now`)
  return names.length > 0 && different.length === 0
}

/** All tests on the shipped bytes, then each planted bug, which must fail one of them. */
export async function runSolidityTests(say: (line: string) => void): Promise<ForgeSum> {
  const sum: ForgeSum = { passed: 0, failed: 0, skipped: 0 }
  const count = (ok: boolean, name: string): void => {
    if (ok) sum.passed += 1
    else {
      sum.failed += 1
      say(`✗ ${name}`)
    }
  }
  const outcomes = await runTests([], { FORGE_SNAPSHOT_EMIT: 'false' })
  for (const { name, ok } of outcomes) count(ok, name)
  count(sameGas(Object.assign({}, ...outcomes.map(({ gas }) => gas)), say), 'gas of every call is that of the snapshot')
  const tests = sum.passed
  for (const { name, ok } of await hunt()) count(ok, name)
  const found = sum.passed - tests - 1
  for (const { row, ok } of await measureCoverage()) count(ok, `covered: ${row}`)
  say(`solidity: ${tests} tests on the shipped bytes, ${found} of ${plantedBugs.length} planted bugs found`)
  return sum
}

if (import.meta.main) {
  const say = (line: string): void => console.log(line)
  if (process.argv[2] === 'snapshot') await runTests(['--match-contract', 'GasTest'], {})
  else if ((await runSolidityTests(say)).failed > 0) process.exitCode = 1
}
