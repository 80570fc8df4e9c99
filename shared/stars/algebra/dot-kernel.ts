/**
 * Four rows against four others at once: sixteen inner products of doubles in one loop, two to an instruction. V8 never joins
 * scalar arithmetic to vectors, so the loop is WebAssembly, written down here instruction by instruction. Products and sums
 * are those of a plain loop over the columns, in its order and with its roundings: every digit is the same.
 */

/** The part of the WebAssembly interface that is used here; neither Node's types nor those of the language name it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number }
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: unknown }
}

/** Rows that stand beside one another on each side of a call. */
export const ROWS_AT_ONCE = 4

const PAGE_BYTES = 65_536
const DOUBLE = 8

export interface DotKernel {
  /** At least as many numbers as were asked for; positions below count in numbers. */
  readonly memory: Float64Array
  /**
   * Writes the products of rows i and j of the two sides to `out + 4 * i + j`.
   *
   * @param rows Where four rows lie one after another, each `columns` long.
   * @param panel Where four rows lie interleaved: the four numbers of column 0, those of column 1, …
   * @param columns At least 1.
   */
  dots(rows: number, panel: number, out: number, columns: number): void
}

type Bytes = readonly number[]

/** An unsigned number in LEB128, seven bits to a byte. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function section(id: number, content: Bytes): number[] {
  return [id, ...unsigned(content.length), ...content]
}

/** The name of the format and its version, 1. */
const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const I32 = 0x7f
const V128 = 0x7b
/** A block that yields nothing. */
const EMPTY = 0x40
const END = 0x0b

const getLocal = (index: number): number[] => [0x20, index]
const setLocal = (index: number): number[] => [0x21, index]
const teeLocal = (index: number): number[] => [0x22, index]
const constant = (value: number): number[] => [0x41, value]
const ADD_I32 = [0x6a]
const LESS_I32 = [0x49]
const BRANCH_IF_TO_LOOP = [0x0d, 0]
const LOOP = [0x03, EMPTY]

const vector = (operation: number): number[] => [0xfd, ...unsigned(operation)]
/** Memory operations name an alignment (as a power of two) and an offset in bytes. */
const load = (offset: number): number[] => [...vector(0), 3, ...unsigned(offset)]
const loadTwice = [...vector(10), 3, 0]
const store = (offset: number): number[] => [...vector(11), 3, ...unsigned(offset)]
const ADD = vector(240)
const MULTIPLY = vector(242)

/** The parameters, all in bytes: four rows, the panel, where to write, and where the first row ends. */
const ROW = [0, 1, 2, 3]
const [PANEL, OUT, END_OF_FIRST_ROW] = [4, 5, 6]
const PARAMETERS = 7
/** Two sums of each row, of two products each; then the two vectors of a column of the panel, and a number of a row, twice. */
const sumOf = (row: number, half: number): number => PARAMETERS + 2 * row + half
const columnOf = (half: number): number => PARAMETERS + 8 + half
const NUMBER = PARAMETERS + 10
const VECTORS = 11

function inOrder(...parts: readonly Bytes[]): number[] {
  return parts.flat()
}

function advance(pointer: number, bytes: number): number[] {
  return inOrder(getLocal(pointer), constant(bytes), ADD_I32, setLocal(pointer))
}

/** sum += column * number. */
function addProduct(row: number, half: number): number[] {
  const sum = sumOf(row, half)
  return inOrder(getLocal(sum), getLocal(columnOf(half)), getLocal(NUMBER), MULTIPLY, ADD, setLocal(sum))
}

function kernelBody(): number[] {
  const column = [0, 1].flatMap((half) => inOrder(getLocal(PANEL), load(2 * DOUBLE * half), setLocal(columnOf(half))))
  const products = ROW.flatMap((row) =>
    inOrder(getLocal(row), loadTwice, setLocal(NUMBER), addProduct(row, 0), addProduct(row, 1)),
  )
  const results = ROW.flatMap((row) =>
    [0, 1].flatMap((half) =>
      inOrder(getLocal(OUT), getLocal(sumOf(row, half)), store(DOUBLE * (ROWS_AT_ONCE * row + 2 * half))),
    ),
  )
  return inOrder(
    LOOP,
    column,
    products,
    advance(PANEL, ROWS_AT_ONCE * DOUBLE),
    ...ROW.slice(1).map((row) => advance(row, DOUBLE)),
    inOrder(getLocal(ROW[0]), constant(DOUBLE), ADD_I32, teeLocal(ROW[0])),
    inOrder(getLocal(END_OF_FIRST_ROW), LESS_I32, BRANCH_IF_TO_LOOP),
    [END],
    results,
    [END],
  )
}

/** A module of one function `dots` over an imported memory. */
function kernelModule(): Uint8Array {
  const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)]
  const code = [1, VECTORS, V128, ...kernelBody()]
  const signature = [0x60, PARAMETERS, ...Array.from({ length: PARAMETERS }, () => I32), 0]
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, [1, ...signature]),
    ...section(2, [1, ...name('host'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('dots'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ])
}

type Dots = (...bytes: number[]) => void
let loaded: { memory: InstanceType<typeof WebAssembly.Memory>; dots: Dots } | null = null

/** The kernel of this thread, whose memory whoever asked last may fill. @param numbers How many it has to hold. */
export function dotKernel(numbers: number): DotKernel {
  if (!loaded) {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const instance = new WebAssembly.Instance(new WebAssembly.Module(kernelModule()), { host: { memory } })
    loaded = { memory, dots: (instance.exports as { dots: Dots }).dots }
  }
  const { memory, dots } = loaded
  const lacking = numbers * DOUBLE - memory.buffer.byteLength
  if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE_BYTES))
  return {
    memory: new Float64Array(memory.buffer),
    dots: (rows, panel, out, columns) => {
      const [first, stride] = [rows * DOUBLE, columns * DOUBLE]
      dots(first, first + stride, first + 2 * stride, first + 3 * stride, panel * DOUBLE, out * DOUBLE, first + stride)
    },
  }
}
