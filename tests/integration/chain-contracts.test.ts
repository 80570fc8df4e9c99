import { readFileSync } from 'node:fs'
import { Interface, Wallet, ZeroAddress } from 'ethers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PRACTICE_CHAIN_ID } from '../../electron/engine/chain/chain-policies.ts'
import {
  collectionAddress,
  CONTENT_ADDRESS,
  contentInterface,
  FACTORY_ADDRESS,
  factoryInterface,
  STARS_ADDRESS,
} from '../../electron/engine/chain/contracts.ts'
import { deployOnPractice, hasCode, isDeployed } from '../../electron/engine/chain/deployment.ts'
import { artifactPath, artifactText, buildArtifacts, compileSolidity } from '../../tools/contracts/compile.ts'
import { content, startTestChain, type TestChain } from '../fixtures/chain/test-chain.ts'

const DAY_SECONDS = 86_400
const randomId = (): string => Wallet.createRandom().privateKey

let chain: TestChain
beforeAll(async () => {
  chain = await startTestChain()
})
afterAll(async () => {
  await chain.close()
})

describe('artifacts', () => {
  it('rebuild from the sources to the same bytes', () => {
    for (const [name, artifact] of buildArtifacts()) {
      expect(readFileSync(artifactPath(name), 'utf8'), name).toBe(artifactText(artifact))
    }
  })
})

describe('deployment', () => {
  it('does nothing the second time', async () => {
    const before = await chain.rpc.call('eth_blockNumber', [])
    expect(await deployOnPractice(chain.rpc)).toBe(false)
    expect(await chain.rpc.call('eth_blockNumber', [])).toBe(before)
    expect(await isDeployed(chain.rpc)).toBe(true)
  })

  it('is found out when other code stands in its place, and put back', async () => {
    const code = await chain.rpc.call('eth_getCode', [STARS_ADDRESS, 'latest'])
    await chain.rpc.call('anvil_setCode', [STARS_ADDRESS, '0x600160005260206000f3'])
    await expect(isDeployed(chain.rpc)).rejects.toMatchObject({ code: 'chain_refused' })
    await chain.rpc.call('anvil_setCode', [STARS_ADDRESS, code])
    expect(await isDeployed(chain.rpc)).toBe(true)
  })

  it('puts everything where the committed bytes say', async () => {
    const creator = await chain.account('address of a collection')
    const [answered] = await chain.read(factoryInterface, FACTORY_ADDRESS, 'collectionOf', [creator])
    expect(answered).toBe(collectionAddress(creator))
    expect(await hasCode(chain.rpc, collectionAddress(creator))).toBe(false)
    expect(await hasCode(chain.rpc, await chain.collectionOf(creator))).toBe(true)
  })

  it('makes a collection once, keeps its first royalty, and leaves the code behind all of them unusable', async () => {
    const creator = await chain.account('makes twice')
    const collection = await chain.collectionOf(creator, 250)
    await chain.collectionOf(creator, 900)
    expect((await chain.read(contentInterface, collection, 'royaltyInfo', [1, 10_000])).toArray()).toEqual([
      creator,
      250n,
    ])
    const again = content('initialize', [creator, 0])
    await expect(chain.send(creator, collection, again)).rejects.toThrow('InvalidInitialization')
    await expect(chain.send(creator, CONTENT_ADDRESS, again)).rejects.toThrow('InvalidInitialization')
    await expect(chain.send(creator, CONTENT_ADDRESS, content('mint', [1]))).rejects.toThrow(
      'OwnableUnauthorizedAccount',
    )
    const excessive = factoryInterface.encodeFunctionData('create', [1_001])
    await expect(chain.send(await chain.account('greedy'), FACTORY_ADDRESS, excessive)).rejects.toThrow(
      'RoyaltyTooHigh',
    )
  })
})

