/**
 * Networks as data. A network without RPC addresses of its own gets them from `<home>/networks.json`:
 * `{ "sepolia": { "rpc_urls": ["https://…", "https://…", "https://…"], "quorum": 2, "confirmations": 2 } }`.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { chainPolicies, networkWords, policyNamed, type ChainPolicy } from './chain-policies.ts'
import { readIfThere, writeDurably } from './durable-file.ts'
import { practiceStatus } from './practice-status.ts'
import { quorumRpc } from './quorum.ts'
import { createRpc, parseRpcUrl, quantity, type Rpc } from './rpc.ts'

export interface Network {
  /** As typed on the command line: `practice`, `sepolia`. */
  readonly id: string
  readonly policy: ChainPolicy
  /** Blocks that must hold a transaction, its own included, before it counts as final. */
  readonly confirmations: number
  /** How many nodes must agree. */
  readonly quorum: number
  readonly rpc: Rpc
  /** The first block with one of our contracts, if recorded. */
  readonly contractsSince?: number
  /** How many blocks of events its nodes return at once; absent: as many as public nodes. */
  readonly blocksAtOnce?: number
}

const networkNodes = z.object({
  /** A single node, which is trusted. */
  rpc_url: z.string().optional(),
  /** Several, of which `quorum` must agree; by default more than half. */
  rpc_urls: z.array(z.string()).min(1).max(16).optional(),
  quorum: z.number().int().min(1).optional(),
  confirmations: z.number().int().min(1).max(1000).optional(),
  /** Written by `deploy`; without it the ledger searches for it, or reads from the first block. */
  contracts_since: z.number().int().min(0).optional(),
  blocks_at_once: z.number().int().min(1).max(1_000_000).optional(),
})
const FILE_FORM = '{ "name": { "rpc_urls": ["https://…"], "quorum": 1, "confirmations": 2 } }'
const networksFile = z.record(z.string(), networkNodes)
const urlsOf = (nodes: z.infer<typeof networkNodes> | undefined): string[] => [
  ...(nodes?.rpc_url === undefined ? [] : [nodes.rpc_url]),
  ...(nodes?.rpc_urls ?? []),
]
const DEFAULT_CONFIRMATIONS = 2

export interface NetworkEntry {
  readonly id: string
  readonly title: string
  readonly practice: boolean
  /** An RPC address is known, or it needs none. */
  readonly ready: boolean
  /** Real money moves there. */
  readonly main: boolean
  /** Its block explorer. */
  readonly explorer: string | null
  /** Scheme and host of its nodes: the path of an RPC address is often a secret. */
  readonly nodes: string[]
  /** How many of them must agree. */
  readonly quorum: number
}

/** Every network that may be signed for, practice first. Makes no request. */
export async function listNetworks(home: string): Promise<NetworkEntry[]> {
  const path = join(home, 'networks.json')
  const text = await readIfThere(path)
  const configured = text === null ? {} : parseNetworks(text, path)
  return chainPolicies.map(({ networkId: id, title, practice, main, explorer }) => {
    const urls = urlsOf(configured[id])
    return {
      id,
      title,
      practice,
      main,
      ready: practice || urls.length > 0,
      explorer,
      nodes: urls.flatMap((url) => URL.parse(url)?.origin ?? []),
      quorum: configured[id]?.quorum ?? majorityOf(urls),
    }
  })
}

export interface NodesToName {
  readonly home: string
  readonly networkId: string
  /** Empty: the network is forgotten. */
  readonly urls: readonly string[]
  /** Null: more than half. */
  readonly quorum: number | null
  /** Consent outside the window: whoever sets the nodes decides what is read from the chain. */
  readonly agree: (network: ChainPolicy, origins: readonly string[], quorum: number) => Promise<boolean>
  readonly signal?: AbortSignal | undefined
}

/**
 * Replaces the nodes of a network. No request is made before the user agrees, and nothing is written unless enough of
 * them answer and all that answer are of its chain.
 * @throws AsterismError `bad_input` (no such network, no such address), `network_failed`, `chain_refused` (another
 *   chain answers), `cancelled` (no agreement).
 */
