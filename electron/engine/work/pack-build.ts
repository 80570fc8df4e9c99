import { basename } from 'node:path'
import { Encoders } from '../models/encoders.ts'
import { buildPack } from '../stars/build-pack.ts'
import { packEntry } from '../stars/pack-store.ts'
import { readStarpack } from '../stars/starpack-file.ts'
import type { Work } from './registry.ts'

interface Prepared {
  source: string
  out: string
  key: string
  title: string | null
}

/** A lab's own valuation pack. */
export const packBuildWork: Work<'packBuild', Prepared> = {
  kind: 'packBuild',
  lane: 'main',
  resumesByItself: false,
  prepare: ({ source, out, key, title }, { files }) => ({
    source: files.resolve(source),
    out: files.resolve(out),
    key: files.resolve(key),
    title,
  }),
  title: ({ source }) => `Build a pack from ${basename(source)}`,
  about: ({ source }) => ({ subject: basename(source) }),
  async run(prepared, _session, { signal, progress, log }) {
    const encoders = new Encoders(signal)
    const built = buildPack(prepared, {
      encoders,
      signal,
      log,
      onProgress: (fraction) => progress(fraction, 'Looking at the pictures'),
    })
    const { bytes, figures } = await built.finally(() => encoders.close())
    return { path: prepared.out, pack: packEntry(readStarpack(bytes, 'foreign')), figures: { ...figures } }
  },
}
