/**
 * A CLIP or SigLIP model, opened: pictures and sentences as vectors of unit length in one space (Radford et al. 2021; Zhai
 * et al. 2023). Runs in the process of the model.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import type * as Ort from 'onnxruntime-node'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { ModelQuestion, ModelToOpen } from './model-process.ts'
import { readModelText } from './model-text.ts'
import { loadRuntime, type Runtime } from './onnx-runtime.ts'
import { openGraph, runGraph } from './onnx-session.ts'
import { type PictureTextFacts, readPictureTextFacts } from './picture-text-files.ts'
import { withinTime } from './within-time.ts'

const MOST_NUMBERS = 4096
const MOST_CHARACTERS = 2000
/** Cutting so many characters takes milliseconds; an expression of tokenizer.json that takes this long has no end. */
const MOST_CUTTING_MILLISECONDS = 5000
/** What the places of these vectors are called in the graphs, the best first; the second only by SigLIP. */
const PICTURE_OUTPUTS = ['image_embeds', 'pooler_output'] as const
const TEXT_OUTPUTS = ['text_embeds', 'pooler_output'] as const

interface Part {
  readonly name: string
  readonly graph: Ort.InferenceSession
  readonly output: string
}

interface Loaded {
  readonly ort: Runtime
  readonly facts: PictureTextFacts
  readonly pictures: Part
  readonly texts: Part
  readonly tokenizer: Tokenizer
  readonly filling: bigint
}

function partOf(
  name: string,
  graph: Ort.InferenceSession,
  outputs: readonly string[],
  { kind }: PictureTextFacts,
): Part {
  const known = kind === 'siglip' ? outputs : outputs.slice(0, 1)
  const output = known.find((each) => graph.outputNames.includes(each))
  if (output === undefined)
    throw new AsterismError('unsupported_format', say('model.givesNot', { name, what: known.join(', ') }))
  return { name, graph, output }
}

const tokenizerSchema = z.looseObject({ model: z.looseObject({}) })
const tokenizerConfigSchema = z.looseObject({
  pad_token: z.union([z.string(), z.looseObject({ content: z.string() })]).nullish(),
})

