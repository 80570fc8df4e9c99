/**
 * glTF 2.0 and GLB: all triangles of the scene in metres, +Y up, as the format defines, and the paths of what its animations
 * carry. Draco and meshopt are decoded.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import {
  Accessor,
  NodeIO,
  Primitive,
  Verbosity,
  type Document,
  type JSONDocument,
  type Node,
} from '@gltf-transform/core'
import {
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
  KHRMeshQuantization,
  type InstancedMesh,
} from '@gltf-transform/extensions'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { IDENTITY4, multiply, similarity, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion } from '../../../../shared/geometry/rotation.ts'
import { isGlb, readGltfContainer, withoutDraco } from './gltf-container.ts'
import { pathsOf } from './gltf-paths.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { MeshBuilder } from '../scans/mesh-builder.ts'
import { BATCH_POINTS, type PointCollector } from '../scans/point-sink.ts'
import { corruptFile, emptyFile, refuseBeyondMemory, warning } from '../refusals.ts'
import { scanImporter, type ScanContent } from '../scans/scan-importer.ts'
import { looksLikeText } from '../reading/text-head.ts'
import { asciiText } from '../reading/text-lines.ts'

let reader: Promise<NodeIO> | undefined

function gltfReader(): Promise<NodeIO> {
  reader ??= (async () => {
    // Here, since a command that imports something else need not load them.
    const [{ default: draco3d }, { MeshoptDecoder }] = await Promise.all([
      import('draco3dgltf'),
      import('meshoptimizer'),
    ])
    await MeshoptDecoder.ready
    const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, verbosity: Verbosity.SILENT }
    return new NodeIO()
      .setLogger(silent)
      .registerExtensions([KHRDracoMeshCompression, EXTMeshGPUInstancing, EXTMeshoptCompression, KHRMeshQuantization])
      .registerDependencies({
        'draco3d.decoder': await draco3d.createDecoderModule(),
        'meshopt.decoder': MeshoptDecoder,
      })
  })()
  return reader
}

/** The places in which EXT_mesh_gpu_instancing repeats a node's mesh; its own place where it does not. */
function instancesOf(node: Node): Matrix4[] {
  const instances = node.getExtension<InstancedMesh>('EXT_mesh_gpu_instancing')
  const [translations, rotations, scales] = ['TRANSLATION', 'ROTATION', 'SCALE'].map((name) =>
    instances?.getAttribute(name),
  )
  const count = Math.max(...[translations, rotations, scales].map((accessor) => accessor?.getCount() ?? 0))
  if (!instances || count === 0) return [IDENTITY4]
  return Array.from({ length: count }, (_, index) => {
    const rotation = rotationFromQuaternion(rotations?.getElement(index, []) ?? [0, 0, 0, 1])
    const matrix = similarity(rotation, translations?.getElement(index, []) ?? [0, 0, 0])
    const scale = scales?.getElement(index, []) ?? [1, 1, 1]
    return matrix.map((value, slot) => (slot < 12 ? value * scale[Math.floor(slot / 4)] : value))
  })
}

/** Nodes of the scene that carry a mesh, each with its place in the world. */
function placedNodes(document: Document): { node: Node; worldFromNode: Matrix4 }[] {
  const root = document.getRoot()
  const scene = root.getDefaultScene() ?? root.listScenes()[0]
  const roots = scene ? scene.listChildren() : root.listNodes().filter((node) => node.getParentNode() === null)
  const pending = roots.map((node) => ({ node, worldFromParent: IDENTITY4 }))
  const placed: { node: Node; worldFromNode: Matrix4 }[] = []
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const worldFromNode = multiply(next.worldFromParent, next.node.getMatrix())
    if (next.node.getMesh()) {
      for (const nodeFromInstance of instancesOf(next.node))
        placed.push({ node: next.node, worldFromNode: multiply(worldFromNode, nodeFromInstance) })
    }
    for (const child of next.node.listChildren()) pending.push({ node: child, worldFromParent: worldFromNode })
  }
  return placed
}

/** sRGB of linear light, both 0..1 (IEC 61966-2-1): glTF stores vertex colours linearly. */
function srgbByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.max(0, Math.min(255, Math.round(255 * value)))
}

