/** Networks of TensorFlow.js as ONNX: the layers that they use, against plain loops. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { MODELS } from '../../electron/engine/models/catalogue.ts'
import { hasModel, modelBytes } from '../../electron/engine/models/model-bytes.ts'
import { onnxFromTfjs } from '../../electron/engine/models/onnx-from-tfjs.ts'
import { readTfjsGraph } from '../../electron/engine/models/tfjs-graph.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const SAME = { padding: { s: base64('SAME') }, strides: { list: { i: ['1', '2', '2', '1'] } } }
const RELU6 = { ...SAME, fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu6')] } } }
const [HEIGHT, WIDTH, OUT] = [5, 7, 2]
const FILTER = Array.from({ length: 3 * 3 * 3 * OUT }, (_, i) => Math.sin(i + 1))
const BIAS = [0.5, -0.25]
const SCALE = [2, 0.5]

/** A convolution with a step of two, a bias and a ceiling of six, then a factor for each channel. */
function model(operator = '_FusedConv2D') {
  const weight = (name: string, shape: number[]) => ({ name, shape, dtype: 'float32' })
  return {
    modelTopology: {
      node: [
        { name: 'in', op: 'Placeholder' },
        { name: 'filter', op: 'Const' },
        { name: 'bias', op: 'Const' },
        { name: 'scale', op: 'Const' },
        { name: 'conv', op: operator, input: ['in', 'filter', 'bias'], attr: RELU6 },
        { name: 'scaled', op: 'Mul', input: ['conv', 'scale'] },
        { name: 'unused', op: 'TopKV2', input: ['scaled'] },
      ],
    },
    weightsManifest: [{ weights: [weight('filter', [3, 3, 3, OUT]), weight('bias', [OUT]), weight('scale', [OUT])] }],
  }
}

const BYTES = new Uint8Array(Float32Array.from([...FILTER, ...BIAS, ...SCALE]).buffer)

function byHand(picture: Float32Array): number[] {
  const [rows, columns] = [Math.ceil(HEIGHT / 2), Math.ceil(WIDTH / 2)]
  const top = Math.floor(((rows - 1) * 2 + 3 - HEIGHT) / 2)
  const left = Math.floor(((columns - 1) * 2 + 3 - WIDTH) / 2)
  return Array.from({ length: OUT }, (_, o) => {
    let mean = 0
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        let sum = BIAS[o]
        for (let i = 0; i < 27; i++) {
          const [y, x, k] = [2 * r - top + Math.floor(i / 9), 2 * c - left + (Math.floor(i / 3) % 3), i % 3]
          if (y < 0 || x < 0 || y >= HEIGHT || x >= WIDTH) continue
          sum += picture[(y * WIDTH + x) * 3 + k] * FILTER[i * OUT + o]
        }
        mean += (Math.min(6, Math.max(0, sum)) * SCALE[o]) / rows / columns
      }
    }
    return mean
  })
}

describe('a converted network', () => {
  it('says what plain loops say', async () => {
    const session = await InferenceSession.create(onnxFromTfjs(readTfjsGraph(model(), BYTES), 'scaled', OUT))
    const picture = Float32Array.from({ length: HEIGHT * WIDTH * 3 }, (_, i) => Math.cos(i * i) * 2)
    const { embedding } = await session.run({ pictures: new Tensor('float32', picture, [1, HEIGHT, WIDTH, 3]) })
    expect(embedding.dims).toEqual([1, OUT])
    byHand(picture).forEach((value, o) => expect((embedding.data as Float32Array)[o]).toBeCloseTo(value, 4))
  })

  it('is refused where a layer is unknown or weights are missing', () => {
    expect(() => onnxFromTfjs(readTfjsGraph(model(), BYTES), 'unused', OUT)).toThrow('cannot be converted')
    expect(() => onnxFromTfjs(readTfjsGraph(model(), BYTES), 'nowhere', OUT)).toThrow('no layer "nowhere"')
    expect(() => readTfjsGraph(model(), BYTES.subarray(0, 40))).toThrow('end within "filter"')
    expect(() => readTfjsGraph({ layers: [] }, BYTES)).toThrow('not a graph model')
  })

  it('is the same bytes every time: every model in the catalogue matches its digest', () => {
    for (const entry of MODELS) {
      expect(hasModel(entry), entry.id).toBe(true)
      expect(modelBytes(entry).length, entry.id).toBeGreaterThan(1_000_000)
    }
    const [first] = MODELS
    expect(() => modelBytes({ ...first, sha256: '0'.repeat(64) })).toThrow('not the ones')
    const absent = { ...first, source: { ...first.source, package: 'no-such-package' } }
    expect(() => modelBytes(absent)).toThrow('not on this machine')
  })
})
