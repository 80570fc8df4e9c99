/** Writes ONNX graphs as bytes: the few protobuf messages that an inference graph needs (onnx.proto, IR version 8, opset 13). */

/** Constants of a graph. Dimensions in ONNX order. */
export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

type OnnxAttribute = number | string | readonly number[]

export interface OnnxNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly output: string
  /** Whole numbers are written as integers, others as floats. */
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

/** A named input or output; a dimension that is text may take any size. */
interface OnnxValue {
  readonly name: string
  readonly dims: readonly (number | string)[]
  /** Floats where nothing is said. */
  readonly type?: 'float' | 'int64'
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

const IR_VERSION = 8
const OPSET = 13
const FLOAT = 1
const INT64 = 7
const ATTRIBUTE = { float: 1, integer: 2, text: 3, integers: 7 } as const

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, BigInt(value))
  do {
    const low = Number(left & 127n)
    left >>= 7n
    bytes.push(left > 0n ? low | 128 : low)
  } while (left > 0n)
  return Uint8Array.from(bytes)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function integerField(field: number, value: number): Uint8Array {
  return concat([varint(field << 3), varint(value)])
}

function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  return concat([varint((field << 3) | 2), varint(bytes.length), bytes])
}

function floatField(field: number, value: number): Uint8Array {
  return concat([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)])
}

function attributeBytes(name: string, value: OnnxAttribute): Uint8Array {
  const head = bytesField(1, name)
  const typed = (type: number): Uint8Array => integerField(20, type)
  if (typeof value === 'string') return concat([head, bytesField(4, value), typed(ATTRIBUTE.text)])
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? concat([head, integerField(3, value), typed(ATTRIBUTE.integer)])
      : concat([head, floatField(2, value), typed(ATTRIBUTE.float)])
  }
  return concat([head, ...value.map((each) => integerField(8, each)), typed(ATTRIBUTE.integers)])
}

function nodeBytes(node: OnnxNode): Uint8Array {
  return concat([
    ...node.inputs.map((input) => bytesField(1, input)),
    bytesField(2, node.output),
    bytesField(3, node.output),
    bytesField(4, node.operator),
    ...Object.entries(node.attributes).map(([name, value]) => bytesField(5, attributeBytes(name, value))),
  ])
}

function tensorBytes({ name, dims, data }: OnnxTensor): Uint8Array {
  return concat([
    ...dims.map((dim) => integerField(1, dim)),
    integerField(2, data instanceof Float32Array ? FLOAT : INT64),
    bytesField(8, name),
    bytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ])
}

function valueBytes({ name, dims, type }: OnnxValue): Uint8Array {
  const shape = concat(
    dims.map((dim) => bytesField(1, typeof dim === 'number' ? integerField(1, dim) : bytesField(2, dim))),
  )
  const tensorType = concat([integerField(1, type === 'int64' ? INT64 : FLOAT), bytesField(2, shape)])
  return concat([bytesField(1, name), bytesField(2, bytesField(1, tensorType))])
}

/** The graph as an ONNX model: the same graph gives the same bytes. */
export function onnxModel(graph: OnnxGraph): Uint8Array {
  const body = concat([
    ...graph.nodes.map((node) => bytesField(1, nodeBytes(node))),
    bytesField(2, graph.name),
    ...graph.constants.map((constant) => bytesField(5, tensorBytes(constant))),
    ...graph.inputs.map((input) => bytesField(11, valueBytes(input))),
    ...graph.outputs.map((output) => bytesField(12, valueBytes(output))),
  ])
  return concat([
    integerField(1, IR_VERSION),
    bytesField(2, 'asterism'),
    bytesField(7, body),
    bytesField(8, concat([bytesField(1, ''), integerField(2, OPSET)])),
  ])
}
