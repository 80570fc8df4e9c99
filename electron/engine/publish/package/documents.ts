/** The documents of a package, each made from the project and what was packed before it. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { addressOfBytes, addressOfTree } from '../content/unixfs.ts'
import { createHash } from 'node:crypto'
import { withFileErrors } from '../../file-errors.ts'
import { annotationLines } from '../formats/annotations.ts'
import { croissantJson } from '../formats/croissant.ts'
import { licenceUrl } from '../formats/licences.ts'
import { mediaTypeOf } from '../formats/media-types.ts'
import { otioTimeline } from '../formats/otio.ts'
import { vttText } from '../formats/vtt.ts'
import { alignmentJson } from './alignment.ts'
import { readableJson, type Json } from './canonical-json.ts'
import { CREATOR_NOT_NAMED, metadataBytes, type MetadataLink } from './metadata.ts'
import { SEALED_NAME, sealedJson, type SealedAssets } from '../sealed/seal.ts'
import type { PackagedAsset, PackagedFile, Preview } from './packaged.ts'
import { dayOf, type ProjectView } from './project-view.ts'
import { rightsJson } from './rights.ts'

export interface DocumentsInput {
  readonly directory: string
  readonly view: ProjectView
  /** As they were copied: what describes a sealed package speaks of its recordings as they are once opened. */
  readonly assets: readonly PackagedAsset[]
  readonly sealed: SealedAssets | null
  readonly preview: Preview
  readonly licence: string | null
  readonly stars: Json
  readonly creatorAddress: string | null
  readonly supersedes: string | null
}

/** Writes one document and says what it became. */
export async function writeDocument(
  directory: string,
  path: string,
  content: string | Uint8Array,
): Promise<PackagedFile> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const to = join(directory, path)
  await withFileErrors(to, async () => {
    const handle = await open(to, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    path,
    bytes: bytes.length,
    sha256,
    address: await addressOfBytes(bytes),
    mediaType: mediaTypeOf(path),
  }
}

function sensorsOf(view: ProjectView): string[] {
  return [...new Set(view.assets.flatMap((asset) => view.streamsOf(asset.id).map((stream) => stream.sensor)))].sort()
}

function longestSeconds(view: ProjectView): number | null {
  const durations = view.assets.flatMap((asset) => asset.durationSeconds ?? [])
  return durations.length === 0 ? null : Math.max(...durations)
}

function describe(view: ProjectView): string {
  const written = view.rights?.description.trim() ?? ''
  return written === '' ? `${view.project.title}: an aligned recording of ${sensorsOf(view).join(', ')}.` : written
}

/** A path in the package as a URL relative to it. */
function relativeUrl(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** Everything but the manifest, in the order of writing: later documents name earlier ones by their content. */
export async function writeDocuments(input: DocumentsInput): Promise<PackagedFile[]> {
  const { directory, view, assets, sealed, preview, licence } = input
  const packed = sealed?.assets ?? assets
  const written: PackagedFile[] = []
  const write = async (path: string, content: string | Uint8Array): Promise<PackagedFile> => {
    const file = await writeDocument(directory, path, content)
    written.push(file)
    return file
  }
  const packagedById = new Map(assets.map((each) => [each.asset.id, each]))
  await write('alignment.json', readableJson(alignmentJson(view, assets)))
  const urlOf = (assetId: string): string | null => {
    const path = packagedById.get(assetId)?.path
    return path === undefined ? null : relativeUrl(path)
  }
  await write('timeline.otio', otioTimeline(view, urlOf))
  await write('transcript.vtt', vttText(view.captions))
  const annotations = await write('annotations.jsonl', annotationLines(view))
  if (input.stars !== null) await write('stars.json', readableJson(input.stars))
  await write('rights.json', readableJson(rightsJson(view.rights, view.consents, licence, input.creatorAddress)))
  if (sealed !== null) await write(SEALED_NAME, readableJson(sealedJson(assets, sealed)))

  const previews = [preview.video, preview.poster].filter((file) => file !== null)
  const media = await addressOfTree(
    packed.flatMap((asset) =>
      asset.files.map((file) => ({
        path: file.path.slice('media/'.length),
        address: file.address,
      })),
    ),
  )
  await write(
    'croissant.json',
    readableJson(
      croissantJson({
        name: view.project.title,
        description: describe(view),
        licence: licence === null ? 'https://spdx.org/licenses/NOASSERTION' : licenceUrl(licence),
        url: `ipfs://${media.cid.toString()}`,
        creatorName: view.rights?.creatorName || CREATOR_NOT_NAMED,
        datePublished: dayOf(view),
        files: [...written, ...previews, ...packed.filter((asset) => !asset.isFolder).flatMap((asset) => asset.files)],
        folders: packed.filter((asset) => asset.isFolder),
        annotationsPath: annotations.path,
      }),
    ),
  )
  const links: MetadataLink[] = packed.map((asset) => ({
    path: asset.path,
    address: asset.address,
    mediaType: asset.isFolder ? 'inode/directory' : asset.files[0].mediaType,
    bytes: asset.files.reduce((sum, file) => sum + file.bytes, 0),
  }))
  await write(
    'metadata.json',
    metadataBytes({
      name: view.project.title,
      description: describe(view),
      creatorName: view.rights?.creatorName ?? '',
      creatorAddress: input.creatorAddress,
      supersedes: input.supersedes,
      licence,
      trainingUse: view.rights?.trainingUse ?? 'notAllowed',
      sensors: sensorsOf(view),
      durationSeconds: longestSeconds(view),
      poster: preview.poster,
      preview: preview.video,
      sealedFor: sealed?.key.recipient ?? null,
      files: [...links, ...written],
    }),
  )
  return [...written, ...previews]
}
