/**
 * The requests of the tus client. Its own keep everything that a server says in memory, without end; of a tus server only
 * the status and the headers matter. No redirection is followed: what lets in goes to the server that was named.
 */
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Readable } from 'node:stream'
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client'

/** What a server says beside its headers is thrown away as long as it is short, so that the connection can be used again. */
const LONGEST_ASIDE_BYTES = 64 << 10
const LONGEST_ASIDE_MILLISECONDS = 2_000

export const tusRequests: HttpStack = {
  createRequest: (method, url) => new TusRequest(method, url),
  getName: () => 'asterism',
}

class TusRequest implements HttpRequest {
  readonly #method: string
  readonly #url: string
  readonly #headers: Record<string, string> = {}
  #onProgress: (bytesSent: number) => void = () => undefined
  #request: ClientRequest | null = null

  constructor(method: string, url: string) {
    this.#method = method
    this.#url = url
  }

  getMethod = (): string => this.#method
  getURL = (): string => this.#url
  getHeader = (name: string): string | undefined => this.#headers[name]
  getUnderlyingObject = (): ClientRequest | null => this.#request

  setHeader(name: string, value: string): void {
    this.#headers[name] = value
  }

  setProgressHandler(handler: (bytesSent: number) => void): void {
    this.#onProgress = handler
  }

  async send(body?: (Readable & { readonly size?: number }) | null): Promise<HttpResponse> {
    return await new Promise((resolve, reject) => {
      const open = this.#url.startsWith('https:') ? requestHttps : requestHttp
      const length = body?.size === undefined ? {} : { 'Content-Length': String(body.size) }
      const request = open(this.#url, { method: this.#method, headers: { ...this.#headers, ...length } })
      this.#request = request
      request.on('error', reject)
      request.once('response', (response) => {
        throwAway(response)
        resolve(new TusResponse(response))
      })
      if (!body) return void request.end()
      let sent = 0
      body.on('data', (piece: Buffer) => this.#onProgress((sent += piece.length)))
      body.once('error', (error) => request.destroy(error))
      body.pipe(request)
    })
  }

  abort(): Promise<void> {
    this.#request?.destroy()
    return Promise.resolve()
  }
}

function throwAway(response: IncomingMessage): void {
  let bytes = 0
  const timer = setTimeout(() => response.destroy(), LONGEST_ASIDE_MILLISECONDS)
  response.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > LONGEST_ASIDE_BYTES) response.destroy()
  })
  response.once('error', () => undefined)
  response.once('close', () => clearTimeout(timer))
}

class TusResponse implements HttpResponse {
  readonly #response: IncomingMessage

  constructor(response: IncomingMessage) {
    this.#response = response
  }

  getStatus = (): number => this.#response.statusCode ?? 0
  getBody = (): string => ''
  getUnderlyingObject = (): IncomingMessage => this.#response

  getHeader(name: string): string | undefined {
    const value = this.#response.headers[name.toLowerCase()]
    return Array.isArray(value) ? value[0] : value
  }
}
