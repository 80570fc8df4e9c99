/**
 * Questions and displays about a wallet outside the window: the only way by which pass phrases, recovery words and keys
 * enter this program or are shown. A host shows each on a page of another origin.
 */

/** Why a question is repeated. */
export type Complaint =
  'different' | 'short' | 'simple' | 'wrongPassphrase' | 'wrongWords' | 'noKey' | 'noKeyFile' | 'wrongName'

export type WalletQuestion = { readonly complaint?: Complaint | undefined } & (
  | { readonly kind: 'passphrase'; readonly address: string; readonly purpose: 'unlock' | 'words' | 'file' | 'derive' }
  | { readonly kind: 'newPassphrase'; readonly purpose: 'new' | 'import' }
  /** A phrase of words, or a private key. */
  | { readonly kind: 'secret' }
  | { readonly kind: 'keyFile' }
  /** Shown, to be written down. */
  | { readonly kind: 'words'; readonly address: string; readonly words: readonly string[] }
  /** Some of the words again, by their places from 1 on. */
  | { readonly kind: 'wordsAgain'; readonly address: string; readonly places: readonly number[] }
  /** Whose answers about the chain will be trusted from now on. */
  | {
      readonly kind: 'nodes'
      readonly network: string
      readonly origins: readonly string[]
      readonly quorum: number
      readonly isMain: boolean
    }
  /** A file to be saved unchanged. */
  | { readonly kind: 'saveFile'; readonly address: string; readonly fileName: string; readonly json: string }
)

/** What was filled in, by the name of its field: `passphrase`, `secret`, `file`, `word-7`. */
export type WalletAnswers = Readonly<Record<string, string>>

/** @returns null for a refusal */
export type AskWallet = (question: WalletQuestion, signal: AbortSignal) => Promise<WalletAnswers | null>

/** Account of the pass phrase; `isWrong`: the previous one was wrong. */
export interface LockedAccount {
  readonly address: string
  readonly isWrong?: boolean
}
