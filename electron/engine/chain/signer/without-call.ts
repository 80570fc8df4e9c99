/** Transactions that call none of our contracts and may still be signed. Also an explicit list. */
import type { Transaction } from 'ethers'
import { CREATE2_DEPLOYER, deployables, deploymentData } from '../contracts.ts'
import type { SigningAccount } from './allowed-call.ts'
import { state, type Statement } from './statements.ts'

export interface WithoutCall {
  readonly title: Statement
  readonly words: readonly Statement[]
  /** The target, in words. */
  readonly to: Statement
}

/** Null for any other transaction. */
export function withoutCall({ to, data, value, nonce }: Transaction, account: SigningAccount): WithoutCall | null {
  if (value !== 0n) return null
  if (to === account.address && data === '0x') {
    return { title: state('cancel.title'), words: [state('cancel', { nonce })], to: state('whom.yourself') }
  }
  if (to !== CREATE2_DEPLOYER) return null
  // Exactly these bytes to exactly this address can only create the shipped contract.
  const contract = deployables.find((each) => deploymentData(each) === data)
  if (!contract) return null
  const { name, address } = contract
  return {
    title: state('deploy.title'),
    words: [state('deploy', { name, address }), state('deploy.nobody')],
    to: state('whom.deployer'),
  }
}
