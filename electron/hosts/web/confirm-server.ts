/** Serves the confirmation page on a port of its own and holds each question until the person has answered it. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Access, sameSecret } from './access.ts'
import { answeredPage, CONFIRM_HEADERS, questionPage, waitingPage } from '../confirm-page.ts'
import { answerIn, type Question } from '../question.ts'

const MOST_FORM_BYTES = 4096
const ANSWER_WITHIN_MILLISECONDS = 5 * 60_000

interface Pending {
  readonly question: Question
  readonly nonce: string
  settle(answer: string | null): void
}

export class ConfirmServer {
  readonly #access = new Access('asterism_confirm')
  readonly #server: Server
  readonly #queue: Pending[] = []
  #opened = false

  constructor() {
    this.#server = createServer((request, response) => void this.#respond(request, response))
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address && typeof address === 'object') this.#access.listenOn(address.port)
  }

  /** Where the window sends the person: with the one-time ticket until a browser took it. */
  link(): string {
    return this.#opened ? `${this.#access.origin}/` : this.#access.ticketLink()
  }

  get origin(): string {
    return this.#access.origin
  }

  /** Waits for the person: the pass phrase, or an empty text for a yes; null for a no, and for none in time. */
  async ask(question: Question, signal: AbortSignal): Promise<string | null> {
    return await new Promise<string | null>((resolve) => {
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
    if (request.method === 'GET' && url.pathname === '/') {
      const next = this.#queue[0]
      return send(200, next ? questionPage(next.question, next.nonce) : waitingPage)
    }
    if (request.method === 'POST' && url.pathname === '/answer') {
      const origin = this.#access.checkOrigin(request)
      if (!origin.ok) return send(origin.status, origin.reason)
      return await this.#answer(request, send)
    }
    return send(404, 'not found')
  }

  async #answer(request: IncomingMessage, send: (status: number, body: string) => void): Promise<void> {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length
      if (bytes > MOST_FORM_BYTES) return send(413, 'too large')
      chunks.push(chunk as Buffer)
    }
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    const pending = this.#queue.find((each) => sameSecret(each.nonce, form.get('nonce') ?? ''))
    if (!pending) return send(409, 'that request is no longer waiting')
    const answer = answerIn(pending.question, form)
    if (answer === 'again') return send(200, questionPage(pending.question, pending.nonce))
    pending.settle(answer.agreed)
    return send(200, answeredPage(answer.agreed !== null, '/'))
  }
}
