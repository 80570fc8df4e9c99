/**
 * What a person is asked, or shown, about a wallet outside the window: the only way by which pass phrases, words and
 * keys come into this program or are seen. A host shows each on a page of its own origin.
 */

/** Why something is asked again. */
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
  /** Whose word is taken from now on for what is on a chain. */
  | {
      readonly kind: 'nodes'
      readonly network: string
      readonly origins: readonly string[]
      readonly quorum: number
      readonly isMain: boolean
    }
  /** A file to be taken away, as it is. */
  | { readonly kind: 'saveFile'; readonly address: string; readonly fileName: string; readonly json: string }
)

/** What was filled in, by the name of its field: `passphrase`, `secret`, `file`, `word-7`. */
export type WalletAnswers = Readonly<Record<string, string>>

/** @returns null for a no */
export type AskWallet = (question: WalletQuestion, signal: AbortSignal) => Promise<WalletAnswers | null>

/** Whose pass phrase is asked for; `isWrong`: what was given before is not it. */
export interface LockedAccount {
  readonly address: string
  readonly isWrong?: boolean
}
