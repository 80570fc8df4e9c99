/**
 * glTF 2.0 (Khronos) up to the point where its JSON can be trusted: the GLB chunks, the buffers, and checks that no
 * accessor claims more than its buffer holds. References may only lead to files beside the document.
 */
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, resolve, sep } from 'node:path'
import type { GLTF, JSONDocument } from '@gltf-transform/core'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { readRange, readWhole } from '../reading/byte-stream.ts'
import { movingNodes } from './gltf-paths.ts'
import type { ImportSource } from '../importer.ts'
import { corruptFile, memoryBudgetBytes, refuseBeyondMemory, unsupportedFormat, warning } from '../refusals.ts'

const GLB_MAGIC = 0x46546c67
const CHUNK_JSON = 0x4e4f534a
const CHUNK_BIN = 0x004e4942
const MAX_JSON_BYTES = 128 << 20

const INSTANCING = 'EXT_mesh_gpu_instancing'
const DRACO = 'KHR_draco_mesh_compression'

/** Extensions without which the geometry would be wrong, and that are understood. */
const UNDERSTOOD = new Set([
  DRACO,
  'EXT_meshopt_compression',
  'KHR_mesh_quantization',
  INSTANCING,
  'KHR_texture_transform',
  'KHR_texture_basisu',
  'EXT_texture_webp',
  'EXT_texture_avif',
  'KHR_lights_punctual',
  'KHR_xmp_json_ld',
])

export interface GltfContainer {
  readonly document: JSONDocument
  readonly warnings: readonly ImportWarning[]
  readonly isBinary: boolean
  /** Nodes that an animation carries along, by their place in the list. */
  readonly moving: readonly number[]
}

interface RawGltf {
  readonly json: GLTF.IGLTF
  readonly chunk: Uint8Array<ArrayBuffer> | undefined
}

function parseJson(source: ImportSource, bytes: Uint8Array): GLTF.IGLTF {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw corruptFile(source.path, say('broken.jsonUnreadable'), error)
  }
  if (typeof json !== 'object' || json === null || !('asset' in json)) {
    throw corruptFile(source.path, say('broken.gltfAsset'))
  }
  return json as GLTF.IGLTF
}

async function readGlb(source: ImportSource, signal: AbortSignal): Promise<RawGltf> {
  const header = new DataView(source.head.buffer, source.head.byteOffset, source.head.byteLength)
  if (source.head.length < 20) throw corruptFile(source.path, say('broken.glbShort'))
  const version = header.getUint32(4, true)
  if (version !== 2) throw unsupportedFormat(source.path, say('broken.glbVersion', { version }))
  const length = header.getUint32(8, true)
  if (length > source.byteLength) {
    throw corruptFile(source.path, say('broken.glbCutOff', { told: length, bytes: source.byteLength }))
  }
  let json: GLTF.IGLTF | undefined
  let chunk: Uint8Array<ArrayBuffer> | undefined
  for (let at = 12, index = 0; at + 8 <= length && index < 64; index++) {
    const chunkHeader = await readRange(source.path, at, 8)
    const view = new DataView(chunkHeader.buffer)
    const chunkLength = view.getUint32(0, true)
    const type = view.getUint32(4, true)
    if (at + 8 + chunkLength > length) throw corruptFile(source.path, say('broken.glbChunk'))
    if (type === CHUNK_JSON && !json) {
      if (chunkLength > MAX_JSON_BYTES)
        throw corruptFile(source.path, say('broken.glbJsonLong', { bytes: chunkLength }))
      json = parseJson(source, await readRange(source.path, at + 8, chunkLength))
    } else if (type === CHUNK_BIN && !chunk) {
      refuseBeyondMemory(source.path, 4 * chunkLength, say('broken.gltfReading'))
      chunk = await readRange(source.path, at + 8, chunkLength)
      if (chunk.length < chunkLength) throw corruptFile(source.path, say('file.cutOff'))
    }
    throwIfCancelled(signal)
    at += 8 + chunkLength + ((4 - (chunkLength % 4)) % 4)
  }
  if (!json) throw corruptFile(source.path, say('broken.glbNoJson'))
  return { json, chunk }
}

