/**
 * USD layers as "crate" (`.usdc`, versions 0.4 to 0.10): tables of tokens, fields, paths and specs, packed with LZ4 and a
 * coding of integers by their differences (Pixar 2022, USDC File Format Specification). Values are read by usd-values.ts.
 */
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { Damage } from '../reading/damage.ts'
import { CrateCursor, MAX_UNPACKED_BYTES } from './usd-crate-cursor.ts'
import { newPrim, type UsdLayer, type UsdPrim } from './usd-scene.ts'
import { UsdValues } from './usd-values.ts'

const SPEC_ATTRIBUTE = 1
const SPEC_PRIM = 6
const SPEC_ROOT = 7
const COMPOSING = new Set(['references', 'payload', 'variantSetNames', 'inheritPaths', 'specializes'])
const MAX_DEPTH = 512

interface Node {
  readonly parent: number
  readonly name: string
  readonly isProperty: boolean
}

interface Tables {
  readonly tokens: readonly string[]
  readonly strings: Uint32Array
  readonly fieldNames: Int32Array
  readonly fieldValues: BigUint64Array
  readonly fieldSets: Int32Array
  readonly nodes: readonly (Node | undefined)[]
  readonly specs: { readonly path: Int32Array; readonly fieldSet: Int32Array; readonly type: Int32Array }
}

function sectionsOf(bytes: Uint8Array): Map<string, CrateCursor> {
  const header = new CrateCursor(bytes, 0)
  const head = header.take(24)
  const tocOffset = Number(new DataView(head.buffer, head.byteOffset).getBigInt64(16, true))
  const toc = new CrateCursor(bytes, tocOffset)
  const count = toc.count(64)
  const sections = new Map<string, CrateCursor>()
  for (let index = 0; index < count; index++) {
    const name = new TextDecoder().decode(toc.take(16)).replace(/\0.*$/s, '')
    const start = toc.count(Number.MAX_SAFE_INTEGER)
    const length = toc.count(Number.MAX_SAFE_INTEGER)
    sections.set(name, new CrateCursor(bytes, start, start + length))
  }
  return sections
}

function section(sections: Map<string, CrateCursor>, name: string): CrateCursor {
  const found = sections.get(name)
  if (!found) throw new Damage(say('broken.usdNoTable', { name: name.toLowerCase() }))
  return found
}

function readTokens(cursor: CrateCursor): string[] {
  const count = cursor.count()
  const bytes = cursor.count(MAX_UNPACKED_BYTES)
  const text = new TextDecoder().decode(cursor.unpack(cursor.count(MAX_UNPACKED_BYTES), bytes))
  const tokens = text.split('\0')
  if (tokens.length < count) throw new Damage(say('broken.usdTokens'))
  return tokens.slice(0, count)
}

/** The tree of paths lies in the order of a walk; `jumps` tell where the next sibling lies. */
function readPaths(cursor: CrateCursor, tokens: readonly string[]): (Node | undefined)[] {
  const nodes = Array.from<Node | undefined>({ length: cursor.count() })
  const count = cursor.count()
  const [indices, names, jumps] = [cursor.integers(count), cursor.integers(count), cursor.integers(count)]
  const pending: { at: number; parent: number }[] = [{ at: 0, parent: -1 }]
  let visited = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    let { at, parent } = next
    for (;;) {
      if (at < 0 || at >= count || ++visited > count) throw new Damage(say('broken.usdPaths'))
      const index = indices[at]
      if (index < 0 || index >= nodes.length) throw new Damage(say('broken.usdPaths'))
      nodes[index] = { parent, name: tokens[Math.abs(names[at])] ?? '', isProperty: names[at] < 0 }
      const jump = jumps[at]
      const hasChild = jump > 0 || jump === -1
      if (hasChild && jump > 0) pending.push({ at: at + jump, parent })
      if (!hasChild && jump !== 0) break
      if (hasChild) parent = index
      at++
    }
  }
  return nodes
}

