/**
 * Compiles resources/contracts into resources/contracts/artifacts. The same sources, compiler and settings give the
 * same bytes on every machine: no metadata is appended to the code, and source paths are relative.
 *
 *   npx node tools/contracts/compile.ts           writes the artifacts
 *   npx node tools/contracts/compile.ts --check   exits 1 when a committed artifact is not what the sources give
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const CONTRACTS = fileURLToPath(new URL('../../resources/contracts/', import.meta.url))
const ARTIFACTS = join(CONTRACTS, 'artifacts')
const SHIPPED = ['AsterismContent', 'AsterismCollection', 'AsterismFactory', 'AsterismMarket', 'StarRegistry'] as const
/** Where CreatorTokens and AsterismCollection reach into OpenZeppelin's storage by number. */
const REQUIRED_SLOTS: Readonly<Record<string, string>> = { _owners: '2', _balances: '3' }

export const COMPILER_SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  viaIR: true,
  evmVersion: 'cancun',
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
} as const

export interface ContractArtifact {
  readonly contractName: string
  readonly compiler: string
  readonly abi: readonly object[]
  /** Creation code, `0x` and lower-case hexadecimal. */
  readonly bytecode: string
  readonly deployedBytecode: string
  /** Where the code on the chain holds what was only known when it was deployed: byte ranges, sorted. */
  readonly immutableRanges: readonly { readonly start: number; readonly length: number }[]
  /** Sha-256 of the compiler's metadata: sources by hash, settings, ABI. */
  readonly metadataSha256: string
}

interface CompiledContract {
  readonly abi: readonly object[]
  readonly metadata: string
  readonly storageLayout: { readonly storage: readonly { readonly label: string; readonly slot: string }[] }
  readonly evm: {
    readonly bytecode: { readonly object: string }
    readonly deployedBytecode: {
      readonly object: string
      readonly immutableReferences: Readonly<
        Record<string, readonly { readonly start: number; readonly length: number }[]>
      >
    }
  }
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>
}

interface Compiler {
  version(): string
  compile(input: string, callbacks: { import: ReadSource }): string
}

type ReadSource = (path: string) => { contents: string } | { error: string }

/** Compiles Solidity by source name, resolving packages from node_modules unless told otherwise. Throws with the compiler's words. */
export function compileSolidity(
  sources: Readonly<Record<string, string>>,
  settings: object = COMPILER_SETTINGS,
  tolerated: readonly string[] = ['info'],
  readSource: ReadSource = readPackage,
): {
  readonly version: string
  readonly contracts: CompilerOutput['contracts']
} {
  const solc = require('solc') as Compiler
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
    settings: {
      outputSelection: {
        '*': {
          '*': [
            'abi',
            'metadata',
            'storageLayout',
            'evm.bytecode.object',
            'evm.deployedBytecode.object',
            'evm.deployedBytecode.immutableReferences',
          ],
        },
      },
      ...settings,
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readSource })) as CompilerOutput
  const failures = (output.errors ?? []).filter(({ severity }) => !tolerated.includes(severity))
  if (failures.length > 0) throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return { version: solc.version(), contracts: output.contracts }
}

/** The sources of this checkout by file name. */
export function contractSources(): Readonly<Record<string, string>> {
  const names = readdirSync(CONTRACTS)
    .filter((name) => name.endsWith('.sol'))
    .sort()
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(CONTRACTS, name), 'utf8')]))
}

/** The artifacts that the sources of this checkout give, by contract name. */
export function buildArtifacts(): ReadonlyMap<string, ContractArtifact> {
  const { version, contracts } = compileSolidity(contractSources())
  requireSlots(contracts['AsterismContent.sol']!['AsterismContent']!)
  return new Map(
    SHIPPED.map((contractName) => {
      const { abi, metadata, evm } = contracts[`${contractName}.sol`]![contractName]!
      const artifact: ContractArtifact = {
        contractName,
        compiler: version.replace(/\.Emscripten\.clang$/, ''),
        abi,
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
        immutableRanges: Object.values(evm.deployedBytecode.immutableReferences)
          .flat()
          .sort((a, b) => a.start - b.start),
        metadataSha256: createHash('sha256').update(metadata).digest('hex'),
      }
      return [contractName, artifact]
    }),
  )
}

/** An artifact exactly as it is committed. */
export function artifactText(artifact: ContractArtifact): string {
  return `${JSON.stringify(artifact, null, 1)}\n`
}

export function artifactPath(contractName: string): string {
  return join(ARTIFACTS, `${contractName}.json`)
}

function readPackage(path: string): ReturnType<ReadSource> {
  try {
    return { contents: readFileSync(require.resolve(path), 'utf8') }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function requireSlots({ storageLayout }: CompiledContract): void {
  for (const [label, slot] of Object.entries(REQUIRED_SLOTS)) {
    const actual = storageLayout.storage.find((entry) => entry.label === label)?.slot
    if (actual !== slot) throw new Error(`${label} is in slot ${actual}; the contracts expect it in slot ${slot}`)
  }
}

function main(check: boolean): void {
  let stale = 0
  mkdirSync(ARTIFACTS, { recursive: true })
  for (const [name, artifact] of buildArtifacts()) {
    const text = artifactText(artifact)
    const codeBytes = (artifact.deployedBytecode.length - 2) / 2
    if (!check) {
      writeFileSync(artifactPath(name), text)
      console.log(`${name}: ${codeBytes} bytes of code`)
    } else if (readFileSync(artifactPath(name), 'utf8') !== text) {
      stale += 1
      console.error(`${name}: the committed artifact is not what the sources give; run tools/contracts/compile.ts`)
    } else console.log(`${name}: same bytes`)
  }
  if (stale > 0) process.exitCode = 1
}

if (import.meta.main) main(process.argv.includes('--check'))
