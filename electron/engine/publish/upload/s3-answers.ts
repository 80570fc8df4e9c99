/**
 * Bounds on what a store answers: the client library reads an answer to its end, however long it is and however slowly
 * it comes, and takes a silent store for one that is worth seven more tries.
 */
import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { Patience, piecesWithin } from './patience.ts'
import { LONGEST_PAUSE_SECONDS, pauseSeconds, refusalOf } from './refusal.ts'
import type { UploadRequest } from './target.ts'

/** Of everything but the object itself, whose reader counts for itself. */
const LONGEST_ANSWER_BYTES = 1 << 20

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  body?: unknown
}

/** Errors of our own are told at once: the library tries again only what it knows to pass. */
export function boundAnswers(client: S3Client, { patienceMilliseconds, signal, destination }: UploadRequest): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args).catch((error: unknown) => {
          throw isSilence(error) ? silentError(destination) : error
        })
        const answer = result.response as Answer
        const refused = { status: answer.statusCode, header: (name: string) => answer.headers[name] }
        if (refused.status === 507 || (pauseSeconds(refused) ?? 0) > LONGEST_PAUSE_SECONDS) {
          const { code, what, fix } = refusalOf(refused, say('upload.fix.rights'))
          throw new AsterismError(code, what, { path: destination, fix })
        }
        if (!(answer.body instanceof Readable)) return result
        const mostBytes = commandName === 'GetObjectCommand' ? Infinity : LONGEST_ANSWER_BYTES
        answer.body = Readable.from(
          within(answer.body, mostBytes, destination, new Patience(patienceMilliseconds, signal)),
          {
            objectMode: false,
          },
        )
        return result
      },
    { name: 'boundAnswers', step: 'deserialize', priority: 'low' },
  )
}

async function* within(
  body: Readable,
  mostBytes: number,
  destination: string,
  patience: Patience,
): AsyncGenerator<Uint8Array> {
  const stop = (): void => void body.destroy(new Error('waited for in vain'))
  patience.signal.addEventListener('abort', stop, { once: true })
  try {
    yield* piecesWithin(body, mostBytes, patience)
  } catch (error) {
    throw patience.isOver ? silentError(destination) : error
  } finally {
    patience.end()
    patience.signal.removeEventListener('abort', stop)
    body.destroy()
  }
}

/** A connection that was cut has a code as well, and is worth another try. */
const isSilence = (error: unknown): boolean =>
  error instanceof Error && error.name === 'TimeoutError' && !('code' in error)

/** Without its cause: the library looks for one that passes, and would try seven times more. */
function silentError(path: string): AsterismError {
  return new AsterismError('timeout', say('upload.storeSlow'), {
    path,
    fix: say('upload.fix.otherStore'),
  })
}
