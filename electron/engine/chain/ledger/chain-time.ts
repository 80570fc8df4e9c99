import { ENDLESS } from '../../../../shared/contract/chain-acts.ts'

/** The last second that is told: a number that JSON keeps, which a contract's 64 bits are not. */
export const LAST_UNIX_SECOND = Math.floor(Date.parse(ENDLESS) / 1000)

/** @param unixSeconds Of 64 bits, as anybody may have written it into a contract. */
export function isoDateOf(unixSeconds: bigint): string {
  return unixSeconds >= BigInt(LAST_UNIX_SECOND) ? ENDLESS : new Date(Number(unixSeconds) * 1000).toISOString()
}
