/** What a folder of a model holds, by the layout that transformers.js and its exporters use. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'

export type ModelPurpose = 'speech-to-text'

export interface ModelLayout {
  readonly purpose: ModelPurpose
  /** What of the folder is the model, relative to it, in a fixed order. */
  readonly files: readonly string[]
}

const PRECISIONS = ['', '_fp16', '_quantized', '_int8', '_q4'] as const
const SPEECH_TEXTS = ['config.json', 'generation_config.json', 'tokenizer.json'] as const

/** The first of the precisions in which a part of a model is there. */
function graphIn(folder: string, part: string): string | null {
  const names = PRECISIONS.map((precision) => `onnx/${part}${precision}.onnx`)
  return names.find((name) => existsSync(join(folder, name))) ?? null
}

/** @throws AsterismError `unsupported_format` saying what is missing or not used yet */
export async function readLayout(folder: string): Promise<ModelLayout> {
  const fix = 'Choose the folder of a Whisper model in the layout of transformers.js (config.json, onnx/…).'
  const kind = z.object({ model_type: z.string() }).safeParse(await jsonIn(folder, 'config.json'))
  if (!kind.success)
    throw new AsterismError('unsupported_format', 'The folder has no config.json that names a model.', {
      path: folder,
      fix,
    })
  if (kind.data.model_type !== 'whisper') {
    const what = `Models of the kind “${kind.data.model_type}” are not used here yet.`
    throw new AsterismError('unsupported_format', what, { path: folder, fix })
  }
  const graphs = ['encoder_model', 'decoder_model'].map((part) => ({ part, name: graphIn(folder, part) }))
  const missing = [
    ...SPEECH_TEXTS.filter((name) => !existsSync(join(folder, name))),
    ...graphs.filter(({ name }) => name === null).map(({ part }) => `onnx/${part}.onnx`),
  ]
  if (missing.length > 0) {
    const what = `The folder of the model lacks ${missing.join(', ')}.`
    throw new AsterismError('unsupported_format', what, { path: folder, fix })
  }
  return { purpose: 'speech-to-text', files: [...SPEECH_TEXTS, ...graphs.map(({ name }) => name!)] }
}

async function jsonIn(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8'))
  } catch {
    return null // the layout says what is missing
  }
}
