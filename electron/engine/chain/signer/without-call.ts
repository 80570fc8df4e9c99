/** The transactions that call none of our contracts and are signed all the same. An explicit list, too. */
import type { Transaction } from 'ethers'
import { CREATE2_DEPLOYER, deployables, deploymentData } from '../contracts.ts'
import type { SigningAccount } from './allowed-call.ts'

export interface WithoutCall {
  readonly title: string
  readonly words: readonly string[]
  /** Whom it goes to, in words. */
  readonly to: string
}

/** Null for everything else. */
export function withoutCall({ to, data, value, nonce }: Transaction, account: SigningAccount): WithoutCall | null {
  if (value !== 0n) return null
  if (to === account.address && data === '0x') {
    const effect = `Takes the place of your transaction number ${nonce}, which then does nothing, unless it is in a block already.`
    return { title: 'Cancel a transaction that waits', words: [effect], to: 'yourself' }
  }
  if (to !== CREATE2_DEPLOYER) return null
  // These very bytes, to this very address: what comes about can be nothing but the contract that is shipped.
  const contract = deployables.find((each) => deploymentData(each) === data)
  if (!contract) return null
  const effect = `Puts the contract ${contract.name} of Asterism onto this chain, at ${contract.address}, for everybody.`
  return {
    title: 'Deploy a contract of Asterism',
    words: [effect, 'It will belong to nobody, and nobody can change it.'],
    to: 'the deployer of contracts',
  }
}
