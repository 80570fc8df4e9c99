/**
 * Confirms signatures and handles wallets in a window with its own origin and no script; the answer is the form that it
 * sends.
 */
import { randomBytes } from 'node:crypto'
import { BrowserWindow, type Protocol } from 'electron'
import type { WalletAnswers } from '../../engine/chain/wallet-questions.ts'
import type { Language } from '../../../shared/language.ts'
import { answeredPage, CONFIRM_HEADERS, NEXT, overPage, questionPage, waitingPage } from '../confirm-page.ts'
import { answerIn, type Question } from '../question.ts'
import { CONFIRM_ORIGIN, CONFIRM_SCHEME, confirmWindowOptions } from './window-options.ts'

interface Waiting {
  /** The current question, possibly repeated with the reason. */
  question: Question
  readonly nonce: string
  readonly settle: (answer: WalletAnswers | null) => void
}

/** The window stays open for the next question of the same job, so that it does not flicker between the two. */
const LINGER_MILLISECONDS = 2000

export class DesktopConfirmation {
  readonly #language: () => Promise<Language>
  #turn: Promise<unknown> = Promise.resolve()
  #waiting: Waiting | null = null
  #window: BrowserWindow | null = null
  #closing: NodeJS.Timeout | null = null
  #next: (() => void) | null = null

  /** @param language of the words about what is asked */
  constructor(language: () => Promise<Language>) {
    this.#language = language
  }

  /** Mounts the pages on their own scheme. */
  install(protocol: Protocol): void {
    protocol.handle(CONFIRM_SCHEME, async (request) => await this.#answer(request))
  }

  /** What was filled in; null for a refusal. Questions are asked one at a time, in order. */
  async ask(question: Question, signal: AbortSignal): Promise<WalletAnswers | null> {
    const turn = this.#turn.then(() => this.#askNow(question, signal))
    this.#turn = turn
    return await turn
  }

  async #askNow(question: Question, signal: AbortSignal): Promise<WalletAnswers | null> {
    if (signal.aborted) return null
    if (this.#closing) clearTimeout(this.#closing)
    const answer = await new Promise<WalletAnswers | null>((resolve) => {
      const refuse = (): void => resolve(null)
      this.#waiting = { question, nonce: randomBytes(24).toString('base64url'), settle: resolve }
      signal.addEventListener('abort', refuse, { once: true })
      this.#show(refuse)
    })
    this.#waiting = null
    this.#closing = setTimeout(() => this.#close(), answer === null ? 0 : LINGER_MILLISECONDS)
    return answer
  }

  #show(onClosed: () => void): void {
    const lingering = this.#window && !this.#window.isDestroyed() ? this.#window : null
    const window = lingering ?? new BrowserWindow(confirmWindowOptions())
    this.#window = window
    window.once('closed', onClosed)
    if (!lingering) void window.loadURL(`${CONFIRM_ORIGIN}/`).catch(onClosed)
    this.#next?.()
  }

  #close(): void {
    this.#next?.()
    if (this.#window && !this.#window.isDestroyed()) this.#window.close()
    this.#window = null
  }

  async #answer(request: Request): Promise<Response> {
    const page = (body: string, status = 200): Response => new Response(body, { status, headers: CONFIRM_HEADERS })
    const url = new URL(request.url)
    if (url.origin !== CONFIRM_ORIGIN && `${url.protocol}//${url.host}` !== CONFIRM_ORIGIN) return page('refused', 403)
    const language = await this.#language()
    if (request.method === 'GET') {
      if (url.pathname === `/${NEXT}` && !this.#waiting) await new Promise<void>((resolve) => (this.#next = resolve))
      const waiting = this.#waiting
      return page(waiting ? questionPage(waiting.question, waiting.nonce, language) : waitingPage(language))
    }
    const form = await request.formData().catch(() => null)
    const waiting = this.#waiting
    if (request.method !== 'POST') return page('refused', 405)
    if (!waiting || form?.get('nonce') !== waiting.nonce) return page(overPage(language), 409)
    const answer = await answerIn(waiting.question, form)
    if ('again' in answer) {
      waiting.question = answer.again
      return page(questionPage(waiting.question, waiting.nonce, language))
    }
    waiting.settle(answer.agreed)
    return page(answeredPage(answer.agreed !== null, language))
  }
}
