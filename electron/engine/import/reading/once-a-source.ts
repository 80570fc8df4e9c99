/** What several questions about a recording need is read once. */
import type { ImportContext, ImportSource } from '../importer.ts'

type Reading<T> = (source: ImportSource, context: ImportContext) => Promise<T>

/** The same reading, done once for a source, however often it is asked for; after a failure it is tried again. */
export function onceASource<T>(read: Reading<T>): Reading<T> {
  const known = new WeakMap<ImportSource, Promise<T>>()
  return (source, context) => {
    const found = known.get(source)
    if (found) return found
    const reading = read(source, context)
    known.set(source, reading)
    reading.catch(() => known.delete(source))
    return reading
  }
}
