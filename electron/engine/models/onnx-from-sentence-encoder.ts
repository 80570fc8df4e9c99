/**
 * Universal Sentence Encoder lite (Cer et al. 2018) as ONNX: two transformer layers over pieces of words, their mean, a
 * last layer, unit length. Its TensorFlow.js graph spends most of its nodes on batches of sentences of unlike lengths; one
 * sentence at a time needs none of them, so that the graph is written anew around the same weights.
 */
import { AsterismError } from '../../../shared/errors.ts'
import type { OnnxNode, OnnxTensor } from './onnx-writer.ts'
import { onnxModel } from './onnx-writer.ts'
import type { GraphWeight, TfjsGraph } from './tfjs-graph.ts'

const ENCODER = 'Encoder_en/KonaTransformer/Encode'
const HEADS = 4
/** Of the width of a layer: what a query is divided by the root of. */
const WIDTHS = [256, 512] as const
const NORM_FLOOR = 1e-6
const INPUT = 'pieces'
const OUTPUT = 'embedding'

class SentenceGraph {
  readonly nodes: OnnxNode[] = []
  readonly constants: OnnxTensor[] = []
  readonly #weights: TfjsGraph['weights']
  #count = 0

  constructor(weights: TfjsGraph['weights']) {
    this.#weights = weights
  }

