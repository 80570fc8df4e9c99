/** Brings the contracts onto a chain that lets us, and checks that they are there. Run twice it does nothing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { AsterismError } from '../../../shared/errors.ts'
import {
  CONTENT_ADDRESS,
  CREATE2_DEPLOYER,
  FACTORY_ADDRESS,
  factoryDeploymentData,
  factoryInterface,
} from './contracts.ts'
import { bytesAnswer, type Rpc } from './rpc.ts'

const POLL_MILLISECONDS = 30
const TIMEOUT_MILLISECONDS = 15_000

/** Addresses by contract name, as the command line prints them. */
export const contractAddresses: Readonly<Record<string, string>> = {
  AsterismFactory: FACTORY_ADDRESS,
  AsterismContent: CONTENT_ADDRESS,
}

/**
 * True when the factory stands where it must, with the content behind it. Its address commits to its creation code, so
 * whatever stands there was made from our bytes.
 */
export async function isDeployed(rpc: Rpc, signal?: AbortSignal): Promise<boolean> {
  if (!(await hasCode(rpc, FACTORY_ADDRESS, signal))) return false
  const answer = await rpc.call(
    'eth_call',
    [{ to: FACTORY_ADDRESS, data: factoryInterface.encodeFunctionData('content') }, 'latest'],
    signal,
  )
  const [content] = factoryInterface.decodeFunctionResult('content', bytesAnswer(answer))
  return content === CONTENT_ADDRESS
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
    throw new AsterismError('chain_refused', 'This chain keeps no unlocked account to deploy from.')
  }
  const transaction = { from, to: CREATE2_DEPLOYER, data: factoryDeploymentData }
  const hash = await rpc.call('eth_sendTransaction', [transaction], signal)
  const deadline = performance.now() + TIMEOUT_MILLISECONDS
  while (!(await rpc.call('eth_getTransactionReceipt', [hash], signal))) {
    if (performance.now() > deadline) throw new AsterismError('timeout', 'The contracts were not mined in time.')
    await sleep(POLL_MILLISECONDS, undefined, { signal })
  }
  if (!(await isDeployed(rpc, signal))) {
    throw new AsterismError('chain_refused', 'The contracts were sent, but they do not stand where they must.')
  }
  return true
}
