/** What a folder of a model holds, by the layout that transformers.js and its exporters use. */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { requireWholeGraph } from './onnx-outline.ts'

const MOST_TEXT_BYTES = 1e6

export type ModelPurpose = 'speech-to-text' | 'picture-text'

export interface ModelLayout {
  readonly purpose: ModelPurpose
  /** What of the folder is the model, relative to it, in a fixed order. */
  readonly files: readonly string[]
}

interface Kind {
  readonly purpose: ModelPurpose
  readonly texts: readonly string[]
  /** Read where it is there. */
  readonly alsoTexts: readonly string[]
  /** The parts of the model; the first list whose parts are all there is taken. */
  readonly graphs: readonly (readonly string[])[]
}

/** One graph for pictures and one for sentences, or one for both. */
const PICTURE_TEXT: Kind = {
  purpose: 'picture-text',
  texts: ['config.json', 'preprocessor_config.json', 'tokenizer.json'],
  alsoTexts: ['tokenizer_config.json'],
  graphs: [['vision_model', 'text_model'], ['model']],
}

/** By what config.json calls the model. */
const KINDS = new Map<string, Kind>(
  Object.entries({
    whisper: {
      purpose: 'speech-to-text',
      texts: ['config.json', 'generation_config.json', 'tokenizer.json'],
      alsoTexts: [],
      graphs: [['encoder_model', 'decoder_model']],
    },
    clip: PICTURE_TEXT,
    siglip: PICTURE_TEXT,
  }),
)
const PRECISIONS = ['', '_fp16', '_quantized', '_int8', '_q4'] as const

/** The first of the precisions in which a part of a model is there. */
function graphIn(folder: string, part: string): string | null {
  const names = PRECISIONS.map((precision) => `onnx/${part}${precision}.onnx`)
  return names.find((name) => existsSync(join(folder, name))) ?? null
}

/** @throws AsterismError `unsupported_format`, `corrupt_file` saying what is missing, not whole or not used */
export async function readLayout(folder: string): Promise<ModelLayout> {
  const fix = say('model.fix.layout')
  const named = z.object({ model_type: z.string() }).safeParse(await jsonIn(folder, 'config.json'))
  if (!named.success)
    throw new AsterismError('unsupported_format', say('model.noConfig'), {
      path: folder,
      fix,
    })
  const { model_type: type } = named.data
  const kind = KINDS.get(type)
  if (!kind)
    throw new AsterismError('unsupported_format', say('model.otherKind', { kind: type.slice(0, 80) }), {
      path: folder,
      fix,
    })
  const choices = kind.graphs.map((parts) => parts.map((part) => ({ part, name: graphIn(folder, part) })))
  const graphs = choices.find((parts) => parts.every(({ name }) => name !== null)) ?? choices[0]!
  const missing = [
    ...kind.texts.filter((name) => !existsSync(join(folder, name))),
    ...graphs.filter(({ name }) => name === null).map(({ part }) => `onnx/${part}.onnx`),
  ]
  if (missing.length > 0)
    throw new AsterismError('unsupported_format', say('model.lacks', { names: missing.join(', ') }), {
      path: folder,
      fix,
    })
  const also = kind.alsoTexts.filter((name) => existsSync(join(folder, name)))
  const names = graphs.map(({ name }) => name!)
  for (const name of names) requireWholeGraph(join(folder, name), name)
  return { purpose: kind.purpose, files: [...kind.texts, ...also, ...names] }
}

async function jsonIn(folder: string, name: string): Promise<unknown> {
  try {
    const path = join(folder, name)
    return (await stat(path)).size > MOST_TEXT_BYTES ? null : JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return null // the layout says what is missing
  }
}