/** The bytes behind a buffer's URI: data in the URI itself, or a file beside the document and not above it. */
async function readReference(source: ImportSource, uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const data = /^data:[^,]*?(;base64)?,/.exec(uri)
  if (data) {
    if (!data[1]) throw unsupportedFormat(source.path, say('broken.gltfNotBase64'))
    return new Uint8Array(Buffer.from(uri.slice(data[0].length), 'base64'))
  }
  let name: string
  try {
    name = decodeURIComponent(uri)
  } catch (error) {
    throw corruptFile(source.path, say('broken.gltfNoName', { name: uri.slice(0, 80) }), error)
  }
  const folder = dirname(source.path)
  const outside = /^[a-z][a-z\d+.-]*:/i.test(name) || name.includes('\\') || name.includes('\0') || isAbsolute(name)
  const path = resolve(folder, name)
  if (outside || !path.startsWith(folder + sep)) {
    throw unsupportedFormat(source.path, say('broken.gltfOutside', { name: uri.slice(0, 80) }))
  }
  const real = await realpath(path).catch((error: unknown) => {
    throw corruptFile(source.path, say('broken.gltfNotFound', { name: uri.slice(0, 80) }), error)
  })
  if (!real.startsWith(folder + sep)) {
    throw unsupportedFormat(source.path, say('broken.gltfLeadsOut', { name: uri.slice(0, 80) }))
  }
  return readWhole(real, memoryBudgetBytes() / 4, signal)
}

const COMPONENT_BYTES: Readonly<Record<number, number>> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 }
const ELEMENT_SIZES = new Map<string, number>(
  Object.entries({
    SCALAR: 1,
    VEC2: 2,
    VEC3: 3,
    VEC4: 4,
    MAT2: 4,
    MAT3: 9,
    MAT4: 16,
  }),
)

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Byte length that a view gives once decoded; checks that it lies within its buffer. */
function viewLengths(source: ImportSource, json: GLTF.IGLTF, buffers: readonly (Uint8Array | undefined)[]): number[] {
  let decoded = 0
  return (json.bufferViews ?? []).map((view, index) => {
    const compressed = view.extensions?.['EXT_meshopt_compression'] as Record<string, unknown> | undefined
    const place = compressed ?? (view as unknown as Record<string, unknown>)
    const { buffer, byteOffset = 0, byteLength } = place
    const held = isCount(buffer) ? buffers[buffer]?.length : undefined
    if (held === undefined || !isCount(byteOffset) || !isCount(byteLength) || byteOffset + byteLength > held) {
      throw corruptFile(source.path, say('broken.gltfView', { index }))
    }
    if (!compressed) return byteLength
    const { count, byteStride } = compressed
    if (!isCount(count) || !isCount(byteStride) || byteStride > 256) {
      throw corruptFile(source.path, say('broken.gltfCompression', { index }))
    }
    decoded += count * byteStride
    refuseBeyondMemory(source.path, 4 * decoded, say('broken.gltfUnpacking'))
    return count * byteStride
  })
}

function checkAccessors(source: ImportSource, json: GLTF.IGLTF, lengths: readonly number[]): void {
  json.accessors?.forEach((accessor, index) => {
    const element = (COMPONENT_BYTES[accessor.componentType] ?? 0) * (ELEMENT_SIZES.get(accessor.type) ?? 0)
    const { count, byteOffset = 0, bufferView } = accessor
    const bad = () => corruptFile(source.path, say('broken.gltfAccessor', { index }))
    if (element === 0 || !isCount(count) || !isCount(byteOffset) || count > 2 ** 31) throw bad()
    if (bufferView === undefined) return
    const stride = json.bufferViews?.[bufferView]?.byteStride ?? element
    if (count > 0 && byteOffset + (count - 1) * stride + element > (lengths[bufferView] ?? -1)) throw bad()
    const { sparse } = accessor
    if (sparse && (!isCount(sparse.count) || sparse.count > count)) throw bad()
  })
}

