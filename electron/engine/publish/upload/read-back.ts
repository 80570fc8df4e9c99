/** Reads an upload back and hashes it. */
import { createHash } from 'node:crypto'
import { isCancellation } from '../../../../shared/errors.ts'

/** The longest silence of a server that is sending. */
const STALL_MILLISECONDS = 60_000

export type ReadBack =
  | { readonly kind: 'read'; readonly sha256: string; readonly bytes: number }
  /** The server does not give it back, or stopped in the middle; as a sentence. */
  | { readonly kind: 'unreadable'; readonly reason: string }

export async function readBack(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadBack> {
  const stall = new AbortController()
  let timer = setTimeout(() => stall.abort(), STALL_MILLISECONDS)
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, stall.signal]) })
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      return { kind: 'unreadable', reason: `The server does not give uploads back (it answers ${response.status}).` }
    }
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of response.body) {
      clearTimeout(timer)
      timer = setTimeout(() => stall.abort(), STALL_MILLISECONDS)
      hash.update(piece)
      bytes += piece.length
    }
    return { kind: 'read', sha256: hash.digest('hex'), bytes }
  } catch (error) {
    if (signal.aborted || (isCancellation(error) && !stall.signal.aborted)) throw error
    const why = stall.signal.aborted ? 'it stopped answering' : error instanceof Error ? error.message : String(error)
    return { kind: 'unreadable', reason: `Reading back failed: ${why}.` }
  } finally {
    clearTimeout(timer)
  }
}
