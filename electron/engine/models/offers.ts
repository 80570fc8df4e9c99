/**
 * Models that can be had from elsewhere. Nothing is asked of these addresses before a person has seen address, size and
 * licence and agreed. Sizes are about; the digests are not known beforehand, so that what comes is held against what the
 * server says of it, and is known by its own digest from then on. Nothing whose licence forbids commercial use is offered.
 */
import type { ModelManifest } from '../../../shared/contract/models.ts'

const HUB = 'https://huggingface.co'
const WHISPER_TEXTS = [
  { path: 'config.json', bytes: 4_000 },
  { path: 'generation_config.json', bytes: 5_000 },
  { path: 'tokenizer.json', bytes: 2_600_000 },
] as const

function whisper(id: string, title: string, encoderBytes: number, decoderBytes: number): ModelManifest {
  const files = [
    ...WHISPER_TEXTS,
    { path: 'onnx/encoder_model_quantized.onnx', bytes: encoderBytes },
    { path: 'onnx/decoder_model_quantized.onnx', bytes: decoderBytes },
  ]
  return {
    id,
    title,
    licence: 'Apache-2.0 (weights of OpenAI, MIT)',
    files: files.map(({ path, bytes }) => ({
      path,
      bytes,
      url: `${HUB}/Xenova/${id}/resolve/main/${path}`,
      sha256: null,
    })),
  }
}

export const OFFERS: readonly ModelManifest[] = [
  whisper('whisper-tiny.en', 'Whisper tiny, English', 11_000_000, 31_000_000),
  whisper('whisper-base', 'Whisper base, many languages', 24_000_000, 54_000_000),
]
