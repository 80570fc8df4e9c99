/** The thread in which learned models run, one request after another. */
import { parentPort } from 'node:worker_threads'
import type * as Ort from 'onnxruntime-node'
import { AsterismError } from '../../shared/errors.ts'
import type { ModelId } from '../engine/models/catalogue.ts'
import { modelEntry } from '../engine/models/catalogue.ts'
import { companionBytes, modelBytes } from '../engine/models/model-bytes.ts'
import { loadRuntime, type Runtime } from '../engine/models/onnx-runtime.ts'
import type { PieceList, SentencePieces } from '../../shared/stars/sentence-pieces.ts'
import { piecesOf, sentencePieces } from '../../shared/stars/sentence-pieces.ts'

export type EncodeRequest =
  /** Mono sound at 16 kHz; answered by the probability of a voice in each 32 ms. */
  | { readonly kind: 'speech'; readonly id: number; readonly samples: Float32Array }
  /** Pictures of RGB bytes, all of one size; answered by one vector after another. */
  | { readonly kind: 'pictures'; readonly id: number; readonly rgb: Uint8Array; readonly side: number }
  /** Sentences; answered by one vector of 512 after another, zeros for one without words. */
  | { readonly kind: 'sentences'; readonly id: number; readonly sentences: readonly string[] }
  /** Nobody waits any more: the thread ends after the run it is in. */
  | { readonly kind: 'end' }

export type EncodeReply =
  | { readonly id: number; readonly answer: Float32Array }
  | { readonly id: number; readonly code: AsterismError['code']; readonly message: string; readonly fix?: string }

const RATE_HZ = 16_000n
const CHUNK = 512
/** The network wants to have heard the end of the chunk before. */
const CONTEXT = 64
const STATE = 2 * 128
const SENTENCE_NUMBERS = 512

let runtime: Promise<Runtime> | null = null
let ended = false
const sessions = new Map<ModelId, Promise<Ort.InferenceSession>>()

function sessionOf(id: ModelId): Promise<Ort.InferenceSession> {
  const known = sessions.get(id)
  if (known) return known
  runtime ??= loadRuntime()
  // One thread each: the answer is then the same on every machine of a kind, and others keep their processor.
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 as const }
  const session = runtime.then((ort) => ort.InferenceSession.create(modelBytes(modelEntry(id)), options))
  sessions.set(id, session)
  return session
}

async function speech(samples: Float32Array): Promise<Float32Array> {
  const session = await sessionOf('silero-vad-6')
  const ort = await (runtime ?? loadRuntime())
  const chunks = Math.floor(samples.length / CHUNK)
  const probabilities = new Float32Array(chunks)
  const rate = new ort.Tensor('int64', BigInt64Array.of(RATE_HZ), [])
  let state = new ort.Tensor('float32', new Float32Array(STATE), [2, 1, 128])
  for (let chunk = 0; chunk < chunks && !ended; chunk++) {
    const input = new Float32Array(CONTEXT + CHUNK)
    const start = chunk * CHUNK - CONTEXT
    input.set(samples.subarray(Math.max(0, start), start + CONTEXT + CHUNK), Math.max(0, -start))
    const result = await session.run({ input: new ort.Tensor('float32', input, [1, input.length]), state, sr: rate })
    probabilities[chunk] = (result['output'].data as Float32Array)[0]
    state = result['stateN'] as typeof state
  }
  return probabilities
}

async function pictures(rgb: Uint8Array, side: number): Promise<Float32Array> {
  const session = await sessionOf('centernet-c5')
  const ort = await (runtime ?? loadRuntime())
  const size = side * side * 3
  const count = rgb.length / size
  const input = new ort.Tensor('float32', Float32Array.from(rgb), [count, side, side, 3])
  const result = await session.run({ pictures: input })
  return Float32Array.from(result['embedding'].data as Float32Array)
}

let knownPieces: SentencePieces | null = null

async function sentences(texts: readonly string[]): Promise<Float32Array> {
  const session = await sessionOf('use-lite')
  const ort = await (runtime ?? loadRuntime())
  const vocabulary = Buffer.from(companionBytes(modelEntry('use-lite'))).toString('utf8')
  knownPieces ??= sentencePieces(JSON.parse(vocabulary) as PieceList)
  const answer = new Float32Array(texts.length * SENTENCE_NUMBERS)
  for (const [at, text] of texts.entries()) {
    if (ended) break
    const pieces = Float32Array.from(piecesOf(knownPieces, text))
    if (pieces.length === 0) continue
    const result = await session.run({ pieces: new ort.Tensor('float32', pieces, [pieces.length]) })
    answer.set(result['embedding'].data as Float32Array, at * SENTENCE_NUMBERS)
  }
  return answer
}

const port = parentPort
function answerTo(request: Exclude<EncodeRequest, { kind: 'end' }>): Promise<Float32Array> {
  if (request.kind === 'speech') return speech(request.samples)
  if (request.kind === 'sentences') return sentences(request.sentences)
  return pictures(request.rgb, request.side)
}

port?.on('message', (request: EncodeRequest) => {
  if (request.kind === 'end') {
    ended = true
    port.close()
    return
  }
  answerTo(request).then(
    (answer) => port.postMessage({ id: request.id, answer } satisfies EncodeReply, [answer.buffer as ArrayBuffer]),
    (error: unknown) => {
      const { code, message, fix } =
        error instanceof AsterismError
          ? error
          : {
              code: 'internal' as const,
              message: error instanceof Error ? error.message : String(error),
              fix: undefined,
            }
      port.postMessage({ id: request.id, code, message, fix } satisfies EncodeReply)
    },
  )
})
