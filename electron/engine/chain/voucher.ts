/** Vouchers: a creator signs one so that a buyer can mint a work and pay for it. Verified from their bytes alone. */
import { recoverAddress, TypedDataEncoder, ZeroAddress } from 'ethers'
import { signedVoucher, type SignedVoucher, type VoucherStanding } from '../../../shared/contract/vouchers.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { checkedAddress } from './address.ts'
import { networkWords, policyNamed } from './chain-policies.ts'
import { collectionAddress, contentInterface } from './contracts.ts'
import { hasCode } from './deployment.ts'
import { readContract } from './market-state.ts'
import { openNetwork } from './networks.ts'
import { tokenOwner } from './token-lookup.ts'
import { VOUCHER_FIELDS, type TypedData } from './signer/typed-data-policy.ts'
import type { ChainSigner } from './chain-signer.ts'

type Unsigned = Omit<SignedVoucher, 'signature' | 'format'>

function typedData({ chain_id: chainId, collection, voucher }: Unsigned): TypedData {
  return {
    domain: { name: 'Asterism', version: '1', chainId, verifyingContract: collection },
    primaryType: 'Voucher',
    message: { ...voucher },
  }
}

export interface VoucherRequest {
  readonly tokenId: string
  readonly priceWei: string
  /** Who may redeem it; null: anybody, first come. */
  readonly buyer: string | null
  /** Unix time of the last second in which it is valid. */
  readonly validUntil: number
}

/** @throws AsterismError `chain_refused` if the creator has no collection on the network, `signing_refused`, … */
export async function signVoucher(
  home: string,
  networkId: string,
  request: VoucherRequest,
  signer: ChainSigner,
  signal?: AbortSignal,
): Promise<SignedVoucher> {
  const network = await openNetwork(home, networkId, signal)
  const collection = collectionAddress(signer.address)
  if (!(await hasCode(network.rpc, collection, signal))) {
    throw new AsterismError('chain_refused', say('chain.noCollection', { network: networkWords(network.policy) }), {
      fix: say('chain.fix.collection'),
    })
  }
  const [series] = await readContract(network, contentInterface, collection, 'voucherSeries', [], signal)
  const unsigned: Unsigned = {
    network: networkId,
    chain_id: network.policy.chainId,
    collection,
    voucher: {
      tokenId: request.tokenId,
      buyer: request.buyer === null ? ZeroAddress : checkedAddress(request.buyer),
      price: request.priceWei,
      validUntil: request.validUntil,
      series: String(series),
    },
  }
  const signature = await signer.signTypedData(typedData(unsigned), signal)
  return verifyVoucher({ format: 'asterism-voucher-1', ...unsigned, signature })
}

/** The signer of a voucher. @throws AsterismError `corrupt_file` if the named collection is not theirs. */
export function creatorOfVoucher(signed: SignedVoucher): string {
  const { domain, primaryType, message } = typedData(signed)
  const digest = TypedDataEncoder.hash(domain, { [primaryType]: [...VOUCHER_FIELDS] }, message)
  const wrong = (what: Saying, cause?: unknown): AsterismError =>
    new AsterismError('corrupt_file', what, {
      fix: say('chain.fix.voucherAgain'),
      kept: say('kept.nothingPaid'),
      cause,
    })
  let creator: string
  try {
    creator = recoverAddress(digest, signed.signature)
  } catch (cause) {
    throw wrong(say('chain.voucher.unreadable'), cause)
  }
  if (collectionAddress(creator) !== checkedAddress(signed.collection)) {
    throw wrong(say('chain.voucher.changed'))
  }
  return creator
}

/** Verifies a signed voucher. @throws AsterismError `corrupt_file` with what does not fit. */
export function verifyVoucher(raw: unknown): SignedVoucher {
  const parsed = signedVoucher.safeParse(raw)
  if (!parsed.success) throw new AsterismError('corrupt_file', say('chain.voucher.none'))
  if (policyNamed(parsed.data.network).chainId !== parsed.data.chain_id) {
    throw new AsterismError('corrupt_file', say('chain.voucher.otherNetwork'))
  }
  creatorOfVoucher(parsed.data)
  return parsed.data
}

/** The state of a voucher on its network. @throws AsterismError `cancelled`; an unreachable network is an answer. */
export async function voucherStanding(
  home: string,
  { network: id, collection, voucher }: SignedVoucher,
  signal?: AbortSignal,
): Promise<VoucherStanding> {
  try {
    const network = await openNetwork(home, id, signal)
    if (!(await hasCode(network.rpc, collection, signal))) {
      throw new AsterismError('not_found', say('chain.voucher.noCollection', { network: networkWords(network.policy) }))
    }
    const [series] = await readContract(network, contentInterface, collection, 'voucherSeries', [], signal)
    const minted = (await tokenOwner(network, collection, voucher.tokenId, signal)) !== null
    return { withdrawn: String(series) !== voucher.series, minted, unread: null }
  } catch (error) {
    if (!(error instanceof AsterismError) || error.code === 'cancelled') throw error
    return { withdrawn: null, minted: null, unread: error.message }
  }
}
