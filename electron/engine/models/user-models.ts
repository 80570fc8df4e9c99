/**
 * Models that the user added: own folders and downloads. Each is identified by its id and one digest over its files; its
 * card is in the home folder under that digest. Files are hashed again before every use.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelListEntry, ModelManifest } from '../../../shared/contract/models.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { inEnglish, say, type Saying } from '../../../shared/sayings/saying.ts'
import { readJsonIfThere, writeDurably } from '../chain/durable-file.ts'
import { hashFile } from '../import/content-hash.ts'
import { requireFreeSpace } from '../media/disk.ts'
import type { ProcessSpawner } from '../process-channel.ts'
import { safeSegments } from '../window/upload-handler.ts'
import { downloadFile } from './download.ts'
import { startModel } from './user-model-process.ts'
import { readLayout, type ModelPurpose } from './layout.ts'
import { cardSchema, type ModelCard } from './model-card.ts'

/** What models of a purpose are for, as people read it. */
export const USES: Readonly<Record<ModelPurpose, Saying>> = {
  'speech-to-text': say('model.use.speech'),
  'picture-text': say('model.use.pictureText'),
}

const modelsFolder = (home: string): string => join(home, 'models')
const cardPath = (home: string, digest: string): string => join(modelsFolder(home), `${digest}.json`)

/** One digest over names and digests of the files, as `sha256sum` lists them: the same wherever they lie. */
function digestOf(files: ModelCard['files']): string {
  const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  return createHash('sha256')
    .update(inOrder.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(''))
    .digest('hex')
}

export async function userModels(home: string): Promise<ModelCard[]> {
  if (!existsSync(modelsFolder(home))) return []
  const cards: ModelCard[] = []
  for (const name of (await readdir(modelsFolder(home))).sort()) {
    if (!/^[0-9a-f]{64}\.json$/.test(name)) continue
    const card = cardSchema.safeParse(await readJsonIfThere(join(modelsFolder(home), name)))
    if (card.success) cards.push(card.data)
  }
  return cards
}

/** Whether all files of a model are there, by name and size; their content is looked at before use. */
async function whyNotReady(card: ModelCard): Promise<Saying | null> {
  for (const { path, bytes } of card.files) {
    const found = await stat(join(card.folder, path)).catch(() => null)
    if (!found) return say('model.fileGone', { path })
    if (found.size !== bytes) return say('model.fileChanged', { path })
  }
  return null
}

/** What is said of a model in the list: in English for programs, as sayings for the window. */
export function toldOf({
  use,
  note,
}: {
  use: Saying
  note: Saying | null
}): Pick<ModelListEntry, 'use' | 'note' | 'said'> {
  return { use: inEnglish(use), note: note ? inEnglish(note) : '', said: note ? { use, note } : { use } }
}

export async function entryOf(card: ModelCard): Promise<ModelListEntry> {
  const reason = await whyNotReady(card)
  const { id, title, origin, licence, source, digest, purpose } = card
  return {
    id,
    title,
    ...toldOf({ use: USES[purpose], note: reason }),
    origin,
    licence,
    source,
    bytes: card.files.reduce((sum, file) => sum + file.bytes, 0),
    digest,
    ready: reason === null,
  }
}

/** Takes a folder into use where it lies. @throws AsterismError `unsupported_format` saying what is missing */
export async function addModelFolder(
  home: string,
  folder: string,
  licence: string,
  context: BringContext,
): Promise<void> {
  const name = basename(folder)
  const head: CardHead = { id: name, title: name, licence, origin: 'folder', source: name }
  await keepCard(home, await cardOf(folder, head, context))
}

export interface BringContext {
  readonly signal: AbortSignal
  /** How the process of a model is made, where the host has a way of its own. */
  readonly spawn?: ProcessSpawner | undefined
}

type CardHead = Pick<ModelCard, 'id' | 'title' | 'licence' | 'origin' | 'source'>