const NORMALISED: Readonly<Record<number, number>> = {
  [Accessor.ComponentType.BYTE]: 127,
  [Accessor.ComponentType.UNSIGNED_BYTE]: 255,
  [Accessor.ComponentType.SHORT]: 32767,
  [Accessor.ComponentType.UNSIGNED_SHORT]: 65535,
}

interface Values {
  readonly array: ArrayLike<number>
  readonly size: number
  readonly scale: number
}

function valuesOf(accessor: Accessor | null): Values | undefined {
  const array = accessor?.getArray()
  if (!accessor || !array) return undefined
  const scale = accessor.getNormalized() ? 1 / (NORMALISED[accessor.getComponentType()] ?? 1) : 1
  return { array, size: accessor.getElementSize(), scale }
}

/** Gathers primitives into one mesh. Vertices used by several nodes are repeated, as each stands in its own place. */
class SceneGeometry {
  readonly mesh: MeshBuilder
  unreadable = 0
  lines = 0
  readonly #hasColors: boolean
  readonly #path: string

  constructor(path: string, hasColors: boolean) {
    this.#path = path
    this.#hasColors = hasColors
    this.mesh = new MeshBuilder(path)
    this.mesh.begin({ expectedCount: 0, hasColors, hasNormals: false })
  }

  add(primitive: Primitive, worldFromNode: Matrix4): void {
    const positions = valuesOf(primitive.getAttribute('POSITION'))
    if (!positions || positions.size !== 3) {
      this.unreadable++
      return
    }
    const mode = primitive.getMode()
    if (mode === Primitive.Mode.LINES || mode === Primitive.Mode.LINE_LOOP || mode === Primitive.Mode.LINE_STRIP) {
      this.lines++
      return
    }
    const first = this.mesh.vertexCount
    this.#addVertices(positions, valuesOf(primitive.getAttribute('COLOR_0')), worldFromNode)
    if (mode !== Primitive.Mode.POINTS) {
      this.#addTriangles(primitive, mode, first, positions.array.length / 3, isMirrored(worldFromNode))
    }
  }

  #addVertices(positions: Values, colors: Values | undefined, m: Matrix4): void {
    const { mesh } = this
    const { array, scale } = positions
    const count = Math.floor(array.length / 3)
    refuseBeyondMemory(this.#path, (mesh.vertexCount + count) * 27, say('broken.gltfScene'))
    for (let start = 0; start < count; start += BATCH_POINTS) {
      const batch = Math.min(BATCH_POINTS, count - start)
      for (let i = 0; i < batch; i++) {
        const at = 3 * (start + i)
        const x = array[at] * scale
        const y = array[at + 1] * scale
        const z = array[at + 2] * scale
        mesh.positions[3 * i] = m[0] * x + m[4] * y + m[8] * z + m[12]
        mesh.positions[3 * i + 1] = m[1] * x + m[5] * y + m[9] * z + m[13]
        mesh.positions[3 * i + 2] = m[2] * x + m[6] * y + m[10] * z + m[14]
      }
      if (this.#hasColors) this.#putColors(colors, start, batch)
      mesh.flush(batch)
    }
  }

  #putColors(colors: Values | undefined, start: number, batch: number): void {
    const out = this.mesh.colors
    if (!colors) {
      out.fill(255, 0, 3 * batch)
      return
    }
    for (let i = 0; i < batch; i++) {
      const at = colors.size * (start + i)
      for (let axis = 0; axis < 3; axis++) out[3 * i + axis] = srgbByte(colors.array[at + axis] * colors.scale)
    }
  }

  #addTriangles(primitive: Primitive, mode: number, first: number, vertexCount: number, mirrored: boolean): void {
    const indices = primitive.getIndices()?.getArray()
    const length = indices ? indices.length : vertexCount
    const vertex = (i: number) => first + (indices ? indices[i] : i)
    const inside = (i: number) => !indices || indices[i] < vertexCount
    const add = (a: number, b: number, c: number) => {
      if (!inside(a) || !inside(b) || !inside(c)) this.mesh.addTriangle(-1, -1, -1)
      else if (mirrored) this.mesh.addTriangle(vertex(b), vertex(a), vertex(c))
      else this.mesh.addTriangle(vertex(a), vertex(b), vertex(c))
    }
    if (mode === Primitive.Mode.TRIANGLES) {
      this.mesh.reserveTriangles(this.mesh.triangleCount + Math.floor(length / 3))
      for (let i = 0; i + 2 < length; i += 3) add(i, i + 1, i + 2)
    } else if (mode === Primitive.Mode.TRIANGLE_STRIP) {
      for (let i = 2; i < length; i++)
        if (i % 2 === 0) add(i - 2, i - 1, i)
        else add(i - 1, i - 2, i)
    } else for (let i = 2; i < length; i++) add(0, i - 1, i)
  }
}

