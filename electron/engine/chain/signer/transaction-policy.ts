/**
 * Reads the bytes of a transaction and decides whether they may be signed. It trusts only the bytes, the account and
 * the tables of this program, neither the host nor any network.
 */
import { getAddress, Transaction, type ParamType } from 'ethers'
import { AsterismError } from '../../../../shared/errors.ts'
import { networkWords, policyOf, type ChainPolicy } from '../chain-policies.ts'
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
import { state, type Statement } from './statements.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'

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
 * @param creator owner of the collection, if it is not the account's own; the address is computed from it
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

/** Network, account, and what the user must type if something of value moves. */
export function closing(policy: ChainPolicy, account: SigningAccount): Circumstances {
  return {
    network: policy.name ?? policy.title,
    account: account.address,
    practice: policy.practice,
    ...(policy.main ? { toBeTyped: policy.title } : {}),
  }
}

/** The rules of the chain to sign for. */
export function judgeChain(chainId: bigint, account: SigningAccount): ChainPolicy {
  const policy = policyOf(chainId)
  if (!policy) return refuse(say('signing.chain', { chain: String(chainId) }))
  if (account.practiceOnly && !policy.practice) {
    return refuse(say('signing.practiceOnly'), say('signing.fix.ownWallet'))
  }
  if (policy.main && account.uncheckedBackup) {
    return refuse(
      say('signing.unchecked', { address: account.address }),
      say('signing.fix.backUp', { address: account.address }),
    )
  }
  return policy
}

function parse(unsigned: string): Transaction {
  if (!/^0x([0-9a-f]{2})+$/.test(unsigned)) return refuse(say('signing.noTransaction'))
  if (unsigned.length / 2 > LONGEST_TRANSACTION_BYTES) return refuse(say('signing.longTransaction'))
  const parsed = tryParse(unsigned)
  if (!parsed) return refuse(say('signing.unreadable'))
  const { transaction, canonical } = parsed
  if (transaction.type !== 2) return refuse(say('signing.otherFee'))
  if (transaction.isSigned()) return refuse(say('signing.signedAlready'))
  if ((transaction.accessList ?? []).length > 0) return refuse(say('signing.accessList'))
  if (canonical !== unsigned) return refuse(say('signing.unusual'))
  return transaction
}

/** The transaction and its canonical bytes: what is signed is encoded again from what was read. */
function tryParse(unsigned: string): { transaction: Transaction; canonical: string } | null {
  try {
    const transaction = Transaction.from(unsigned)
    return { transaction, canonical: transaction.unsignedSerialized }
  } catch (error) {
    if (error instanceof AsterismError) throw error
    return null
  }
}

/** The address of each kind of target. */
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
  if (to === null) return refuse(say('signing.createsContract'))
  if (data === '0x') return refuse(say('signing.sendsMoney'))
  const danger = dangerOf(selector)
  if (danger) return refuse(say('signing.neverSigned', { danger }))
  const call = allowedCalls.find(({ contract, signature }) => contract.getFunction(signature)?.selector === selector)
  const fragment = call?.contract.getFunction(call.signature)
  if (!call || !fragment) return refuse(say('signing.unknownCall', { selector }))
  const target = addressOf(call.target, account.address, creator)
  if (getAddress(to) !== target) {
    return refuse(say('signing.otherTarget', { to: getAddress(to), whom: OTHER_THAN[call.target], target }))
  }
  if (value !== 0n && !call.takesMoney) return refuse(say('signing.moneyAlong', { value: ether(value) }))
  const args = decode(call, data)
  // Decoding tolerates trailing bytes and padding; signing does not.
  if (!args || call.contract.encodeFunctionData(fragment, args) !== data) {
    return refuse(say('signing.otherData', { signature: call.signature }))
  }
  return { call, args }
}

function decode({ contract, signature }: AllowedCall, data: string) {
  try {
    const args = contract.decodeFunctionData(signature, data)
    // Ethers defers errors of bad arguments until they are accessed.
    args.toArray(true)
    return args
  } catch (error) {
    if (error instanceof AsterismError) throw error
    return null
  }
}

function judgeCost(transaction: Transaction, policy: ChainPolicy): bigint {
  const { gasLimit, maxFeePerGas } = transaction
  if (gasLimit > LARGEST_GAS_LIMIT) return refuse(say('signing.muchGas', { gas: String(gasLimit) }))
  const costWei = gasLimit * (maxFeePerGas ?? 0n) + transaction.value
  if (costWei > policy.perTransactionWei) {
    return refuse(
      say('signing.dear', {
        cost: ether(costWei),
        network: networkWords(policy),
        most: ether(policy.perTransactionWei),
      }),
      say('signing.fix.lowerFees'),
    )
  }
  return costWei
}

/** The expected target of a call, for a refusal. */
const OTHER_THAN: Readonly<Record<CallTarget, Saying>> = {
  factory: say('signing.whom.factory'),
  market: say('signing.whom.market'),
  'star registry': say('signing.whom.starRegistry'),
  collection: say('signing.whom.collection'),
  'own collection': say('signing.whom.ownCollection'),
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

/** A field for each value of an argument; those of a tuple are prefixed with its name. */
function argumentFields(input: ParamType, value: unknown): { name: string; value: string }[] {
  if (!input.components) return [{ name: input.name, value: String(value) }]
  const values = value as readonly unknown[]
  return input.components.flatMap((inner, n) =>
    argumentFields(inner, values[n]).map((field) => ({ ...field, name: `${input.name}.${field.name}` })),
  )
}
