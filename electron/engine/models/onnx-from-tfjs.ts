/**
 * Turns the part of a TensorFlow.js picture network that leads to one layer into ONNX, so that one runtime serves every
 * model. Pictures come in as [pictures, height, width, 3]; the answer is the layer's mean over the picture.
 */
import { AsterismError } from '../../../shared/errors.ts'
import type { OnnxNode, OnnxTensor } from './onnx-writer.ts'
import { onnxModel } from './onnx-writer.ts'
import type { GraphNode, GraphWeight, TfjsGraph } from './tfjs-graph.ts'

const INPUT = 'pictures'
const OUTPUT = 'embedding'

/** Height, width, in, out to out, in, height, width; for filters of single channels to channel, 1, height, width. */
function turnFilter({ shape, values }: GraphWeight, perChannel: boolean): { dims: number[]; data: Float32Array } {
  const [height, width, inputs, outputs] = shape
  const dims = perChannel ? [inputs * outputs, 1, height, width] : [outputs, inputs, height, width]
  const data = new Float32Array(values.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) {
          const filter = perChannel ? i * outputs + o : o * inputs + i
          data[(filter * height + y) * width + x] = values[((y * width + x) * inputs + i) * outputs + o]
        }
      }
    }
  }
  return { dims, data }
}

/** Everything that a node's value depends on, in the order of the graph. */
function partLeadingTo(graph: TfjsGraph, layer: string): GraphNode[] {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]))
  const ordered: GraphNode[] = []
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const node = byName.get(name)
    if (!node) throw new AsterismError('corrupt_file', `The model has no layer "${name}".`)
    node.inputs.forEach(visit)
    ordered.push(node)
  }
  visit(layer)
  return ordered
}

class Conversion {
  readonly nodes: OnnxNode[] = []
  readonly constants: OnnxTensor[] = []
  /** Names of values by names of nodes. */
  readonly #names = new Map<string, string>()

  readonly #graph: TfjsGraph

  constructor(graph: TfjsGraph) {
    this.#graph = graph
  }

  node(operator: string, inputs: readonly string[], output: string, attributes: OnnxNode['attributes'] = {}): string {
    this.nodes.push({ operator, inputs, output, attributes })
    return output
  }

  constant(name: string, dims: readonly number[], data: Float32Array): string {
    this.constants.push({ name, dims, data })
    return name
  }

  /** The value of a node; a constant becomes one that spreads over the channels. */
  value(name: string): string {
    const known = this.#names.get(name)
    if (known) return known
    const { shape, values } = this.#weight(name)
    const spread = this.constant(name, shape.length === 1 ? [shape[0], 1, 1] : [...shape], values)
    this.#names.set(name, spread)
    return spread
  }

  #weight(name: string): GraphWeight {
    const weight = this.#graph.weights.get(name)
    if (!weight) throw new AsterismError('corrupt_file', `The model lacks the weights "${name}".`)
    return weight
  }

  #activation(name: string, operators: readonly string[], value: string): string {
    const [next, ...more] = operators
    if (next === undefined) return value
    if (more.length > 0) throw unknown(name, operators.join('+'))
    if (next === 'Relu' || next === 'Sigmoid') return this.node(next, [value], `${name}/${next}`)
    if (next !== 'Relu6') throw unknown(name, next)
    const least = this.constant(`${name}/least`, [], Float32Array.of(0))
    const most = this.constant(`${name}/most`, [], Float32Array.of(6))
    return this.node('Clip', [value, least, most], `${name}/Relu6`)
  }

  #convolution(node: GraphNode, perChannel: boolean): string {
    const filter = turnFilter(this.#weight(node.inputs[1]), perChannel)
    const fused = node.texts('fused_ops')
    const inputs = [this.value(node.inputs[0]), this.constant(`${node.name}/filter`, filter.dims, filter.data)]
    if (fused[0] === 'BiasAdd') {
      const bias = this.#weight(node.inputs[2])
      inputs.push(this.constant(`${node.name}/bias`, bias.shape, bias.values))
    }
    const padding = node.text('padding')
    if (padding !== 'SAME' && padding !== 'VALID') throw unknown(node.name, `padding ${padding}`)
    const value = this.node('Conv', inputs, `${node.name}/convolved`, {
      strides: node.integers('strides').slice(1, 3),
      group: perChannel ? filter.dims[0] : 1,
      auto_pad: padding === 'SAME' ? 'SAME_UPPER' : 'VALID',
    })
    return this.#activation(node.name, fused[0] === 'BiasAdd' ? fused.slice(1) : fused, value)
  }

  add(node: GraphNode): void {
    const { name, operator, inputs } = node
    const value = (): string => {
      if (operator === 'Placeholder') return this.node('Transpose', [INPUT], name, { perm: [0, 3, 1, 2] })
      if (operator === '_FusedConv2D' || operator === 'Conv2D') return this.#convolution(node, false)
      if (operator === 'FusedDepthwiseConv2dNative' || operator === 'DepthwiseConv2dNative')
        return this.#convolution(node, true)
      if (operator === 'Mul' || operator === 'Sub')
        return this.node(
          operator,
          inputs.map((each) => this.value(each)),
          name,
        )
      if (operator === 'Add' || operator === 'AddV2')
        return this.node(
          'Add',
          inputs.map((each) => this.value(each)),
          name,
        )
      if (operator === 'Identity') return this.value(inputs[0])
      // The only means inside these networks are those of squeeze and excitation, over the whole picture.
      if (operator === 'Mean') return this.node('GlobalAveragePool', [this.value(inputs[0])], name)
      return this.#activation(name, [operator], this.value(inputs[0]))
    }
    this.#names.set(name, value())
  }
}

function unknown(name: string, operator: string): AsterismError {
  return new AsterismError('unsupported_format', `The layer "${name}" (${operator}) cannot be converted.`)
}

/** The ONNX model that answers with the mean of `layer` over each picture, `channels` numbers a picture. */
export function onnxFromTfjs(graph: TfjsGraph, layer: string, channels: number): Uint8Array {
  const conversion = new Conversion(graph)
  for (const node of partLeadingTo(graph, layer)) {
    if (node.operator !== 'Const') conversion.add(node)
  }
  const mean = conversion.node('GlobalAveragePool', [conversion.value(layer)], 'mean')
  conversion.node('Flatten', [mean], OUTPUT, { axis: 1 })
  return onnxModel({
    name: layer,
    nodes: conversion.nodes,
    constants: conversion.constants,
    inputs: [{ name: INPUT, dims: ['pictures', 'height', 'width', 3] }],
    outputs: [{ name: OUTPUT, dims: ['pictures', channels] }],
  })
}
