/**
 * The rules a Croissant 1.1 file is held to: those of the specification (required properties of the dataset) and those
 * that its reference loader enforces (digests and formats of files, no dangling ids, types of fields).
 */
import { isDeepStrictEqual } from 'node:util'
import { CROISSANT_CONTEXT, CROISSANT_VERSION, SCHEMA_ORG } from './croissant-context.ts'

type Node = Readonly<Record<string, unknown>>

const REQUIRED = ['name', 'description', 'license', 'url', 'creator', 'datePublished'] as const
const SEMVER = /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nodes(value: unknown): Node[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(isNode)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function idOf(node: Node): string {
  return typeof node['@id'] === 'string' ? node['@id'] : '(without @id)'
}

function* referencesIn(value: unknown): Generator<string> {
  for (const node of nodes(value)) {
    const members = Object.keys(node)
    if (members.length === 1 && typeof node['@id'] === 'string') yield node['@id']
    else
      for (const key of members)
        if (key !== '@context' && key !== 'data' && key !== 'examples') yield* referencesIn(node[key])
  }
}

function* datasetFaults(dataset: Node): Generator<string> {
  const context = dataset['@context']
  if (!isNode(context) || context['@vocab'] !== SCHEMA_ORG || context.sc !== SCHEMA_ORG) {
    yield `@context must name ${SCHEMA_ORG} as its vocabulary and as "sc"`
  } else if (Object.entries(CROISSANT_CONTEXT).some(([term, meaning]) => !isDeepStrictEqual(context[term], meaning))) {
    yield '@context must give the terms of Croissant their meanings'
  }
  if (dataset['@type'] !== 'sc:Dataset') yield '@type must be sc:Dataset'
  const conforms = dataset.conformsTo ?? dataset['dct:conformsTo']
  if (!(Array.isArray(conforms) ? conforms : [conforms]).includes(CROISSANT_VERSION)) {
    yield `conformsTo must name ${CROISSANT_VERSION}`
  }
  for (const name of REQUIRED) if (isEmpty(dataset[name])) yield `${name} is required`
  if (typeof dataset.datePublished === 'string' && Number.isNaN(Date.parse(dataset.datePublished))) {
    yield 'datePublished must be a date'
  }
  if (dataset.version !== undefined && !SEMVER.test(String(dataset.version))) yield 'version must be a semantic version'
  if (nodes(dataset.distribution).length === 0) yield 'distribution is required'
}

function* distributionFaults(dataset: Node): Generator<string> {
  for (const file of nodes(dataset.distribution)) {
    const id = idOf(file)
    if (typeof file['@id'] !== 'string') yield 'a member of distribution has no @id'
    if (isEmpty(file.encodingFormat)) yield `${id}: encodingFormat is required`
    if (isEmpty(file.name)) yield `${id}: name is required`
    if (file['@type'] === 'cr:FileObject') {
      if (isEmpty(file.contentUrl) && isEmpty(file.containedIn)) yield `${id}: contentUrl is required`
      const digest = file.sha256 ?? file.md5
      if (isEmpty(digest) && dataset.isLiveDataset !== true) yield `${id}: sha256 or md5 is required`
      if (!isEmpty(file.sha256) && !/^[0-9a-f]{64}$/.test(String(file.sha256))) yield `${id}: sha256 is malformed`
    } else if (file['@type'] === 'cr:FileSet') {
      if (isEmpty(file.includes)) yield `${id}: includes is required`
    } else yield `${id}: @type must be cr:FileObject or cr:FileSet`
  }
}

function* recordFaults(dataset: Node): Generator<string> {
  const formats = new Map(nodes(dataset.distribution).map((file) => [idOf(file), String(file.encodingFormat)]))
  for (const set of nodes(dataset.recordSet)) {
    if (nodes(set.field).length === 0 && isEmpty(set.data)) yield `${idOf(set)}: field is required`
    for (const field of nodes(set.field)) {
      const id = idOf(field)
      if (isEmpty(field.dataType)) yield `${id}: dataType is required`
      if (isEmpty(field.name)) yield `${id}: name is required`
      if (field.isArray === true && isEmpty(field.arrayShape)) yield `${id}: arrayShape is required with isArray`
      const source = nodes(field.source).at(0)
      if (source === undefined) {
        if (isEmpty(field.subField) && isEmpty(set.data)) yield `${id}: source is required`
        continue
      }
      const extract = nodes(source.extract).at(0)
      const from = nodes(source.fileObject ?? source.fileSet).at(0)
      if (from === undefined && isEmpty(source.field)) yield `${id}: source must name a file or a set`
      if (extract !== undefined && !isEmpty(extract.jsonPath) && from !== undefined) {
        if (formats.get(idOf(from)) === 'application/jsonlines') yield `${id}: lines of JSON are read by column`
      }
    }
  }
}

function* idFaults(dataset: Node): Generator<string> {
  const declared = new Set<string>()
  const declare = function* (node: Node): Generator<string> {
    const id = node['@id']
    if (typeof id !== 'string') return
    if (declared.has(id)) yield `${id}: the @id is given twice`
    declared.add(id)
  }
  for (const file of nodes(dataset.distribution)) yield* declare(file)
  for (const set of nodes(dataset.recordSet)) {
    yield* declare(set)
    for (const field of nodes(set.field)) {
      yield* declare(field)
      for (const sub of nodes(field.subField)) yield* declare(sub)
    }
  }
  for (const part of [dataset.distribution, dataset.recordSet]) {
    for (const id of referencesIn(part)) if (!declared.has(id)) yield `${id} is referred to and is not there`
  }
}

/** What is wrong with a Croissant 1.1 document, one sentence each; empty when it satisfies the rules. */
export function croissantFaults(document: unknown): string[] {
  if (!isNode(document)) return ['the document is not a JSON object']
  return [...datasetFaults(document), ...distributionFaults(document), ...recordFaults(document), ...idFaults(document)]
}
