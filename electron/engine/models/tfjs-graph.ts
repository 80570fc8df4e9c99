/** Reads a graph model of TensorFlow.js: model.json with the weights beside it. */
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'

/** Text lies in base64, in older models as numbers of bytes. */
const textSchema = z.union([z.string().transform(fromBase64), z.array(z.number()).transform(fromBytes)])

const attributeSchema = z.looseObject({
  s: textSchema.optional(),
  b: z.boolean().optional(),
  list: z.looseObject({ i: z.array(z.coerce.number()).optional(), s: z.array(textSchema).optional() }).optional(),
})

const modelSchema = z.looseObject({
  modelTopology: z.looseObject({
    node: z.array(
      z.looseObject({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).default([]),
        attr: z.record(z.string(), attributeSchema).default({}),
      }),
    ),
  }),
  weightsManifest: z.array(
    z.looseObject({
      weights: z.array(
        z.looseObject({
          name: z.string(),
          shape: z.array(z.number().int().nonnegative()),
          dtype: z.enum(['float32', 'int32', 'bool']),
          quantization: z
            .looseObject({
              dtype: z.enum(['float16', 'uint8', 'uint16']),
              scale: z.number().optional(),
              min: z.number().optional(),
            })
            .optional(),
        }),
      ),
    }),
  ),
})

export interface GraphWeight {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface GraphNode {
  readonly name: string
  readonly operator: string
  readonly inputs: readonly string[]
  /** Integers of a list attribute, such as strides. */
  integers(attribute: string): readonly number[]
  /** Text of an attribute, such as the padding. */
  text(attribute: string): string
  /** Texts of a list attribute, such as the fused operators. */
  texts(attribute: string): readonly string[]
}

export interface TfjsGraph {
  /** Inputs come before what uses them. */
  readonly nodes: readonly GraphNode[]
  readonly weights: ReadonlyMap<string, GraphWeight>
}

/** IEEE 754 half precision. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return (sign * fraction) / 2 ** 24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1')
}

function fromBytes(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('latin1')
}

const BYTES = { float32: 4, int32: 4, bool: 1, float16: 2, uint8: 1, uint16: 2 } as const

/** Reads the parsed model.json with all of its weight bytes. @throws AsterismError `corrupt_file`. */
export function readTfjsGraph(model: unknown, bytes: Uint8Array): TfjsGraph {
  const parsed = modelSchema.safeParse(model)
  if (!parsed.success) throw new AsterismError('corrupt_file', 'It is not a graph model of TensorFlow.js.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const weights = new Map<string, GraphWeight>()
  let at = 0
  for (const weight of parsed.data.weightsManifest.flatMap((group) => group.weights)) {
    const { quantization } = weight
    const type = quantization?.dtype ?? weight.dtype
    const values = new Float32Array(weight.shape.reduce((product, size) => product * size, 1))
    if (at + values.length * BYTES[type] > bytes.length)
      throw new AsterismError('corrupt_file', `The weights of the model end within "${weight.name}".`)
    const scale = quantization?.scale ?? 1
    const least = quantization?.min ?? 0
    for (let i = 0; i < values.length; i++, at += BYTES[type]) {
      if (type === 'float32') values[i] = view.getFloat32(at, true)
      else if (type === 'int32') values[i] = view.getInt32(at, true)
      else if (type === 'float16') values[i] = fromHalf(view.getUint16(at, true))
      else if (type === 'uint16') values[i] = view.getUint16(at, true) * scale + least
      else values[i] = view.getUint8(at) * scale + least
    }
    weights.set(weight.name, { shape: weight.shape, values })
  }
  const nodes = parsed.data.modelTopology.node.map(({ name, op, input, attr }): GraphNode => ({
    name,
    operator: op,
    inputs: input.filter((each) => !each.startsWith('^')).map((each) => each.replace(/:0$/, '')),
    integers: (attribute) => attr[attribute]?.list?.i ?? [],
    text: (attribute) => attr[attribute]?.s ?? '',
    texts: (attribute) => attr[attribute]?.list?.s ?? [],
  }))
  return { nodes, weights }
}