/** A model that does not open, or does not answer as its kind does, is refused here and not when it is needed. */
async function cardOf(folder: string, head: CardHead, { signal, spawn }: BringContext): Promise<ModelCard> {
  const layout = await readLayout(folder)
  const files: ModelCard['files'] = []
  for (const path of layout.files) {
    const full = join(folder, path)
    files.push({ path, bytes: (await stat(full)).size, sha256: await hashFile(full, signal) })
  }
  const card = { ...head, purpose: layout.purpose, folder, digest: digestOf(files), files }
  const model = startModel(card, signal, spawn)
  try {
    await model.ask({ kind: 'ready' })
  } finally {
    model.close()
  }
  return card
}

async function keepCard(home: string, card: ModelCard): Promise<void> {
  await writeDurably(cardPath(home, card.digest), JSON.stringify(card, null, 2))
}

/** @throws AsterismError `bad_input` for a manifest that would write outside its folder */
export function assertSafePaths(manifest: ModelManifest): void {
  for (const { path } of manifest.files)
    if (!safeSegments(path)) throw new AsterismError('bad_input', say('model.badPath', { path }))
}

/** Fetches the files of a manifest and takes them into use; called again after a failure, it goes on where it was. */
export async function downloadModel(
  home: string,
  manifest: ModelManifest,
  context: BringContext,
  onProgress: (fraction: number, file: string) => void,
): Promise<ModelCard> {
  assertSafePaths(manifest)
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  // Another manifest under the same id must not go on with the files of this one.
  const key = createHash('sha256').update(JSON.stringify(manifest)).digest('hex').slice(0, 16)
  const coming = join(modelsFolder(home), `${manifest.id}-${key}.coming`)
  await requireFreeSpace(coming, total)
  let before = 0
  for (const file of manifest.files) {
    const path = join(coming, file.path)
    const report = (bytes: number): void => onProgress(Math.min(1, (before + bytes) / total), file.path)
    if (!existsSync(path)) await downloadFile(file, path, context.signal, report)
    before += file.bytes
    report(0)
  }
  const { host } = new URL(manifest.files[0]!.url)
  const head: CardHead = { ...manifest, origin: 'downloaded', source: host }
  const card = await cardOf(coming, pick(head), context).catch(async (error: unknown) => {
    // What came whole and is no model that can be used is not kept for another try.
    const isRefused = error instanceof AsterismError && ['corrupt_file', 'unsupported_format'].includes(error.code)
    if (isRefused) await rm(coming, { recursive: true, force: true })
    throw error
  })
  const folder = join(modelsFolder(home), card.digest)
  await rm(folder, { recursive: true, force: true })
  await rename(coming, folder)
  const placed = { ...card, folder }
  await keepCard(home, placed)
  return placed
}

const pick = ({ id, title, licence, origin, source }: CardHead): CardHead => ({ id, title, licence, origin, source })

/** Forgets a model; files that were downloaded go, a folder of the person's stays. */
export async function removeModel(home: string, digest: string): Promise<void> {
  const card = (await userModels(home)).find((each) => each.digest === digest)
  if (!card) throw new AsterismError('not_found', say('model.notBrought'))
  if (card.origin === 'downloaded') await rm(join(modelsFolder(home), digest), { recursive: true, force: true })
  await rm(cardPath(home, digest), { force: true })
}

/** The models for a purpose whose files are there. */
export async function readyModels(home: string, purpose: ModelPurpose): Promise<ModelCard[]> {
  const cards: ModelCard[] = []
  for (const card of await userModels(home)) {
    if (card.purpose === purpose && (await whyNotReady(card)) === null) cards.push(card)
  }
  return cards
}

/** @throws AsterismError `corrupt_file` where the files of a model are not those that were taken into use */
export async function requireUnchanged(card: ModelCard, signal: AbortSignal): Promise<void> {
  for (const { path, sha256 } of card.files) {
    if ((await hashFile(join(card.folder, path), signal)) !== sha256)
      throw new AsterismError('corrupt_file', say('model.changed', { path, title: card.title }), {
        path: join(card.folder, path),
        fix: say('model.fix.bringAgain'),
      })
  }
}
