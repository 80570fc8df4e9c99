/**
 * The contracts that others mint with, as they publish them on npm: fetched once into the cache, checked against the
 * digests below, and taken as their makers compiled them, or where only sources are published compiled as ours are.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Interface } from 'ethers'
import { COMPILER_SETTINGS, compileSolidity } from '../../tools/contracts/compile.ts'
import type { TestChain } from '../fixtures/chain/test-chain.ts'

const CACHE = fileURLToPath(new URL('../../.cache/rival-contracts/', import.meta.url))

interface Published {
  readonly name: string
  readonly version: string
  readonly integrity: string
}
const PACKAGES = {
  thirdweb: {
    name: '@thirdweb-dev/contracts',
    version: '3.15.0',
    integrity: 'sha512-sIXPy6zNqW9K9h8xgCnsRQVrqmmMdxoDqut4eAZj1CJzMax5TyrNBoSYCfAX0et8KApvBeCVeJQhUHSWpBNIVw==',
  },
  manifold: {
    name: '@manifoldxyz/creator-core-solidity',
    version: '3.0.0',
    integrity: 'sha512-bVKxdOJ6sLF2u20mxe1ltwKBBf+aVxyFzZEnFobxuBI04cly1SQ88KxrSJB/DuFKzCeimAfA5qyCY7NZoNhUCQ==',
  },
  zora: {
    name: '@zoralabs/zora-1155-contracts',
    version: '2.13.2',
    integrity: 'sha512-N+AfJfQJuhUJ1e5d4M7u6ASyqqn5L4NP3oNCEX0xtyd1UyCYLp9rYKsXTzeDEIyBEa7xjMq6hbCpIFmmpvR5Tg==',
  },
  erc721a: {
    name: 'erc721a',
    version: '4.3.0',
    integrity: 'sha512-JneTLVEH5I/rJMArAwwJ26CX4HvL3ql9Q3egpQ4QB7sz7vIGZbMdMmqHLBIIKhBlfToZKewtC7OZtdr3qU6jsA==',
  },
} as const satisfies Record<string, Published>

const ZORA_NEEDS: readonly Published[] = [
  {
    name: '@zoralabs/openzeppelin-contracts-upgradeable',
    version: '4.8.4',
    integrity: 'sha512-5vhL88tz00Gv2+NUhLdYBRqb9RRekfyQAodXTQxJU2LYxxy6jr1mPycTZempQ1kmw5wIwFbSIoYzpaxOx6UK6Q==',
  },
  {
    name: '@zoralabs/protocol-rewards',
    version: '1.2.5',
    integrity: 'sha512-LSKf0ywHEJD8tcnk16zwrwZ1SpuWoQ7/p4Xu+uGcMIjXlPcSqaNCQIyYoBQCeKDUzNHRGAl0riKLHg5CiRTDCQ==',
  },
  {
    name: '@zoralabs/shared-contracts',
    version: '0.0.5',
    integrity: 'sha512-JecaA+LQV7M8p1rETAQbe/oIUNMXZd7U9BVj8jNqA+R+WPKCkMd+omyKhzJwRuAzaiqpVXgtq5fvxniTNEYjmw==',
  },
  {
    name: '@openzeppelin/contracts',
    version: '4.9.2',
    integrity: 'sha512-mO+y6JaqXjWeMh9glYVzVu8HYPGknAAnWyxTRhGeckOruyXQMNnlcW6w/Dx9ftLeIQk6N+ZJFuVmTwF7lEIFrg==',
  },
]

/** The folder of a published package. Throws when it cannot be had or is another than it should be. */
function packageFolder({ name, version, integrity }: Published): string {
  const folder = join(CACHE, `${name.replace('/', '+')}@${version}`)
  if (existsSync(folder)) return folder
  const fetched = `${folder}.part`
  rmSync(fetched, { recursive: true, force: true })
  mkdirSync(fetched, { recursive: true })
  const pack = ['pack', '--silent', '--pack-destination', fetched, `${name}@${version}`]
  const archive = join(fetched, execFileSync('npm', pack, { encoding: 'utf8', stdio: 'pipe' }).trim())
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (digest !== integrity) throw new Error(`${name}@${version} is not what it was: ${digest}`)
  execFileSync('tar', ['-xzf', archive, '-C', fetched])
  renameSync(join(fetched, 'package'), folder)
  rmSync(fetched, { recursive: true })
  return folder
}

interface Code {
  readonly abi: Interface
  readonly bytecode: string
}

/** As its maker compiled it: an artifact of truffle or of forge. */
function shipped(of: Published, path: string): Code {
  const { abi, bytecode } = JSON.parse(readFileSync(join(packageFolder(of), path), 'utf8')) as {
    abi: object[]
    bytecode: string | { object: string }
  }
  return { abi: Interface.from(abi), bytecode: typeof bytecode === 'string' ? bytecode : bytecode.object }
}

/** Compiled here, with the settings of our own contracts but for what is named. */
function compiled(of: readonly Published[], source: string, contract: string, settings: object = {}): Code {
  const read = (path: string): { contents: string } | { error: string } => {
    const from = of.find(({ name }) => path.startsWith(`${name}/`))
    const file = from && join(packageFolder(from), path.slice(from.name.length + 1))
    if (!file || !existsSync(file)) return { error: `${path} is in no package that is named here` }
    return { contents: readFileSync(file, 'utf8').replace('pragma solidity 0.8.17;', 'pragma solidity ^0.8.17;') }
  }
  const used = { ...COMPILER_SETTINGS, ...settings }
  const { contracts } = compileSolidity({ 'Rival.sol': source }, used, ['info', 'warning'], read)
  const [, found] = Object.entries(contracts).find(([, inFile]) => inFile[contract])!
  const { abi, evm } = found[contract]!
  return { abi: Interface.from(JSON.stringify(abi)), bytecode: `0x${evm.bytecode.object}` }
}

