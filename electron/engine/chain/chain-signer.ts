/** Signs for an account, whatever holds its key. */
import type { Reason } from '../../../shared/sayings/saying.ts'
import type { SignIn } from './signer/sign-in-policy.ts'
import type { TypedData } from './signer/typed-data-policy.ts'

/** The purpose of a transaction, as in the journal; an account that cannot sign here stores it in its file. */
export interface SigningPurpose {
  readonly key: string
  readonly contract: string
  readonly tokenId: string | null
  /** What is known besides its bytes; shown with the signer's description, marked as coming from others. */
  readonly told?: readonly Reason[]
}

/** An account that signs what the user has agreed to. */
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
