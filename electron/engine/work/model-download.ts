import { say } from '../../../shared/sayings/saying.ts'
import { downloadModel } from '../models/user-models.ts'
import { readManifest } from '../models/manifest-file.ts'
import { listModels } from '../models/model-list.ts'
import { manifestOfOffer } from '../models/offers.ts'
import type { Work } from './registry.ts'

interface Prepared {
  from: { offer: string; base: string | null } | { path: string }
}

/** Fetches a model that a person agreed to; cancelled or cut off, it goes on where it was when it is asked for again. */
export const modelDownloadWork: Work<'modelDownload', Prepared> = {
  kind: 'modelDownload',
  lane: 'background',
  resumesByItself: false,
  prepare: ({ from }, session) => ({
    from:
      'offer' in from ? { offer: from.offer, base: from.base ?? null } : { path: session.files.resolve(from.manifest) },
  }),
  title: ({ from }) => ('offer' in from ? `Download ${from.offer}` : 'Download a model'),
  about: ({ from }) => ('offer' in from ? { subject: from.offer } : {}),
  async run({ from }, session, { signal, progress }) {
    const manifest = 'offer' in from ? manifestOfOffer(from.offer, from.base) : await readManifest(from.path)
    const { home, host } = session.options
    await downloadModel(home, manifest, { signal, spawn: host.spawnModel }, (fraction, file) =>
      progress(fraction, say('work.fetching', { name: file })),
    )
    return await listModels(home)
  },
}
