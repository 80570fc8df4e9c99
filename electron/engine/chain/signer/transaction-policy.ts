/**
 * Reads the bytes of a transaction and decides whether they may be signed. Nothing but the bytes, the account and the
 * tables of this program is believed: neither the host that asks nor any network.
 */
import { getAddress, Transaction, type ParamType } from 'ethers'
import { AsterismError } from '../../../../shared/errors.ts'
import { policyOf, type ChainPolicy } from '../chain-policies.ts'
import { collectionAddress, FACTORY_ADDRESS, MARKET_ADDRESS, STARS_ADDRESS } from '../contracts.ts'
import type { AllowedCall, CallTarget, SigningAccount } from './allowed-call.ts'
import { allowedCalls, dangerOf } from './allowed-calls.ts'
import { withoutCall } from './without-call.ts'
import {
  describeSigning,
  ether,
  gwei,
  refuse,
  type Circumstances,
  type SigningDescription,
  type StatedField,
} from './description.ts'
import { inEnglish, state, type Statement } from './statements.ts'

const LARGEST_GAS_LIMIT = 12_000_000n
/** About 200 mints. */
const LONGEST_TRANSACTION_BYTES = 16_384

export interface JudgedTransaction {
  readonly transaction: Transaction
  readonly policy: ChainPolicy
  /** Most it can cost. */
  readonly costWei: bigint
  readonly description: SigningDescription
}

/**
 * @param creator whose collection a work belongs to, where it is not the account's own; its address is computed from it
 * @throws AsterismError `signing_refused` with the reason, for everything that is not on the list
 */
export function judgeTransaction(unsigned: string, account: SigningAccount, creator?: string): JudgedTransaction {
  const transaction = parse(unsigned)
  const policy = judgeChain(transaction.chainId, account)
  const without = withoutCall(transaction, account)
  if (without) {
    const costWei = judgeCost(transaction, policy)
    const { title, words, to } = without
    const fields = [...partyFields(transaction, policy, account, to), ...feeFields(transaction, costWei)]
    const stated = [...words, state('fees.only', { fees: ether(costWei) })]
    const description = describeSigning(title, stated, fields, closing(policy, account))
    return { transaction, policy, costWei, description }
  }
  const { call, args } = judgeCall(transaction, account, creator ?? account.address)
  const costWei = judgeCost(transaction, policy)
  const { value: valueWei } = transaction
  const fees = ether(costWei - valueWei)
  const cost = valueWei > 0n ? state('fees.besides', { value: ether(valueWei), fees }) : state('fees.only', { fees })
  const description = describeSigning(
    call.title,
    [...call.words(args, { account, valueWei }), cost],
    fieldsOf(transaction, policy, account, call, args, costWei),
    closing(policy, account),
  )
  return { transaction, policy, costWei, description }
}

/** Where, by whom, and what a person must type where something of value moves. */
export function closing(policy: ChainPolicy, account: SigningAccount): Circumstances {
  return {
    network: policy.name ?? policy.title,
    account: account.address,
    practice: policy.practice,
    ...(policy.main ? { toBeTyped: policy.title } : {}),
  }
}

/** The rules of the chain that something is to be signed for. */
export function judgeChain(chainId: bigint, account: SigningAccount): ChainPolicy {
  const policy = policyOf(chainId)
  if (!policy) return refuse(`Chain ${chainId} is not one that this program signs for.`)
  if (account.practiceOnly && !policy.practice) {
    return refuse(
      'The practice account signs for the practice chain only.',
      'Make a wallet of your own: asterism wallet new',
    )
  }
  if (policy.main && account.uncheckedBackup) {
    return refuse(
      `The words of ${account.address} have not been entered again since the wallet was made, so it may hold nothing of value.`,
      `Back it up in the window, under Wallets; or: asterism wallet words ${account.address}, then: asterism wallet check ${account.address}`,
    )
  }
  return policy
}

function parse(unsigned: string): Transaction {
  if (!/^0x([0-9a-f]{2})+$/.test(unsigned)) return refuse('This is not a transaction.')
  if (unsigned.length / 2 > LONGEST_TRANSACTION_BYTES) return refuse('This transaction is too long to be one of ours.')
  const parsed = tryParse(unsigned)
  if (!parsed) return refuse('This is not a transaction that can be read.')
  const { transaction, canonical } = parsed
  if (transaction.type !== 2) return refuse('Only transactions with an EIP-1559 fee are signed.')
  if (transaction.isSigned()) return refuse('This transaction is signed already.')
  if ((transaction.accessList ?? []).length > 0) return refuse('Transactions with an access list are not signed.')
  if (canonical !== unsigned) return refuse('This transaction is written in an unusual way.')
  return transaction
}

/** The transaction, and the bytes it should have been written as: what is signed is made anew from what was read. */
function tryParse(unsigned: string): { transaction: Transaction; canonical: string } | null {
  try {
    const transaction = Transaction.from(unsigned)
    return { transaction, canonical: transaction.unsignedSerialized }
  } catch (error) {
    if (error instanceof AsterismError) throw error
    return null
  }
}

