/** The thread in which a Whisper model listens, one window of 30 s after another. */
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type * as Ort from 'onnxruntime-node'
import { AsterismError } from '../../shared/errors.ts'
import { nextToken, phrasesOf } from '../../shared/speech/greedy-decode.ts'
import { FRAMES, logMel, WHISPER_HZ } from '../../shared/speech/log-mel.ts'
import { wordsOfPhrase, type WordInPhrase } from '../../shared/speech/token-text.ts'
import { readWhisperFacts, type WhisperFacts } from '../engine/speech/whisper-files.ts'

export interface WhisperModel {
  readonly folder: string
  readonly encoder: string
  readonly decoder: string
}

export type WhisperRequest = { readonly id: number; readonly samples: Float32Array } | { readonly end: true }

export type WhisperReply =
  | { readonly id: number; readonly words: readonly WordInPhrase[] }
  | { readonly id: number; readonly code: AsterismError['code']; readonly message: string; readonly fix?: string }

interface Loaded {
  readonly ort: typeof Ort
  readonly facts: WhisperFacts
  readonly encoder: Ort.InferenceSession
  readonly decoder: Ort.InferenceSession
}

let ended = false
let loaded: Promise<Loaded> | null = null

async function load({ folder, encoder, decoder }: WhisperModel): Promise<Loaded> {
  const module = await import('onnxruntime-node')
  const ort = module.default ?? module
  const options = { intraOpNumThreads: 2, interOpNumThreads: 1, logSeverityLevel: 3 as const }
  const facts = await readWhisperFacts(folder)
  const open = async (name: string): Promise<Ort.InferenceSession> => {
    try {
      return await ort.InferenceSession.create(join(folder, name), options)
    } catch (cause) {
      throw new AsterismError('corrupt_file', `${name} of the speech model cannot be opened.`, { cause })
    }
  }
  return { ort, facts, encoder: await open(encoder), decoder: await open(decoder) }
}

async function listen(model: Loaded, samples: Float32Array): Promise<WordInPhrase[]> {
  const { ort, facts, encoder } = model
  const mel = new ort.Tensor('float32', logMel(samples, facts.bands), [1, facts.bands, FRAMES])
  const heard = (await encoder.run({ [encoder.inputNames[0]!]: mel }))[encoder.outputNames[0]!]!
  const prompt = [facts.start]
  if (facts.languages.length > 0) {
    const logits = await decode(model, heard, prompt)
    prompt.push(facts.languages.reduce((best, token) => (logits[token]! > logits[best]! ? token : best)))
    if (facts.transcribe !== null) prompt.push(facts.transcribe)
  }
  const came: number[] = []
  while (came.length + prompt.length < facts.mostTokens && !ended) {
    const token = nextToken(await decode(model, heard, [...prompt, ...came]), came, facts.special)
    if (token === facts.special.end) break
    came.push(token)
  }
  return phrasesOf(came, facts.special, samples.length / WHISPER_HZ).flatMap((each) =>
    wordsOfPhrase(each, facts.pieces),
  )
}

/** What may come after the tokens so far, as logits over all tokens. */
async function decode({ ort, decoder }: Loaded, heard: Ort.Tensor, tokens: readonly number[]): Promise<Float32Array> {
  const ids = new ort.Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length])
  const answer = await decoder.run({ input_ids: ids, encoder_hidden_states: heard }, ['logits'])
  const { data, dims } = answer['logits']!
  const size = dims[2]!
  return Float32Array.from(data as Float32Array).subarray((tokens.length - 1) * size)
}

const port = parentPort
port?.on('message', (request: WhisperRequest) => {
  if ('end' in request) {
    ended = true
    port.close()
    return
  }
  const { id, samples } = request
  loaded ??= load(workerData as WhisperModel)
  loaded
    .then((model) => listen(model, samples))
    .then(
      (words) => port.postMessage({ id, words } satisfies WhisperReply),
      (error: unknown) => {
        const known = error instanceof AsterismError ? error : null
        const message = error instanceof Error ? error.message : String(error)
        port.postMessage({ id, code: known?.code ?? 'internal', message, fix: known?.fix } satisfies WhisperReply)
      },
    )
})
