import { basename, dirname, join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { openSource } from '../../import/source.ts'
import { addressOfFile, addressOfTree, type FileAddress } from '../content/unixfs.ts'
import { croissantJson, type CroissantFile, type CroissantFolder } from '../formats/croissant.ts'
import { licenceUrl } from '../formats/licences.ts'
import { mediaTypeOf } from '../formats/media-types.ts'
import { readableJson } from '../package/canonical-json.ts'
import { uniqueNames } from '../package/file-names.ts'
import { dayOf, type ProjectView } from '../package/project-view.ts'
import type { ExportInput, ExportOptions } from './exporter.ts'
import { textExporter } from './text-exporter.ts'

interface Described {
  readonly files: CroissantFile[]
  readonly folders: CroissantFolder[]
  readonly addresses: { path: string; address: FileAddress }[]
}

/** Where a file lies as seen from the description: below its folder by its own path, elsewhere by its name. */
function placeOf(path: string, folder: string, nameOf: (name: string) => string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : nameOf(basename(path))
}

async function describeAssets(
  view: ProjectView,
  input: ExportInput,
  outPath: string,
  options: ExportOptions,
): Promise<Described> {
  const described: Described = { files: [], folders: [], addresses: [] }
  const nameOf = uniqueNames()
  const add = async (path: string, place: string): Promise<CroissantFile> => {
    const address = await addressOfFile(path, options.signal)
    described.addresses.push({ path: place, address })
    return { path: place, bytes: address.bytes, sha256: address.sha256, mediaType: mediaTypeOf(place) }
  }
  for (const [n, asset] of view.assets.entries()) {
    const path = input.assetPath(asset.id)
    if (path === null) {
      throw new AsterismError('not_found', say('media.recordingMoved', { title: asset.title }), {
        fix: say('export.fix.relink'),
      })
    }
    const place = placeOf(path, dirname(outPath), nameOf)
    const source = await openSource(path)
    if (source.isDirectory) {
      const files: CroissantFile[] = []
      for (const entry of source.entries) files.push(await add(join(source.path, entry), `${place}/${entry}`))
      described.folders.push({ path: place, files })
    } else described.files.push(await add(path, place))
    options.onProgress?.((n + 1) / view.assets.length)
  }
  return described
}

/** The originals described as a dataset; a package has the same of its copies. */
export const croissantExporter = textExporter(
  { id: 'croissant', title: 'Croissant 1.1 dataset description', extension: '.json', purpose: 'datasets' },
  async (view, input, outPath, options) => {
    if (view.assets.length === 0) {
      throw new AsterismError('bad_input', say('export.noRecordings'), { fix: say('export.fix.importFirst') })
    }
    const { files, folders, addresses } = await describeAssets(view, input, outPath, options)
    const tree = await addressOfTree(addresses)
    const licence = view.rights?.licence ?? null
    return readableJson(
      croissantJson({
        name: view.project.title,
        description: view.rights?.description || `${view.project.title}: ${view.assets.length} recordings.`,
        licence: licence === null ? 'https://spdx.org/licenses/NOASSERTION' : licenceUrl(licence),
        url: `ipfs://${tree.cid.toString()}`,
        creatorName: view.rights?.creatorName || 'not named',
        datePublished: dayOf(view),
        files,
        folders,
        annotationsPath: null,
      }),
    )
  },
)