function isMirrored(m: Matrix4): boolean {
  return (
    m[0] * (m[5] * m[10] - m[6] * m[9]) - m[4] * (m[1] * m[10] - m[2] * m[9]) + m[8] * (m[1] * m[6] - m[2] * m[5]) < 0
  )
}

/**
 * The scene with its geometry decoded. Where what Draco packed is damaged and the file also holds it plainly, for readers
 * without Draco, it is taken from there.
 */
async function decode(
  source: ImportSource,
  container: JSONDocument,
): Promise<{ readonly document: Document; readonly isPlain: boolean }> {
  const io = await gltfReader()
  try {
    return { document: await io.readJSON(container), isPlain: false }
  } catch (error) {
    const plain = withoutDraco(container)
    if (plain) return { document: await io.readJSON(plain), isPlain: true }
    const reason = error instanceof Error ? error.message : String(error)
    throw corruptFile(source.path, say('broken.gltfDecode', { reason }), error)
  }
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const container = await readGltfContainer(source, signal)
  const { document, isPlain } = await decode(source, container.document)
  throwIfCancelled(signal)
  const placed = placedNodes(document)
  const primitives = placed.flatMap(({ node }) => node.getMesh()?.listPrimitives() ?? [])
  const { paths, warnings: pathWarnings } = pathsOf(source.path, document, container.moving)
  const format = container.isBinary ? 'glb' : 'gltf'
  if (primitives.length === 0 && paths.length > 0) {
    const metadata = { axes: '+Y up', pieceCount: 0 }
    return { format, kind: 'points', paths, warnings: [...container.warnings, ...pathWarnings], metadata }
  }
  if (primitives.length === 0) throw emptyFile(source.path, say('broken.sceneNoGeometry'))
  const hasColors = primitives.some((primitive) => primitive.getAttribute('COLOR_0'))
  const scene = new SceneGeometry(source.path, hasColors)
  for (const { node, worldFromNode } of placed) {
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) scene.add(primitive, worldFromNode)
  }
  const warnings: ImportWarning[] = [...container.warnings, ...pathWarnings]
  if (isPlain) warnings.push(warning('draco_damaged', say('import.dracoDamaged')))
  if (scene.unreadable > 0)
    warnings.push(
      warning('geometry_skipped', say('import.piecesUnreadable', { bad: scene.unreadable, total: primitives.length })),
    )
  if (scene.lines > 0)
    warnings.push(
      warning('lines_ignored', say('import.piecesAreLines', { bad: scene.lines, total: primitives.length })),
    )
  const metadata = { axes: '+Y up', pieceCount: primitives.length }
  if (scene.mesh.namesTriangles) return { format, kind: 'mesh', built: scene.mesh.finish(), paths, warnings, metadata }
  if (scene.mesh.vertexCount === 0) throw emptyFile(source.path, say('broken.sceneNoPointsOrTriangles'))
  scene.mesh.pour(collector)
  return { format, kind: 'points', paths, warnings, metadata }
}

function supports({ head, extension, isDirectory }: ImportSource): number {
  if (isDirectory) return 0
  if (isGlb(head)) return 1
  if (!looksLikeText(head) || !/^\s*\{/.test(asciiText(head, 0, 64).replace(/^\u00ef\u00bb\u00bf/, ''))) return 0
  if (extension === 'gltf') return 0.9
  return /"asset"\s*:\s*\{[^}]*"version"\s*:\s*"2/.test(asciiText(head)) ? 0.7 : 0
}

export const gltfImporter: Importer = scanImporter({
  id: 'gltf',
  title: say('readable.gltf'),
  extensions: ['glb', 'gltf'],
  supports,
  scan,
})
