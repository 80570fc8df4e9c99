/**
 * Networks as data. A network without RPC addresses of its own gets them from `<home>/networks.json`:
 * `{ "sepolia": { "rpc_urls": ["https://…", "https://…", "https://…"], "quorum": 2, "confirmations": 2 } }`.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { chainPolicies, policyNamed, type ChainPolicy } from './chain-policies.ts'
import { readIfThere } from './durable-file.ts'
import { practiceStatus } from './practice-status.ts'
import { quorumRpc } from './quorum.ts'
import { createRpc, quantity, type Rpc } from './rpc.ts'

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
  z.object({
    /** One node, whose word is taken. */
    rpc_url: z.string().optional(),
    /** Several, of which `quorum` must say the same; by default more than half of them. */
    rpc_urls: z.array(z.string()).min(1).max(16).optional(),
    quorum: z.number().int().min(1).optional(),
    confirmations: z.number().int().min(1).max(1000).optional(),
  }),
)
const DEFAULT_CONFIRMATIONS = 2

export interface NetworkEntry {
  readonly id: string
  readonly title: string
  readonly practice: boolean
  /** An RPC address is known, or it needs none. */
  readonly ready: boolean
  /** Where its transactions are looked at in a browser. */
  readonly explorer: string | null
}

/** Every network that may be signed for, practice first. Asks none of them. */
export async function listNetworks(home: string): Promise<NetworkEntry[]> {
  const path = join(home, 'networks.json')
  const text = await readIfThere(path)
  const configured = text === null ? {} : parseNetworks(text, path)
  return chainPolicies.map(({ networkId: id, title, practice, explorer }) => ({
    id,
    title,
    practice,
    ready: practice || configured[id] !== undefined,
    explorer,
  }))
}

/**
 * A network that answers and is the chain it is said to be.
 * @throws AsterismError `bad_input` (no such network), `not_found` (no RPC address known), `network_failed`,
 * `chain_refused` (another chain answers).
 */
export async function openNetwork(home: string, id: string, signal?: AbortSignal): Promise<Network> {
  const policy = policyNamed(id)
  const { rpcs, quorum, confirmations } = policy.practice ? await practiceEntry(home) : await configuredEntry(home, id)
  await requireChain(rpcs, quorum, policy, id, signal)
  return { id, policy, confirmations, rpc: rpcs.length === 1 ? rpcs[0]! : quorumRpc(rpcs, quorum) }
}

/**
 * Nodes that do not answer are left out while enough of them do.
 * @throws AsterismError `chain_refused` when a node is of another chain.
 */
async function requireChain(
  rpcs: readonly Rpc[],
  quorum: number,
  policy: ChainPolicy,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  const asked = await Promise.allSettled(rpcs.map((rpc) => rpc.call('eth_chainId', [], signal)))
  const answered = asked.flatMap((each, n) => (each.status === 'fulfilled' ? [{ rpc: rpcs[n]!, id: each.value }] : []))
  for (const { rpc, id: chainId } of answered) {
    if (quantity(chainId) === BigInt(policy.chainId)) continue
    throw new AsterismError(
      'chain_refused',
      `${rpc.origin} is chain ${quantity(chainId)}, not ${policy.title} (${policy.chainId}).`,
      { fix: `Correct the RPC address of "${id}" in networks.json.` },
    )
  }
  const failed = asked.find((each) => each.status === 'rejected')
  if (failed && answered.length < quorum) throw failed.reason
}

interface Nodes {
  readonly rpcs: readonly Rpc[]
  readonly quorum: number
  readonly confirmations: number
}

async function practiceEntry(home: string): Promise<Nodes> {
  const { rpc_url: rpcUrl } = await practiceStatus(home)
  if (!rpcUrl) {
    throw new AsterismError('network_failed', say('network.practiceStopped'), {
      fix: say('network.fix.practice'),
    })
  }
  return { rpcs: [createRpc(rpcUrl)], quorum: 1, confirmations: 1 }
}

async function configuredEntry(home: string, id: string): Promise<Nodes> {
  const path = join(home, 'networks.json')
  const text = await readIfThere(path)
  const entry = text === null ? undefined : parseNetworks(text, path)[id]
  const urls = [...(entry?.rpc_url === undefined ? [] : [entry.rpc_url]), ...(entry?.rpc_urls ?? [])]
  if (!entry || urls.length === 0) {
    throw new AsterismError('not_found', say('network.noAddress', { id }), {
      fix: `Write it into networks.json as { "${id}": { "rpc_urls": ["https://…"] } }.`,
      path,
    })
  }
  const quorum = entry.quorum ?? Math.floor(urls.length / 2) + 1
  if (quorum > urls.length) {
    throw new AsterismError('bad_input', `"${id}" has ${urls.length} RPC addresses, of which ${quorum} cannot agree.`, {
      path,
    })
  }
  return {
    rpcs: urls.map((url) => createRpc(url)),
    quorum,
    confirmations: entry.confirmations ?? DEFAULT_CONFIRMATIONS,
  }
}

function parseNetworks(text: string, path: string): z.infer<typeof networksFile> {
  try {
    return networksFile.parse(JSON.parse(text))
  } catch (error) {
    throw new AsterismError('bad_input', 'networks.json is not what it should be.', {
      fix: 'It holds { "name": { "rpc_urls": ["https://…"], "quorum": 1, "confirmations": 2 } }.',
      path,
      cause: error,
    })
  }
}
