/**
 * Receives files dropped on a browser window, into a folder beside the project, under a temporary name until they are
 * complete. `POST /upload/<batch>?path=relative/name` sends one file, `POST /upload/<batch>/done` answers with the
 * tokens of what came in at the top of the batch.
 */
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { Session } from '../session.ts'

const BATCH = /^\/upload\/([0-9a-f-]{36})(\/done)?$/
/** What some file system gives a meaning of its own. */
const RESERVED = '\\:*?"<>|'
const MOST_BYTES = 512 * 1024 ** 3

/** The segments of a relative path that is safe to create, or null. */
export function safeSegments(path: string): string[] | null {
  const segments = path.split('/')
  const isSafe = (segment: string): boolean =>
    segment.length > 0 &&
    segment.length <= 200 &&
    segment !== '.' &&
    segment !== '..' &&
    !segment.endsWith('.partial') &&
    [...segment].every((sign) => sign.charCodeAt(0) >= 0x20 && !RESERVED.includes(sign))
  return segments.length <= 12 && segments.every(isSafe) ? segments : null
}

export function createUploadHandler(session: Session): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    const [, batch, done] = BATCH.exec(url.pathname) ?? []
    if (!batch) return new Response('not found', { status: 404 })
    if (request.method !== 'POST')
      return new Response('method not allowed', { status: 405, headers: { Allow: 'POST' } })
    if (!session.project) return new Response('no project is open', { status: 409 })
    const folder = join(`${session.project.path}.media`, batch)
    if (done) {
      mkdirSync(folder, { recursive: true })
      const files = readdirSync(folder).filter((name) => !name.endsWith('.partial'))
      return Response.json({ files: files.map((name) => session.files.grant(join(folder, name))) })
    }
    const segments = safeSegments(url.searchParams.get('path') ?? '')
    if (!segments || !request.body) return new Response('a relative file name is needed', { status: 400 })
    await receive(request.body as unknown as NodeReadableStream, join(folder, ...segments), request.signal)
    return Response.json({ received: true })
  }
}

async function receive(body: NodeReadableStream, path: string, signal: AbortSignal): Promise<void> {
  const temporary = `${path}.partial`
  await mkdir(dirname(path), { recursive: true })
  let bytes = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      next(bytes > MOST_BYTES ? new Error('the upload is too large') : null, chunk)
    },
  })
  try {
    await pipeline(Readable.fromWeb(body), limit, createWriteStream(temporary), { signal })
    const file = await open(temporary, 'r+')
    await file.sync().finally(() => file.close())
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