async function readTokenizer(folder: string): Promise<{ tokenizer: Tokenizer; filling: bigint }> {
  const content = await readModelText(folder, 'tokenizer.json', tokenizerSchema)
  const name = 'tokenizer_config.json'
  const config = existsSync(join(folder, name)) ? await readModelText(folder, name, tokenizerConfigSchema) : {}
  try {
    const tokenizer = new Tokenizer(content, config)
    const pad = typeof config.pad_token === 'string' ? config.pad_token : config.pad_token?.content
    // SigLIP fills up with the end of a sentence, number 1, where its files say nothing.
    return { tokenizer, filling: BigInt((pad === undefined ? undefined : tokenizer.token_to_id(pad)) ?? 1) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AsterismError('unsupported_format', say('model.unusableTokenizer', { why }), { cause })
  }
}

/**
 * What a brought tokenizer, whose expressions may backtrack without end, cuts a sentence into.
 *
 * @throws AsterismError `timeout`, `corrupt_file`
 */
export function piecesOf(tokenizer: Tokenizer, text: string, mostMilliseconds = MOST_CUTTING_MILLISECONDS): number[] {
  let ids: number[]
  try {
    const cut = (): number[] => tokenizer.encode(text.slice(0, MOST_CHARACTERS)).ids
    ids = withinTime(mostMilliseconds, say('model.endlessTokenizer'), cut)
  } catch (cause) {
    if (cause instanceof AsterismError) throw cause
    throw new AsterismError('corrupt_file', say('model.readsNoSentences'), { cause })
  }
  if (ids.length === 0 || ids.some((id) => !Number.isSafeInteger(id) || id < 0))
    throw new AsterismError('corrupt_file', say('model.findsNoPieces'))
  return ids
}

/** The numbers of the pieces of a sentence, its begin and end among them. */
function tokensOf({ tokenizer, facts, filling }: Loaded, text: string): bigint[] {
  const ids = piecesOf(tokenizer, text)
  const { mostTokens } = facts
  // What says that the sentence is over stays.
  const read = ids.length <= mostTokens ? ids : [...ids.slice(0, mostTokens - 1), ids.at(-1)!]
  const tokens = read.map(BigInt)
  while (facts.fillsUp && tokens.length < mostTokens) tokens.push(filling)
  return tokens
}

function pixelsOf({ ort, facts }: Loaded, rgb: Uint8Array): Ort.Tensor {
  const { side, factor, mean, deviation } = facts
  const plane = side * side
  if (rgb.length !== 3 * plane) throw new RangeError(`a picture of ${rgb.length} bytes, not ${3 * plane}`)
  const pixels = new Float32Array(3 * plane)
  for (let colour = 0; colour < 3; colour++) {
    for (let at = 0; at < plane; at++)
      pixels[colour * plane + at] = (rgb[3 * at + colour]! * factor - mean[colour]!) / deviation[colour]!
  }
  return new ort.Tensor('float32', pixels, [1, 3, side, side])
}

function sentenceInputs({ ort }: Loaded, tokens: readonly bigint[]): Record<string, Ort.Tensor> {
  const row = (numbers: readonly bigint[]): Ort.Tensor =>
    new ort.Tensor('int64', BigInt64Array.from(numbers), [1, tokens.length])
  return {
    input_ids: row(tokens),
    attention_mask: row(tokens.map(() => 1n)),
    position_ids: row(tokens.map((_, at) => BigInt(at))),
  }
}

/** Runs a part on what it asks for; a graph for both is given an empty picture, or one piece of a sentence, beside it. */
async function vectorOf(model: Loaded, part: Part, given: Record<string, Ort.Tensor>): Promise<Float32Array> {
  const { side } = model.facts
  const standIns = (): Record<string, Ort.Tensor> => ({
    pixel_values: pixelsOf(model, new Uint8Array(3 * side * side)),
    ...sentenceInputs(model, tokensOf(model, 'a')),
  })
  const inputs: Record<string, Ort.Tensor> = {}
  for (const name of part.graph.inputNames) {
    const input = given[name] ?? standIns()[name]
    if (!input) throw new AsterismError('unsupported_format', say('model.asksFor', { name: part.name, input: name }))
    inputs[name] = input
  }
  const { data, dims } = (await runGraph(part.graph, part.name, inputs, [part.output]))[part.output]!
  const [batch, numbers] = dims
  if (dims.length !== 2 || batch !== 1 || !numbers || numbers > MOST_NUMBERS || !(data instanceof Float32Array))
    throw new AsterismError('corrupt_file', say('model.notOneVector', { name: part.name, shape: dims.join(', ') }))
  const length = Math.hypot(...data)
  if (!(length > 1e-12) || !Number.isFinite(length))
    throw new AsterismError('corrupt_file', say('model.noDirection', { name: part.name }))
  return data.map((value) => value / length)
}

async function answer(model: Loaded, question: ModelQuestion): Promise<Float32Array> {
  if (question.kind === 'picture')
    return await vectorOf(model, model.pictures, { pixel_values: pixelsOf(model, question.rgb) })
  if (question.kind === 'sentence')
    return await vectorOf(model, model.texts, sentenceInputs(model, tokensOf(model, question.text)))
  throw new RangeError(`a model of pictures and words is not asked to ${question.kind}`)
}

/**
 * Answers `ready` with how many numbers its vectors have, `picture` and `sentence` with one vector. It is tried on a grey
 * picture and a word before it counts as open.
 *
 * @throws AsterismError `corrupt_file`, `unsupported_format` saying what of it cannot be used
 */
export async function openPictureTextModel({
  folder,
  graphs,
}: ModelToOpen): Promise<(question: ModelQuestion) => Promise<unknown>> {
  const facts = await readPictureTextFacts(folder)
  const read = await readTokenizer(folder)
  const ort = await loadRuntime()
  const [pictureName, textName = pictureName] = graphs
  const pictureGraph = await openGraph(ort, folder, pictureName!)
  const textGraph = textName === pictureName ? pictureGraph : await openGraph(ort, folder, textName!)
  const model: Loaded = {
    ort,
    facts,
    ...read,
    pictures: partOf(pictureName!, pictureGraph, PICTURE_OUTPUTS, facts),
    texts: partOf(textName!, textGraph, TEXT_OUTPUTS, facts),
  }
  const grey = new Uint8Array(3 * facts.side * facts.side).fill(128)
  const seen = await answer(model, { kind: 'picture', rgb: grey })
  const read1 = await answer(model, { kind: 'sentence', text: 'a picture' })
  const numbers = seen.length
  if (read1.length !== numbers)
    throw new AsterismError('corrupt_file', say('model.unequal', { pictures: numbers, sentences: read1.length }))
  return async (question) => {
    if (question.kind === 'ready') return numbers
    const vector = await answer(model, question)
    if (vector.length !== numbers)
      throw new AsterismError('corrupt_file', say('model.otherLength', { now: vector.length, before: numbers }))
    return vector
  }
}