/** A node has one parent at most and the roots of scenes have none: then nothing can be walked twice. */
function checkTree(source: ImportSource, json: GLTF.IGLTF): void {
  const bad = () => corruptFile(source.path, say('broken.gltfTree'))
  const nodes = json.nodes ?? []
  const hasParent = new Uint8Array(nodes.length)
  for (const { children = [] } of nodes) {
    for (const child of children) {
      if (!isCount(child) || child >= nodes.length || hasParent[child] > 0) throw bad()
      hasParent[child] = 1
    }
  }
  for (const scene of json.scenes ?? []) {
    for (const root of scene.nodes ?? []) if (!isCount(root) || root >= nodes.length || hasParent[root] > 0) throw bad()
  }
}

/** The channels that move what a path is made of, with the keys they read. */
function keepMovements(json: GLTF.IGLTF, chain: ReadonlySet<number>, used: Set<number>): GLTF.IAnimation[] {
  return (json.animations ?? []).flatMap(({ name, channels = [], samplers = [] }) => {
    const kept = channels.filter(
      ({ target }) => target?.node !== undefined && chain.has(target.node) && target.path !== 'weights',
    )
    const usable = kept.filter(({ sampler }) => {
      const { input, output } = samplers[sampler] ?? {}
      return input !== undefined && output !== undefined && json.accessors?.[input] && json.accessors[output]
    })
    for (const { sampler } of usable) used.add(samplers[sampler]!.input).add(samplers[sampler]!.output)
    const numbers = new Map(usable.map(({ sampler }, index) => [index, samplers[sampler]!]))
    return usable.length === 0
      ? []
      : [
          {
            name,
            channels: usable.map((channel, index) => ({
              target: { node: channel.target.node, path: channel.target.path },
              sampler: index,
            })),
            samplers: [...numbers.values()],
          },
        ]
  })
}

/** Leaves only what geometry and paths need, so that pictures and other movements are neither fetched nor decoded. */
function keepGeometry(json: GLTF.IGLTF, chain: ReadonlySet<number>): GLTF.IGLTF {
  const used = new Set<number>()
  const animations = keepMovements(json, chain, used)
  const meshes = json.meshes?.map((mesh) => ({
    ...mesh,
    primitives: mesh.primitives.map(({ attributes, indices, mode, extensions }) => {
      const kept = Object.entries(attributes).filter(([name]) => ['POSITION', 'NORMAL', 'COLOR_0'].includes(name))
      for (const [, accessor] of kept) used.add(accessor)
      if (indices !== undefined) used.add(indices)
      return { attributes: Object.fromEntries(kept), indices, mode, extensions }
    }),
  }))
  const instancing = (node: GLTF.INode) => {
    const attributes = (node.extensions?.[INSTANCING] as { attributes?: Record<string, number> } | undefined)
      ?.attributes
    return attributes && { [INSTANCING]: { attributes } }
  }
  for (const node of json.nodes ?? [])
    for (const accessor of Object.values(instancing(node)?.[INSTANCING].attributes ?? {})) used.add(accessor)
  const accessors = json.accessors?.map((accessor, index) => {
    if (used.has(index)) return accessor
    const { bufferView: _view, sparse: _sparse, ...rest } = accessor
    return rest
  })
  const { asset, buffers, bufferViews, scene, scenes, extensionsUsed, extensionsRequired } = json
  const nodes = json.nodes?.map((node) => {
    const { name, mesh, children, matrix, translation, rotation, scale } = node
    return { name, mesh, children, matrix, translation, rotation, scale, extensions: instancing(node) }
  })
  const kept = [DRACO, 'EXT_meshopt_compression', 'KHR_mesh_quantization', INSTANCING]
  return {
    asset,
    buffers,
    bufferViews,
    scene,
    scenes,
    nodes,
    meshes,
    accessors,
    ...(animations.length > 0 && { animations }),
    extensionsUsed: extensionsUsed?.filter((name) => kept.includes(name)),
    extensionsRequired: extensionsRequired?.filter((name) => kept.includes(name)),
  } as GLTF.IGLTF
}