describe('minting', () => {
  it('costs no more than was promised, also for the first token', async () => {
    const creator = await chain.account('gas')
    const collection = await chain.collectionOf(creator)
    const first = await chain.send(creator, collection, content('mint', [randomId()]))
    const second = await chain.send(creator, collection, content('mint', [randomId()]))
    const batch = await chain.send(creator, collection, content('mintBatch', [Array.from({ length: 10 }, randomId)]))
    expect(first.gasUsed).toBeLessThanOrEqual(52_274)
    expect(second.gasUsed).toBeLessThanOrEqual(52_274)
    expect(batch.gasUsed / 10).toBeLessThanOrEqual(28_100)
    expect(second.gasUsed).toBeGreaterThan(21_000 + 22_100 + 5_000)
  })

  it('gives the token to its creator, under the content address of the metadata, with one Transfer', async () => {
    const creator = await chain.account('content address')
    const collection = await chain.collectionOf(creator)
    const id = `0x00f1${'0a'.repeat(30)}`
    const { logs } = await chain.send(creator, collection, content('mint', [id]))
    expect(logs.map((log) => contentInterface.parseLog(log)?.args.toArray())).toEqual([
      [ZeroAddress, creator, BigInt(id)],
    ])
    expect((await chain.read(contentInterface, collection, 'ownerOf', [id]))[0]).toBe(creator)
    expect((await chain.read(contentInterface, collection, 'balanceOf', [creator]))[0]).toBe(1n)
    expect((await chain.read(contentInterface, collection, 'tokenURI', [id]))[0]).toBe(
      `ipfs://f0155122000f1${'0a'.repeat(30)}`,
    )
    await expect(chain.read(contentInterface, collection, 'tokenURI', [1])).rejects.toThrow('ERC721NonexistentToken')
  })

  it('mints an id once, alone or in a batch, and a batch wholly or not at all', async () => {
    const creator = await chain.account('once')
    const collection = await chain.collectionOf(creator)
    const [a, b, c] = [randomId(), randomId(), randomId()]
    await chain.send(creator, collection, content('mint', [a]))
    await expect(chain.send(creator, collection, content('mint', [a]))).rejects.toThrow('ERC721InvalidSender')
    await expect(chain.send(creator, collection, content('mintBatch', [[b, a]]))).rejects.toThrow('ERC721InvalidSender')
    await expect(chain.send(creator, collection, content('mintBatch', [[b, b]]))).rejects.toThrow('ERC721InvalidSender')
    await chain.send(creator, collection, content('mintBatch', [[b, c]]))
    expect((await chain.read(contentInterface, collection, 'balanceOf', [creator]))[0]).toBe(3n)
  })

  it('is for the owner only, and goes along when the collection changes hands', async () => {
    const [creator, heir, stranger] = [await chain.account('c'), await chain.account('h'), await chain.account('s')]
    const collection = await chain.collectionOf(creator)
    for (const data of [content('mint', [randomId()]), content('mintBatch', [[randomId()]])]) {
      await expect(chain.send(stranger, collection, data)).rejects.toThrow('OwnableUnauthorizedAccount')
    }
    await chain.send(creator, collection, content('mint', [randomId()]))
    await chain.send(creator, collection, content('transferOwnership', [heir]))
    await chain.send(heir, collection, content('acceptOwnership', []))
    for (const data of [content('mint', [randomId()]), content('mintBatch', [[randomId()]])]) {
      await expect(chain.send(creator, collection, data)).rejects.toThrow('OwnableUnauthorizedAccount')
    }
    await chain.send(heir, collection, content('mint', [randomId()]))
    expect((await chain.read(contentInterface, collection, 'balanceOf', [creator]))[0]).toBe(1n)
    expect((await chain.read(contentInterface, collection, 'balanceOf', [heir]))[0]).toBe(1n)
    await chain.send(heir, collection, content('renounceOwnership', []))
    await expect(chain.send(heir, collection, content('mint', [randomId()]))).rejects.toThrow(
      'OwnableUnauthorizedAccount',
    )
  })

  it('takes no money and no call that is almost a mint', async () => {
    const creator = await chain.account('almost')
    const collection = await chain.collectionOf(creator)
    const mint = content('mint', [randomId()])
    await expect(chain.send(creator, collection, mint, 1n)).rejects.toThrow(/revert/)
    await expect(chain.send(creator, collection, mint.slice(0, -2))).rejects.toThrow(/revert/)
    await expect(chain.send(creator, collection, '0x', 1n)).rejects.toThrow(/revert/)
    await expect(chain.send(creator, collection, '0xdeadbeef')).rejects.toThrow(/revert/)
  })

  it('keeps balances and owners like the plain OpenZeppelin token through any history', async () => {
    const names = ['x', 'y', 'z'] as const
    const accounts = await Promise.all(names.map((name) => chain.account(`history ${name}`)))
    const history = fc.array(
      fc.oneof(
        fc.record({ act: fc.constant('mint' as const), id: fc.nat(5) }),
        fc.record({ act: fc.constant('batch' as const), ids: fc.array(fc.nat(5), { maxLength: 3 }) }),
        fc.record({ act: fc.constant('move' as const), id: fc.nat(5), from: fc.nat(2), to: fc.nat(2) }),
      ),
      { minLength: 3, maxLength: 10 },
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const creator = await chain.account(`history creator ${(run += 1)}`)
        const collection = await chain.collectionOf(creator)
        const people = [creator, accounts[1]!, accounts[2]!]
        const owners = new Map<number, string>()
        for (const step of steps) {
          const ids = step.act === 'batch' ? step.ids : [step.id]
          if (step.act === 'move') {
            const [from, to] = [people[step.from]!, people[step.to]!]
            const attempt = chain.send(from, collection, content('transferFrom', [from, to, step.id]))
            if (owners.get(step.id) !== from) await expect(attempt).rejects.toThrow(/ERC721/)
            else owners.set(step.id, (await attempt) && to)
            continue
          }
          const data = step.act === 'mint' ? content('mint', [step.id]) : content('mintBatch', [ids])
          const attempt = chain.send(creator, collection, data)
          if (ids.some((id) => owners.has(id)) || new Set(ids).size !== ids.length) {
            await expect(attempt).rejects.toThrow('ERC721InvalidSender')
          } else {
            await attempt
            for (const id of ids) owners.set(id, creator)
          }
        }
        for (const person of people) {
          const expected = [...owners.values()].filter((owner) => owner === person).length
          expect((await chain.read(contentInterface, collection, 'balanceOf', [person]))[0]).toBe(BigInt(expected))
        }
        for (const [id, owner] of owners) {
          expect((await chain.read(contentInterface, collection, 'ownerOf', [id]))[0]).toBe(owner)
        }
      }),
      { numRuns: 12, seed: 7 },
    )
  })
})

