/** Shows what is to be signed, or asks for a pass phrase, in a window of its own origin that runs no script; the answer is the form it sends. */
import { randomBytes } from 'node:crypto'
import { BrowserWindow, type Protocol } from 'electron'
import { answeredPage, CONFIRM_HEADERS, questionPage } from '../confirm-page.ts'
import { answerIn, type Question } from '../question.ts'
import { CONFIRM_ORIGIN, CONFIRM_SCHEME, confirmWindowOptions } from './window-options.ts'

interface Waiting {
  readonly question: Question
  readonly nonce: string
  readonly settle: (answer: string | null) => void
}

export class DesktopConfirmation {
  #waiting: Waiting | null = null

  /** Mounts the pages on their own scheme. */
  install(protocol: Protocol): void {
    protocol.handle(CONFIRM_SCHEME, async (request) => await this.#answer(request))
  }

  /** The pass phrase, or an empty text for a yes; null for a no. */
  async ask(question: Question, signal: AbortSignal): Promise<string | null> {
    // One question at a time: a second one waits for nothing and is refused.
    if (this.#waiting || signal.aborted) return null
    const window = new BrowserWindow(confirmWindowOptions())
    const answer = await new Promise<string | null>((resolve) => {
      this.#waiting = { question, nonce: randomBytes(24).toString('base64url'), settle: resolve }
      window.once('closed', () => resolve(null))
      signal.addEventListener('abort', () => resolve(null), { once: true })
      void window.loadURL(`${CONFIRM_ORIGIN}/`).catch(() => resolve(null))
    })
    this.#waiting = null
    if (!window.isDestroyed()) window.close()
    return answer
  }

  async #answer(request: Request): Promise<Response> {
    const page = (body: string, status = 200): Response => new Response(body, { status, headers: CONFIRM_HEADERS })
    const waiting = this.#waiting
    const url = new URL(request.url)
    if (url.origin !== CONFIRM_ORIGIN && `${url.protocol}//${url.host}` !== CONFIRM_ORIGIN) return page('refused', 403)
    if (!waiting) return page('nothing to confirm', 409)
    if (request.method === 'GET') return page(questionPage(waiting.question, waiting.nonce))
    const form = new URLSearchParams(await request.text())
    if (request.method !== 'POST' || form.get('nonce') !== waiting.nonce) return page('refused', 409)
    const answer = answerIn(waiting.question, form)
    if (answer === 'again') return page(questionPage(waiting.question, waiting.nonce))
    waiting.settle(answer.agreed)
    return page(answeredPage(answer.agreed !== null))
  }
}
