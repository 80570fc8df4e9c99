/**
 * What changed between two states of the document, and how to apply it. A list that changed in one place (the clips of a
 * track) is one patch that says what goes out and what comes in there: an edit of a clip among thousands stays small on
 * the wire, in the journal and in the window.
 */
import { z } from 'zod'
import type { Document, DocumentRecord } from './records.ts'

const fieldPatchSchema = z.object({
  op: z.enum(['add', 'remove', 'replace']),
  /** A record's id, then the way into the record; in a list, `add` puts in and `remove` takes out. */
  path: z
    .array(z.union([z.string(), z.number().int()]))
    .min(1)
    .max(12),
  value: z.unknown().optional(),
  /** Of a whole record that is put in: the record that it stands before. Without it, or where that is gone, it comes last. */
  before: z.string().optional(),
})

const splicePatchSchema = z.object({
  op: z.literal('splice'),
  /** A record's id and the field that holds the list. */
  path: z.tuple([z.string(), z.string()]),
  at: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  value: z.array(z.unknown()),
})

export const patchSchema = z.discriminatedUnion('op', [fieldPatchSchema, splicePatchSchema])
type FieldPatch = z.infer<typeof fieldPatchSchema>
type SplicePatch = z.infer<typeof splicePatchSchema>
/** One step into the document. */
export type Patch = FieldPatch | SplicePatch

type Fields = Readonly<Record<string, unknown>>

/**
 * Patches that turn one state of the document into another, in its order. What is the same object in both is not looked
 * into.
 */
export function patchesBetween(before: Document, after: Document): Patch[] {
  const patches: Patch[] = []
  const moved = movedBetween(before, after)
  for (const id of before.keys()) if (!after.has(id) || moved.has(id)) patches.push({ op: 'remove', path: [id] })
  /** Put in, and not known yet before what. */
  let unplaced: FieldPatch[] = []
  for (const [id, record] of after) {
    const old = moved.has(id) ? undefined : before.get(id)
    if (!old) {
      const patch: FieldPatch = { op: 'add', path: [id], value: record }
      patches.push(patch)
      unplaced.push(patch)
      continue
    }
    for (const patch of unplaced) patch.before = id
    if (unplaced.length > 0) unplaced = []
    if (old === record) continue
    if (old.kind !== record.kind) patches.push({ op: 'replace', path: [id], value: record })
    else patches.push(...fieldPatches(id, old as unknown as Fields, record as unknown as Fields))
  }
  return patches
}

/** Records of both that no longer follow one another as they did; as good as always none. */
function movedBetween(before: Document, after: Document): ReadonlySet<string> {
  const moved = new Set<string>()
  if (isInOrder(before, after)) return moved
  const places = new Map([...before.keys()].map((id, place) => [id, place]))
  let last = -1
  for (const id of after.keys()) {
    const place = places.get(id)
    if (place === undefined) continue
    if (place > last) last = place
    else moved.add(id)
  }
  return moved
}

function isInOrder(before: Document, after: Document): boolean {
  const old = before.keys()
  for (const id of after.keys()) {
    if (!before.has(id)) continue
    let next = old.next()
    while (!next.done && !after.has(next.value)) next = old.next()
    if (next.value !== id) return false
  }
  return true
}

function fieldPatches(id: string, before: Fields, after: Fields): Patch[] {
  const patches: Patch[] = []
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[field], after[field]]
    if (was === is) continue
    if (is === undefined) patches.push({ op: 'remove', path: [id, field] })
    else if (was === undefined) patches.push({ op: 'add', path: [id, field], value: is })
    else if (Array.isArray(was) && Array.isArray(is)) patches.push(...splices(id, field, was, is))
    else if (!isSame(was, is)) patches.push({ op: 'replace', path: [id, field], value: is })
  }
  return patches
}

