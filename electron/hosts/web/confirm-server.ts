/** Serves the confirmation page on its own port and holds each question until the user has answered it. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Access, sameSecret } from './access.ts'
import type { WalletAnswers } from '../../engine/chain/wallet-questions.ts'
import type { Language } from '../../../shared/language.ts'
import {
  ANSWER,
  answeredPage,
  CONFIRM_HEADERS,
  elsewherePage,
  NEWER_WINDOW,
  NEXT,
  overPage,
  questionPage,
  waitingPage,
} from '../confirm-page.ts'
import { answerIn, type Question } from '../question.ts'

/** A key file among them. */
const MOST_FORM_BYTES = 80 * 1024
/** Words are to be written down meanwhile. */
const ANSWER_WITHIN_MILLISECONDS = 15 * 60_000
/**
 * How long an answered page waits for the next question before it says that there is none, or polls for a newer window.
 */
const HOLD_MILLISECONDS = 5000

interface Pending {
  /** The current question, possibly repeated with the reason. */
  question: Question
  readonly nonce: string
  settle(answer: WalletAnswers | null): void
}

export class ConfirmServer {
  readonly #access = new Access('asterism_confirm')
  readonly #server: Server
  readonly #queue: Pending[] = []
  readonly #language: () => Promise<Language>
  /** Pages that wait for a question or for a newer window. */
  readonly #held = new Set<() => void>()
  #opened = false
  /** How many windows were opened. The studio opens one for each act; the user looks at the last. */
  #windows = 0
  /**
   * The window of the last answer. The next question is shown there, or belongs to another act, whose window is about
   * to open.
   */
  #answeredIn = 0

  /** @param language of the words about what is asked */
  constructor(language: () => Promise<Language> = () => Promise.resolve('en')) {
    this.#language = language
    this.#server = createServer((request, response) => {
      // A broken connection or malformed request ends only itself, not the engine.
      this.#respond(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(400)
        response.end()
      })
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address && typeof address === 'object') this.#access.listenOn(address.port)
  }

  /** Where the window sends the user: with the one-time ticket until a browser has redeemed it. */
  link(): string {
    return this.#opened ? `${this.#access.origin}/` : this.#access.ticketLink()
  }

  get origin(): string {
    return this.#access.origin
  }

  /** Waits for the user: what was filled in; null for a refusal, and if there is no answer in time. */
  async ask(question: Question, signal: AbortSignal): Promise<WalletAnswers | null> {
    if (signal.aborted) return null
    return await new Promise<WalletAnswers | null>((resolve) => {
      const pending: Pending = {
        question,
        nonce: randomBytes(24).toString('base64url'),
        settle: (answer) => {
          clearTimeout(timer)
          signal.removeEventListener('abort', refuse)
          const index = this.#queue.indexOf(pending)
          if (index >= 0) this.#queue.splice(index, 1)
          resolve(answer)
        },
      }
      const refuse = (): void => pending.settle(null)
      const timer = setTimeout(refuse, ANSWER_WITHIN_MILLISECONDS)
      signal.addEventListener('abort', refuse, { once: true })
      this.#queue.push(pending)
      this.#changed()
    })
  }

  #changed(): void {
    for (const look of this.#held) look()
  }

  /** Resolves when the condition holds, the client has gone, or the time is up. */
  async #until(isSo: () => boolean, response: ServerResponse): Promise<void> {
    if (isSo()) return
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#held.delete(look)
        resolve()
      }
      const look = (): void => {
        if (isSo()) end()
      }
      const timer = setTimeout(end, HOLD_MILLISECONDS)
      this.#held.add(look)
      response.once('close', end)
    })
  }

  async close(): Promise<void> {
    while (this.#queue[0]) this.#queue[0].settle(null)
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { ...CONFIRM_HEADERS, ...headers })
      response.end(body)
    }
    const url = new URL(request.url ?? '/', this.#access.origin)
    const host = this.#access.checkHost(request)
    if (!host.ok) return send(host.status, host.reason)
    const ticket = url.searchParams.get('t')
    if (request.method === 'GET' && ticket) {
      const cookie = this.#access.redeem(ticket)
      if (!cookie) return send(401, 'that link was used already')
      this.#opened = true
      return send(303, '', { 'Set-Cookie': cookie, Location: '/' })
    }
    const cookie = this.#access.checkCookie(request)
    if (!cookie.ok) return send(cookie.status, cookie.reason)
    // Otherwise another page of this machine that loads it would pass for a newer window.
    const shownAs = request.headers['sec-fetch-dest'] ?? 'document'
    if (request.method === 'GET' && shownAs !== 'document') return send(403, 'this is for a window of its own')
    if (request.method === 'GET' && url.pathname === '/') {
      this.#windows++
      this.#changed()
      return send(303, '', { Location: `/${this.#windows}/` })
    }
    const [, number, what] = /^\/(\d{1,9})\/(\w*)$/.exec(url.pathname) ?? []
    const window = Number(number)
    if (!(window >= 1 && window <= this.#windows)) return send(404, 'not found')
    if (request.method === 'GET' && (what === '' || what === NEXT)) {
      const isOlder = (): boolean => window < this.#windows
      if (what === NEXT) await this.#until(() => this.#queue.length > 0 || isOlder(), response)
      const language = await this.#language()
      const next = this.#queue[0]
      if (isOlder()) return send(200, elsewherePage(language))
      if (!next) return send(200, waitingPage(language))
      const asked = questionPage(next.question, next.nonce, language)
      if (window !== this.#answeredIn) return send(200, asked)
      // The window of another act may open after its question: until then this one shows it.
      response.writeHead(200, CONFIRM_HEADERS)
      response.write(asked)
      await this.#until(isOlder, response)
      response.end(isOlder() ? NEWER_WINDOW : '')
      return
    }
    if (request.method === 'POST' && what === ANSWER) {
      const origin = this.#access.checkOrigin(request)
      if (!origin.ok) return send(origin.status, origin.reason)
      return await this.#answer(window, request, send)
    }
    return send(404, 'not found')
  }

  async #answer(window: number, request: IncomingMessage, send: (status: number, body: string) => void): Promise<void> {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length
      if (bytes > MOST_FORM_BYTES) return send(413, 'too large')
      chunks.push(chunk as Buffer)
    }
    const form = await formIn(Buffer.concat(chunks), request.headers['content-type'] ?? '')
    if (!form) return send(400, 'that is no form')
    const nonce = form.get('nonce')
    const pending = this.#queue.find((each) => sameSecret(each.nonce, typeof nonce === 'string' ? nonce : ''))
    const language = await this.#language()
    if (!pending) return send(409, overPage(language))
    const answer = await answerIn(pending.question, form)
    if ('again' in answer) {
      pending.question = answer.again
      return send(200, questionPage(pending.question, pending.nonce, language))
    }
    this.#answeredIn = window
    pending.settle(answer.agreed)
    return send(200, answeredPage(answer.agreed !== null, language))
  }
}

async function formIn(body: Buffer, contentType: string): Promise<FormData | null> {
  const response = new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } })
  return await response.formData().catch(() => null)
}