describe('standards', () => {
  it('says which ones it keeps', async () => {
    const collection = await chain.collectionOf(await chain.account('standards'))
    const kept = ['0x01ffc9a7', '0x80ac58cd', '0x5b5e139f', '0x2a55205a', '0xad092b5c', '0x49064906', '0x84b0196e']
    for (const id of kept) {
      expect((await chain.read(contentInterface, collection, 'supportsInterface', [id]))[0], id).toBe(true)
    }
    for (const id of ['0xffffffff', '0x780e9d63']) {
      expect((await chain.read(contentInterface, collection, 'supportsInterface', [id]))[0], id).toBe(false)
    }
  })

  it('tells the royalty of any price exactly, and lets only the owner change it, within bounds', async () => {
    const [creator, other] = [await chain.account('royal'), await chain.account('royal other')]
    const collection = await chain.collectionOf(creator, 1_000)
    const largest = 2n ** 256n - 1n
    for (const price of [0n, 1n, 9n, 10n, 12_345n, 10n ** 18n, largest]) {
      const answer = await chain.read(contentInterface, collection, 'royaltyInfo', [1, price])
      expect(answer.toArray()).toEqual([creator, (price * 1_000n) / 10_000n])
    }
    await expect(chain.send(other, collection, content('setRoyalty', [other, 1]))).rejects.toThrow('Ownable')
    await expect(chain.send(creator, collection, content('setRoyalty', [other, 1_001]))).rejects.toThrow(
      'RoyaltyTooHigh',
    )
    await expect(chain.send(creator, collection, content('setRoyalty', [ZeroAddress, 1]))).rejects.toThrow(
      'RoyaltyReceiverMissing',
    )
    await chain.send(creator, collection, content('setRoyalty', [other, 75]))
    expect((await chain.read(contentInterface, collection, 'royaltyInfo', [1, 10_000])).toArray()).toEqual([other, 75n])
  })

  it('leases: a paid user stays until the time is over, also through a sale, and may leave earlier', async () => {
    const [creator, lab, buyer] = [
      await chain.account('lessor'),
      await chain.account('lab'),
      await chain.account('buyer'),
    ]
    const collection = await chain.collectionOf(creator)
    await chain.send(creator, collection, content('mint', [1]))
    const now = Number(
      ((await chain.rpc.call('eth_getBlockByNumber', ['latest', false])) as { timestamp: string }).timestamp,
    )
    const lease = (user: string, days: number): string => content('setUser', [1, user, now + days * DAY_SECONDS])
    const user = async (): Promise<unknown> => (await chain.read(contentInterface, collection, 'userOf', [1]))[0]
    await expect(chain.send(lab, collection, lease(lab, 9))).rejects.toThrow('ERC721InsufficientApproval')
    await chain.send(creator, collection, lease(lab, 2))
    expect(await user()).toBe(lab)
    await expect(chain.send(creator, collection, lease(buyer, 9))).rejects.toThrow('LeaseRunning')
    await expect(chain.send(creator, collection, lease(ZeroAddress, 0))).rejects.toThrow('LeaseRunning')
    await expect(chain.send(creator, collection, lease(lab, 1))).rejects.toThrow('LeaseRunning')
    await chain.send(creator, collection, lease(lab, 3))
    await chain.send(creator, collection, content('transferFrom', [creator, buyer, 1]))
    expect(await user()).toBe(lab)
    await expect(chain.send(buyer, collection, content('endLease', [1]))).rejects.toThrow('NotTheUser')
    await chain.send(lab, collection, content('endLease', [1]))
    expect(await user()).toBe(ZeroAddress)
    await chain.send(buyer, collection, lease(lab, 4))
    await chain.rpc.call('evm_increaseTime', [5 * DAY_SECONDS])
    await chain.rpc.call('evm_mine', [])
    expect(await user()).toBe(ZeroAddress)
    await chain.send(buyer, collection, content('setUser', [1, creator, now + 9 * DAY_SECONDS]))
    expect(await user()).toBe(creator)
  })
})