/** None where the lists are the same; else one for what lies between their common beginning and their common end. */
function splices(id: string, field: string, before: readonly unknown[], after: readonly unknown[]): SplicePatch[] {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && isSame(before[head], after[head])) head += 1
  if (head === before.length && head === after.length) return []
  let tail = 0
  while (tail < most - head && isSame(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1
  const value = after.slice(head, after.length - tail)
  return [{ op: 'splice', path: [id, field], at: head, removed: before.length - head - tail, value }]
}

/** Whether two values of the document say the same. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, i) => isSame(each, b[i]))
  }
  const [one, other] = [a as Fields, b as Fields]
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && isSame(one[key], other[key]))
}

/**
 * Applies patches to the document that they were made from. What no patch touches keeps its identity.
 * @throws RangeError where a patch does not fit
 */
export function applyPatches(document: Document, patches: readonly Patch[]): Document {
  const next = new Map(document)
  const own = new OwnCopies()
  const placed = new Placed(next)
  for (const patch of patches) {
    if (patch.op === 'splice') spliceInto(next, own, patch)
    else if (patch.path.length === 1) putRecord(next, placed, patch)
    else applyField(next, own, patch)
  }
  placed.settle()
  return next
}

/** Records that are put in before others. A map takes in at its end alone, so it is laid out anew, once for many. */
class Placed {
  readonly #map: Map<string, DocumentRecord>
  /** By the record that they stand before, in order. */
  readonly #waiting = new Map<string, string[]>()
  readonly #ids = new Set<string>()

  constructor(map: Map<string, DocumentRecord>) {
    this.#map = map
  }

  put(id: string, record: DocumentRecord, before: string): void {
    if (this.#ids.has(before)) this.settle()
    this.#map.set(id, record)
    this.#ids.add(id)
    const others = this.#waiting.get(before)
    if (others) others.push(id)
    else this.#waiting.set(before, [id])
  }

  settle(): void {
    if (this.#ids.size === 0) return
    const records = [...this.#map]
    const placed = new Map([...this.#ids].map((id) => [id, this.#map.get(id)!]))
    this.#map.clear()
    for (const [id, record] of records) {
      if (placed.has(id)) continue
      for (const each of this.#waiting.get(id) ?? []) this.#map.set(each, placed.get(each)!)
      this.#map.set(id, record)
    }
    this.#ids.clear()
    this.#waiting.clear()
  }
}

function putRecord(next: Map<string, DocumentRecord>, placed: Placed, { op, path, value, before }: FieldPatch): void {
  const id = String(path[0])
  if (op === 'remove') {
    placed.settle()
    next.delete(id)
  } else if (op === 'add' && before !== undefined && next.has(before) && !next.has(id)) {
    placed.put(id, value as DocumentRecord, before)
  } else next.set(id, value as DocumentRecord)
}

/** Copies of what is changed, each made once. */
class OwnCopies {
  readonly #made = new Set<object>()

  of<T extends object>(value: T): T {
    if (this.#made.has(value)) return value
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as T
    this.#made.add(copy)
    return copy
  }
}

function spliceInto(
  next: Map<string, DocumentRecord>,
  own: OwnCopies,
  { path: [id, field], ...patch }: SplicePatch,
): void {
  const record = own.of(recordIn(next, id)) as unknown as Record<string, unknown>
  const list = record[field]
  if (!Array.isArray(list) || patch.at + patch.removed > list.length) throw doesNotFit([id, field])
  // Not with spread: a list may be longer than a call has room for arguments.
  record[field] = [...list.slice(0, patch.at), ...patch.value, ...list.slice(patch.at + patch.removed)]
  next.set(id, record as unknown as DocumentRecord)
}

function applyField(next: Map<string, DocumentRecord>, own: OwnCopies, { op, path, value }: FieldPatch): void {
  const id = String(path[0])
  const record = own.of(recordIn(next, id))
  next.set(id, record)
  let holder = record as unknown as Record<string, unknown>
  for (const step of path.slice(1, -1)) {
    const inner = Object.hasOwn(holder, step) ? holder[step] : null
    if (typeof inner !== 'object' || inner === null) throw doesNotFit(path)
    holder = (holder[step] = own.of(inner)) as Record<string, unknown>
  }
  put(holder, op, path, value)
}

function put(holder: Record<string, unknown>, op: FieldPatch['op'], path: FieldPatch['path'], value: unknown): void {
  const last = path.at(-1)!
  if (!Array.isArray(holder)) {
    if (op === 'remove') delete holder[last]
    // Assigned, `__proto__` would be the prototype and no field.
    else Object.defineProperty(holder, last, { value, enumerable: true, configurable: true, writable: true })
    return
  }
  // Journals of earlier versions cut lists by their length.
  if (last === 'length') {
    if (typeof value !== 'number' || value > holder.length) throw doesNotFit(path)
    holder.length = value
    return
  }
  const at = Number(last)
  if (!Number.isInteger(at) || at < 0 || at > holder.length - (op === 'add' ? 0 : 1)) throw doesNotFit(path)
  if (op === 'add') holder.splice(at, 0, value)
  else if (op === 'remove') holder.splice(at, 1)
  else holder[at] = value
}

function recordIn(document: Document, id: string): DocumentRecord {
  const record = document.get(id)
  if (!record) throw doesNotFit([id])
  return record
}

function doesNotFit(path: readonly (string | number)[]): RangeError {
  return new RangeError(`a patch leads to ${path.join('.')}, which is not there`)
}

/** The ids of the records that patches touch. */
export function touchedIds(patches: readonly Patch[]): Set<string> {
  return new Set(patches.map((patch) => String(patch.path[0])))
}