export async function nameNodes({ home, networkId: id, urls, quorum, agree, signal }: NodesToName): Promise<void> {
  const policy = policyNamed(id)
  if (policy.practice) throw new AsterismError('bad_input', say('network.ownNodes'))
  for (const url of urls) requireSafe(parseRpcUrl(url))
  if (new Set(urls).size !== urls.length) throw new AsterismError('bad_input', say('network.sameNode'))
  const least = quorum ?? majorityOf(urls)
  if (urls.length > 0) {
    if (least > urls.length) throw new AsterismError('bad_input', say('network.fewNodes', { urls: urls.length, least }))
    const rpcs = urls.map((url) => createRpc(url))
    const origins = rpcs.map(({ origin }) => origin)
    // No request is made before that.
    if (!(await agree(policy, origins, least))) throw new AsterismError('cancelled', 'The nodes stay as they were.')
    await requireChain(rpcs, least, policy, signal)
  }
  const path = join(home, 'networks.json')
  const text = await readIfThere(path)
  const { [id]: before, ...others } = text === null ? {} : parseNetworks(text, path)
  const { confirmations, contracts_since } = before ?? {}
  // What is not there, JSON leaves out.
  const named = { rpc_urls: [...urls], quorum: least, confirmations, contracts_since }
  await writeDurably(path, `${JSON.stringify(urls.length > 0 ? { ...others, [id]: named } : others, null, 2)}\n`)
}

/** Stores the first block of the contracts in the network's record. */
export async function recordContracts(home: string, id: string, block: number): Promise<void> {
  const path = join(home, 'networks.json')
  const text = await readIfThere(path)
  const networks = text === null ? {} : parseNetworks(text, path)
  const record = { ...networks[id], contracts_since: block }
  await writeDurably(path, `${JSON.stringify({ ...networks, [id]: record }, null, 2)}\n`)
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** What is read decides about money, so it must not come over an unencrypted connection. */
function requireSafe({ protocol, hostname, username, password }: URL): void {
  if (username !== '' || password !== '') throw new AsterismError('bad_input', say('network.passwordInAddress'))
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return
  throw new AsterismError('bad_input', say('network.openLine', { host: hostname }))
}

const majorityOf = (urls: readonly string[]): number => Math.floor(urls.length / 2) + 1

/**
 * Connects to a network and checks that it is the right chain.
 * @throws AsterismError `bad_input` (no such network), `not_found` (no RPC address known), `network_failed`,
 * `chain_refused` (another chain answers).
 */
export async function openNetwork(home: string, id: string, signal?: AbortSignal): Promise<Network> {
  const policy = policyNamed(id)
  const { rpcs, ...entry } = policy.practice ? await practiceEntry(home) : await configuredEntry(home, id)
  await requireChain(rpcs, entry.quorum, policy, signal)
  return { id, policy, ...entry, rpc: rpcs.length === 1 ? rpcs[0]! : quorumRpc(rpcs, entry.quorum) }
}

/**
 * Nodes that do not answer are left out as long as enough others do.
 * @throws AsterismError `chain_refused` when a node is of another chain.
 */
async function requireChain(
  rpcs: readonly Rpc[],
  quorum: number,
  policy: ChainPolicy,
  signal?: AbortSignal,
): Promise<void> {
  const asked = await Promise.allSettled(rpcs.map((rpc) => rpc.call('eth_chainId', [], signal)))
  const answered = asked.flatMap((each, n) => (each.status === 'fulfilled' ? [{ rpc: rpcs[n]!, id: each.value }] : []))
  for (const { rpc, id: chainId } of answered) {
    if (quantity(chainId) === BigInt(policy.chainId)) continue
    throw new AsterismError(
      'chain_refused',
      say('network.otherChain', {
        origin: rpc.origin,
        chain: String(quantity(chainId)),
        network: networkWords(policy),
        wanted: policy.chainId,
      }),
      { fix: say('network.fix.otherChain') },
    )
  }
  const failed = asked.find((each) => each.status === 'rejected')
  if (failed && answered.length < quorum) throw failed.reason
}

interface Nodes extends Omit<Network, 'id' | 'policy' | 'rpc'> {
  readonly rpcs: readonly Rpc[]
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
  const urls = urlsOf(entry)
  if (!entry || urls.length === 0) {
    throw new AsterismError('not_found', say('network.noAddress', { id }), {
      fix: say('network.fix.noAddress'),
      path,
    })
  }
  const quorum = entry.quorum ?? majorityOf(urls)
  if (quorum > urls.length) {
    throw new AsterismError('bad_input', say('network.fewAddresses', { id, urls: urls.length, quorum }), {
      path,
    })
  }
  return {
    rpcs: urls.map((url) => createRpc(url)),
    quorum,
    confirmations: entry.confirmations ?? DEFAULT_CONFIRMATIONS,
    ...(entry.contracts_since === undefined ? {} : { contractsSince: entry.contracts_since }),
    ...(entry.blocks_at_once === undefined ? {} : { blocksAtOnce: entry.blocks_at_once }),
  }
}

function parseNetworks(text: string, path: string): z.infer<typeof networksFile> {
  try {
    return networksFile.parse(JSON.parse(text))
  } catch (error) {
    throw new AsterismError('bad_input', say('network.badFile'), {
      fix: say('network.fix.badFile', { form: FILE_FORM }),
      path,
      cause: error,
    })
  }
}
