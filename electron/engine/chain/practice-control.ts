/** The loopback server of the practice network: resumable uploads (tus) under /files/, and its own switch under /practice/. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { practiceUploads } from './practice-uploads.ts'

const LOOPBACK = '127.0.0.1'

export interface ControlOptions {
  /** 0: any free one. */
  readonly port: number
  readonly uploads: string
  readonly token: string
  /** What `GET /practice/status` answers. */
  readonly status: () => object
  readonly onStop: () => void
}

export interface ControlServer {
  readonly port: number
  close(): Promise<void>
}

/** @throws the system's error when the port is taken. */
export async function startControl(options: ControlOptions): Promise<ControlServer> {
  await mkdir(options.uploads, { recursive: true, mode: 0o700 })
  const uploads = practiceUploads(options.uploads)
  const server = createServer((request, response) => {
    // Whatever a single request meets ends that request, and never the chain beside it.
    answer(request, response, server, uploads, options).catch(() => response.destroy())
  })
  await listen(server, options.port)
  return { port: portOf(server), close: () => close(server) }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  server: Server,
  uploads: ReturnType<typeof practiceUploads>,
  options: ControlOptions,
): Promise<void> {
  // Another Host is DNS rebinding, an Origin is a web page: neither has any business here.
  if (request.headers.host !== `${LOOPBACK}:${portOf(server)}`) return end(response, 421)
  if (request.headers.origin !== undefined) return end(response, 403)
  const path = request.url ?? '/'
  if (path === '/files' || path.startsWith('/files/')) return await uploads(request, response)
  if (!isAuthorised(request, options.token)) return end(response, 401)
  if (request.method === 'GET' && path === '/practice/status') return end(response, 200, options.status())
  if (request.method === 'POST' && path === '/practice/stop') {
    end(response, 202, options.status())
    return options.onStop()
  }
  end(response, 404)
}

function isAuthorised(request: IncomingMessage, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`))
}

function end(response: ServerResponse, status: number, body: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' })
  response.end(JSON.stringify(body))
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
