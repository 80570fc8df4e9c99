import { expect, test } from 'vitest'
import { contentInterface, marketInterface } from '../../../electron/engine/chain/contracts.ts'
import { explainRefusal } from '../../../electron/engine/chain/revert-reasons.ts'
import { RpcRefusal } from '../../../electron/engine/chain/rpc.ts'

const SOMEBODY = `0x${'a5'.repeat(20)}`
const NOON = BigInt(Date.parse('2026-11-28T12:00:00Z') / 1000)
const refusal = (data: string): RpcRefusal => new RpcRefusal('eth_estimateGas', 3, 'execution reverted', data)

test.each([
  [
    'a bid that is too low',
    marketInterface.encodeErrorResult('BidTooLow', [15n * 10n ** 16n]),
    /^Bid 0\.15 ETH or more/,
  ],
  ['an auction that runs', marketInterface.encodeErrorResult('AuctionRunning', [NOON]), /2026-11-28T12:00:00/],
  ['a rent that runs', marketInterface.encodeErrorResult('RentalRunning', [SOMEBODY, NOON]), /2026-11-28T12:00:00/],
  ['a lease that runs', contentInterface.encodeErrorResult('LeaseRunning', [SOMEBODY, NOON]), /2026-11-28T12:00:00/],
  ['a lease without end', contentInterface.encodeErrorResult('LeaseRunning', [SOMEBODY, 2n ** 64n - 1n]), /9999/],
])('of %s is said what would do', (_of, data, fix) => {
  expect(explainRefusal(refusal(data))).toMatchObject({
    code: 'chain_refused',
    fix: expect.stringMatching(fix) as string,
  })
})

test('what is no refusal of ours stays as it came', () => {
  for (const data of ['0x', '0x08c379a0', `0x${'ff'.repeat(40)}`]) {
    const error = refusal(data)
    expect(explainRefusal(error)).toBe(error)
  }
})
