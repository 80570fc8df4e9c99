/** Who signs for an account, whatever holds its key. */
import type { Reason } from '../../../shared/sayings/saying.ts'
import type { SignIn } from './signer/sign-in-policy.ts'
import type { TypedData } from './signer/typed-data-policy.ts'

/** What a transaction is for, as the journal names it: an account that cannot sign here writes it down. */
export interface SigningPurpose {
  readonly key: string
  readonly contract: string
  readonly tokenId: string | null
  /** What is known of it besides its bytes: shown with what the signer says, and as said by others. */
  readonly told?: readonly Reason[]
}

/** An account that signs what a person has agreed to. */
export interface ChainSigner {
  /** Checksummed. */
  readonly address: string
  /**
   * @param unsigned A serialized EIP-1559 transaction.
   * @param creator Whose collection it is about, where that is not the account's own.
   * @returns the signed one. @throws AsterismError `signing_refused`.
   */
  signTransaction(unsigned: string, signal?: AbortSignal, creator?: string, purpose?: SigningPurpose): Promise<string>
  /** @returns 65 bytes as `0x…`. */
  signTypedData(data: TypedData, signal?: AbortSignal): Promise<string>
  /** Signs in to a server (EIP-4361). @returns 65 bytes as `0x…`. */
  signSignIn(signIn: SignIn, signal?: AbortSignal): Promise<string>
  /** Wipes the key. */
  close(): Promise<void>
}