/** Where each kind of target stands. */
function addressOf(target: CallTarget, account: string, creator: string): string {
  switch (target) {
    case 'factory':
      return FACTORY_ADDRESS
    case 'market':
      return MARKET_ADDRESS
    case 'star registry':
      return STARS_ADDRESS
    case 'collection':
      return collectionAddress(creator)
    case 'own collection':
      return collectionAddress(account)
  }
}

function judgeCall(transaction: Transaction, account: SigningAccount, creator: string) {
  const { to, data, value } = transaction
  const selector = data.slice(0, 10)
  if (to === null) return refuse('This would create a contract. Only calls of our own contracts are signed.')
  if (data === '0x') return refuse('This would send money. Only calls of our own contracts are signed.')
  const danger = dangerOf(selector)
  if (danger) return refuse(`This is ${danger}. It is never signed here, whatever it is called.`)
  const call = allowedCalls.find(({ contract, signature }) => contract.getFunction(signature)?.selector === selector)
  const fragment = call?.contract.getFunction(call.signature)
  if (!call || !fragment) return refuse(`The call ${selector} is not one that this program knows.`)
  const target = addressOf(call.target, account.address, creator)
  if (getAddress(to) !== target) {
    return refuse(`This call goes to ${getAddress(to)}, which is not ${inEnglish(describeTarget(call))} (${target}).`)
  }
  if (value !== 0n && !call.takesMoney)
    return refuse(`This call would send ${ether(value)} along; it costs nothing but the fee.`)
  const args = decode(call, data)
  // Decoding forgives what follows the arguments and what pads them; signing does not.
  if (!args || call.contract.encodeFunctionData(fragment, args) !== data) {
    return refuse(`The data of this call are not those of ${call.signature}.`)
  }
  return { call, args }
}

function decode({ contract, signature }: AllowedCall, data: string) {
  try {
    const args = contract.decodeFunctionData(signature, data)
    // Ethers puts off the errors of bad arguments until they are looked at.
    args.toArray(true)
    return args
  } catch (error) {
    if (error instanceof AsterismError) throw error
    return null
  }
}

function judgeCost(transaction: Transaction, policy: ChainPolicy): bigint {
  const { gasLimit, maxFeePerGas } = transaction
  if (gasLimit > LARGEST_GAS_LIMIT) return refuse(`A gas limit of ${gasLimit} is too high for any call of ours.`)
  const costWei = gasLimit * (maxFeePerGas ?? 0n) + transaction.value
  if (costWei > policy.perTransactionWei) {
    return refuse(
      `This may cost ${ether(costWei)}; the limit for one transaction on ${policy.title} is ${ether(policy.perTransactionWei)}.`,
      'Wait until fees are lower.',
    )
  }
  return costWei
}

const TARGET_WORDS: Readonly<Record<CallTarget, Statement>> = {
  factory: state('whom.factory'),
  market: state('whom.market'),
  'star registry': state('whom.starRegistry'),
  collection: state('whom.collection'),
  'own collection': state('whom.ownCollection'),
}
const describeTarget = (call: AllowedCall): Statement => TARGET_WORDS[call.target]

function partyFields(
  { to }: Transaction,
  policy: ChainPolicy,
  account: SigningAccount,
  whom: Statement,
): readonly StatedField[] {
  return [
    { name: state('field.chainId'), value: String(policy.chainId) },
    { name: state('field.from'), value: account.address },
    { name: state('field.to'), value: state('whom.named', { address: String(to), whom }) },
  ]
}

function fieldsOf(
  transaction: Transaction,
  policy: ChainPolicy,
  account: SigningAccount,
  call: AllowedCall,
  args: ReturnType<AllowedCall['contract']['decodeFunctionData']>,
  costWei: bigint,
): StatedField[] {
  const inputs = call.contract.getFunction(call.signature)?.inputs ?? []
  return [
    ...partyFields(transaction, policy, account, describeTarget(call)),
    { name: state('field.function'), value: call.signature },
    ...inputs.flatMap((input, n) => argumentFields(input, args[n])),
    ...feeFields(transaction, costWei),
  ]
}

function feeFields(transaction: Transaction, costWei: bigint): StatedField[] {
  return [
    { name: state('field.value'), value: ether(transaction.value) },
    { name: state('field.nonce'), value: String(transaction.nonce) },
    { name: state('field.gasLimit'), value: String(transaction.gasLimit) },
    { name: state('field.highestFeePerGas'), value: gwei(transaction.maxFeePerGas ?? 0n) },
    { name: state('field.tipPerGas'), value: gwei(transaction.maxPriorityFeePerGas ?? 0n) },
    { name: state('field.highestFee'), value: ether(costWei - transaction.value) },
    { name: state('field.data'), value: transaction.data },
  ]
}

/** A field for each value of an argument, those inside a tuple with its name before theirs. */
function argumentFields(input: ParamType, value: unknown): { name: string; value: string }[] {
  if (!input.components) return [{ name: input.name, value: String(value) }]
  const values = value as readonly unknown[]
  return input.components.flatMap((inner, n) =>
    argumentFields(inner, values[n]).map((field) => ({ ...field, name: `${input.name}.${field.name}` })),
  )
}
