/**
 * Who may talk to the loopback host. A page on another site reaches 127.0.0.1 too, so every request must name this
 * host (DNS rebinding), every state-changing one must come from this origin (CSRF), and all need the cookie that only
 * the one-time link printed in the terminal gives out (other users and programs of the machine).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Compares secrets in constant time. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly status: number; readonly reason: string }

const OK: Verdict = { ok: true }

export class Access {
  readonly #cookieName: string
  readonly #session = randomBytes(32).toString('base64url')
  #ticket: string | null = randomBytes(32).toString('base64url')
  #authority = ''

  /** @param cookieName differs per origin: cookies are shared between the ports of one host */
  constructor(cookieName: string) {
    this.#cookieName = cookieName
  }

  /** Set once the port is known. */
  listenOn(port: number): void {
    this.#authority = `127.0.0.1:${port}`
  }

  get origin(): string {
    return `http://${this.#authority}`
  }

  /** A link that admits one browser, once. */
  ticketLink(): string {
    this.#ticket ??= randomBytes(32).toString('base64url')
    return `${this.origin}/?t=${this.#ticket}`
  }

  /** Redeems the ticket of a link: the cookie to set, or null if the ticket is wrong or used. */
  redeem(ticket: string): string | null {
    if (!this.#ticket || !sameSecret(ticket, this.#ticket)) return null
    this.#ticket = null
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`
  }

  checkHost(request: IncomingMessage): Verdict {
    return request.headers.host === this.#authority ? OK : { ok: false, status: 421, reason: 'wrong host' }
  }

  /** For everything but plain reads. */
  checkOrigin(request: IncomingMessage): Verdict {
    return request.headers.origin === this.origin ? OK : { ok: false, status: 403, reason: 'wrong origin' }
  }

  checkCookie(request: IncomingMessage): Verdict {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/)
    const prefix = `${this.#cookieName}=`
    const own = cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length)
    return own && sameSecret(own, this.#session)
      ? OK
      : { ok: false, status: 401, reason: 'open the link printed in the terminal' }
  }
}
