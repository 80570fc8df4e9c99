/** Whether a project is still what a package was made of. */
import type { Document } from './document.ts'
import type { DocumentRecord } from './records.ts'
import { shortHash } from './short-hash.ts'

const NOTHING = ''

/**
 * What goes into a package of a kind of record. Where a file lies, which cuts are kept and what else was answered does not;
 * when a prediction was made does not either.
 */
function packedOf(record: DocumentRecord): unknown {
  switch (record.kind) {
    case 'location':
    case 'cut':
      return NOTHING
    case 'report':
      return record.subject === 'stars' ? record.data : NOTHING
    default:
      return record
  }
}

/** Members in order: a record that was written to a file and read again is the same. */
const inOrder = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Records never change, they are replaced: what was told of one stays so. */
const keys = new WeakMap<DocumentRecord, string>()

function keyOf(record: DocumentRecord): string {
  let key = keys.get(record)
  if (key === undefined) {
    const packed = packedOf(record)
    key = packed === NOTHING ? NOTHING : shortHash(JSON.stringify(packed, inOrder))
    keys.set(record, key)
  }
  return key
}

/** The same for projects of the same content, in whatever order their records came; another after any change to it. */
export function packedContentKey(document: Document): string {
  return shortHash(Array.from(document.values(), keyOf).sort().join(''))
}
