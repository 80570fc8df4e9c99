/**
 * Lines and branches of the contracts that the Solidity tests reach: `npx node tools/contracts/coverage.ts`. Coverage
 * compiles the sources anew with marks in them, so they are copied, with the packages that they import, to where forge
 * resolves relative imports; the tests then run on that code in place of the shipped bytes.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { forge } from './forge-program.ts'

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
const COPY = join(REPOSITORY, 'out', 'forge', 'coverage')
const LEAST_PERCENT = 95
const CONTRACTS = [
  'AsterismCollection',
  'AsterismContent',
  'AsterismFactory',
  'AsterismMarket',
  'StarRegistry',
] as const
const SOURCES = [...CONTRACTS, 'CreatorTokens'] as const

const FOUNDRY = `[profile.default]
src = 'src'
test = 'test'
libs = ['lib']
remappings = ['@openzeppelin/=lib/@openzeppelin/', 'contracts/=src/']
solc = '${join(REPOSITORY, 'tools/contracts/solc.mjs')}'
offline = true
evm_version = 'cancun'
bytecode_hash = 'none'
cbor_metadata = false
code_size_limit = 200000
fs_permissions = [{ access = 'read', path = '.' }]

[profile.default.fuzz]
runs = 16
seed = '0x6173746572'

[profile.default.invariant]
runs = 8
depth = 40
fail_on_revert = true

[lint]
lint_on_build = false
`

function copySources(): void {
  rmSync(COPY, { recursive: true, force: true })
  const onlySolidity = (folder: string, to: string): void => {
    mkdirSync(join(COPY, to), { recursive: true })
    for (const name of readdirSync(folder)) if (name.endsWith('.sol')) cpSync(join(folder, name), join(COPY, to, name))
  }
  onlySolidity(join(REPOSITORY, 'resources/contracts'), 'src')
  onlySolidity(join(REPOSITORY, 'tests/solidity'), 'test')
  const require = createRequire(import.meta.url)
  const library = dirname(require.resolve('@openzeppelin/contracts/package.json'))
  cpSync(library, join(COPY, 'lib/@openzeppelin/contracts'), {
    recursive: true,
    filter: (path) => !path.includes(join('contracts', 'build')),
  })
  writeFileSync(join(COPY, 'foundry.toml'), FOUNDRY)
}

/** A row of forge's table for each contract, and whether it reaches the least that is asked. */
export async function measureCoverage(): Promise<{ readonly row: string; readonly ok: boolean }[]> {
  copySources()
  const env: Record<string, string> = {}
  for (const name of CONTRACTS) env[`CODE_${name}`] = `${name}.sol:${name}`
  // What the invariants reach depends on chance; the rest is the same every time.
  const args = ['coverage', '--report', 'summary', '--no-match-contract', 'GasTest|InvariantTest']
  const { stdout, stderr } = await forge(args, env, COPY)
  const rows = stdout.split('\n').filter((line) => SOURCES.some((name) => line.includes(`/${name}.sol`)))
  if (rows.length !== SOURCES.length) throw new Error(`forge measured no coverage: ${stderr}\n${stdout}`)
  return rows.map((row) => {
    const [lines = 0, , branches = 0] = [...row.matchAll(/([\d.]+)%/g)].map(([, percent]) => Number(percent))
    return { row, ok: lines >= LEAST_PERCENT && branches >= LEAST_PERCENT }
  })
}

if (import.meta.main) {
  for (const { row, ok } of await measureCoverage()) {
    console.log(row)
    if (!ok) process.exitCode = 1
  }
}
