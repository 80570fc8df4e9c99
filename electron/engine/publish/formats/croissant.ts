/** `croissant.json`: the package as a dataset that loaders read by themselves (Croissant 1.1, mlcommons.org/croissant). */
import type { Json } from '../package/canonical-json.ts'
import { ANNOTATION_COLUMNS } from './annotations.ts'
import { CROISSANT_CONTEXT, CROISSANT_VERSION } from './croissant-context.ts'

export interface CroissantFile {
  /** Relative to croissant.json, `/`-separated. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly mediaType: string
}

export interface CroissantFolder {
  readonly path: string
  readonly files: readonly CroissantFile[]
}

export interface CroissantInput {
  readonly name: string
  readonly description: string
  readonly licence: string
  readonly url: string
  readonly creatorName: string
  /** `yyyy-mm-dd` */
  readonly datePublished: string
  readonly files: readonly CroissantFile[]
  readonly folders: readonly CroissantFolder[]
  /** The path of annotations.jsonl among the files, where there is one. */
  readonly annotationsPath: string | null
}

/** A folder of more files is described by patterns; the manifest still names each of them with its digest. */
const MOST_FILES_LISTED = 200

function urlPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function fileObject(file: CroissantFile): Json {
  return {
    '@type': 'cr:FileObject',
    '@id': urlPath(file.path),
    name: file.path,
    contentUrl: urlPath(file.path),
    contentSize: `${file.bytes} B`,
    encodingFormat: file.mediaType,
    sha256: file.sha256,
  }
}

function fileSets(folder: CroissantFolder): Json[] {
  const patterns = new Map<string, string>()
  for (const file of folder.files) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1)
    const dot = name.lastIndexOf('.')
    const pattern = `${file.path.slice(0, file.path.length - name.length)}${dot < 0 ? name : `*${name.slice(dot)}`}`
    patterns.set(pattern, file.mediaType)
  }
  return [...patterns].map(([includes, encodingFormat]) => ({
    '@type': 'cr:FileSet',
    '@id': `set/${urlPath(includes)}`,
    name: includes,
    encodingFormat,
    includes,
  }))
}

const COLUMN_TYPES: Readonly<Record<(typeof ANNOTATION_COLUMNS)[number], string>> = {
  kind: 'sc:Text',
  start_s: 'sc:Float',
  end_s: 'sc:Float',
  text: 'sc:Text',
  note: 'sc:Text',
  source: 'sc:Text',
  asset: 'sc:Text',
  color: 'sc:Text',
}

function annotationSet(path: string): Json {
  return {
    '@type': 'cr:RecordSet',
    '@id': 'annotations',
    name: 'annotations',
    description: 'Markers and captions; times in seconds of the project.',
    field: ANNOTATION_COLUMNS.map((column) => ({
      '@type': 'cr:Field',
      '@id': `annotations/${column}`,
      name: column,
      dataType: COLUMN_TYPES[column],
      // The loader reads lines of JSON by column; with a JSON path it finds nothing.
      source: { fileObject: { '@id': urlPath(path) }, extract: { column } },
    })),
  }
}

/** The description of a package. */
export function croissantJson(input: CroissantInput): Json {
  const listed = input.folders.filter((folder) => folder.files.length <= MOST_FILES_LISTED)
  const patterned = input.folders.filter((folder) => folder.files.length > MOST_FILES_LISTED)
  return {
    '@context': CROISSANT_CONTEXT,
    '@type': 'sc:Dataset',
    name: input.name,
    description: input.description,
    conformsTo: CROISSANT_VERSION,
    license: input.licence,
    url: input.url,
    creator: { '@type': 'sc:Person', name: input.creatorName },
    datePublished: input.datePublished,
    version: '1.0.0',
    distribution: [
      ...input.files.map(fileObject),
      ...listed.flatMap((folder) => folder.files.map(fileObject)),
      ...patterned.flatMap(fileSets),
    ],
    recordSet: input.annotationsPath === null ? [] : [annotationSet(input.annotationsPath)],
  }
}
