import {
  concat,
  decodeRlp,
  encodeRlp,
  Interface,
  Transaction,
  type RlpStructuredData,
  type TransactionLike,
  ZeroAddress,
} from 'ethers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PRACTICE_CHAIN_ID } from '../../../electron/engine/chain/chain-policies.ts'
import {
  collectionAddress,
  contentInterface,
  CREATE2_DEPLOYER,
  deployables,
  deploymentData,
  FACTORY_ADDRESS,
  factoryInterface,
  MARKET_ADDRESS,
  marketInterface,
  STARS_ADDRESS,
  starsInterface,
} from '../../../electron/engine/chain/contracts.ts'
import { encodeTerms } from '../../../electron/engine/chain/market-terms.ts'
import { allowedCalls } from '../../../electron/engine/chain/signer/allowed-calls.ts'
import { inEnglish } from '../../../electron/engine/chain/signer/statements.ts'
import { judgeTransaction } from '../../../electron/engine/chain/signer/transaction-policy.ts'
import { describedSelectors, descriptors, selectorOf } from '../../fixtures/chain/clear-signing.ts'
import { mintTransaction, PLANTED_ADDRESS, TOKEN_ID } from '../../fixtures/chain/signing.ts'

const SEPOLIA = 11_155_111
const account = { address: PLANTED_ADDRESS, practiceOnly: false }
const practice = { address: PLANTED_ADDRESS, practiceOnly: true }
const stranger = '0x00000000000000000000000000000000000000AA'
const erc721 = new Interface([
  'function approve(address to, uint256 tokenId)',
  'function setApprovalForAll(address operator, bool approved)',
  'function transferFrom(address from, address to, uint256 tokenId)',
  'function transferOwnership(address newOwner)',
  'function renounceOwnership()',
  'function transfer(address to, uint256 value)',
  'function increaseAllowance(address spender, uint256 value)',
  'function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
  'function multicall(bytes[] data)',
])
const zero = `0x${'00'.repeat(32)}`
const mintData = contentInterface.encodeFunctionData('mint', [TOKEN_ID])

