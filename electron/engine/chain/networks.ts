/**
 * Networks as data. A network without an RPC address of its own gets one from `<home>/networks.json`:
 * `{ "sepolia": { "rpc_url": "https://…", "confirmations": 2 } }`.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { chainPolicies, type ChainPolicy } from './chain-policies.ts'
import { readIfThere } from './durable-file.ts'
import { practiceStatus } from './practice-status.ts'
import { createRpc, parseRpcUrl, quantity, type Rpc } from './rpc.ts'

export interface Network {
  /** As typed on the command line: `practice`, `sepolia`. */
  readonly id: string
  readonly policy: ChainPolicy
  /** Blocks that must hold a transaction, its own included, before it counts as final. */
  readonly confirmations: number
  readonly rpc: Rpc
}

const networksFile = z.record(
  z.string(),
  z.object({ rpc_url: z.string(), confirmations: z.number().int().min(1).max(1000).optional() }),
)
const DEFAULT_CONFIRMATIONS = 2

export const NETWORK_IDS: readonly string[] = chainPolicies.map(({ networkId }) => networkId)

export interface NetworkEntry {
  readonly id: string
  readonly title: string
  readonly practice: boolean
  /** An RPC address is known, or it needs none. */
  readonly ready: boolean
}

/** Every network that may be signed for, practice first. Asks none of them. */
export async function listNetworks(home: string): Promise<NetworkEntry[]> {
  const path = join(home, 'networks.json')
  const text = await readIfThere(path)
  const configured = text === null ? {} : parseNetworks(text, path)
  return chainPolicies.map(({ networkId: id, title, practice }) => ({
    id,
    title,
    practice,
    ready: practice || configured[id] !== undefined,
  }))
}

/**
 * A network that answers and is the chain it is said to be.
 * @throws AsterismError `bad_input` (no such network), `not_found` (no RPC address known), `network_failed`,
 * `chain_refused` (another chain answers).
 */
export async function openNetwork(home: string, id: string, signal?: AbortSignal): Promise<Network> {
  const policy = chainPolicies.find(({ networkId }) => networkId === id)
  if (!policy) {
    throw new AsterismError('bad_input', `There is no network called "${id}".`, {
      fix: `Known networks: ${NETWORK_IDS.join(', ')}.`,
    })
  }
  const { rpcUrl, confirmations } = policy.practice ? await practiceEntry(home) : await configuredEntry(home, id)
  const rpc = createRpc(rpcUrl)
  const chainId = quantity(await rpc.call('eth_chainId', [], signal))
  if (chainId !== BigInt(policy.chainId)) {
    throw new AsterismError(
      'chain_refused',
      `${rpc.origin} is chain ${chainId}, not ${policy.title} (${policy.chainId}).`,
      {
        fix: `Correct the RPC address of "${id}" in networks.json.`,
      },
    )
  }
  return { id, policy, confirmations, rpc }
}

async function practiceEntry(home: string): Promise<{ rpcUrl: string; confirmations: number }> {
  const { rpc_url: rpcUrl } = await practiceStatus(home)
  if (!rpcUrl) {
    throw new AsterismError('network_failed', 'The practice network is not running.', {
      fix: 'Start it with: asterism practice start',
    })
  }
  return { rpcUrl, confirmations: 1 }
}

async function configuredEntry(home: string, id: string): Promise<{ rpcUrl: string; confirmations: number }> {
  const path = join(home, 'networks.json')
  const text = await readIfThere(path)
  const entry = text === null ? undefined : parseNetworks(text, path)[id]
  if (!entry) {
    throw new AsterismError('not_found', `No RPC address is known for "${id}".`, {
      fix: `Write it into networks.json as { "${id}": { "rpc_url": "https://…" } }.`,
      path,
    })
  }
  parseRpcUrl(entry.rpc_url)
  return { rpcUrl: entry.rpc_url, confirmations: entry.confirmations ?? DEFAULT_CONFIRMATIONS }
}

function parseNetworks(text: string, path: string): z.infer<typeof networksFile> {
  try {
    return networksFile.parse(JSON.parse(text))
  } catch (error) {
    throw new AsterismError('bad_input', 'networks.json is not what it should be.', {
      fix: 'It holds { "name": { "rpc_url": "https://…", "confirmations": 2 } }.',
      path,
      cause: error,
    })
  }
}
