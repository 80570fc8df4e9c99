/** Finds the importer of a file or folder and asks it what the recording is, within limits. */
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource } from './importer.ts'
import { importers } from './index.ts'
import { textTable } from './reading/text-head.ts'
import { corruptFile, unsupportedFormat } from './refusals.ts'
import { surestOf } from './surest.ts'
import { openSource } from './source.ts'
import { unreadKind } from './unread-kinds.ts'

/** No file may hold up a job for longer than this. */
const DESCRIBE_LIMIT_MILLISECONDS = 30_000

/** What the registry looked at, in words, for a refusal that helps. */
function appearance(source: ImportSource): Saying {
  if (source.isDirectory) {
    const names = source.entries.slice(0, 5).join(', ')
    return say('file.looks.folder', {
      files: source.entries.length,
      names: source.entries.length > 5 ? `${names}, …` : names,
    })
  }
  const start = source.head.subarray(0, 8)
  const hex = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const { extension } = source
  const name = extension === '' ? say('file.looks.noExtension') : say('file.looks.extension', { extension })
  return say('file.looks.file', { bytes: source.byteLength, name, start: hex })
}

/** The importer that is surest of the source; between equals, the first in the registry. */
export function surestImporter(source: ImportSource): Importer | undefined {
  return surestOf(importers, source)
}

/** @throws `unsupported_format` naming what was looked at. */
export function chooseImporter(source: ImportSource): Importer {
  const surest = surestImporter(source)
  if (surest) return surest
  const kind = unreadKind(source)
  if (kind)
    throw unsupportedFormat(source.path, say('unread.is', { what: kind.what }), kind.fix ?? say('file.fix.importable'))
  const table = textTable(source, 1)
  const columns = table?.names.length ? table.names : (table?.strangeNames ?? [])
  if (columns.length > 0) {
    const names = columns.slice(0, 12).join(', ') + (columns.length > 12 ? ', …' : '')
    throw unsupportedFormat(source.path, say('file.strangeColumns', { names }), say('file.fix.importable'))
  }
  const named = importers.find((importer) => importer.extensions.includes(source.extension))
  const what = appearance(source)
  throw unsupportedFormat(
    source.path,
    named ? say('file.mislabelled', { what, title: named.title }) : say('file.unknown', { what }),
    say('file.fix.importable'),
  )
}

export interface Description {
  readonly importer: Importer
  readonly source: ImportSource
  readonly asset: ImportedAsset
}

/** A reader that hit something no check foresaw still ends in a refusal that names the file. */
function refusalOf(error: unknown, source: ImportSource, importer: Importer): unknown {
  if (error instanceof AsterismError) return error
  const { message } = error instanceof Error ? error : { message: String(error) }
  return corruptFile(source.path, say('file.unreadableAs', { title: importer.title, detail: message }), error)
}

/**
 * Describes a file or capture folder. Ends after 30 s at the latest, with `timeout`.
 * @throws `unsupported_format`, `corrupt_file`, `empty_file`, `too_large`, `bad_input`, `not_found`, `timeout`, `cancelled`.
 */
export async function describe(path: string, context: ImportContext): Promise<Description> {
  const source = await openSource(path)
  const importer = chooseImporter(source)
  await prepared(importer, source, context)
  const timeout = AbortSignal.timeout(DESCRIBE_LIMIT_MILLISECONDS)
  const signal = AbortSignal.any([context.signal, timeout])
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(stopReason(context.signal, source))
  if (signal.aborted) throw stopReason(context.signal, source)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const asset = await Promise.race([importer.read(source, { ...context, signal }), stopped.promise])
    return { importer, source, asset }
  } catch (error) {
    if (signal.aborted) throw stopReason(context.signal, source)
    throw refusalOf(error, source, importer)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function prepared(importer: Importer, source: ImportSource, context: ImportContext): Promise<void> {
  try {
    await importer.prepare?.(source, context)
  } catch (error) {
    throw refusalOf(error, source, importer)
  }
}

function stopReason(cancelled: AbortSignal, source: ImportSource): AsterismError {
  if (cancelled.aborted) return new AsterismError('cancelled', 'Cancelled.', { path: source.path })
  const limit = DESCRIBE_LIMIT_MILLISECONDS / 1000
  return new AsterismError('timeout', say('file.slow', { seconds: limit }), { path: source.path })
}