describe('what is signed', () => {
  it('on a main network asks for its name to be typed, and elsewhere for nothing', () => {
    const on = (chainId: number): string | undefined =>
      judgeTransaction(mintTransaction(account.address, { chainId }), account).description.toBeTyped
    expect(on(1)).toBe('Ethereum')
    expect(on(8_453)).toBe('Base')
    expect([on(SEPOLIA), on(PRACTICE_CHAIN_ID)]).toEqual([undefined, undefined])
  })

  it('on a main network needs a wallet whose words were entered again, and elsewhere does not', () => {
    const unchecked = { ...account, uncheckedBackup: true }
    const on = (chainId: number) => judgeTransaction(mintTransaction(account.address, { chainId }), unchecked)
    expect(() => on(1)).toThrow(/have not been entered again/)
    expect(on(SEPOLIA).policy.networkId).toBe('sepolia')
  })

  it('puts a contract onto a chain only as it is shipped, to the deployer of contracts', () => {
    const deployment = (data: string, more: TransactionLike = {}) =>
      judgeTransaction(mintTransaction(account.address, { to: CREATE2_DEPLOYER, data, ...more }), account)
    for (const contract of deployables) {
      expect(deployment(deploymentData(contract)).description.words[0]).toContain(contract.address)
    }
    const data = deploymentData(deployables[0]!)
    expect(() => deployment(`${data}00`)).toThrow()
    expect(() => deployment(data.replace(/.{4}$/, '0000'))).toThrow()
    expect(() => deployment(data, { value: 1n })).toThrow()
    expect(() => deployment(data, { to: stranger })).toThrow()
  })

  it('takes the place of a transaction that waits only with nothing, sent to oneself', () => {
    const nothing: TransactionLike = { to: account.address, data: '0x', gasLimit: 21_000n }
    const { description } = judgeTransaction(mintTransaction(account.address, nothing), account)
    expect(description.title).toMatch(/Cancel/)
    expect(description.words.join(' ')).toContain('number 7')
    for (const more of [{ value: 1n }, { to: stranger }, { data: '0x00' }])
      expect(() => judgeTransaction(mintTransaction(account.address, { ...nothing, ...more }), account)).toThrow()
  })

  it('describes a mint in words and with every field that is signed', () => {
    const { description, costWei, policy } = judgeTransaction(mintTransaction(account.address), practice)
    expect(policy.practice).toBe(true)
    expect(costWei).toBe(60_000n * 3_000_000_000n)
    expect(description.words.join(' ')).toContain(TOKEN_ID.slice(2))
    expect(description).toMatchObject({ account: account.address, practice: true })
    const values = Object.fromEntries(description.fields.map(({ name, value }) => [name, value]))
    expect(values).toMatchObject({
      'chain id': String(PRACTICE_CHAIN_ID),
      from: account.address,
      function: 'mint(uint256)',
      tokenId: String(BigInt(TOKEN_ID)),
      value: '0.0 ETH',
      nonce: '7',
      'gas limit': '60000',
      'highest fee per gas': '3.0 gwei',
      'tip per gas': '1.0 gwei',
      data: mintData,
    })
    expect(values['to']).toContain(collectionAddress(account.address))
  })

  it('knows the making of a collection, at the factory only', () => {
    const data = factoryInterface.encodeFunctionData('create', [500])
    const { description } = judgeTransaction(mintTransaction(account.address, { to: FACTORY_ADDRESS, data }), account)
    expect(description.words.join(' ')).toContain('royalty of 5 %')
    const elsewhere = mintTransaction(account.address, { data })
    expect(() => judgeTransaction(elsewhere, account)).toThrow(/not the factory/)
  })

  it('signs on a test network with a wallet, not with the practice account', () => {
    const transaction = mintTransaction(account.address, { chainId: SEPOLIA })
    expect(judgeTransaction(transaction, account).description.practice).toBe(false)
    expect(() => judgeTransaction(transaction, practice)).toThrow(/practice chain only/)
  })
})

