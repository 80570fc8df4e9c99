/** Every model in one list: those that ship, those that were brought, those that can be had. */
import { existsSync, statSync } from 'node:fs'
import type { ModelListEntry, ModelsAnswer } from '../../../shared/contract/models.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { userModels, entryOf, toldOf, USES } from './user-models.ts'
import { MODELS, type ModelEntry } from './catalogue.ts'
import { hasModel, packagedModelPath } from './model-bytes.ts'
import { OFFERS, type Offer } from './offers.ts'

function builtIn(entry: ModelEntry): ModelListEntry {
  const { id, title, use, licence, sha256, source } = entry
  const ready = hasModel(entry)
  const path = packagedModelPath(entry)
  return {
    id,
    title,
    ...toldOf({ use, note: say(ready ? 'model.note.basic' : 'model.note.notInstalled') }),
    origin: 'built-in',
    licence,
    source: `${source.package}@${source.version}`,
    bytes: existsSync(path) ? statSync(path).size : 0,
    digest: sha256,
    ready,
  }
}

function offered({ id, title, licence, files, purpose }: Offer): ModelListEntry {
  return {
    id,
    title,
    ...toldOf({ use: USES[purpose], note: say('model.note.notPinned') }),
    origin: 'offered',
    licence,
    source: files[0]!.url.split('/resolve/')[0]!,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    digest: null,
    ready: false,
  }
}

export async function listModels(home: string): Promise<ModelsAnswer> {
  const brought = await Promise.all((await userModels(home)).map(entryOf))
  const isHere = new Set(brought.filter((entry) => entry.origin === 'downloaded').map((entry) => entry.id))
  return {
    models: [...MODELS.map(builtIn), ...brought, ...OFFERS.filter(({ id }) => !isHere.has(id)).map(offered)],
  }
}
