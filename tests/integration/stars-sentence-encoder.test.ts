/** The sentence encoder: pieces of words, and the graph that was written anew against what TensorFlow.js made of the same weights. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { modelEntry } from '../../electron/engine/models/catalogue.ts'
import { companionBytes, modelBytes } from '../../electron/engine/models/model-bytes.ts'
import type { PieceList } from '../../shared/stars/sentence-pieces.ts'
import { piecesOf, sentencePieces } from '../../shared/stars/sentence-pieces.ts'

const entry = modelEntry('use-lite')
const list = JSON.parse(Buffer.from(companionBytes(entry)).toString('utf8')) as PieceList
const pieces = sentencePieces(list)

describe('pieces of a sentence', () => {
  // The numbers are those of @energetic-ai/embeddings@0.2.0 with the same list.
  it.each([
    ['I can’t believe it’s not butter!', [16, 42, 2390, 17, 442, 21, 2390, 7, 35, 4688, 78]],
    ['The quick brown fox  jumps over the lazy dog.', [34, 2280, 3744, 1394, 152, 2009, 7, 132, 9, 6266, 959, 6]],
    ['日本 plays', [30, 0, 3676]],
    ['  \n ', []],
  ])('of "%s"', (sentence, expected) => {
    expect(piecesOf(pieces, sentence)).toEqual(expected)
  })

  it('are bounded, however long the text', () => {
    expect(piecesOf(pieces, 'word '.repeat(100_000))).toHaveLength(128)
  })
})

describe('the vector of a sentence', () => {
  it('is what TensorFlow.js 4.22 says', async () => {
    const session = await InferenceSession.create(modelBytes(entry))
    const vector = async (own: readonly number[]): Promise<Float32Array> => {
      const { embedding } = await session.run({ pieces: new Tensor('float32', Float32Array.from(own), [own.length]) })
      return embedding.data as Float32Array
    }
    const expected = [0.00655655, -0.04741905, -0.05294796, 0.0005269, -0.05747725, 0.0018415, 0.05694434, 0.05554235]
    const said = await vector([341, 4125, 8, 140, 31, 19, 54])
    expected.forEach((value, at) => expect(said[at]).toBeCloseTo(value, 6))
    const vectors: Float32Array[] = []
    for (const sentence of ['A man plays a guitar.', 'Somebody makes music.', 'The tax form is due in June.'])
      vectors.push(await vector(piecesOf(pieces, sentence)))
    const cosine = (a: number, b: number): number =>
      vectors[a].reduce((sum, value, at) => sum + value * vectors[b][at], 0)
    expect(cosine(0, 1)).toBeGreaterThan(cosine(0, 2) + 0.2)
  })
})
