/** Who speaks in a recording as long as nobody said: a microphone of its own is a voice of its own. */
import { recordsOf, type Document } from './document.ts'

/**
 * Names by recording. Cameras hear everybody and name nobody; where there is a single voice, nothing has to be told
 * apart. Attempts of a commentary through one microphone are one voice.
 */
export function defaultSpeakers(document: Document): ReadonlyMap<string, string> {
  const sensors = new Map<string, Set<string>>()
  for (const { assetId, sensor } of recordsOf(document, 'stream'))
    sensors.set(assetId, (sensors.get(assetId) ?? new Set()).add(sensor))
  const takes = new Map(recordsOf(document, 'commentaryTake').map((take) => [take.assetId, take]))
  const names = new Map<string, string>()
  for (const { id, title } of recordsOf(document, 'asset')) {
    const own = sensors.get(id)
    if (own?.has('audio') && !own.has('video')) names.set(id, takes.get(id)?.microphone || title)
  }
  return new Set(names.values()).size > 1 ? names : new Map()
}