describe('vouchers', () => {
  const types = {
    Voucher: [
      { name: 'tokenId', type: 'uint256' },
      { name: 'buyer', type: 'address' },
      { name: 'price', type: 'uint256' },
      { name: 'validUntil', type: 'uint64' },
      { name: 'series', type: 'uint256' },
    ],
  }
  const far = 4_000_000_000
  const open = { tokenId: 1n, buyer: ZeroAddress, price: 0n, validUntil: far, series: 0n }

  /** A creator with a key of its own, and its collection. */
  async function creatorWithKey(): Promise<{ wallet: InstanceType<typeof Wallet>; collection: string }> {
    const wallet = new Wallet(randomId())
    await chain.rpc.call('anvil_impersonateAccount', [wallet.address])
    await chain.rpc.call('anvil_setBalance', [wallet.address, '0x3635c9adc5dea00000'])
    return { wallet, collection: await chain.collectionOf(wallet.address) }
  }
  async function redemption(
    wallet: InstanceType<typeof Wallet>,
    voucher: typeof open,
    verifyingContract: string,
    chainId = PRACTICE_CHAIN_ID,
  ): Promise<string> {
    const domain = { name: 'Asterism', version: '1', chainId, verifyingContract }
    return content('redeem', [voucher, await wallet.signTypedData(domain, types, voucher)])
  }

  it('lets the buyer pay for the mint, once, the price going to the creator', async () => {
    const { wallet, collection } = await creatorWithKey()
    const buyer = await chain.account('voucher buyer')
    const balance = async (): Promise<bigint> =>
      BigInt(String(await chain.rpc.call('eth_getBalance', [wallet.address, 'latest'])))
    const data = await redemption(wallet, { ...open, tokenId: 9n, price: 1_000n }, collection)
    await expect(chain.send(buyer, collection, data, 999n)).rejects.toThrow('WrongPrice')
    await expect(chain.send(buyer, collection, data, 1_001n)).rejects.toThrow('WrongPrice')
    const before = await balance()
    await chain.send(buyer, collection, data, 1_000n)
    expect((await balance()) - before).toBe(1_000n)
    expect((await chain.read(contentInterface, collection, 'ownerOf', [9]))[0]).toBe(buyer)
    await expect(chain.send(buyer, collection, data, 1_000n)).rejects.toThrow('ERC721InvalidSender')
  })

  it('counts only on its chain, in its collection, for its buyer, in its time and its series, as it was signed', async () => {
    const { wallet, collection } = await creatorWithKey()
    const other = await creatorWithKey()
    const [buyer, thief] = [await chain.account('voucher buyer 2'), await chain.account('thief')]
    const refused = async (data: string, reason: string, to = collection): Promise<void> => {
      await expect(chain.send(thief, to, data)).rejects.toThrow(reason)
    }
    await refused(await redemption(wallet, open, collection), 'VoucherNotSignedByOwner', other.collection)
    await refused(await redemption(wallet, open, other.collection), 'VoucherNotSignedByOwner')
    await refused(await redemption(wallet, open, collection, 1), 'VoucherNotSignedByOwner')
    await refused(await redemption(other.wallet, open, collection), 'VoucherNotSignedByOwner')
    await refused(await redemption(wallet, { ...open, buyer }, collection), 'VoucherForAnother')
    await refused(await redemption(wallet, { ...open, validUntil: 1 }, collection), 'VoucherExpired')
    await refused(await redemption(wallet, { ...open, series: 1n }, collection), 'VoucherWithdrawn')
    const signed = contentInterface.decodeFunctionData('redeem', await redemption(wallet, open, collection))
    await refused(content('redeem', [{ ...open, tokenId: 2n }, signed[1]]), 'VoucherNotSignedByOwner')
    await chain.send(wallet.address, collection, content('withdrawVouchers', []))
    await refused(await redemption(wallet, open, collection), 'VoucherWithdrawn')
    await chain.send(thief, collection, await redemption(wallet, { ...open, series: 1n }, collection))
    expect((await chain.read(contentInterface, collection, 'ownerOf', [1]))[0]).toBe(thief)
  })

  it('cannot be used to mint again from within the receipt of the token', async () => {
    const { wallet, collection } = await creatorWithKey()
    const attacker = await chain.account('attacker')
    const source = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
contract Reentrant {
    bytes public again;
    address public target;
    bool public secondSucceeded;
    function run(address to, bytes calldata first, bytes calldata second) external {
        again = second;
        target = to;
        (bool done, ) = to.call(first);
        require(done, "first");
    }
    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        if (again.length > 0) {
            bytes memory data = again;
            delete again;
            (secondSucceeded, ) = target.call(data);
        }
        return this.onERC721Received.selector;
    }
}`
    const compiled = compileSolidity({ 'Reentrant.sol': source }).contracts['Reentrant.sol']!['Reentrant']!
    const reentrant = Interface.from(JSON.stringify(compiled.abi))
    const { contractAddress } = await chain.send(attacker, null, `0x${compiled.evm.bytecode.object}`)
    const data = await redemption(wallet, { ...open, tokenId: 77n }, collection)
    await chain.send(attacker, contractAddress, reentrant.encodeFunctionData('run', [collection, data, data]))
    expect((await chain.read(reentrant, contractAddress!, 'secondSucceeded'))[0]).toBe(false)
    expect((await chain.read(contentInterface, collection, 'balanceOf', [contractAddress]))[0]).toBe(1n)
  })
})
