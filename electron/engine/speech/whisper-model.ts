/** A Whisper model, opened: it listens to one window of 30 s after another. Runs in the process of the model. */
import type * as Ort from 'onnxruntime-node'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { nextToken, phrasesOf } from '../../../shared/speech/greedy-decode.ts'
import { FRAMES, logMel, WHISPER_HZ } from '../../../shared/speech/log-mel.ts'
import { wordsOfPhrase, type WordInPhrase } from '../../../shared/speech/token-text.ts'
import type { ModelQuestion, ModelToOpen } from '../models/model-process.ts'
import { loadRuntime, type Runtime } from '../models/onnx-runtime.ts'
import { openGraph, runGraph } from '../models/onnx-session.ts'
import { readWhisperFacts, type WhisperFacts } from './whisper-files.ts'

interface Loaded {
  readonly ort: Runtime
  readonly facts: WhisperFacts
  readonly encoder: Ort.InferenceSession
  readonly decoder: Ort.InferenceSession
}

/** Answers `ready` with null, `listen` with words. @throws AsterismError `corrupt_file` naming the file */
export async function openWhisperModel({
  folder,
  graphs,
}: ModelToOpen): Promise<(question: ModelQuestion) => Promise<unknown>> {
  const [encoder, decoder] = graphs
  const facts = await readWhisperFacts(folder)
  const ort = await loadRuntime()
  const loaded = {
    ort,
    facts,
    encoder: await openGraph(ort, folder, encoder!),
    decoder: await openGraph(ort, folder, decoder!),
  }
  return async (question) => (question.kind === 'listen' ? await listen(loaded, question.samples) : null)
}

async function listen(model: Loaded, samples: Float32Array): Promise<WordInPhrase[]> {
  const { ort, facts, encoder } = model
  const mel = new ort.Tensor('float32', logMel(samples, facts.bands), [1, facts.bands, FRAMES])
  const [input] = encoder.inputNames
  const [output] = encoder.outputNames
  const heard = (await runGraph(encoder, 'The encoder', { [input!]: mel }, [output!]))[output!]!
  const prompt = [facts.start]
  if (facts.languages.length > 0) {
    const logits = await decode(model, heard, prompt)
    prompt.push(facts.languages.reduce((best, token) => (logits[token]! > logits[best]! ? token : best)))
    if (facts.transcribe !== null) prompt.push(facts.transcribe)
  }
  const came: number[] = []
  while (came.length + prompt.length < facts.mostTokens) {
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
  const asked = { input_ids: ids, encoder_hidden_states: heard }
  const { data, dims } = (await runGraph(decoder, 'The decoder', asked, ['logits']))['logits']!
  const [batch, steps, size] = dims
  if (!(data instanceof Float32Array) || dims.length !== 3 || batch !== 1 || steps !== tokens.length || !size)
    throw new AsterismError('corrupt_file', say('model.notWhisper'))
  return data.slice((tokens.length - 1) * size)
}
