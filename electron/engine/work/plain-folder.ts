/** Folders that are no capture of their own, as a camera's card is: what lies in them is imported one by one. */
import { join, relative } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { surestImporter } from '../import/describe.ts'
import type { Importer, ImportSource, LeftOut } from '../import/importer.ts'
import { importers } from '../import/index.ts'
import { tooLarge, unsupportedFormat } from '../import/refusals.ts'
import { openSource } from '../import/source.ts'
import { isEdit } from './import-edit.ts'

/** More are rather the pictures of one recording, or a disk chosen by mistake. */
const MAX_RECORDINGS = 1_000
/** Small copies that cameras write beside their recordings. */
export const PREVIEWS = /\.(?:thm|lrv)$|^THMBNL$/i
const NAMED_STRANGERS = 10
/** Extensions of recordings that mostly belong to other files: such a file is missed by nobody. */
const COMMON_EXTENSIONS = new Set(['txt', 'json', 'csv', 'ts'])

interface Gathered {
  readonly recordings: string[]
  /** Files that nothing here reads. */
  readonly strangers: string[]
  /** Parts of the folder that was named that cannot be read. */
  leftOut: readonly LeftOut[]
}

/**
 * The recordings behind these paths: a file or the folder of a capture is itself one; of another folder it is every recording and
 * every capture in it, sorted, without hidden files. What is broken is among them, so that whoever reads it says why.
 * @param refuse Takes `too_large` for a folder of more than 1,000 and one `unsupported_format` for all files that are no recordings.
 */
export async function recordingsAt(
  paths: readonly string[],
  signal: AbortSignal,
  refuse: (error: unknown, path: string) => void,
): Promise<string[]> {
  const recordings: string[] = []
  for (const path of paths) {
    const found: Gathered = { recordings: [], strangers: [], leftOut: [] }
    try {
      await gather(path, found, signal)
      const isFolderWithout = found.recordings.length === 0
      recordings.push(...(isFolderWithout ? [path] : found.recordings))
      if (!isFolderWithout && found.strangers.length > 0) refuse(strangersIn(path, found.strangers), path)
      for (const part of found.leftOut) refuse(part.failure, part.path)
    } catch (error) {
      refuse(error, path)
    }
  }
  return recordings
}

function strangersIn(path: string, strangers: readonly string[]): AsterismError {
  const named = strangers.slice(0, NAMED_STRANGERS).map((stranger) => relative(path, stranger))
  const [names, more] = [named.join(', '), strangers.length - named.length]
  return unsupportedFormat(
    path,
    more > 0 ? say('file.strangersMore', { names, more }) : say('file.strangers', { names }),
  )
}

async function gather(path: string, found: Gathered, signal: AbortSignal, isWithin = false): Promise<void> {
  throwIfCancelled(signal)
  const source = await openOrNothing(path)
  // Further in, its own folders find the same again.
  if (!isWithin && source?.leftOut) found.leftOut = source.leftOut.filter((part) => !isHidden(source.path, part.path))
  const parts = source?.isDirectory ? visibleParts(source) : []
  const importer = source && surestImporter(source)
  const isPlainFolder = importer ? await liesInOnePart(importer, source, parts) : parts.length > 0
  if (source && isPlainFolder) {
    for (const part of parts) await gather(join(source.path, part), found, signal, true)
    return
  }
  if (isWithin && source && !importer && isStranger(source)) found.strangers.push(path)
  else found.recordings.push(path)
  const count = found.recordings.length + found.strangers.length
  if (count > MAX_RECORDINGS) throw tooLarge(path, say('broken.folderTooFull', { most: MAX_RECORDINGS }))
}

/** What is named like a recording and is none is broken rather than strange: it is refused by itself. */
function isStranger({ path, extension }: ImportSource): boolean {
  if (isEdit(path)) return false
  return COMMON_EXTENSIONS.has(extension) || !importers.some(({ extensions }) => extensions.includes(extension))
}

async function openOrNothing(path: string): Promise<ImportSource | undefined> {
  try {
    return await openSource(path)
  } catch (error) {
    if (error instanceof AsterismError) return undefined
    throw error
  }
}

function isHidden(folder: string, part: string): boolean {
  return relative(folder, part)
    .split(/[\\/]/)
    .some((name) => name.startsWith('.'))
}

/** Names directly below a folder, sorted. */
function visibleParts(source: ImportSource): string[] {
  const names = new Set(source.entries.map((entry) => entry.split('/', 1)[0]!))
  return [...names].filter((name) => !name.startsWith('.') && !PREVIEWS.test(name)).toSorted()
}

/** Whether the capture that was found is that of a folder further in, with other recordings beside it. */
async function liesInOnePart(importer: Importer, source: ImportSource, parts: readonly string[]): Promise<boolean> {
  if (!importer.isOneFolder || parts.length < 2) return false
  for (const part of parts) {
    const inner = await openOrNothing(join(source.path, part))
    if (inner?.isDirectory && importer.supports(inner) > 0) return true
  }
  return false
}
