import { ENDLESS } from '../../../../shared/contract/chain-acts.ts'

/** @param unixSeconds Of 64 bits, as anybody may have written it into a contract. */
export function isoDateOf(unixSeconds: bigint): string {
  const last = BigInt(Date.parse(ENDLESS)) / 1000n
  return unixSeconds >= last ? ENDLESS : new Date(Number(unixSeconds) * 1000).toISOString()
}
