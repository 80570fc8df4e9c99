/** The holder of a key and what it can sign: a key in memory, a device, another wallet. */
import { SigningKey, type Transaction } from 'ethers'
import type { TypedData } from './typed-data-policy.ts'

/** What was judged and agreed to. `digest`: the 32 signed bytes as hexadecimal. */
export type ToSign =
  | { readonly kind: 'transaction'; readonly digest: string; readonly transaction: Transaction }
  | {
      readonly kind: 'typed-data'
      readonly digest: string
      readonly data: TypedData
      readonly types: Record<string, { name: string; type: string }[]>
    }
  | { readonly kind: 'message'; readonly digest: string; readonly text: string }

export interface HeldKey {
  /** @returns 65 bytes as `0x…`; the caller checks whose they are. @throws AsterismError. */
  sign(what: ToSign): Promise<string>
  /** Wipes what is in memory. */
  wipe(): void
}

/** A key that this process holds. */
export function keyInMemory(key: Buffer): HeldKey {
  return {
    sign: ({ digest }) => Promise.resolve(new SigningKey(key).sign(digest).serialized),
    wipe: () => void key.fill(0),
  }
}
