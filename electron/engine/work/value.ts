import { basename } from 'node:path'
import { valueWorldFile } from '../stars/value-world-file.ts'
import type { Work } from './registry.ts'
import { say } from '../../../shared/sayings/saying.ts'

interface Prepared {
  path: string
}

/** Values bundles of embeddings without media, as a lab would. */
export const valueWork: Work<'value', Prepared> = {
  kind: 'value',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({ path: session.files.resolve(input.world) }),
  title: ({ path }) => `Value ${basename(path)}`,
  about: ({ path }) => ({ subject: basename(path) }),
  async run({ path }, _session, { signal, progress }) {
    const report = await valueWorldFile(path, {
      signal,
      onProgress: (fraction) => progress(fraction, say('work.valuing')),
    })
    const asGiven = (id: string): string | number => (report.isNumbered ? Number(id) : id)
    return {
      score: report.score,
      bundles: report.bundles.map(({ id, same_as, ...bundle }) => ({
        id: asGiven(id),
        ...bundle,
        same_as: same_as === null ? null : asGiven(same_as),
      })),
    }
  },
}
