/** The account that the user has chosen, stored in the home folder as an address only. */
import { join } from 'node:path'
import { isAddress } from 'ethers'
import { readIfThere, writeDurably } from './durable-file.ts'

const pathOf = (home: string): string => join(home, 'wallets', 'in-use')

/** Null if none was chosen. */
export async function accountInUse(home: string): Promise<string | null> {
  const text = (await readIfThere(pathOf(home)))?.trim()
  return text !== undefined && isAddress(text) ? text : null
}

export async function useAccount(home: string, address: string): Promise<void> {
  await writeDurably(pathOf(home), `${address}\n`)
}
