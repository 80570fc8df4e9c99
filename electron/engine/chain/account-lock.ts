import { join } from 'node:path'
import { waitForLock, type ProcessLock } from './process-lock.ts'

const TIMEOUT_MILLISECONDS = 120_000

/** One process at a time acts with an account on a chain. @throws AsterismError `timeout`, `cancelled`. */
export async function waitForAccount(
  home: string,
  chainId: number,
  account: string,
  signal?: AbortSignal,
): Promise<ProcessLock> {
  const path = join(home, 'mint-journal', `${chainId}-${account.toLowerCase()}.lock`)
  return await waitForLock(path, TIMEOUT_MILLISECONDS, signal)
}