describe('the market', () => {
  const own = collectionAddress(account.address)
  const other = collectionAddress(stranger)
  const terms = encodeTerms({ kind: 'lease', priceWei: 10n ** 16n, spanSeconds: 86_400, mostPeriods: 9, only: null })
  const offerData = (to: string, data: string, from = account.address): string =>
    contentInterface.encodeFunctionData('safeTransferFrom(address,address,uint256,bytes)', [from, to, TOKEN_ID, data])
  const judge = (different: TransactionLike, creator?: string) =>
    judgeTransaction(mintTransaction(account.address, different), account, creator).description
  const marketCall = (name: string, args: unknown[]): string => marketInterface.encodeFunctionData(name, args)

  it('is offered a work together with its terms, in words, and nothing else', () => {
    const { title, words } = judge({ to: own, data: offerData(MARKET_ADDRESS, terms) })
    expect(title).toBe('Offer a work in the market')
    expect(words.join(' ')).toMatch(/lets it.*0\.01 ETH each 1 day, at most 9/)
    for (const [to, data, from, reason] of [
      [stranger, terms, account.address, /to the market of Asterism only/],
      [MARKET_ADDRESS, terms, stranger, /somebody else/],
      [MARKET_ADDRESS, '0x', account.address, /cannot be read/],
      [MARKET_ADDRESS, `${terms}00`, account.address, /cannot be read/],
    ] as const) {
      expect(() => judge({ to: own, data: offerData(to, data, from) })).toThrow(reason)
    }
  })

  it('is offered a work of another collection only when that follows from its creator', () => {
    const data = offerData(MARKET_ADDRESS, terms)
    expect(judge({ to: other, data }, stranger).title).toContain('Offer')
    expect(() => judge({ to: other, data })).toThrow(/not the collection of the work/)
    expect(() => judge({ to: stranger, data }, stranger)).toThrow(/not the collection of the work/)
    // The hint widens nothing else: a mint stays in the own collection.
    expect(() => judge({ to: other }, stranger)).toThrow(/not your own collection/)
  })

  it('is paid by the calls that take money only, within the limit, and says how much', () => {
    const bid = marketCall('bid', [other, TOKEN_ID])
    const { words, fields } = judge({ to: MARKET_ADDRESS, data: bid, value: 5n * 10n ** 16n })
    expect(words.join(' ')).toMatch(/Bids 0\.05 ETH.*Pays 0\.05 ETH, and at most/)
    expect(fields.find(({ name }) => name === 'value')?.value).toBe('0.05 ETH')
    expect(() => judge({ to: MARKET_ADDRESS, data: bid, value: 2n * 10n ** 18n })).toThrow(/limit for one transaction/)
    const settle = marketCall('settle', [other, TOKEN_ID])
    expect(() => judge({ to: MARKET_ADDRESS, data: settle, value: 1n })).toThrow(/would send/)
    expect(() => judge({ to: stranger, data: bid, value: 1n })).toThrow(/not the market of Asterism/)
  })

  it('lets a voucher be redeemed by its buyer alone, at its price', () => {
    const redeem = (buyer: string, value: bigint) => {
      const voucher = [TOKEN_ID, buyer, 10n ** 16n, 4_000_000_000, 0]
      return judge({ to: other, data: contentInterface.encodeFunctionData('redeem', [voucher, '0x']), value }, stranger)
    }
    expect(redeem(account.address, 10n ** 16n).words.join(' ')).toContain('They get 0.01 ETH')
    expect(() => redeem(other, 10n ** 16n)).toThrow(/for somebody else/)
    expect(() => redeem(account.address, 1n)).toThrow(/asks for 0\.01 ETH/)
  })

  it('pays out to nobody but the account itself', () => {
    expect(judge({ to: MARKET_ADDRESS, data: marketCall('withdraw', [account.address]) }).title).toMatch(/Withdraw/)
    expect(() => judge({ to: MARKET_ADDRESS, data: marketCall('withdraw', [stranger]) })).toThrow(/somebody else/)
  })

  it('is not given a work without terms, and a work is given away in plain words', () => {
    const give = (to: string): TransactionLike => ({
      to: own,
      data: contentInterface.encodeFunctionData('safeTransferFrom(address,address,uint256)', [
        account.address,
        to,
        TOKEN_ID,
      ]),
    })
    expect(judge(give(stranger)).words.join(' ')).toMatch(/for nothing.*cannot take it back/)
    expect(() => judge(give(MARKET_ADDRESS))).toThrow(/together with its terms/)
    expect(() => judge(give(account.address))).toThrow(/to yourself/)
  })

  it('shows an attestation with its percent and every field, and no name that hides signs', () => {
    const attest = (model: string): string =>
      starsInterface.encodeFunctionData('attestContribution', [
        [account.address, own, TOKEN_ID, 14_090, model, 'rooms-2026', `0x${'00'.repeat(32)}`, 1_800_000_000],
        '0x',
      ])
    const { words, fields } = judge({ to: STARS_ADDRESS, data: attest('walker-7b') })
    expect(words.join(' ')).toContain('contributed 1.409 % to the score of "walker-7b" on "rooms-2026"')
    expect(fields.find(({ name }) => name.endsWith('partsPerMillion'))?.value).toBe('14090')
    expect(() => judge({ to: STARS_ADDRESS, data: attest('walker\u202e7b') })).toThrow(/cannot be seen/)
  })

  it('has every selector described by a clear-signing descriptor', () => {
    const described = describedSelectors()
    for (const call of allowedCalls) expect(described.get(selectorOf(call)), call.signature).toBe(inEnglish(call.title))
    const addresses = [...descriptors().values()].flatMap(({ context }) =>
      (context.contract?.deployments ?? context.eip712?.deployments ?? []).map(({ address }) => address),
    )
    expect(new Set(addresses)).toEqual(new Set([FACTORY_ADDRESS, MARKET_ADDRESS, STARS_ADDRESS]))
  })
})

