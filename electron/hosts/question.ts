/** What is asked outside the studio's window, on a page of its own origin, and what a form that comes back says. */
import { AsterismError } from '../../shared/errors.ts'
import type { SigningDescription } from '../engine/chain/signer/description.ts'

export type Question =
  | { readonly kind: 'sign'; readonly request: SigningDescription }
  | { readonly kind: 'passphrase'; readonly purpose: string }

/**
 * @param form as the page of the question sends it
 * @returns the pass phrase, or an empty text for a yes; null for a no; `again` where the question stands
 */
export function answerIn(question: Question, form: URLSearchParams): { agreed: string | null } | 'again' {
  if (form.get('verdict') !== 'sign') return { agreed: null }
  if (question.kind === 'passphrase') return { agreed: form.get('passphrase') ?? '' }
  const { toBeTyped } = question.request
  if (toBeTyped !== undefined && form.get('typed')?.trim() !== toBeTyped) return 'again'
  return { agreed: '' }
}

/** The two questions as the engine asks them, over whatever shows them. */
export function questionsOver(ask: (question: Question, signal: AbortSignal) => Promise<string | null>) {
  return {
    confirmSigning: async (request: SigningDescription, signal: AbortSignal): Promise<boolean> =>
      (await ask({ kind: 'sign', request }, signal)) !== null,
    async askPassphrase(purpose: string, signal: AbortSignal): Promise<string> {
      const passphrase = await ask({ kind: 'passphrase', purpose }, signal)
      if (passphrase) return passphrase
      throw new AsterismError('wallet_locked', 'No pass phrase was given, so the wallet stays locked.', {
        kept: 'Nothing was signed.',
      })
    },
  }
}