  node(operator: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}, output?: string): string {
    const name = output ?? `${operator}-${this.#count++}`
    this.nodes.push({ operator, inputs, output: name, attributes })
    return name
  }

  number(value: number): string {
    return this.constant([], Float32Array.of(value))
  }

  integers(...values: readonly number[]): string {
    return this.constant([values.length], BigInt64Array.from(values, BigInt))
  }

  constant(dims: readonly number[], data: OnnxTensor['data']): string {
    const name = `constant-${this.constants.length}`
    this.constants.push({ name, dims, data })
    return name
  }

  /** A weight by its name in the package, looked at as rows and columns (or as one row). */
  weight(name: string): string {
    const { shape, values }: GraphWeight = this.#weights.get(name) ?? missing(name)
    return this.constant(shape.length > 2 ? shape.slice(-2) : shape, values)
  }

  dense(value: string, kernel: string, bias: string): string {
    return this.node('Add', [this.node('MatMul', [value, this.weight(kernel)]), this.weight(bias)])
  }

  normed(value: string, prefix: string): string {
    const mean = { axes: [-1], keepdims: 1 }
    const off = this.node('Sub', [value, this.node('ReduceMean', [value], mean)])
    const variance = this.node('ReduceMean', [this.node('Mul', [off, off])], mean)
    const deviation = this.node('Sqrt', [this.node('Add', [variance, this.number(NORM_FLOOR)])])
    const scaled = this.node('Mul', [this.node('Div', [off, deviation]), this.weight(`${prefix}_scale/${PARTS}`)])
    return this.node('Add', [scaled, this.weight(`${prefix}_bias/${PARTS}`)])
  }

  /** Pieces x width to heads x pieces x width of a head; keys are turned for the product. */
  #heads(value: string, width: number, turned: boolean): string {
    const split = this.node('Reshape', [value, this.integers(-1, HEADS, width / HEADS)])
    return this.node('Transpose', [split], { perm: turned ? [1, 2, 0] : [1, 0, 2] })
  }

  attention(value: string, layer: number, width: number): string {
    const kernels = `module/${ENCODER}/Layer_${layer}/TransformerLayer/MultiheadAttention`
    const biases = `module_apply_default/${ENCODER}/Layer_${layer}/TransformerLayer/MultiheadAttention`
    const all = this.dense(
      value,
      `${kernels}/qkv_transform_single/kernel/part_0`,
      `${biases}/qkv_transform_single/bias/${PARTS}`,
    )
    const [query, key, content] = [0, 1, 2].map((part) =>
      this.node('Slice', [all, this.integers(part * width), this.integers((part + 1) * width), this.integers(1)]),
    )
    const asked = this.node('Mul', [this.#heads(query, width, false), this.number(1 / Math.sqrt(width / HEADS))])
    const heed = this.node('Softmax', [this.node('MatMul', [asked, this.#heads(key, width, true)])], { axis: -1 })
    const heard = this.node('Transpose', [this.node('MatMul', [heed, this.#heads(content, width, false)])], {
      perm: [1, 0, 2],
    })
    const joined = this.node('Reshape', [heard, this.integers(-1, width)])
    return this.dense(
      joined,
      `${kernels}/output_transform_single/kernel/part_0`,
      `${biases}/output_transform_single/bias/${PARTS}`,
    )
  }
}

const PARTS = 'ConcatPartitions/concat'

function missing(name: string): never {
  throw new AsterismError('corrupt_file', `The sentence encoder lacks the weights "${name}".`)
}

/** The ONNX model: the numbers of a sentence's pieces, as floats, to its vector of 512. @throws AsterismError `corrupt_file`. */
export function onnxFromSentenceEncoder({ weights }: TfjsGraph): Uint8Array {
  const graph = new SentenceGraph(weights)
  const stack = `module_apply_default/${ENCODER}/TransformerStack`
  const pieces = graph.node('Cast', [INPUT], { to: 7 })
  const meant = graph.node('Gather', [graph.weight('module/Embeddings_en'), pieces], { axis: 0 })
  // Places in the sentence, 0, 1, …, as waves of many lengths (Vaswani et al. 2017).
  const ones = graph.node('Add', [graph.node('Mul', [INPUT, graph.number(0)]), graph.number(1)])
  const places = graph.node('Sub', [graph.node('CumSum', [ones, graph.integers(0)]), graph.number(1)])
  const column = graph.node('Reshape', [places, graph.integers(-1, 1)])
  const turns = graph.node('Mul', [column, graph.weight(`${stack}/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`)])
  const waves = graph.node('Concat', [graph.node('Sin', [turns]), graph.node('Cos', [turns])], { axis: 1 })
  // What is meant is there twice: the sum with the places is added to it again.
  let value = graph.node('Add', [graph.node('Add', [meant, meant]), waves])
  WIDTHS.forEach((width, layer) => {
    const own = `module_apply_default/${ENCODER}/Layer_${layer}/TransformerLayer`
    const heard = graph.attention(
      graph.normed(value, `${own}/layer_prepostprocess/layer_norm/layer_norm`),
      layer,
      width,
    )
    const before =
      layer === 0 ? graph.dense(value, `${own}/dense/kernel/${PARTS}`, `${own}/dense/bias/${PARTS}`) : value
    value = graph.node('Add', [heard, before])
    const normed = graph.normed(value, `${own}/FFN/layer_prepostprocess/layer_norm/layer_norm`)
    const tensordot = (part: string): string =>
      `${stack}/Layer_${layer}/TransformerLayer/FFN/${part}/Tensordot/Reshape_1`
    const wide = graph.node('Relu', [graph.dense(normed, tensordot('conv1'), `${own}/FFN/conv1/bias/${PARTS}`)])
    value = graph.node('Add', [graph.dense(wide, tensordot('conv2'), `${own}/FFN/conv2/bias/${PARTS}`), value])
  })
  const mean = graph.node('ReduceMean', [value], { axes: [0], keepdims: 0 })
  const last = 'module/Encoder_en/hidden_layers/tanh_layer_0'
  const said = graph.node('Tanh', [graph.dense(mean, `${last}/weights`, `${last}/bias`)])
  const length = graph.node('ReduceL2', [said], { axes: [0], keepdims: 1 })
  graph.node('Div', [said, length], {}, OUTPUT)
  return onnxModel({
    name: 'sentence',
    nodes: graph.nodes,
    constants: graph.constants,
    inputs: [{ name: INPUT, dims: ['pieces'] }],
    outputs: [{ name: OUTPUT, dims: [512] }],
  })
}
