/** The account that a person has chosen to act with, kept in the home folder: an address, nothing else. */
import { join } from 'node:path'
import { isAddress } from 'ethers'
import { readIfThere, writeDurably } from './durable-file.ts'

const pathOf = (home: string): string => join(home, 'wallets', 'in-use')

/** Null where none was chosen. */
export async function accountInUse(home: string): Promise<string | null> {
  const text = (await readIfThere(pathOf(home)))?.trim()
  return text !== undefined && isAddress(text) ? text : null
}

export async function useAccount(home: string, address: string): Promise<void> {
  await writeDurably(pathOf(home), `${address}\n`)
}
