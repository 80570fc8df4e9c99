/** The studio in a browser: a loopback HTTP and WebSocket server in front of one engine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { AsterismError } from '../../../shared/errors.ts'
import type { Engine } from '../../engine/engine.ts'
import { systemCode } from '../../engine/file-errors.ts'
import { Access, type Verdict } from './access.ts'
import type { ConfirmServer } from './confirm-server.ts'
import { sendFetchResponse, toFetchRequest } from './fetch-bridge.ts'

const MOST_MESSAGE_BYTES = 64 * 1024 * 1024

export interface WebHost {
  /** The address without a secret in it. */
  readonly origin: string
  /** The one-time link that lets a browser in. */
  link(): string
  close(): Promise<void>
}

/** @param port 0 for any free one */
export async function startWebHost(engine: Engine, confirm: ConfirmServer, port: number): Promise<WebHost> {
  const access = new Access('asterism')
  const server = createServer((request, response) => void respond(engine, confirm, access, request, response))
  const sockets = mountWebSocket(server, engine, access)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port)))
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address && typeof address === 'object') access.listenOn(address.port)
  return {
    origin: access.origin,
    link: () => access.ticketLink(),
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A port that another program has, or that this user may not have, in words. */
function portError(error: Error, port: number): Error {
  const why = { EADDRINUSE: 'is taken by another program', EACCES: 'may not be used by this user' }
  const what = why[systemCode(error) as keyof typeof why]
  if (!what) return error
  const fix = 'Name another, or none and a free one is found.'
  return new AsterismError('conflict', `Port ${port} ${what}.`, { fix, cause: error })
}

async function respond(
  engine: Engine,
  confirm: ConfirmServer,
  access: Access,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (verdict: Exclude<Verdict, { ok: true }>): void => {
    response.writeHead(verdict.status, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end(verdict.reason)
  }
  const abort = new AbortController()
  response.once('close', () => abort.abort())
  try {
    const host = access.checkHost(request)
    if (!host.ok) return refuse(host)
    const url = new URL(request.url ?? '/', access.origin)
    const ticket = url.searchParams.get('t')
    if (ticket && request.method === 'GET' && url.pathname === '/') {
      const cookie = access.redeem(ticket)
      if (!cookie)
        return refuse({ ok: false, status: 401, reason: 'that link was used already; the terminal prints a new one' })
      // The ticket leaves the address bar at once. After a redirect the request would still count as cross-site (the link
      // may come from a file), and a SameSite=Strict cookie is not sent then: so a page of this origin navigates on.
      response.writeHead(200, {
        'Set-Cookie': cookie,
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-store',
      })
      response.end('<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Asterism</title>')
      return
    }
    const cookie = access.checkCookie(request)
    if (!cookie.ok) return refuse(cookie)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const origin = access.checkOrigin(request)
      if (!origin.ok) return refuse(origin)
    }
    if (url.pathname === '/host.json') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      response.end(JSON.stringify({ kind: 'web', confirmLink: confirm.link() }))
      return
    }
    await sendFetchResponse(await engine.handle(toFetchRequest(request, access.origin, abort.signal)), response)
  } catch (error) {
    if (abort.signal.aborted) return
    process.stderr.write(`web host: ${error instanceof Error ? error.message : String(error)}\n`)
    if (!response.headersSent) response.writeHead(500)
    response.end()
  }
}

function mountWebSocket(server: Server, engine: Engine, access: Access): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES })
  const handler = new RPCHandler(engine.router)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A broken connection or malformed message ends only itself, not the engine.
    socket.on('error', () => socket.destroy())
    const verdict = [access.checkHost(request), access.checkOrigin(request), access.checkCookie(request)].find(
      (each) => !each.ok,
    )
    if (verdict && !verdict.ok) {
      socket.end(`HTTP/1.1 ${verdict.status} Refused\r\nConnection: close\r\n\r\n`)
      return
    }
    if (request.url !== '/rpc') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate())
      handler.upgrade(webSocket).catch(() => webSocket.terminate())
    })
  })
  return sockets
}
