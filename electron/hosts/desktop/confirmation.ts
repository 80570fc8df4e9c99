/** Shows what is to be signed in a window of its own origin that runs no script; the answer is the form it sends. */
import { randomBytes } from 'node:crypto'
import { BrowserWindow, type Protocol } from 'electron'
import type { SigningDescription } from '../../engine/chain/signer/description.ts'
import { answeredPage, CONFIRM_HEADERS, confirmPage } from '../confirm-page.ts'
import { CONFIRM_ORIGIN, CONFIRM_SCHEME, confirmWindowOptions } from './window-options.ts'

interface Waiting {
  readonly request: SigningDescription
  readonly nonce: string
  readonly settle: (agreed: boolean) => void
}

export class DesktopConfirmation {
  #waiting: Waiting | null = null

  /** Mounts the pages on their own scheme. */
  install(protocol: Protocol): void {
    protocol.handle(CONFIRM_SCHEME, async (request) => await this.#answer(request))
  }

  async confirm(request: SigningDescription, signal: AbortSignal): Promise<boolean> {
    // One question at a time: a second one waits for nothing and is refused.
    if (this.#waiting || signal.aborted) return false
    const window = new BrowserWindow(confirmWindowOptions())
    const agreed = await new Promise<boolean>((resolve) => {
      this.#waiting = { request, nonce: randomBytes(24).toString('base64url'), settle: resolve }
      window.once('closed', () => resolve(false))
      signal.addEventListener('abort', () => resolve(false), { once: true })
      void window.loadURL(`${CONFIRM_ORIGIN}/`).catch(() => resolve(false))
    })
    this.#waiting = null
    if (!window.isDestroyed()) window.close()
    return agreed
  }

  async #answer(request: Request): Promise<Response> {
    const page = (body: string, status = 200): Response => new Response(body, { status, headers: CONFIRM_HEADERS })
    const waiting = this.#waiting
    const url = new URL(request.url)
    if (url.origin !== CONFIRM_ORIGIN && `${url.protocol}//${url.host}` !== CONFIRM_ORIGIN) return page('refused', 403)
    if (!waiting) return page('nothing to confirm', 409)
    if (request.method === 'GET') return page(confirmPage(waiting.request, waiting.nonce))
    const form = new URLSearchParams(await request.text())
    if (request.method !== 'POST' || form.get('nonce') !== waiting.nonce) return page('refused', 409)
    const agreed = form.get('verdict') === 'sign'
    waiting.settle(agreed)
    return page(answeredPage(agreed))
  }
}
