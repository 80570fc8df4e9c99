/** One file from the network: continued where it broke off, hashed before it gets its name. */
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ModelManifest } from '../../../shared/contract/models.ts'
import { AsterismError, isCancellation, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readIfThere, writeDurably } from '../chain/durable-file.ts'
import { hashFile } from '../import/content-hash.ts'
import { fileError } from '../file-errors.ts'

type WantedFile = ModelManifest['files'][number]

const ATTEMPTS = 4
const PAUSE_MILLISECONDS = 500
/** A server that sends nothing for this long has gone. */
const STALL_MILLISECONDS = 60_000
/** Of a file whose size is only about known. */
const MOST_TIMES_LARGER = 2
const DIGEST = /^[0-9a-f]{64}$/

/** Only over TLS, but for the person's own machine. */
export function assertFetchable(url: string): void {
  const { protocol, hostname } = new URL(url)
  const isOwn = protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  if (protocol !== 'https:' && !isOwn) throw new AsterismError('bad_input', say('model.onlyHttps', { url }))
}

/**
 * Fetches a file to a path. What came before a failure stays beside it as `.part` and is continued by the next call.
 *
 * @returns its SHA-256
 * @throws AsterismError `network_failed`, `corrupt_file` where it is not what it should be, `too_large`, `disk_full`, `cancelled`
 */
export async function downloadFile(
  file: WantedFile,
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  assertFetchable(file.url)
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.part`
  let declared: string | null = null
  for (let attempt = 1; ; attempt++) {
    throwIfCancelled(signal)
    let came = 0
    try {
      declared = await fetchInto(file, part, signal, (bytes) => {
        came++
        onBytes(bytes)
      })
      break
    } catch (error) {
      if (isCancellation(error)) throw error
      if (error instanceof AsterismError && error.code !== 'network_failed') throw error
      const failure = fileError(error, part, say('kept.project'))
      if (failure instanceof AsterismError && failure.code !== 'network_failed') throw failure
      if (attempt === ATTEMPTS) throw givenUp(error, file, part)
      // A connection that broke in the middle is taken up at once; a server that sends nothing is given time.
      if (came < 2) await wait(PAUSE_MILLISECONDS * 2 ** attempt, undefined, { signal })
    }
  }
  const digest = await hashFile(part, signal)
  const expected = file.sha256 ?? declared
  if (expected !== null && digest !== expected) {
    await forget(part)
    throw new AsterismError('corrupt_file', say('model.otherFile', { file: file.path }), {
      kept: say('model.keptNothing'),
      fix: say('model.fix.againOrAsk'),
    })
  }
  await rename(part, path)
  await rm(`${part}.tag`, { force: true })
  return digest
}

/**
 * What is said once nothing more is tried. What a server answered says more than that not all came.
 *
 * @public tests ask it without waiting for the attempts
 */
export function givenUp(error: unknown, file: WantedFile, part: string): AsterismError {
  const answered = error instanceof AsterismError ? error.said?.what : undefined
  const what = answered ?? say('model.notAllCame', { host: new URL(file.url).host, file: file.path })
  const isPart = existsSync(part)
  return new AsterismError('network_failed', what, {
    ...(isPart && { kept: say('model.keptPart') }),
    fix: say(isPart ? 'model.fix.goOn' : 'model.fix.againOrAsk'),
    cause: error,
  })
}

async function forget(part: string): Promise<void> {
  await rm(part, { force: true })
  await rm(`${part}.tag`, { force: true })
}

/** One request: from where the last one broke off, if the server still has the same. Returns the digest that it declares. */
async function fetchInto(
  file: WantedFile,
  part: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string | null> {
  const tag = await readIfThere(`${part}.tag`)
  const have = existsSync(part) && tag !== null ? (await stat(part)).size : 0
  const stalled = new AbortController()
  let timer = setTimeout(() => stalled.abort(), STALL_MILLISECONDS)
  const both = AbortSignal.any([signal, stalled.signal])
  try {
    const headers: Record<string, string> = have > 0 ? { Range: `bytes=${have}-`, 'If-Range': tag! } : {}
    const response = await fetch(file.url, { headers, signal: both })
    // Where it was sent on to counts as well.
    assertFetchable(response.url)
    const declared = declaredDigest(response)
    // The whole of it had come, and only the check was left to do.
    if (response.status === 416 && have > 0) return declared
    if (!response.ok || !response.body) throw refusal(response, file)
    const continues = response.status === 206
    const etag = response.headers.get('etag')
    if (!continues) await forget(part)
    // A weak tag does not promise the same bytes: such a file is begun anew next time.
    if (etag && !etag.startsWith('W/')) await writeDurably(`${part}.tag`, etag)
    const out = await open(part, continues ? 'r+' : 'w')
    let at = continues ? have : 0
    onBytes(at)
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        clearTimeout(timer)
        timer = setTimeout(() => stalled.abort(), STALL_MILLISECONDS)
        assertSize(file, at + chunk.length)
        for (let done = 0; done < chunk.length;)
          done += (await out.write(chunk, done, chunk.length - done, at + done)).bytesWritten
        at += chunk.length
        onBytes(at)
      }
      await out.sync()
    } finally {
      await out.close()
    }
    const length = Number(response.headers.get('content-length') ?? NaN)
    if (Number.isFinite(length) && at !== (continues ? have : 0) + length) throw new Error('the connection ended early')
    if (file.sha256 !== null && at < file.bytes) throw new Error('the connection ended early')
    return declared
  } catch (error) {
    if (signal.aborted) throw new AsterismError('cancelled', 'Cancelled.', { cause: error })
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function refusal(response: Response, file: WantedFile): Error {
  const what = say('model.answered', { host: new URL(file.url).host, status: response.status, file: file.path })
  const isPassing = response.status >= 500 || response.status === 429 || response.status === 408
  return new AsterismError(isPassing ? 'network_failed' : 'not_found', what, { fix: say('model.fix.ask') })
}

/** Hubs name the SHA-256 of large files in a header; others may use it as their tag. */
function declaredDigest(response: Response): string | null {
  const tags = [response.headers.get('x-linked-etag'), response.headers.get('etag')]
  return tags.map((tag) => tag?.replaceAll('"', '') ?? '').find((tag) => DIGEST.test(tag)) ?? null
}

function assertSize(file: WantedFile, bytes: number): void {
  const most = file.sha256 === null ? file.bytes * MOST_TIMES_LARGER + 1e6 : file.bytes
  if (bytes > most)
    throw new AsterismError('too_large', say('model.larger', { file: file.path, bytes: file.bytes }), {
      kept: say('model.keptNotTaken'),
    })
}
