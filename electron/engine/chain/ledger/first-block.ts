/**
 * Where reading a chain begins: at its first block that has a contract of ours, since nothing that a ledger tells of can
 * have happened before. A network's record may name it; that is held against what the node says, so that a number that is
 * too high hides nothing where it can be found out.
 */
import { AsterismError } from '../../../../shared/errors.ts'
import { deployables, FACTORY_ADDRESS, STARS_ADDRESS } from '../contracts.ts'
import { logsOf } from '../logs.ts'
import type { Network } from '../networks.ts'
import { bytesAnswer, quantity } from '../rpc.ts'

export interface IndexedNetwork extends Network {
  /** Asked for where nothing of a scope has been read yet. Absent: from the beginning. */
  readonly firstBlock?: (signal?: AbortSignal) => Promise<number>
}

export interface LedgerStart {
  readonly network: IndexedNetwork
  /** Where reading begins on the word of the network's record alone; null: it is proven, or it is the beginning. */
  readonly unprovenBlock: number | null
}

/** @throws AsterismError `network_failed`, `chain_refused`, `cancelled`. */
export async function ledgerStart(network: Network, signal?: AbortSignal): Promise<LedgerStart> {
  const { contractsSince, ...unrecorded } = network
  // A chain of our own is short, and after a restart knows no state of its past.
  if (network.policy.practice) return { network: unrecorded, unprovenBlock: null }
  if (contractsSince !== undefined) {
    const isFirst = await isNothingBefore(network, contractsSince, signal)
    if (isFirst !== false) {
      const firstBlock = (): Promise<number> => Promise.resolve(contractsSince)
      return { network: { ...network, firstBlock }, unprovenBlock: isFirst ? null : contractsSince }
    }
  }
  let found: Promise<number> | null = null
  const firstBlock = (): Promise<number> => (found ??= firstBlockOf(unrecorded, signal).then((block) => block ?? 0))
  return { network: { ...unrecorded, firstBlock }, unprovenBlock: null }
}

/** What a node cannot say, or several do not agree on, is not known: null. */
async function ifKnown<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof AsterismError && error.code !== 'cancelled') return null
    throw error
  }
}

/** The first block that has one of our contracts; null where the node keeps no state that old. */
export async function firstBlockOf(network: Network, signal?: AbortSignal): Promise<number | null> {
  const block = await ifKnown(bisect(network, signal))
  if (block === null || block === 0) return block
  // There are nodes that say of a state that they have lost that nothing was there.
  return (await ifKnown(isQuietBefore(network, block, signal))) === false ? null : block
}

/** From the newest block backwards, in steps that double: a node that keeps few states keeps the latest. */
async function bisect(network: Network, signal: AbortSignal | undefined): Promise<number> {
  let standing = await headOf(network, signal)
  let missing = -1
  for (let step = 1; standing - step >= 0; step *= 2) {
    const block = standing - step
    if (!(await hasContractAt(network, block, signal))) {
      missing = block
      break
    }
    standing = block
  }
  while (standing - missing > 1) {
    const middle = Math.floor((standing + missing) / 2)
    if (await hasContractAt(network, middle, signal)) standing = middle
    else missing = middle
  }
  return standing
}

/** Null where the node can say neither what stood before the block nor what happened. */
async function isNothingBefore(network: Network, block: number, signal?: AbortSignal): Promise<boolean | null> {
  if (block === 0) return true
  // They stand now.
  if (block > (await headOf(network, signal))) return false
  const stood = await ifKnown(hasContractAt(network, block - 1, signal))
  return stood === null ? await ifKnown(isQuietBefore(network, block, signal)) : !stood
}

async function hasContractAt({ rpc }: Network, block: number, signal?: AbortSignal): Promise<boolean> {
  for (const { address } of deployables) {
    const code = await rpc.call('eth_getCode', [address, `0x${block.toString(16)}`], signal)
    if (bytesAnswer(code) !== '0x') return true
  }
  return false
}

/** Every work is in a collection that the factory told of, and all else that a ledger tells of is about works or attested. */
async function isQuietBefore({ rpc }: Network, block: number, signal?: AbortSignal): Promise<boolean> {
  for (const address of [FACTORY_ADDRESS, STARS_ADDRESS]) {
    if ((await logsOf(rpc, { address, topics: [], fromBlock: 0, toBlock: block - 1 }, signal)).length > 0) return false
  }
  return true
}

const headOf = async ({ rpc }: Network, signal?: AbortSignal): Promise<number> =>
  Number(quantity(await rpc.call('eth_blockNumber', [], signal)))