describe('what is refused', () => {
  /** An honest mint whose fields are replaced below what ethers would let one write. */
  const rewritten = (fields: Record<number, string>): string => {
    const honest = decodeRlp(`0x${mintTransaction(account.address).slice(4)}`) as RlpStructuredData[]
    return concat(['0x02', encodeRlp(honest.map((field, n) => fields[n] ?? field))])
  }
  const refused = (different: Parameters<typeof mintTransaction>[1], reason: RegExp): void => {
    const act = (): unknown => judgeTransaction(mintTransaction(account.address, different), account)
    expect(act).toThrow(
      expect.objectContaining({ code: 'signing_refused', message: expect.stringMatching(reason) as string }),
    )
  }

  it.each([
    ['approve', [stranger, TOKEN_ID], /approval/],
    ['setApprovalForAll', [stranger, true], /approval of everything/],
    ['transferFrom', [account.address, stranger, TOKEN_ID], /transfer/],
    ['transferOwnership', [stranger], /giving your collection away/],
    ['renounceOwnership', [], /giving up your collection/],
    ['transfer', [stranger, 1n], /transfer of tokens/],
    ['increaseAllowance', [stranger, 1n], /approval/],
    ['permit', [account.address, stranger, 1n, 1n, 27, zero, zero], /approval by signature/],
    ['multicall', [[mintData]], /not one that this program knows/],
  ] as const)('%s, in the place of a mint', (name, args, reason) => {
    refused({ data: erc721.encodeFunctionData(name, args as readonly unknown[]) }, reason)
  })

  it('an approval hidden behind a mint, or in the padding of one', () => {
    const approval = erc721.encodeFunctionData('setApprovalForAll', [stranger, true])
    refused({ data: concat([mintData, approval]) }, /data of this call/)
    refused({ data: mintData.slice(0, -2) }, /data of this call/)
    const create = factoryInterface.encodeFunctionData('create', [500])
    refused({ to: FACTORY_ADDRESS, data: `${create.slice(0, 10)}ff${create.slice(12)}` }, /data of this call/)
    const batch = contentInterface.encodeFunctionData('mintBatch', [[1n]])
    refused({ data: concat([batch, `0x${'00'.repeat(32)}`]) }, /data of this call/)
  })

  it('the same call to another contract: a swapped address', () => {
    refused({ to: stranger }, /not your own collection/)
    refused({ to: collectionAddress(stranger) }, /not your own collection/)
    refused({ to: FACTORY_ADDRESS }, /not your own collection/)
  })

  it('any chain that is not on the list', () => {
    for (const chainId of [0, 10, 137, 31_337]) refused({ chainId }, /not one that this program signs for/)
  })

  it('money, contract creation, empty calls', () => {
    refused({ value: 1n }, /would send/)
    refused({ data: '0x', value: 1n }, /send money/)
    refused({ to: null, data: '0x6000' }, /create a contract/)
  })

  it('fees above the limit of the chain, gas limits that no call of ours needs, tips above the whole fee', () => {
    refused({ chainId: SEPOLIA, maxFeePerGas: 10n ** 12n }, /limit for one transaction/)
    refused({ gasLimit: 12_000_001n, maxFeePerGas: 1n, maxPriorityFeePerGas: 0n }, /gas limit/)
    expect(judgeTransaction(rewritten({}), account).costWei).toBe(60_000n * 3_000_000_000n)
    expect(() => judgeTransaction(rewritten({ 2: '0xffffffffffff' }), account)).toThrow(
      expect.objectContaining({ code: 'signing_refused' }),
    )
    // A nonce with a leading zero is read as the same number, and is other bytes.
    expect(() => judgeTransaction(rewritten({ 1: '0x0007' }), account)).toThrow(
      expect.objectContaining({ code: 'signing_refused' }),
    )
  })

  it('batches that are empty, too long, or name a work twice; royalties above the most', () => {
    const batch = (ids: bigint[]): string => contentInterface.encodeFunctionData('mintBatch', [ids])
    refused({ data: batch([]) }, /1 to 200/)
    refused({ data: batch(Array.from({ length: 201 }, (_, n) => BigInt(n))) }, /1 to 200/)
    refused({ data: batch([5n, 5n]) }, /twice/)
    refused({ data: contentInterface.encodeFunctionData('setRoyalty', [stranger, 1_001]) }, /10 %/)
    for (const nobody of [ZeroAddress, MARKET_ADDRESS, FACTORY_ADDRESS]) {
      refused({ data: contentInterface.encodeFunctionData('setRoyalty', [nobody, 500]) }, /can take no royalty/)
    }
  })

  it('other kinds of transactions: legacy, with an access list, signed already, not canonical', () => {
    const legacy = Transaction.from({ type: 0, chainId: PRACTICE_CHAIN_ID, to: stranger, gasPrice: 1n, gasLimit: 1n })
    expect(() => judgeTransaction(legacy.unsignedSerialized, account)).toThrow(/EIP-1559/)
    refused({ accessList: [{ address: stranger, storageKeys: [] }] }, /access list/)
    const transaction = Transaction.from(mintTransaction(account.address))
    transaction.signature = { r: `0x${'11'.repeat(32)}`, s: `0x${'11'.repeat(32)}`, v: 27 }
    expect(() => judgeTransaction(transaction.serialized, account)).toThrow(/signed already/)
    expect(() => judgeTransaction(`${mintTransaction(account.address)}00`, account)).toThrow(/read|unusual/)
    expect(() => judgeTransaction(`0x02${'00'.repeat(20_000)}`, account)).toThrow(/too long/)
  })

  it('any bytes at all: always a refusal, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = `0x${Buffer.from(bytes).toString('hex')}`
        expect(() => judgeTransaction(text, account)).toThrow(expect.objectContaining({ code: 'signing_refused' }))
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('any call whose selector is not on the list, whatever follows', () => {
    const known = new Set(allowedCalls.map(({ contract, signature }) => contract.getFunction(signature)!.selector))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.boolean(), (bytes, factory) => {
        const data = `0x${Buffer.from(bytes).toString('hex')}`
        fc.pre(!known.has(data.slice(0, 10)))
        refused({ data, ...(factory ? { to: FACTORY_ADDRESS } : {}) }, /./)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  it('any known call with any other arguments than its own kind: what is signed is exactly what was read', () => {
    const own = collectionAddress(account.address)
    const target = {
      factory: FACTORY_ADDRESS,
      market: MARKET_ADDRESS,
      'star registry': STARS_ADDRESS,
      'own collection': own,
      collection: own,
    } as const
    fc.assert(
      fc.property(fc.constantFrom(...allowedCalls), fc.uint8Array({ maxLength: 200 }), (call, bytes) => {
        const { selector } = call.contract.getFunction(call.signature)!
        const data = `${selector}${Buffer.from(bytes).toString('hex')}`
        const unsigned = mintTransaction(account.address, { to: target[call.target], data })
        try {
          const { description } = judgeTransaction(unsigned, account)
          expect(description.fields.find(({ name }) => name === 'data')?.value).toBe(data)
          const decoded = call.contract.decodeFunctionData(call.signature, data)
          expect(call.contract.encodeFunctionData(call.signature, decoded)).toBe(data)
        } catch (error) {
          expect(error).toMatchObject({ code: 'signing_refused' })
        }
      }),
      { seed: 3, numRuns: 500 },
    )
  })
})
