/**
 * What an ONNX file says of itself before anything runs it: only its protobuf frame is read (onnx.proto), weights are
 * skipped. A graph may keep weights in other files, anywhere on the machine: those are not part of what was hashed, so
 * that such a graph is found here and refused.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

interface Field {
  readonly number: number
  /** Of a length-delimited field where its content lies, else where the next field starts, twice. */
  readonly start: number
  readonly end: number
  /** Of a number field. */
  readonly value: number
}

const WINDOW_BYTES = 1 << 16
/** Graphs within graphs (branches, loops); deeper ones are nobody's. */
const DEEPEST = 12
const WIRE = { varint: 0, eight: 1, bytes: 2, four: 5 } as const

/** Field numbers of the messages that are walked through. */
const MODEL = { graph: 7, functions: 25 } as const
const GRAPH = { node: 1, initializer: 5, sparseInitializer: 15 } as const
const FUNCTION_NODE = 7
const NODE_ATTRIBUTE = 5
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparseTensor: 22, sparseTensors: 23 } as const
const SPARSE_PARTS = [1, 2] as const
const TENSOR = { externalData: 13, dataLocation: 14 } as const
const EXTERNAL = 1

class OnnxFile {
  readonly size: number
  readonly #file: number
  readonly #window = Buffer.alloc(WINDOW_BYTES)
  #from = 0
  #length = 0

  constructor(path: string) {
    this.#file = openSync(path, 'r')
    this.size = fstatSync(this.#file).size
  }

  close(): void {
    closeSync(this.#file)
  }

  #byte(at: number): number {
    if (at < this.#from || at >= this.#from + this.#length) {
      this.#from = at
      this.#length = readSync(this.#file, this.#window, 0, WINDOW_BYTES, at)
      if (this.#length === 0) throw new RangeError('it ends too early')
    }
    return this.#window[at - this.#from]!
  }

  #varint(at: number): { value: number; next: number } {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte(at++)
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return { value, next: at }
    }
    throw new RangeError('a number in it has no end')
  }

  *fields(start: number, end: number): Generator<Field> {
    for (let at = start; at < end;) {
      const tag = this.#varint(at)
      const number = Math.floor(tag.value / 8)
      const wire = tag.value % 8
      let field: Field
      if (wire === WIRE.varint) {
        const { value, next } = this.#varint(tag.next)
        field = { number, start: next, end: next, value }
      } else if (wire === WIRE.bytes) {
        const { value, next } = this.#varint(tag.next)
        field = { number, start: next, end: next + value, value: 0 }
      } else if (wire === WIRE.eight || wire === WIRE.four) {
        const next = tag.next + (wire === WIRE.eight ? 8 : 4)
        field = { number, start: next, end: next, value: 0 }
      } else throw new RangeError(`it holds a field of the unknown kind ${wire}`)
      if (field.end > end) throw new RangeError('a part of it is longer than the whole')
      yield field
      at = field.end
    }
  }
}

function isExternal(file: OnnxFile, tensor: Field): boolean {
  for (const { number, value } of file.fields(tensor.start, tensor.end)) {
    if (number === TENSOR.externalData || (number === TENSOR.dataLocation && value === EXTERNAL)) return true
  }
  return false
}

function hasExternalSparse(file: OnnxFile, sparse: Field): boolean {
  for (const part of file.fields(sparse.start, sparse.end)) {
    if ((SPARSE_PARTS as readonly number[]).includes(part.number) && isExternal(file, part)) return true
  }
  return false
}

function nodeReaches(file: OnnxFile, node: Field, depth: number): boolean {
  for (const attribute of file.fields(node.start, node.end)) {
    if (attribute.number !== NODE_ATTRIBUTE) continue
    for (const part of file.fields(attribute.start, attribute.end)) {
      if (part.number === ATTRIBUTE.tensor || part.number === ATTRIBUTE.tensors) {
        if (isExternal(file, part)) return true
      } else if (part.number === ATTRIBUTE.sparseTensor || part.number === ATTRIBUTE.sparseTensors) {
        if (hasExternalSparse(file, part)) return true
      } else if (part.number === ATTRIBUTE.graph || part.number === ATTRIBUTE.graphs) {
        if (graphReaches(file, part, depth + 1)) return true
      }
    }
  }
  return false
}

/** Whether a graph takes numbers from outside its file. */
function graphReaches(file: OnnxFile, graph: Field, depth: number): boolean {
  if (depth > DEEPEST) throw new RangeError('its graphs lie too deep in one another')
  for (const part of file.fields(graph.start, graph.end)) {
    if (part.number === GRAPH.node && nodeReaches(file, part, depth)) return true
    if (part.number === GRAPH.initializer && isExternal(file, part)) return true
    if (part.number === GRAPH.sparseInitializer && hasExternalSparse(file, part)) return true
  }
  return false
}

/**
 * Refuses a file that is no ONNX graph, or whose weights lie in other files.
 *
 * @throws AsterismError `corrupt_file`, `unsupported_format`
 */
export function requireWholeGraph(path: string, name: string): void {
  const file = new OnnxFile(path)
  let graphs = 0
  let reaches = false
  try {
    for (const part of file.fields(0, file.size)) {
      if (part.number === MODEL.graph) {
        graphs++
        reaches ||= graphReaches(file, part, 0)
      } else if (part.number === MODEL.functions) {
        for (const node of file.fields(part.start, part.end))
          reaches ||= node.number === FUNCTION_NODE && nodeReaches(file, node, 0)
      }
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new AsterismError('corrupt_file', say('model.notWholeGraph', { name, why: cause.message }), { path, cause })
  } finally {
    file.close()
  }
  if (graphs !== 1) throw new AsterismError('corrupt_file', say('model.noGraph', { name }), { path })
  if (reaches)
    throw new AsterismError('unsupported_format', say('model.weightsElsewhere', { name }), {
      path,
      fix: say('model.fix.quantized'),
    })
}
