/**
 * Models that can be had from elsewhere. Nothing is asked of these addresses before a person has seen address, size and
 * licence and agreed. Sizes are about; the digests are not known beforehand, so that what comes is held against what the
 * server says of it, and is known by its own digest from then on. Nothing whose licence forbids commercial use is offered.
 */
import type { ModelManifest } from '../../../shared/contract/models.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { assertFetchable } from './download.ts'
import type { ModelPurpose } from './layout.ts'

const HUB = 'https://huggingface.co'

/** A model that can be had, and what it is for. */
export interface Offer extends ModelManifest {
  readonly purpose: ModelPurpose
}

type OfferedFiles = readonly { readonly path: string; readonly bytes: number }[]

function offer(facts: Omit<Offer, 'files'>, files: OfferedFiles): Offer {
  return {
    ...facts,
    files: files.map(({ path, bytes }) => ({
      path,
      bytes,
      url: `${HUB}/Xenova/${facts.id}/resolve/main/${path}`,
      sha256: null,
    })),
  }
}

function whisper(id: string, title: string, encoderBytes: number, decoderBytes: number): Offer {
  const licence = 'Apache-2.0 (weights of OpenAI, MIT)'
  return offer({ id, title, licence, purpose: 'speech-to-text' }, [
    { path: 'config.json', bytes: 4_000 },
    { path: 'generation_config.json', bytes: 5_000 },
    { path: 'tokenizer.json', bytes: 2_600_000 },
    { path: 'onnx/encoder_model_quantized.onnx', bytes: encoderBytes },
    { path: 'onnx/decoder_model_quantized.onnx', bytes: decoderBytes },
  ])
}

function pictureText(id: string, title: string, licence: string, visionBytes: number, textBytes: number): Offer {
  return offer({ id, title, licence, purpose: 'picture-text' }, [
    { path: 'config.json', bytes: 5_000 },
    { path: 'preprocessor_config.json', bytes: 1_000 },
    { path: 'tokenizer.json', bytes: 2_500_000 },
    { path: 'tokenizer_config.json', bytes: 5_000 },
    { path: 'onnx/vision_model_quantized.onnx', bytes: visionBytes },
    { path: 'onnx/text_model_quantized.onnx', bytes: textBytes },
  ])
}

export const OFFERS: readonly Offer[] = [
  whisper('whisper-tiny.en', 'Whisper tiny, English', 11_000_000, 31_000_000),
  whisper('whisper-base', 'Whisper base, many languages', 24_000_000, 54_000_000),
  pictureText('clip-vit-base-patch32', 'CLIP base, patches of 32', 'MIT (weights of OpenAI)', 90_000_000, 65_000_000),
  pictureText('siglip-base-patch16-224', 'SigLIP base', 'Apache-2.0 (weights of Google)', 96_000_000, 112_000_000),
]

/**
 * What is fetched for an offer.
 *
 * @param base Another place that serves the same paths as the hub, such as an institute's own.
 * @throws AsterismError `not_found`; `bad_input` for a place that is not fetched from
 */
export function manifestOfOffer(id: string, base: string | null): ModelManifest {
  const found = OFFERS.find((each) => each.id === id)
  if (!found) throw new AsterismError('not_found', say('model.notOffered', { id }), { fix: say('model.fix.list') })
  const { title, licence, files } = found
  const place = base?.replace(/\/+$/, '') ?? HUB
  if (base !== null) assertFetchable(place)
  return { id, title, licence, files: files.map((file) => ({ ...file, url: file.url.replace(HUB, place) })) }
}
