/**
 * The engine's only fetch-style handler: the built window, the bytes of assets, uploads. The desktop mounts it with
 * `protocol.handle`, the browser host on its loopback server; the host checks who may call it.
 */
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { extname, isAbsolute, join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { createAssetHandler } from './asset-handler.ts'
import type { Session } from '../session.ts'
import { createUploadHandler } from './upload-handler.ts'

export type AppHandler = (request: Request) => Promise<Response>

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** No other origins, no inline script, no framing, no device except the microphone. */
export const WINDOW_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  // Of the machine's devices only the microphone, which the browser or the shell still asks for.
  'Permissions-Policy': 'microphone=(self), camera=(), display-capture=(), geolocation=(), usb=(), serial=(), hid=()',
  'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/**
 * A path inside `root` from the path of a URL, or null. Decoded once; NUL, backslash and anything that leaves the root,
 * also through a symbolic link, is refused.
 */
export async function pathInside(root: string, urlPath: string): Promise<string | null> {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null // a malformed escape names no file
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  const candidate = join(root, decoded)
  const realRoot = await realpath(root)
  const real = await realpath(candidate).catch(() => null)
  if (!real) return null
  const inside = relative(realRoot, real)
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null
  return real
}

export function createAppHandler(session: Session, rendererFolder: string | undefined): AppHandler {
  const assets = createAssetHandler(session)
  const uploads = createUploadHandler(session)
  return async (request) => {
    const url = new URL(request.url)
    if (url.pathname.startsWith('/media/')) return await assets(request)
    if (url.pathname.startsWith('/upload/')) return await uploads(request)
    return await windowFile(request, url, rendererFolder)
  }
}

async function windowFile(request: Request, url: URL, rendererFolder: string | undefined): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('method not allowed', { status: 405, headers: { Allow: 'GET, HEAD' } })
  }
  const wanted = url.pathname === '/' ? '/index.html' : url.pathname
  const path = rendererFolder ? await pathInside(rendererFolder, wanted) : null
  const contentType = CONTENT_TYPES[extname(wanted)]
  const file = path ? await stat(path) : null
  if (!path || !file?.isFile() || !contentType)
    return new Response('not found', { status: 404, headers: WINDOW_HEADERS })
  const headers = {
    ...WINDOW_HEADERS,
    'Content-Type': contentType,
    'Content-Length': String(file.size),
    // Built files carry a hash in their name; the page itself must always be asked for.
    'Cache-Control': wanted.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
  }
  const body = request.method === 'HEAD' ? null : (Readable.toWeb(createReadStream(path)) as unknown as ReadableStream)
  return new Response(body, { status: 200, headers })
}
