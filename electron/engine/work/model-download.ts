import type { ModelManifest } from '../../../shared/contract/models.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { downloadModel } from '../models/brought.ts'
import { readManifest } from '../models/manifest-file.ts'
import { listModels } from '../models/model-list.ts'
import { OFFERS } from '../models/offers.ts'
import type { Work } from './registry.ts'

interface Prepared {
  from: { offer: string } | { path: string }
}

/** Fetches a model that a person agreed to; cancelled or cut off, it goes on where it was when it is asked for again. */
export const modelDownloadWork: Work<'modelDownload', Prepared> = {
  kind: 'modelDownload',
  lane: 'background',
  resumesByItself: false,
  prepare: ({ from }, session) => ({
    from: 'offer' in from ? from : { path: session.files.resolve(from.manifest) },
  }),
  title: ({ from }) => ('offer' in from ? `Download ${from.offer}` : 'Download a model'),
  about: ({ from }) => ('offer' in from ? { subject: from.offer } : {}),
  async run({ from }, session, { signal, progress }) {
    const manifest = 'offer' in from ? offer(from.offer) : await readManifest(from.path)
    await downloadModel(session.options.home, manifest, signal, (fraction, file) => progress(fraction, file))
    return await listModels(session.options.home)
  },
}

function offer(id: string): ModelManifest {
  const found = OFFERS.find((each) => each.id === id)
  if (!found) throw new AsterismError('not_found', `No model “${id}” is offered.`, { fix: 'models list names them.' })
  return found
}
