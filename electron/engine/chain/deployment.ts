/** Deploys the contracts, and checks that they are there. Run twice, it does nothing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { getBytes } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { networkWords } from './chain-policies.ts'
import {
  CONTENT_ADDRESS,
  contentArtifactCode,
  CREATE2_DEPLOYER,
  deployables,
  deploymentData,
  type Deployable,
} from './contracts.ts'
import type { Network } from './networks.ts'
import { bytesAnswer, type Rpc } from './rpc.ts'

const POLL_MILLISECONDS = 30
const TIMEOUT_MILLISECONDS = 15_000

/** Addresses by contract name, as the command line prints them. */
export const contractAddresses: Readonly<Record<string, string>> = {
  ...Object.fromEntries(deployables.map(({ name, address }) => [name, address])),
  AsterismContent: CONTENT_ADDRESS,
}

/**
 * True if every contract is at its address. The address commits to the creation code; the code there is compared
 * anyway, so that a chain with other code is detected here and not when it matters.
 * @throws AsterismError `chain_refused` if other code is there.
 */
export async function isDeployed(rpc: Rpc, signal?: AbortSignal): Promise<boolean> {
  for (const contract of deployables) {
    if (!(await stands(rpc, contract.name, contract.address, contract.artifact, signal))) return false
  }
  return await stands(rpc, 'AsterismContent', CONTENT_ADDRESS, contentArtifactCode, signal)
}

/** @throws AsterismError `chain_refused` if they are missing or differ from the shipped ones. */
export async function requireContracts({ id, policy, rpc }: Network, signal?: AbortSignal): Promise<void> {
  if (await isDeployed(rpc, signal)) return
  throw new AsterismError('chain_refused', say('chain.noContracts', { network: networkWords(policy) }), {
    fix: say('chain.fix.deploy', { id }),
  })
}

async function stands(
  rpc: Rpc,
  name: string,
  address: string,
  artifact: Deployable['artifact'],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const code = bytesAnswer(await rpc.call('eth_getCode', [address, 'latest'], signal))
  if (code === '0x') return false
  if (sameCode(code, artifact)) return true
  throw new AsterismError('chain_refused', say('node.otherCode', { address, origin: rpc.origin, name }), {
    kept: say('kept.nothingSigned'),
    fix: say('node.fix.otherNode'),
  })
}

/** Whether code on a chain is that of an artifact, whatever was filled in when it was deployed. */
function sameCode(onChain: string, { deployedBytecode, immutableRanges }: Deployable['artifact']): boolean {
  const [actual, expected] = [getBytes(onChain), getBytes(deployedBytecode)]
  for (const { start, length } of immutableRanges) actual.fill(0, start, start + length)
  return Buffer.compare(actual, expected) === 0
}

export async function hasCode(rpc: Rpc, address: string, signal?: AbortSignal): Promise<boolean> {
  return bytesAnswer(await rpc.call('eth_getCode', [address, 'latest'], signal)) !== '0x'
}

/** Deploys through the account that the practice chain keeps unlocked. Returns whether there was anything to do. */
export async function deployOnPractice(rpc: Rpc, signal?: AbortSignal): Promise<boolean> {
  if (await isDeployed(rpc, signal)) return false
  const accounts = await rpc.call('eth_accounts', [], signal)
  const from: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  if (typeof from !== 'string') {
    throw new AsterismError('chain_refused', say('node.noUnlocked'))
  }
  for (const contract of deployables) {
    // A practice chain of an earlier version has some of them already.
    if (await hasCode(rpc, contract.address, signal)) continue
    const transaction = { from, to: CREATE2_DEPLOYER, data: deploymentData(contract) }
    const hash = await rpc.call('eth_sendTransaction', [transaction], signal)
    const deadline = performance.now() + TIMEOUT_MILLISECONDS
    while (!(await rpc.call('eth_getTransactionReceipt', [hash], signal))) {
      if (performance.now() > deadline) throw new AsterismError('timeout', say('node.notMinedInTime'))
      await sleep(POLL_MILLISECONDS, undefined, { signal })
    }
  }
  if (!(await isDeployed(rpc, signal))) {
    throw new AsterismError('chain_refused', say('node.notWhereTheyMust'))
  }
  return true
}
