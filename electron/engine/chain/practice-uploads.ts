/** Resumable uploads (tus.io 1.0.0) into a folder, and what was sent whole given back. */
import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import { Server as TusServer } from '@tus/server'

const MAX_UPLOAD_BYTES = 1024 ** 4
/** Of one read of what is given back. */
const READ_BYTES = 1 << 20
/** As the server names them. */
const UPLOAD = /^\/files\/([0-9a-f]{32})$/

/**
 * Answers what is asked under `/files`. Given back is without the tus server: it hands a stream of Node to `Response`,
 * and where a client leaves while the last bytes are read the runtime closes that stream twice, which throws where nobody
 * can catch it and ends the whole process (Node 24.21 with undici 7.29).
 */
export function practiceUploads(
  directory: string,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const store = new FileStore({ directory })
  const tus = new TusServer({
    path: '/files',
    datastore: store,
    maxSize: MAX_UPLOAD_BYTES,
    respectForwardedHeaders: false,
  })
  return async (request, response) => {
    const id = request.method === 'GET' ? UPLOAD.exec(request.url ?? '')?.[1] : undefined
    if (id === undefined) return await tus.handle(request, response)
    const upload = await store.getUpload(id).catch(() => null)
    if (!upload || upload.offset !== upload.size) {
      response.writeHead(404).end()
      return
    }
    // Never shown by a browser, whatever it is.
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-length': upload.offset,
    })
    await pipeline(createReadStream(join(directory, id), { highWaterMark: READ_BYTES }), response)
  }
}
