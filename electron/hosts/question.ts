/** Questions asked outside the studio's window, on a page of another origin, and how their forms are read. */
import type { SigningDescription } from '../engine/chain/signer/description.ts'
import type { LockedAccount, WalletAnswers, WalletQuestion } from '../engine/chain/wallet-questions.ts'
import { AsterismError } from '../../shared/errors.ts'

export type Question =
  { readonly kind: 'sign'; readonly request: SigningDescription; readonly complaint?: 'wrongName' } | WalletQuestion

const LONGEST_ANSWER = 65_536

/**
 * @param form as the page of the question sends it
 * @returns what was filled in, null for a refusal; or the question to be asked again
 */
export async function answerIn(
  question: Question,
  form: FormData,
): Promise<{ agreed: WalletAnswers | null } | { again: Question }> {
  if (form.get('verdict') !== 'sign') return { agreed: null }
  if (question.kind === 'sign') {
    const { toBeTyped } = question.request
    const typed = form.get('typed')
    const agrees = toBeTyped === undefined || (typeof typed === 'string' && typed.trim() === toBeTyped)
    return agrees ? { agreed: {} } : { again: { ...question, complaint: 'wrongName' } }
  }
  const filled: Record<string, string> = {}
  for (const [name, value] of form) {
    if (name === 'nonce' || name === 'verdict') continue
    filled[name] = (typeof value === 'string' ? value : await value.text()).slice(0, LONGEST_ANSWER)
  }
  return { agreed: filled }
}

/** The engine's questions, independent of what shows them. */
export function questionsOver(ask: (question: Question, signal: AbortSignal) => Promise<WalletAnswers | null>) {
  return {
    confirmSigning: async (request: SigningDescription, signal: AbortSignal): Promise<boolean> =>
      (await ask({ kind: 'sign', request }, signal)) !== null,
    async askPassphrase({ address, isWrong }: LockedAccount, signal: AbortSignal): Promise<string> {
      const complaint = isWrong ? 'wrongPassphrase' : undefined
      const answers = await ask({ kind: 'passphrase', address, purpose: 'unlock', complaint }, signal)
      if (answers?.['passphrase']) return answers['passphrase']
      throw new AsterismError('wallet_locked', 'No pass phrase was given, so the wallet stays locked.', {
        kept: 'Nothing was signed.',
      })
    },
    askWallet: ask,
  }
}
