import { formatEther, ZeroAddress } from 'ethers'
import { z } from 'zod'
import { actAnswer, type ActAnswer } from '../../../../shared/contract/chain-acts.ts'
import {
  signedVoucher,
  verifiedVoucher,
  type SignedVoucher,
  type VerifiedVoucher,
} from '../../../../shared/contract/vouchers.ts'
import { DEFAULT_ROYALTY_BASIS_POINTS } from '../../../engine/chain/contracts.ts'
import { isoDateOf } from '../../../engine/chain/ledger/chain-time.ts'
import { verifyVoucher, voucherStanding } from '../../../engine/chain/voucher.ts'
import {
  act,
  actReport,
  CHAIN_OPTIONS,
  CHAIN_USAGE,
  dispatch,
  ether,
  keepSigned,
  networkOf,
  optionalAddress,
  readSignedFile,
  royalty,
  until,
} from '../chain-command.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'
import { packageFile } from '../package-argument.ts'
import { isPackage, workNamed } from '../work-argument.ts'

type Answer = ActAnswer | VerifiedVoucher | SignedVoucher

async function readVoucher(context: CommandContext): Promise<SignedVoucher> {
  const path = context.positionals[1]
  if (path === undefined) throw new UsageError('voucher redeem FILE, voucher verify FILE')
  return verifyVoucher(await readSignedFile(path, 'a voucher'))
}

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<Answer>>> = {
  open: async (context) => {
    const royaltyBasisPoints = royalty(context) ?? DEFAULT_ROYALTY_BASIS_POINTS
    return await act(context, { act: 'openCollection', royaltyBasisPoints })
  },
  async make(context) {
    const named = context.positionals[1]
    const { tokenId } = await workNamed(named)
    const signed = await context.run('voucher', {
      network: networkOf(context),
      account: optionalAddress(context, 'account'),
      package: isPackage(named) ? packageFile(context, named) : null,
      tokenId,
      priceWei: ether(context, 'price'),
      buyer: optionalAddress(context, 'buyer'),
      validUntil: until(context),
    })
    keepSigned(context, signed)
    return signed
  },
  async verify(context) {
    const signed = await readVoucher(context)
    return { ...signed, ...(await voucherStanding(context.engine.session.options.home, signed, context.signal)) }
  },
  redeem: async (context) => await act(context, { act: 'redeem', signed: await readVoucher(context) }),
  withdraw: async (context) => await act(context, { act: 'withdrawVouchers' }),
}

function standingLines({ withdrawn, minted, unread }: VerifiedVoucher): string[] {
  if (unread !== null) return [`whether it was withdrawn, or the work minted, was not looked at: ${unread}`]
  return [
    ...(withdrawn ? ['WITHDRAWN by its creator: it counts no longer'] : []),
    ...(minted ? ['the work is minted: it can be redeemed no more'] : []),
    ...(withdrawn || minted ? [] : ['not withdrawn, and the work is not minted']),
  ]
}

export const voucherCommand = defineCommand<Answer>({
  usage: [
    'open [--royalty PERCENT]',
    'make PACKAGE --price ETH --days N|--until DATE [--buyer ADDRESS] [--out FILE]',
    'verify|redeem FILE',
    'withdraw',
  ],
  everyForm: CHAIN_USAGE,
  detail:
    'Making a voucher costs nothing once the collection exists (open). Whoever redeems it pays the price and the fee. withdraw withdraws all vouchers at once. verify asks the network of the voucher if it can; the exit code is 1 if the voucher was withdrawn or the work is already minted.',
  positionals: [1, 2],
  options: {
    ...CHAIN_OPTIONS,
    royalty: { type: 'string' },
    price: { type: 'string' },
    days: { type: 'string' },
    until: { type: 'string' },
    buyer: { type: 'string' },
    out: { type: 'string' },
  },
  answer: z.union([verifiedVoucher, signedVoucher, actAnswer]),
  async run(context) {
    const answer = await dispatch('voucher', ACTIONS, context)
    return { answer, exitCode: 'withdrawn' in answer && (answer.withdrawn || answer.minted) ? 1 : 0 }
  },
  report(answer) {
    if ('act' in answer) return actReport(answer)
    const { tokenId, buyer, price, validUntil } = answer.voucher
    return [
      `voucher for ${tokenId} of ${answer.collection}`,
      `price   ${formatEther(price)} ETH, to be redeemed by ${buyer === ZeroAddress ? 'whoever comes first' : buyer}`,
      `until   ${isoDateOf(BigInt(validUntil))}`,
      ...('withdrawn' in answer ? standingLines(answer) : []),
    ]
  },
})
