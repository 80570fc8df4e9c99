/**
 * Captures in ZIP archives, as apps of phones share them: unpacked beside the project's other caches, and read there by the
 * importer that knows the folder. A scan that was packed with its textures is read, too; any other archive is to be unpacked.
 */
import { join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, Importer, ImportSource, PackedFile } from '../importer.ts'
import { derivedPart } from '../media/derived-film.ts'
import { onceASource } from '../reading/once-a-source.ts'
import { asciiText } from '../reading/text-lines.ts'
import { readZipDirectory } from '../reading/zip-archive.ts'
import { isContent, unpackZip } from '../reading/zip-unpack.ts'
import { emptyFile, unsupportedFormat } from '../refusals.ts'
import { openSource } from '../source.ts'
import { surestOf } from '../surest.ts'

/** Scans of one file; what else lies beside them is their textures. */
const SCANS = /\.(?:ply|obj|glb|gltf|usdz|stl|pcd|las|laz|e57|spz)$/i
const TEXTURES = /\.(?:mtl|jpe?g|png|webp|bin|txt|xyz)$/i
/** Less than any importer that knows what an archive is. */
const SURENESS = 0.05
const NAMED = 5

interface Inside {
  readonly importer: Importer
  readonly source: ImportSource
}

function contentOf(source: ImportSource): readonly PackedFile[] {
  return (source.packed ?? []).filter(isContent)
}

/** A scan and its textures. */
function onlyScan(files: readonly PackedFile[]): string | undefined {
  const scans = files.filter(({ name }) => SCANS.test(name))
  return scans.length === 1 && files.every(({ name }) => SCANS.test(name) || TEXTURES.test(name))
    ? scans[0]!.name
    : undefined
}

/** The archive as the folder that it will be. */
function folderOf(source: ImportSource, path: string): ImportSource {
  const files = contentOf(source)
  return {
    path,
    name: source.name.replace(/\.zip$/i, ''),
    extension: '',
    isDirectory: true,
    byteLength: files.reduce((sum, { bytes }) => sum + bytes, 0),
    head: new Uint8Array(0),
    entries: files.map(({ name }) => name).toSorted(),
  }
}

export function packedImporter(importers: readonly Importer[]): Importer {
  const folderPart = (source: ImportSource, { tools, signal }: Pick<ImportContext, 'tools' | 'signal'>) =>
    derivedPart(source, 'unpacked', tools, (path) => unpackZip(source, path, signal))

  /** Who reads the folder, before it is there. */
  const folderReader = (source: ImportSource, path: string): Inside | undefined => {
    const folder = folderOf(source, path)
    const importer = folder.entries.length > 0 ? surestOf(importers, folder) : undefined
    return importer && { importer, source: folder }
  }

  const refuse = async (source: ImportSource): Promise<never> => {
    // Says what is wrong with a directory that could not be read.
    if (!source.packed) await readZipDirectory(source)
    const names = contentOf(source).map(({ name }) => name)
    if (names.length === 0) throw emptyFile(source.path, say('file.archiveEmpty'))
    const shown = names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', …' : '')
    throw unsupportedFormat(source.path, say('file.archiveUnknown', { names: shown }), say('file.fix.unpack'))
  }

  const insideOf = onceASource(async (source, context): Promise<Inside> => {
    const part = folderPart(source, context)
    const reader = folderReader(source, part.path)
    const scan = reader ? undefined : onlyScan(contentOf(source))
    if (!reader && scan === undefined) return await refuse(source)
    await part.make()
    if (reader) return reader
    const inner = await openSource(join(part.path, ...scan!.split('/')))
    const importer = surestOf(importers, inner)
    return importer ? { importer, source: inner } : await refuse(source)
  })

  /** What goes wrong inside is told of the archive: nobody knows the folder that it was unpacked into. */
  async function within<T>(
    source: ImportSource,
    context: ImportContext,
    ask: (inside: Inside) => Promise<T> | undefined,
  ): Promise<T> {
    try {
      const answer = ask(await insideOf(source, context))
      if (answer) return await answer
    } catch (error) {
      throw error instanceof AsterismError ? error.with({ path: source.path }) : error
    }
    throw new AsterismError('bad_input', say('broken.streamOther'), { path: source.path })
  }

  return {
    id: 'packed',
    title: say('readable.packed'),
    extensions: ['zip'],
    supports: ({ head, extension, isDirectory }) =>
      !isDirectory && extension === 'zip' && asciiText(head, 0, 4) === 'PK\x03\x04' ? SURENESS : 0,
    prepare: (source, context) =>
      within(source, context, async ({ importer, source: inner }) => importer.prepare?.(inner, context)),
    read: (source, context) => within(source, context, ({ importer, source: inner }) => importer.read(inner, context)),
    loadScan: (source, index, context) =>
      within(source, context, ({ importer, source: inner }) => importer.loadScan?.(inner, index, context)),
    loadPoses: (source, index, context) =>
      within(source, context, ({ importer, source: inner }) => importer.loadPoses?.(inner, index, context)),
    loadJoints: (source, index, context) =>
      within(source, context, ({ importer, source: inner }) => importer.loadJoints?.(inner, index, context)),
    loadImu: (source, index, context) =>
      within(source, context, ({ importer, source: inner }) => importer.loadImu?.(inner, index, context)),
    loadDepthFrame: (source, index, frame, context) =>
      within(source, context, ({ importer, source: inner }) => importer.loadDepthFrame?.(inner, index, frame, context)),
    mediaPart(source, index, context) {
      const part = folderPart(source, context)
      const reader = folderReader(source, part.path)
      const media = reader?.importer.mediaPart?.(reader.source, index, context)
      return (
        media && {
          path: media.path,
          make: async () => {
            await part.make()
            await media.make?.()
          },
        }
      )
    },
  }
}
