import type { Importer, ImportSource } from './importer.ts'

/** Of some importers the one that is surest of the source; between equals, the first. */
export function surestOf(importers: readonly Importer[], source: ImportSource): Importer | undefined {
  let best: Importer | undefined
  let bestScore = 0
  for (const importer of importers) {
    const score = importer.supports(source)
    if (score > bestScore) {
      best = importer
      bestScore = score
    }
  }
  return best
}
