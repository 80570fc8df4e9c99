/**
 * Brings events into the project file and keeps them true: when the chain no longer has the block
 * that was read last, what came after the last common block is forgotten and read again.
 */
import { createHash } from 'node:crypto'
import { zeroPadValue } from 'ethers'
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { mostBlocks } from '../chain-policies.ts'
import { MARKET_ADDRESS, STARS_ADDRESS, starsInterface } from '../contracts.ts'
import { logsOf, type ChainEvent, type LogFilter } from '../logs.ts'
import type { Network } from '../networks.ts'
import { quantity } from '../rpc.ts'
import type { Checkpoint, EventStore } from './event-store.ts'
import type { IndexedNetwork } from './first-block.ts'

/** What public nodes answer at once, where a network's record says nothing else. */
export const BLOCKS_AT_ONCE = 5_000
const MOST_TRIES = 5

const blockSchema = z.object({ number: z.string(), hash: z.string().regex(/^0x[0-9a-f]{64}$/) })

type Filter = Pick<LogFilter, 'address' | 'topics'>

export const REVOCATIONS: Filter = { address: STARS_ADDRESS, topics: [starsInterface.getEvent('Revoked')!.topicHash] }

/** Which events belong together, and under which name they are kept. */
export interface WatchedEvents {
  readonly scope: string
  readonly filters: readonly Filter[]
}

/** Events of a collection: its own, the market's about it, and what is attested about it. */
export function aboutCollection(network: Network, collection: string): WatchedEvents {
  const padded = zeroPadValue(collection, 32)
  return {
    scope: scopeOf(network, collection),
    filters: [
      { address: collection, topics: [] },
      { address: MARKET_ADDRESS, topics: [null, padded] },
      { address: STARS_ADDRESS, topics: [null, null, padded] },
    ],
  }
}

/**
 * What some nodes have told is not taken for what others would: one that hides events, or is asked where it has lost
 * them, hides them for no longer than it is named. Nor is what was read from the block that a record names taken for
 * all, once the record names another. The practice chain is our own, at whatever port.
 */
export function scopeOf({ policy, rpc, contractsSince }: Network, of: string): string {
  const tellers = policy.practice ? '' : `@${createHash('sha256').update(rpc.origin).digest('hex').slice(0, 16)}`
  return `${policy.chainId}:${of}${tellers}${contractsSince === undefined ? '' : `+${contractsSince}`}`
}

/** @throws AsterismError `network_failed` for a number of blocks that this chain cannot have: they would be read for ever. */
export async function lastBlock({ policy, rpc }: Network, signal: AbortSignal | undefined): Promise<bigint> {
  const head = quantity(await rpc.call('eth_blockNumber', [], signal))
  if (head <= (mostBlocks(policy) ?? BigInt(Number.MAX_SAFE_INTEGER))) return head
  throw new AsterismError('network_failed', say('node.tooManyBlocks', { origin: rpc.origin, block: String(head) }), {
    fix: say('node.fix.otherNode'),
  })
}

/**
 * @returns the last block whose events are known now
 * @throws AsterismError `network_failed` when the node's answers do not fit together.
 */
export async function updateIndex(
  network: IndexedNetwork,
  store: EventStore,
  watched: WatchedEvents,
  signal?: AbortSignal,
): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const known = await commonCheckpoint(network, store, watched.scope, signal)
    const last = Number(await lastBlock(network, signal)) - network.confirmations + 1
    const next = known ? known.block + 1 : ((await network.firstBlock?.(signal)) ?? 0)
    if (await readOn(network, store, watched, next, last, signal)) return last
  }
  throw new AsterismError('network_failed', say('node.fasterThanRead', { origin: network.rpc.origin }))
}

/** The latest block read that the chain still has; forgets what came after it. */
async function commonCheckpoint(
  network: Network,
  store: EventStore,
  scope: string,
  signal: AbortSignal | undefined,
): Promise<Checkpoint | null> {
  const checkpoints = store.checkpoints(scope)
  for (const [n, checkpoint] of checkpoints.entries()) {
    if ((await hashOf(network, checkpoint.block, signal)) !== checkpoint.hash) continue
    if (n > 0) store.rollBack(scope, checkpoint)
    return checkpoint
  }
  if (checkpoints.length > 0) store.rollBack(scope, null)
  return null
}

/** False when the chain changed underneath. */
async function readOn(
  network: Network,
  store: EventStore,
  { scope, filters }: WatchedEvents,
  from: number,
  last: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { blocksAtOnce = BLOCKS_AT_ONCE } = network
  for (let next = from; next <= last; next += blocksAtOnce) {
    throwIfCancelled(signal)
    const to = Math.min(last, next + blocksAtOnce - 1)
    const hash = await hashOf(network, to, signal)
    if (hash === null) return false
    const events: ChainEvent[] = []
    for (const filter of filters) {
      events.push(...(await logsOf(network.rpc, { ...filter, fromBlock: next, toBlock: to }, signal)))
    }
    if ((await hashOf(network, to, signal)) !== hash) return false
    store.add(scope, events, { block: to, hash })
  }
  return true
}

async function hashOf({ rpc }: Network, block: number, signal?: AbortSignal): Promise<string | null> {
  const answer = await rpc.call('eth_getBlockByNumber', [`0x${block.toString(16)}`, false], signal)
  if (answer === null) return null
  const parsed = blockSchema.safeParse(answer)
  if (!parsed.success || quantity(parsed.data.number) !== BigInt(block)) {
    throw new AsterismError('network_failed', say('node.otherBlock', { origin: rpc.origin, block: String(block) }))
  }
  return parsed.data.hash
}

/** What issuers have taken back, of whatever work: an event of it names none. */
export function revocations(network: Network): WatchedEvents {
  return { scope: scopeOf(network, 'revoked'), filters: [REVOCATIONS] }
}

/** Which of these attestations their issuers have revoked, by digest: an issuer's word about its own only. */
export function revokedAmong(
  issuerOf: ReadonlyMap<string, string>,
  events: readonly ChainEvent[],
): ReadonlySet<string> {
  const revoked = events.filter(({ topics: [, digest, issuer] }) => {
    const expected = issuerOf.get(digest ?? '')
    return expected !== undefined && issuer === zeroPadValue(expected, 32).toLowerCase()
  })
  return new Set(revoked.map(({ topics: [, digest] }) => digest!))
}
