/**
 * Gas of minting, beside what others mint with, on the same chain; and the time that keys take. Gas is
 * the same on every machine; times are given as ratios to a reference measured in the same run.
 */
import { readFileSync } from 'node:fs'
import { decryptKeystoreJsonSync, Interface, Wallet } from 'ethers'
import { CONTENT_ADDRESS } from '../../electron/engine/chain/contracts.ts'
import { openKeystore, newKeystore } from '../../electron/engine/chain/keystore.ts'
import { mintPackage } from '../../electron/engine/chain/mint.ts'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import { compileSolidity } from '../../tools/contracts/compile.ts'
import { makeHome, practiceSigner, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'
import { measureRivals, type RivalGas as GasLine } from './rival-contracts.ts'
import { content, startTestChain, type TestChain } from '../fixtures/chain/test-chain.ts'

/** Gas that a mint, and a token of a batch of ten, may take. */
const MINT_LIMIT = 52_274
const BATCH_LIMIT = 28_100
const BATCH = 10
const MINTS_TIMED = 5

const REFERENCES = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

contract StoredUri is ERC721URIStorage, Ownable {
    constructor() ERC721("", "") Ownable(msg.sender) {}
    function mint(uint256 id, string calldata uri) external onlyOwner {
        _mint(msg.sender, id);
        _setTokenURI(id, uri);
    }
}

contract Bare is ERC721 {
    constructor() ERC721("", "") {}
    function mint(uint256 id) external {
        _mint(msg.sender, id);
    }
}

interface IContent {
    function initialize(address creator, uint96 royalty) external;
}

contract PlainCloner {
    event Cloned(address clone);
    function make(address content) external {
        address clone = Clones.clone(content);
        IContent(clone).initialize(msg.sender, 500);
        emit Cloned(clone);
    }
}`

const randomId = (): string => Wallet.createRandom().privateKey
const ids = (count: number): string[] => Array.from({ length: count }, randomId)

async function measureGas(chain: TestChain, print: (line: string) => void): Promise<GasLine[]> {
  const from = await chain.account('bench')
  const compiled = compileSolidity({ 'References.sol': REFERENCES }).contracts['References.sol']!
  const deploy = async (name: string): Promise<{ address: string; abi: Interface }> => {
    const { abi, evm } = compiled[name]!
    const { contractAddress } = await chain.send(from, null, `0x${evm.bytecode.object}`)
    return { address: contractAddress!, abi: Interface.from(JSON.stringify(abi)) }
  }
  /** The second of two: the first token of an owner costs more in most contracts. */
  const second = async (to: string, data: () => string): Promise<number> => {
    await chain.send(from, to, data())
    return (await chain.send(from, to, data())).gasUsed
  }

  const own = await chain.collectionOf(from)
  const cloner = await deploy('PlainCloner')
  const { logs } = await chain.send(from, cloner.address, cloner.abi.encodeFunctionData('make', [CONTENT_ADDRESS]))
  const plain = String(
    cloner.abi.parseLog(logs.find(({ address }) => address === cloner.address.toLowerCase())!)!.args[0],
  )
  const stored = await deploy('StoredUri')
  const bare = await deploy('Bare')
  const uri = `ipfs://f01551220${'ab'.repeat(32)}`

  const batch = async (to: string): Promise<number> =>
    (await chain.send(from, to, content('mintBatch', [ids(BATCH)]))).gasUsed / BATCH
  return [
    {
      name: 'ours: AsterismCollection (own clone, owner only, content-addressed URI)',
      one: await second(own, () => content('mint', [randomId()])),
      batchEach: await batch(own),
    },
    {
      name: 'the same content behind a plain EIP-1167 clone',
      one: await second(plain, () => content('mint', [randomId()])),
      batchEach: await batch(plain),
    },
    {
      name: 'OpenZeppelin 5.7 ERC721, no URI, anybody mints, no clone',
      one: await second(bare.address, () => bare.abi.encodeFunctionData('mint', [randomId()])),
      batchEach: null,
    },
    {
      name: 'OpenZeppelin 5.7 ERC721URIStorage, owner only, no clone',
      one: await second(stored.address, () => stored.abi.encodeFunctionData('mint', [randomId(), uri])),
      batchEach: null,
    },
    ...(await measureRivals(chain, from, uri, BATCH, print)),
  ]
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function benchGas(print: (line: string) => void): Promise<void> {
  const chain = await startTestChain()
  try {
    const lines = await measureGas(chain, print)
    const ours = lines[0]!
    print('gas of one more token                                                        one   each of 10   ours/this')
    for (const { name, one, batchEach } of lines) {
      const figures = [String(one), batchEach === null ? '-' : batchEach.toFixed(0), (ours.one / one).toFixed(3)]
      print(`  ${name.padEnd(73)} ${figures[0]!.padStart(7)} ${figures[1]!.padStart(10)} ${figures[2]!.padStart(11)}`)
    }
    const held = ours.one <= MINT_LIMIT && ours.batchEach! <= BATCH_LIMIT
    print(`  held to ${MINT_LIMIT} and ${BATCH_LIMIT}: ${held ? 'yes' : 'NO'}`)
  } finally {
    await chain.close()
  }
}

async function benchKeystore(print: (line: string) => void): Promise<void> {
  const passphrase = 'bench pass phrase'
  const { json } = await newKeystore(passphrase)
  const ours = await seconds(() => openKeystore(json, passphrase))
  const reference = await seconds(() => Promise.resolve(decryptKeystoreJsonSync(json, passphrase)))
  print(
    `opening a keystore (scrypt N=2^18): ${ours.toFixed(2)} s; ethers' own JavaScript scrypt ${reference.toFixed(2)} s; ratio ${(ours / reference).toFixed(2)}`,
  )
}

async function benchMint(print: (line: string) => void): Promise<void> {
  const home = makeHome()
  try {
    const start = await seconds(() => startPracticeNetwork({ home }))
    const signer = await practiceSigner(home)
    const mint = (name: string): Promise<unknown> =>
      mintPackage({ home, packageDirectory: writePackage(home, name).directory, networkId: 'practice', signer })
    const first = await seconds(() => mint('first'))
    const each =
      (await seconds(async () => {
        for (let n = 0; n < MINTS_TIMED; n += 1) await mint(`next ${n}`)
      })) / MINTS_TIMED
    await signer.close()
    print(
      `practice network up in ${start.toFixed(2)} s; first mint with its collection ${first.toFixed(2)} s, each further ${each.toFixed(3)} s (journal on disk at every stage)`,
    )
  } finally {
    await removeHome(home)
  }
}

/** Gas of the market and the registry as the Solidity tests hold it, beside a prototype with approvals and listings. */
const PROTOTYPE_AUCTION_GAS = 48_689 + 111_212 + 34_768 + 57_167 + 88_973 + 30_761

function printMarketGas(print: (line: string) => void): void {
  const path = new URL('../solidity/snapshots/calls.json', import.meta.url)
  const gas = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string>>
  print('gas of the market and the star registry (held by tests/solidity)')
  for (const [name, amount] of Object.entries(gas)) print(`  ${name.padEnd(32)} ${amount.padStart(8)}`)
  const auction = Object.entries(gas).filter(([name]) => name.startsWith('auction '))
  const sum = auction.reduce((total, [, amount]) => total + Number(amount), 0)
  print(
    `  an auction from offer to withdrawal ${sum}; prototype ${PROTOTYPE_AUCTION_GAS}; ratio ${(sum / PROTOTYPE_AUCTION_GAS).toFixed(3)}`,
  )
}

export async function run(print: (line: string) => void): Promise<void> {
  await benchGas(print)
  printMarketGas(print)
  await benchKeystore(print)
  await benchMint(print)
}
