/** The pack that ships: without a lab's probe, what the recordings themselves say. */
import { createHash } from 'node:crypto'
import type { LibraryOnlyPack } from '../../../shared/stars/estimate/estimate-stars.ts'
import pack from '../../../resources/starpack/library-only.json' with { type: 'json' }

export function builtInPack(): LibraryOnlyPack {
  const { id, kind, note, benchmark, halfWidth, shareQuantiles } = pack
  return {
    id,
    kind,
    note,
    benchmark,
    halfWidth,
    shareQuantiles,
    digest: createHash('sha256').update(JSON.stringify(pack)).digest('hex'),
  }
}