export interface RivalGas {
  readonly name: string
  readonly one: number
  readonly batchEach: number | null
}

type Measure = (chain: TestChain, from: string, uri: string, batch: number) => Promise<RivalGas>

async function deploy(chain: TestChain, from: string, code: Code, args: readonly unknown[] = []): Promise<string> {
  const data = `${code.bytecode}${code.abi.encodeDeploy(args).slice(2)}`
  return (await chain.send(from, null, data)).contractAddress!
}

/** Gas of the same call done a second time: the first token of an owner costs more in most contracts. */
async function second(chain: TestChain, from: string, to: string, data: string): Promise<number> {
  await chain.send(from, to, data)
  return (await chain.send(from, to, data)).gasUsed
}

const RIVALS: readonly Measure[] = [
  async function thirdweb(chain, from, uri, batch) {
    const code = compiled([PACKAGES.thirdweb], 'import "@thirdweb-dev/contracts/base/ERC721Base.sol";', 'ERC721Base')
    const to = await deploy(chain, from, code, [from, 'N', 'N', from, 500])
    const one = await second(chain, from, to, code.abi.encodeFunctionData('mintTo', [from, uri]))
    const many = await second(chain, from, to, code.abi.encodeFunctionData('batchMintTo', [from, batch, uri, '0x']))
    return { name: 'thirdweb ERC721Base 3.15.0 (a batch: numbered under one URI)', one, batchEach: many / batch }
  },
  async function manifold(chain, from, uri, batch) {
    const code = shipped(PACKAGES.manifold, 'build/contracts/ERC721Creator.json')
    const to = await deploy(chain, from, code, ['N', 'N'])
    const one = await second(chain, from, to, code.abi.encodeFunctionData('mintBase(address,string)', [from, uri]))
    const uris = Array.from({ length: batch }, () => uri)
    const data = code.abi.encodeFunctionData('mintBaseBatch(address,string[])', [from, uris])
    return {
      name: 'Manifold ERC721Creator 3.0.0',
      one,
      batchEach: (await second(chain, from, to, data)) / batch,
    }
  },
  async function zora(chain, from, uri) {
    const { name: zoraName } = PACKAGES.zora
    // Their own settings, which keep the code within the size that a chain takes.
    const settings = {
      optimizer: { enabled: true, runs: 50 },
      remappings: [
        '@zoralabs/shared-contracts/=@zoralabs/shared-contracts/src/',
        '@zoralabs/shared-contracts/src/=@zoralabs/shared-contracts/src/',
        `_imagine/=${zoraName}/_imagine/`,
      ],
    }
    const compile = (path: string, contract: string): Code =>
      compiled([PACKAGES.zora, ...ZORA_NEEDS], `import "${zoraName}/src/${path}";`, contract, settings)
    const proxy = compile('proxies/Zora1155.sol', 'Zora1155')
    const implementation = compile('nft/ZoraCreator1155Impl.sol', 'ZoraCreator1155Impl')
    const { abi } = implementation
    // Its library takes part in tokens that somebody else signed for only: any address will do.
    const bytecode = implementation.bytecode.replaceAll(/__\$[0-9a-f]{34}\$__/g, from.slice(2))
    const logic = await deploy(chain, from, { abi, bytecode }, [from, from, from, from])
    const to = await deploy(chain, from, proxy, [logic])
    const royalty = { royaltyMintSchedule: 0, royaltyBPS: 500, royaltyRecipient: from }
    await chain.send(from, to, abi.encodeFunctionData('initialize', ['N', uri, royalty, from, []]))
    const token = await second(chain, from, to, abi.encodeFunctionData('setupNewToken', [uri, 1]))
    const minted = await chain.send(from, to, abi.encodeFunctionData('adminMint', [from, 2, 1, '0x']))
    return {
      name: 'Zora 1155 2.13.2 behind its proxy (a token set up, then minted)',
      one: token + minted.gasUsed,
      batchEach: null,
    }
  },
  async function erc721a(chain, from, _uri, batch) {
    const source = `import "erc721a/contracts/ERC721A.sol";
      contract Numbered is ERC721A {
        constructor() ERC721A("N", "N") {}
        function mint(uint256 quantity) external { _mint(msg.sender, quantity); }
      }`
    const code = compiled([PACKAGES.erc721a], `pragma solidity ^0.8.4; ${source}`, 'Numbered')
    const to = await deploy(chain, from, code)
    const one = await second(chain, from, to, code.abi.encodeFunctionData('mint', [1]))
    const many = await second(chain, from, to, code.abi.encodeFunctionData('mint', [batch]))
    return { name: 'ERC721A 4.3.0, numbered, no URI of its own, anybody mints', one, batchEach: many / batch }
  },
]

/** Gas of one more token of each, and of one of a batch; what could not be had is said. */
export async function measureRivals(
  chain: TestChain,
  from: string,
  uri: string,
  batch: number,
  print: (line: string) => void,
): Promise<RivalGas[]> {
  const lines: RivalGas[] = []
  for (const measure of RIVALS) {
    try {
      lines.push(await measure(chain, from, uri, batch))
    } catch (error) {
      print(`  ${measure.name}: not measured: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    }
  }
  return lines
}
