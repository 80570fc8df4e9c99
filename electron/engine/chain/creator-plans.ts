/**
 * Plans around the single mint: contracts on a new chain, an own collection, several works at once, works that their
 * buyer mints.
 */
import { checkedAddress } from './address.ts'
import { royaltyOf } from './market-state.ts'
import type { ActCall, ActPlan, Planner } from './act-plan.ts'
import {
  collectionAddress,
  CREATE2_DEPLOYER,
  deployables,
  deploymentData,
  contentInterface,
  FACTORY_ADDRESS,
  factoryInterface,
  MAX_ROYALTY_BASIS_POINTS,
  takesNoRoyalty,
} from './contracts.ts'
import { networkWords } from './chain-policies.ts'
import { hasCode, isDeployed } from './deployment.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { percentWords } from './basis-points.ts'
import { because, say } from '../../../shared/sayings/saying.ts'
import { voucherTerms } from './purchase-terms.ts'
import { tokenOwner } from './token-lookup.ts'
import { creatorOfVoucher } from './voucher.ts'

type CreatorActs = 'deploy' | 'openCollection' | 'mintBatch' | 'redeem' | 'withdrawVouchers' | 'setRoyalty'

const creation = (royaltyBasisPoints: number) => ({
  to: FACTORY_ADDRESS,
  data: factoryInterface.encodeFunctionData('create', [royaltyBasisPoints]),
})

function requireRoyalty(basisPoints: number): void {
  if (basisPoints <= MAX_ROYALTY_BASIS_POINTS) return
  throw new AsterismError('bad_input', say('chain.royaltyRange'))
}

export const creatorPlanners: { readonly [A in CreatorActs]: Planner<A> } = {
  async deploy(_act, { network, signal }) {
    const { rpc, policy } = network
    if (!(await hasCode(rpc, CREATE2_DEPLOYER, signal))) {
      throw new AsterismError(
        'chain_refused',
        say('node.noDeployer', { network: networkWords(policy), deployer: CREATE2_DEPLOYER }),
      )
    }
    const calls: ActCall[] = []
    for (const contract of deployables) {
      if (!(await hasCode(rpc, contract.address, signal)))
        calls.push({ to: CREATE2_DEPLOYER, data: deploymentData(contract) })
    }
    // Code that stands there is compared with what is shipped, not taken for it.
    return { contract: null, tokenId: null, calls, isDone: () => isDeployed(rpc, signal) }
  },

  openCollection({ royaltyBasisPoints }, { network, account, signal }) {
    requireRoyalty(royaltyBasisPoints)
    const contract = collectionAddress(account)
    const isDone = (): Promise<boolean> => hasCode(network.rpc, contract, signal)
    return Promise.resolve({ contract, tokenId: null, calls: [creation(royaltyBasisPoints)], isDone })
  },

  async mintBatch({ tokenIds, royaltyBasisPoints }, { network, account, signal }): Promise<ActPlan> {
    requireRoyalty(royaltyBasisPoints)
    const contract = collectionAddress(account)
    const missing: string[] = []
    for (const tokenId of new Set(tokenIds)) {
      if ((await tokenOwner(network, contract, tokenId, signal)) === null) missing.push(tokenId)
    }
    const exists = await hasCode(network.rpc, contract, signal)
    const batch = { to: contract, data: contentInterface.encodeFunctionData('mintBatch', [missing]) }
    const calls = missing.length === 0 ? [] : exists ? [batch] : [creation(royaltyBasisPoints), batch]
    return { contract, tokenId: null, calls, isDone: () => Promise.resolve(missing.length === 0) }
  },

  async redeem({ signed }, scene) {
    const { network, account, signal } = scene
    if (signed.chain_id !== network.policy.chainId) {
      const there = signed.network
      throw new AsterismError('bad_input', say('chain.voucher.elsewhere', { there, here: network.id }), {
        kept: say('kept.nothingPaid'),
        fix: say('chain.fix.voucherThere', { there }),
      })
    }
    const creator = creatorOfVoucher(signed)
    const { collection, voucher, signature } = signed
    const { tokenId, buyer, price, validUntil, series } = voucher
    const args = [[tokenId, buyer, price, validUntil, series], signature]
    const call = {
      to: collection,
      data: contentInterface.encodeFunctionData('redeem', args),
      valueWei: BigInt(price),
      creator,
    }
    return await Promise.resolve({
      contract: collection,
      tokenId,
      calls: [call],
      terms: () => voucherTerms({ collection, tokenId }, scene),
      async isDone() {
        const owner = await tokenOwner(network, collection, tokenId, signal)
        if (owner === null || owner === account) return owner === account
        throw new AsterismError('chain_refused', say('chain.voucher.taken'), { kept: say('kept.nothingPaid') })
      },
    })
  },

  async withdrawVouchers(_act, { network, account, signal }) {
    const contract = collectionAddress(account)
    // A call to where no contract is does nothing, and costs its fee all the same.
    if (!(await hasCode(network.rpc, contract, signal))) {
      throw new AsterismError('chain_refused', say('chain.noCollection', { network: networkWords(network.policy) }), {
        fix: say('chain.fix.noVouchers'),
        kept: say('kept.nothingPaid'),
      })
    }
    const data = contentInterface.encodeFunctionData('withdrawVouchers', [])
    return { contract, tokenId: null, calls: [{ to: contract, data }], isDone: null }
  },

  async setRoyalty({ collection, receiver: named, royaltyBasisPoints }, { network, account, signal }) {
    requireRoyalty(royaltyBasisPoints)
    const kept = say('kept.nothingSigned')
    const contract = collectionAddress(account)
    if (collection !== null && checkedAddress(collection) !== contract) {
      throw new AsterismError('chain_refused', say('chain.royalty.others', { account }), { kept })
    }
    const receiver = named === null ? account : checkedAddress(named)
    if (takesNoRoyalty(receiver)) throw new AsterismError('bad_input', say('signing.royaltyReceiver'), { kept })
    if (!(await hasCode(network.rpc, contract, signal))) {
      throw new AsterismError('chain_refused', say('chain.noCollection', { network: networkWords(network.policy) }), {
        fix: say('chain.fix.firstRoyalty'),
        kept,
      })
    }
    const now = await royaltyOf(network, contract, signal)
    const data = contentInterface.encodeFunctionData('setRoyalty', [receiver, royaltyBasisPoints])
    return {
      contract,
      tokenId: null,
      calls: [{ to: contract, data }],
      async isDone() {
        const { receiver: paid, basisPoints } = await royaltyOf(network, contract, signal)
        return paid === receiver && basisPoints === royaltyBasisPoints
      },
      terms: () =>
        Promise.resolve([
          because('chain.royalty.now', { percent: percentWords(now.basisPoints), receiver: now.receiver }),
          because('chain.royalty.counts'),
        ]),
    }
  },
}