function readTables(bytes: Uint8Array): Tables {
  const sections = sectionsOf(bytes)
  const tokens = readTokens(section(sections, 'TOKENS'))
  const stringsCursor = section(sections, 'STRINGS')
  const strings = new Uint32Array(stringsCursor.take(4 * stringsCursor.count()).slice().buffer)
  const fields = section(sections, 'FIELDS')
  const fieldCount = fields.count()
  const fieldNames = fields.integers(fieldCount)
  const values = fields.unpack(fields.count(MAX_UNPACKED_BYTES), 8 * fieldCount)
  if (values.length < 8 * fieldCount) throw new Damage(say('broken.usdFields'))
  const sets = section(sections, 'FIELDSETS')
  const fieldSets = sets.integers(sets.count())
  const nodes = readPaths(section(sections, 'PATHS'), tokens)
  const specCursor = section(sections, 'SPECS')
  const specCount = specCursor.count()
  const specs = {
    path: specCursor.integers(specCount),
    fieldSet: specCursor.integers(specCount),
    type: specCursor.integers(specCount),
  }
  return {
    tokens,
    strings,
    fieldNames,
    fieldValues: new BigUint64Array(values.slice().buffer),
    fieldSets,
    nodes,
    specs,
  }
}

/** The fields of a spec: a run in the table of sets that ends with -1. */
function* fieldsOf({ tokens, fieldNames, fieldValues, fieldSets }: Tables, set: number): Generator<[string, bigint]> {
  for (let at = set; at >= 0 && at < fieldSets.length && fieldSets[at] >= 0; at++) {
    const value = fieldValues[fieldSets[at]]
    if (value !== undefined) yield [tokens[fieldNames[fieldSets[at]]] ?? '', value]
  }
}

/** @returns The layer, or what is wrong with it. */
export function parseUsdCrate(bytes: Uint8Array): UsdLayer | Saying {
  try {
    return layerOf(bytes)
  } catch (error) {
    if (error instanceof Damage) return error.said
    throw error
  }
}

function layerOf(bytes: Uint8Array): UsdLayer {
  const tables = readTables(bytes)
  const values = new UsdValues(bytes, tables.tokens, tables.strings)
  const root = newPrim('', '')
  const prims = new Map<number, UsdPrim>()
  const { specs, nodes } = tables
  for (let spec = 0; spec < specs.path.length; spec++) {
    if (specs.type[spec] === SPEC_ROOT) {
      prims.set(specs.path[spec], root)
      for (const [name, value] of fieldsOf(tables, specs.fieldSet[spec])) keep(root, name, value, values)
    } else if (specs.type[spec] === SPEC_PRIM) {
      const prim = newPrim(nodes[specs.path[spec]]?.name ?? '', '')
      prims.set(specs.path[spec], primOf(tables, values, prim, specs.fieldSet[spec]))
    }
  }
  for (const [path, prim] of prims) {
    if (prim === root) continue
    const parent = prims.get(nodes[path]?.parent ?? -1)
    // What lies below a variant has no prim above it.
    if (!parent) root.composed = true
    else if (depthOf(nodes, path) < MAX_DEPTH) parent.children.push(prim)
    else throw new Damage(say('broken.usdTree'))
  }
  for (let spec = 0; spec < specs.path.length; spec++) {
    const node = nodes[specs.path[spec]]
    const prim = specs.type[spec] === SPEC_ATTRIBUTE && node ? prims.get(node.parent) : undefined
    if (!prim || !node) continue
    for (const [field, value] of fieldsOf(tables, specs.fieldSet[spec]))
      if (field === 'default') keep(prim, node.name, value, values)
  }
  return { root }
}

function primOf(tables: Tables, values: UsdValues, named: UsdPrim, set: number): UsdPrim {
  let type = ''
  let composed = false
  for (const [field, value] of fieldsOf(tables, set)) {
    if (field === 'typeName') type = String(values.read(value) ?? '')
    if (COMPOSING.has(field)) composed = true
  }
  return { ...named, type, composed }
}

function depthOf(nodes: readonly (Node | undefined)[], path: number): number {
  let depth = 0
  for (let at = path; at >= 0 && depth < MAX_DEPTH; depth++) at = nodes[at]?.parent ?? -1
  return depth
}

const WANTED =
  /^(xformOp|points$|faceVertex|primvars:displayColor$|orientation$|visibility$|purpose$|upAxis$|metersPerUnit$)/

function keep(prim: UsdPrim, name: string, value: bigint, values: UsdValues): void {
  const read = WANTED.test(name) ? values.read(value) : undefined
  if (read !== undefined) prim.attributes.set(name, read)
}