function notes(json: GLTF.IGLTF, moving: ReadonlySet<number>): ImportWarning[] {
  const warnings: ImportWarning[] = []
  const moves = json.animations?.flatMap(({ channels = [] }) => channels) ?? []
  if (moves.length > 0 && (json.meshes?.length ?? 0) > 0)
    warnings.push(warning('animation_ignored', say('import.animationAtRest')))
  if (json.skins?.length) warnings.push(warning('skin_ignored', say('import.skinsAtRest')))
  const still = (json.nodes ?? []).filter(({ camera }, index) => camera !== undefined && !moving.has(index)).length
  if (still > 0) warnings.push(warning('cameras_ignored', say('import.stillCameras', { count: still })))
  return warnings
}

/** Reads a GLB or glTF file with its buffers. @throws `corrupt_file`, `unsupported_format`, `too_large`. */
export async function readGltfContainer(source: ImportSource, signal: AbortSignal): Promise<GltfContainer> {
  const isBinary = isGlb(source.head)
  const raw: RawGltf = isBinary
    ? await readGlb(source, signal)
    : { json: parseJson(source, await readWhole(source.path, MAX_JSON_BYTES, signal)), chunk: undefined }
  const { json } = raw
  const missing = (json.extensionsRequired ?? []).filter(
    (name) => !UNDERSTOOD.has(name) && !name.startsWith('KHR_materials_'),
  )
  if (missing.length > 0) {
    throw unsupportedFormat(source.path, say('broken.gltfExtensions', { names: missing.join(', ') }))
  }
  const resources: Record<string, Uint8Array<ArrayBuffer>> = {}
  const buffers: (Uint8Array | undefined)[] = []
  for (const [index, buffer] of (json.buffers ?? []).entries()) {
    const fallback = buffer.extensions?.['EXT_meshopt_compression'] !== undefined
    const bytes =
      buffer.uri === undefined ? (index === 0 ? raw.chunk : undefined) : await readReference(source, buffer.uri, signal)
    if (!bytes && !fallback) throw corruptFile(source.path, say('broken.gltfNoBuffer', { index }))
    if (bytes && bytes.length < buffer.byteLength) {
      throw corruptFile(
        source.path,
        say('broken.gltfBufferShort', { index, held: bytes.length, bytes: buffer.byteLength }),
      )
    }
    buffers.push(bytes)
    buffer.uri = `buffer${index}`
    resources[buffer.uri] = bytes ?? new Uint8Array(0)
  }
  checkAccessors(source, json, viewLengths(source, json, buffers))
  checkTree(source, json)
  const { nodes: moving, chain } = movingNodes(json)
  const document = { json: keepGeometry(json, chain), resources }
  return { document, warnings: notes(json, new Set(moving)), isBinary, moving }
}

/** The document with what stands plainly in it behind Draco; null where it demands Draco or some piece has nothing behind it. */
export function withoutDraco({ json, resources }: JSONDocument): JSONDocument | null {
  if (!json.extensionsUsed?.includes(DRACO) || json.extensionsRequired?.includes(DRACO)) return null
  const pieces = (json.meshes ?? []).flatMap(({ primitives }) => primitives)
  const held = pieces
    .flatMap(({ attributes, indices }) => [...Object.values(attributes), ...(indices === undefined ? [] : [indices])])
    .every((accessor) => json.accessors?.[accessor]?.bufferView !== undefined)
  if (!held) return null
  const meshes = json.meshes?.map((mesh) => ({
    ...mesh,
    primitives: mesh.primitives.map(({ extensions: _packed, ...plain }) => plain),
  }))
  return { json: { ...json, meshes, extensionsUsed: json.extensionsUsed.filter((name) => name !== DRACO) }, resources }
}

export function isGlb(head: Uint8Array): boolean {
  return head.length >= 4 && new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true) === GLB_MAGIC
}
