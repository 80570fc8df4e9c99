/** Which learned models looked at a project: with their digests and the pack's the same stars can be had again. */
import type { StarsInput } from '../../../shared/stars/estimate/stars-input.ts'
import { modelEntry } from '../models/catalogue.ts'
import { hasModel } from '../models/model-bytes.ts'
import { pictureEncoder } from './picture-meaning.ts'
import { soundEncoder } from './sound-meaning.ts'
import { captionEncoder, type EncoderIdentity } from './starpack-task.ts'

function voices(): EncoderIdentity {
  const { id, sha256 } = modelEntry('silero-vad-6')
  return { id, sha256 }
}

/** @param joint The model of pictures and words that a person brought, where one looked. */
export function encodersOf({ units, captions }: StarsInput, joint: EncoderIdentity | null): EncoderIdentity[] {
  return [
    ...(units.some(({ picture }) => picture?.meaning) ? [pictureEncoder()] : []),
    ...(units.some(({ sound }) => sound?.meaning) ? [soundEncoder()] : []),
    // Without its weights voices are guessed from levels.
    ...(units.some(({ sound }) => sound) && hasModel(modelEntry('silero-vad-6')) ? [voices()] : []),
    ...(captions.some(({ meaning }) => meaning) ? [captionEncoder()] : []),
    ...(joint && (units.some(({ picture }) => picture?.joint) || captions.some((caption) => caption.joint))
      ? [{ id: joint.id, sha256: joint.sha256 }]
      : []),
  ]
}
