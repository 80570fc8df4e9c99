/**
 * Serves bytes of assets and of what was derived from them: `GET /media/<assetId>/<what>[?key=number…]`.
 *
 * Nothing of the URL ever becomes a path. The asset id and the name of what is wanted are checked against narrow
 * alphabets, parameters are whole numbers, and the engine's resolver alone knows files. Both hosts mount this handler:
 * the desktop by `protocol.handle`, the web host in its loopback server.
 */
import { stat } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { AsterismError } from '../../../shared/errors.ts'
import { parseByteRange } from './byte-range.ts'
import { fileStream } from './file-stream.ts'

export interface ResolvedMedia {
  /** Absolute. */
  readonly path: string
  readonly contentType: string
}

/** What is made for the moment and kept nowhere. */
interface MadeMedia {
  readonly bytes: Uint8Array
  readonly contentType: string
}

export interface MediaHandlerOptions {
  /**
   * Finds the file of what is wanted of an asset; null when there is no such thing.
   *
   * @param what `original`, `proxy`, `peaks`, `thumbnails` … : the resolver's own words.
   * @param params The query, whole numbers only: `stream`, `sheet`.
   */
  resolve(
    assetId: string,
    what: string,
    params: Readonly<Record<string, number>>,
  ): Promise<ResolvedMedia | MadeMedia | null>
}

interface MediaAddress {
  readonly assetId: string
  readonly what: string
  readonly params: Readonly<Record<string, number>>
}

/** Types that carry no script. Anything else is sent as bytes, to be downloaded and not shown. */
const SAFE_TYPE =
  /^(video|audio)\/[\w.+-]+$|^image\/(jpeg|png|gif|webp|avif|heic|bmp|tiff)$|^application\/(json|octet-stream)$|^model\/(gltf-binary|gltf\+json)$/
const STANDARD_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Should a browser ever show an answer as a page, it may do nothing.
  'Content-Security-Policy': "default-src 'none'; sandbox",
  // The same address gives other bytes once a proxy is made again: ask, and mostly be told that nothing changed.
  'Cache-Control': 'private, no-cache',
}

/** A fetch-style handler. It never throws: errors become answers without a path in them. */
export function createMediaHandler(options: MediaHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' })
    const address = parseMediaAddress(request.url)
    if (!address) return refuse(404, 'No such address.')
    try {
      const media = await options.resolve(address.assetId, address.what, address.params)
      if (!media) return refuse(404, 'No such media.')
      if ('bytes' in media) return answerMade(request, media)
      const status = await stat(media.path)
      return status.isFile() ? answer(request, media, status) : refuse(404, 'No such media.')
    } catch (error) {
      return refuse(statusOf(error), error instanceof AsterismError ? error.message : 'It cannot be read.')
    }
  }
}

/** The parts of a media URL, or null when it is none. The host part is the host's business. */
export function parseMediaAddress(url: string): MediaAddress | null {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const match = /^\/media\/([A-Za-z0-9_:-]{1,200})\/([a-z][a-z0-9]*(?:[.-][a-z0-9]+)*)$/.exec(parsed?.pathname ?? '')
  if (!parsed || !match || match[2].length > 60) return null
  const params: Record<string, number> = {}
  for (const [key, value] of parsed.searchParams) {
    if (!/^[a-z]{1,20}$/.test(key) || !/^\d{1,9}$/.test(value) || Object.hasOwn(params, key)) return null
    params[key] = Number(value)
  }
  return { assetId: match[1], what: match[2], params }
}

function answerMade(request: Request, { bytes, contentType }: MadeMedia): Response {
  const length = { 'Content-Length': String(bytes.length) }
  const headers = { ...STANDARD_HEADERS, ...typeHeaders(contentType), ...length, 'Cache-Control': 'no-store' }
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { headers })
}

function answer(request: Request, media: ResolvedMedia, status: Stats): Response {
  const etag = `"${status.size.toString(36)}-${Math.round(status.mtimeMs).toString(36)}"`
  const headers = new Headers({
    ...STANDARD_HEADERS,
    ...typeHeaders(media.contentType),
    ETag: etag,
    'Last-Modified': status.mtime.toUTCString(),
    'Accept-Ranges': 'bytes',
  })
  const without = (code: number): Response => new Response(null, { status: code, headers })
  if (matches(request.headers.get('if-none-match'), etag)) return without(304)
  const range = isRangeValid(request, etag) ? parseByteRange(request.headers.get('range'), status.size) : null
  if (range?.kind === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${status.size}`)
    headers.set('Content-Length', '0')
    return without(416)
  }
  const isPart = range?.kind === 'part'
  const first = isPart ? range.first : 0
  const length = isPart ? range.last - range.first + 1 : status.size
  if (isPart) headers.set('Content-Range', `bytes ${range.first}-${range.last}/${status.size}`)
  headers.set('Content-Length', String(length))
  const code = isPart ? 206 : 200
  if (request.method === 'HEAD' || length === 0) return without(code)
  const body = fileStream({ path: media.path, status, first, length }, request.signal)
  return new Response(body, { status: code, headers })
}

/** If-Range asks for the part only of the file that is known already; a date or a weak tag does not prove that. */
function isRangeValid(request: Request, etag: string): boolean {
  const condition = request.headers.get('if-range')
  // Ranges mean something for GET alone (RFC 9110, 14.2).
  return request.method === 'GET' && (condition === null || condition.trim() === etag)
}

function matches(header: string | null, etag: string): boolean {
  if (header === null) return false
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}

function typeHeaders(contentType: string): Record<string, string> {
  if (SAFE_TYPE.test(contentType)) return { 'Content-Type': contentType }
  return { 'Content-Type': 'application/octet-stream', 'Content-Disposition': 'attachment' }
}

function statusOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'not_found' || code === 'ENOTDIR') return 404
  if (code === 'EACCES' || code === 'EPERM') return 403
  return code === 'bad_input' ? 400 : 500
}

function refuse(status: number, message: string, extra: Record<string, string> = {}): Response {
  const headers = { ...STANDARD_HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...extra }
  return new Response(message, { status, headers })
}
