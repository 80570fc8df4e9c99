/** Every model in one list: those that ship, those that were brought, those that can be had. */
import { existsSync, statSync } from 'node:fs'
import type { ModelListEntry, ModelsAnswer } from '../../../shared/contract/models.ts'
import { broughtModels, entryOf, USES } from './brought.ts'
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
    use,
    origin: 'built-in',
    licence,
    source: `${source.package}@${source.version}`,
    bytes: existsSync(path) ? statSync(path).size : 0,
    digest: sha256,
    ready,
    note: ready ? 'basic: small enough to ship' : 'its package is not installed',
  }
}

const NOT_PINNED = 'about this size; known by its own digest once it is here'

function offered({ id, title, licence, files, purpose }: Offer): ModelListEntry {
  return {
    id,
    title,
    use: USES[purpose],
    origin: 'offered',
    licence,
    source: files[0]!.url.split('/resolve/')[0]!,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    digest: null,
    ready: false,
    note: NOT_PINNED,
  }
}

export async function listModels(home: string): Promise<ModelsAnswer> {
  const brought = await Promise.all((await broughtModels(home)).map(entryOf))
  const isHere = new Set(brought.filter((entry) => entry.origin === 'downloaded').map((entry) => entry.id))
  return {
    models: [...MODELS.map(builtIn), ...brought, ...OFFERS.filter(({ id }) => !isHere.has(id)).map(offered)],
  }
}
