/**
 * USD scenes: text (`.usda`), crate (`.usdc`), either as `.usd`, and packages (`.usdz`: a ZIP archive of stored files whose
 * first is the scene; openusd.org, Usdz File Format Specification).
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { posix } from 'node:path'
import { readWhole } from '../reading/byte-stream.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import type { PointCollector } from '../scans/point-sink.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { scanImporter, type ScanContent } from '../scans/scan-importer.ts'
import { asciiText } from '../reading/text-lines.ts'
import { parseUsdCrate } from './usd-crate.ts'
import { usdScene, type UsdLayer, type UsdPrim, type UsdScene } from './usd-scene.ts'
import { parseUsda } from './usd-text.ts'
import { readZipDirectory, readZipEntry, type ZipEntry } from '../reading/zip-archive.ts'

const MAX_LAYER_BYTES = 1 << 30
const MAX_LAYERS = 1000
const MAX_REFERENCES_DEEP = 16

function isCrate(head: Uint8Array): boolean {
  return asciiText(head, 0, 8) === 'PXR-USDC'
}

function isText(head: Uint8Array): boolean {
  return /^(\u00ef\u00bb\u00bf)?#usda\b/.test(asciiText(head, 0, 16))
}

function isZip(head: Uint8Array): boolean {
  return asciiText(head, 0, 4) === 'PK\x03\x04'
}

function supports({ head, extension, isDirectory }: ImportSource): number {
  if (isDirectory) return 0
  if (isCrate(head) || isText(head)) return 1
  if (!isZip(head)) return 0
  if (extension === 'usdz') return 0.9
  const nameLength = head.length >= 30 ? head[26] | (head[27] << 8) : 0
  return /\.usd[ac]?$/i.test(asciiText(head, 30, 30 + nameLength)) ? 0.8 : 0
}

function layerOf(source: ImportSource, bytes: Uint8Array): UsdLayer {
  const text = () => parseUsda(new TextDecoder().decode(bytes))
  const layer = isCrate(bytes) ? parseUsdCrate(bytes) : isText(bytes) ? text() : say('broken.usdNeither')
  if ('code' in layer) throw corruptFile(source.path, say('broken.usdLayer', { why: layer }))
  return layer
}

/** Layers of a package by name, each read once; references between them followed. */
class Package {
  readonly #source: ImportSource
  readonly #entries: ReadonlyMap<string, ZipEntry>
  readonly #layers = new Map<string, UsdLayer>()

  constructor(source: ImportSource, entries: ReadonlyMap<string, ZipEntry>) {
    this.#source = source
    this.#entries = entries
  }

  async layer(name: string): Promise<UsdLayer | undefined> {
    const known = this.#layers.get(name)
    const entry = this.#entries.get(name)
    if (known || !entry || this.#layers.size >= MAX_LAYERS) return known
    const layer = layerOf(this.#source, await readZipEntry(this.#source, entry, MAX_LAYER_BYTES))
    this.#layers.set(name, layer)
    return layer
  }

  /** Puts what a prim and those below it refer to in their place; what cannot be found is marked. */
  async compose(prim: UsdPrim, layerName: string, above: ReadonlySet<UsdPrim>): Promise<void> {
    for (const { layer, prim: path } of prim.references) {
      const name = posix.join(posix.dirname(layerName), layer)
      const target = targetOf(await this.layer(name), path)
      if (!target || above.has(target) || above.size > MAX_REFERENCES_DEEP) {
        prim.composed = true
        continue
      }
      await this.compose(target, name, new Set([...above, target]))
      prim.type ||= target.type
      for (const [key, value] of target.attributes) if (!prim.attributes.has(key)) prim.attributes.set(key, value)
      prim.children.push(...target.children)
    }
    prim.references.length = 0
    for (const child of prim.children) await this.compose(child, layerName, above)
  }
}

function targetOf(layer: UsdLayer | undefined, path: string): UsdPrim | undefined {
  if (!layer) return undefined
  const named = path === '' ? layer.root.attributes.get('defaultPrim') : path
  let prim: UsdPrim | undefined = layer.root
  for (const name of typeof named === 'string' ? named.split('/').filter(Boolean) : [])
    prim = prim?.children.find((child) => child.name === name)
  return prim === layer.root ? layer.root.children[0] : prim
}

/** The first layer is the scene. Where it shows nothing that can be read, the others are looked at on their own. */
async function readPackage(source: ImportSource): Promise<UsdScene> {
  const entries = await readZipDirectory(source)
  const names = [...entries.values()].toSorted((a, b) => a.offset - b.offset).map(({ name }) => name)
  const layers = names.filter((name) => /\.usd[ac]?$/i.test(name)).slice(0, MAX_LAYERS)
  if (layers.length === 0) throw emptyFile(source.path, say('broken.usdNoLayer'))
  const files = new Package(source, entries)
  for (const [index, name] of layers.entries()) {
    const layer = await files.layer(name)
    if (!layer) continue
    await files.compose(layer.root, name, new Set())
    const scene = usdScene(source.path, layer)
    if (scene.mesh.vertexCount === 0) continue
    if (index === 0) return scene
    const message = say('import.layerAlone', { name })
    return { ...scene, warnings: [...scene.warnings, warning('composition_ignored', message)] }
  }
  throw emptyFile(source.path, say('broken.sceneNoMeshesOrPoints'))
}

/** References of a layer outside of a package are not followed: they could lead anywhere. */
function alone(layer: UsdLayer): UsdLayer {
  const pending = [layer.root]
  for (let prim = pending.pop(); prim !== undefined; prim = pending.pop()) {
    if (prim.references.length > 0) prim.composed = true
    pending.push(...prim.children)
  }
  return layer
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const isPackage = isZip(source.head)
  const { mesh, warnings, metadata } = isPackage
    ? await readPackage(source)
    : usdScene(source.path, alone(layerOf(source, await readWhole(source.path, MAX_LAYER_BYTES, signal))))
  if (mesh.vertexCount === 0) throw emptyFile(source.path, say('broken.sceneNoMeshesOrPoints'))
  const format = isPackage ? 'usdz' : isCrate(source.head) ? 'usdc' : 'usda'
  if (mesh.namesTriangles) return { format, kind: 'mesh', built: mesh.finish(), warnings, metadata }
  mesh.pour(collector)
  return { format, kind: 'points', warnings, metadata }
}

export const usdImporter: Importer = scanImporter({
  id: 'usd',
  title: say('readable.usd'),
  extensions: ['usdz', 'usdc', 'usda', 'usd'],
  supports,
  scan,
})
