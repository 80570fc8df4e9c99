/**
 * Scans and paths as the engine sends them to the window: little-endian, every array aligned to 4 bytes.
 *
 * Scan: magic "ASCN" u32, kind u32 (0 points, 1 mesh, 2 splats), vertices u32, indices u32, chunks u32, flags u32 (1
 * colours, 2 normals), then origin 3 x f32, positions 3n x f32, [normals 3n x f32], [colours 3n x u8, padded], [indices
 * u32], and for each chunk its count as u32, its centre 3 x f32 and its radius f32.
 * Path: magic "APTH" u32, count u32, then times f64 seconds on the device clock, positions 3n x f32, rotations 4n x f32.
 */
import { AsterismError } from '../errors.ts'
import { say } from '../sayings/saying.ts'
import type { PosePath, Scan } from './data.ts'
import type { PointChunk } from './point-chunks.ts'

const SCAN_MAGIC = 0x4e435341
const PATH_MAGIC = 0x48545041
const KINDS = ['points', 'mesh', 'splats'] as const
const HEADER_BYTES = 24
const CHUNK_BYTES = 20
const HAS_COLORS = 1
const HAS_NORMALS = 2

export interface ScanBlob {
  readonly kind: Scan['kind']
  readonly vertexCount: number
  readonly origin: readonly [number, number, number]
  /** Relative to the origin, metres. */
  readonly positions: Float32Array
  readonly normals: Float32Array | null
  readonly colors: Uint8Array | null
  readonly indices: Uint32Array | null
  /** Of points, in the order of their starts; none of a mesh. */
  readonly chunks: readonly PointChunk[]
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3
}

export function encodeScan(scan: Scan, chunks: readonly PointChunk[] = []): Uint8Array<ArrayBuffer> {
  const isMesh = scan.kind === 'mesh'
  const data = isMesh ? scan.mesh : scan.points
  const vertices = isMesh ? scan.mesh.vertexCount : scan.points.count
  const indices = isMesh ? scan.mesh.indices : null
  const origin = data.origin ?? [0, 0, 0]
  const colorBytes = data.colors ? padded(vertices * 3) : 0
  const bytes =
    HEADER_BYTES +
    12 +
    vertices * 12 * (data.normals ? 2 : 1) +
    colorBytes +
    (indices?.length ?? 0) * 4 +
    chunks.length * CHUNK_BYTES
  const out = new Uint8Array(new ArrayBuffer(bytes))
  const header = new DataView(out.buffer)
  const flags = (data.colors ? HAS_COLORS : 0) | (data.normals ? HAS_NORMALS : 0)
  const words = [SCAN_MAGIC, KINDS.indexOf(scan.kind), vertices, indices?.length ?? 0, chunks.length, flags]
  words.forEach((value, n) => header.setUint32(n * 4, value, true))
  origin.forEach((value, n) => header.setFloat32(HEADER_BYTES + n * 4, value, true))
  let at = HEADER_BYTES + 12
  const put = (array: Float32Array | Uint32Array | Uint8Array, length: number): void => {
    out.set(new Uint8Array(array.buffer, array.byteOffset, length), at)
    at += padded(length)
  }
  put(data.positions, vertices * 12)
  if (data.normals) put(data.normals, vertices * 12)
  if (data.colors) put(data.colors, vertices * 3)
  if (indices) put(indices, indices.length * 4)
  for (const { count, centre, radius } of chunks) {
    header.setUint32(at, count, true)
    ;[...centre, radius].forEach((value, n) => header.setFloat32(at + 4 + n * 4, value, true))
    at += CHUNK_BYTES
  }
  return out
}

/** @throws AsterismError corrupt_file when the bytes are not such a blob. */
export function decodeScan(buffer: ArrayBuffer): ScanBlob {
  const header = new DataView(buffer)
  if (buffer.byteLength < HEADER_BYTES + 12 || header.getUint32(0, true) !== SCAN_MAGIC) throw malformed()
  const word = (offset: number): number => header.getUint32(offset, true)
  const [kind, vertexCount, indexCount, chunkCount, flags] = [KINDS[word(4)], word(8), word(12), word(16), word(20)]
  const needed =
    HEADER_BYTES +
    12 +
    vertexCount * 12 * (flags & HAS_NORMALS ? 2 : 1) +
    (flags & HAS_COLORS ? padded(vertexCount * 3) : 0) +
    indexCount * 4 +
    chunkCount * CHUNK_BYTES
  if (kind === undefined || needed !== buffer.byteLength) throw malformed()
  let at = HEADER_BYTES + 12
  const take = (length: number): number => {
    const start = at
    at += padded(length)
    return start
  }
  const positions = new Float32Array(buffer, take(vertexCount * 12), vertexCount * 3)
  const normals = flags & HAS_NORMALS ? new Float32Array(buffer, take(vertexCount * 12), vertexCount * 3) : null
  const colors = flags & HAS_COLORS ? new Uint8Array(buffer, take(vertexCount * 3), vertexCount * 3) : null
  const indices = kind === 'mesh' ? new Uint32Array(buffer, take(indexCount * 4), indexCount) : null
  const origin = [0, 4, 8].map((offset) => header.getFloat32(HEADER_BYTES + offset, true)) as [number, number, number]
  return { kind, vertexCount, origin, positions, normals, colors, indices, chunks: chunksAt(header, at, chunkCount) }
}

function chunksAt(bytes: DataView, from: number, chunkCount: number): PointChunk[] {
  let start = 0
  return Array.from({ length: chunkCount }, (_, n) => {
    const at = from + n * CHUNK_BYTES
    const count = bytes.getUint32(at, true)
    const [x, y, z, radius] = [4, 8, 12, 16].map((offset) => bytes.getFloat32(at + offset, true))
    const chunk: PointChunk = { start, count, centre: [x!, y!, z!], radius: radius! }
    start += count
    return chunk
  })
}

export interface PathBlob {
  readonly count: number
  /** Seconds on the device's clock. */
  readonly seconds: Float64Array
  readonly positions: Float32Array
  /** x, y, z, w */
  readonly rotations: Float32Array
}

export function encodePath(path: PosePath): Uint8Array<ArrayBuffer> {
  const { count } = path
  const out = new Uint8Array(new ArrayBuffer(8 + count * (8 + 12 + 16)))
  const header = new DataView(out.buffer)
  header.setUint32(0, PATH_MAGIC, true)
  header.setUint32(4, count, true)
  const seconds = new Float64Array(out.buffer, 8, count)
  for (let i = 0; i < count; i++) seconds[i] = Number(path.timesNanoseconds[i]!) / 1e9
  new Float32Array(out.buffer, 8 + count * 8, count * 3).set(path.positions.subarray(0, count * 3))
  new Float32Array(out.buffer, 8 + count * 20, count * 4).set(path.rotations.subarray(0, count * 4))
  return out
}

/** @throws AsterismError corrupt_file when the bytes are not such a blob. */
export function decodePath(buffer: ArrayBuffer): PathBlob {
  const header = new DataView(buffer)
  const count = buffer.byteLength >= 8 && header.getUint32(0, true) === PATH_MAGIC ? header.getUint32(4, true) : -1
  if (count < 0 || buffer.byteLength !== 8 + count * 36) throw malformed()
  return {
    count,
    seconds: new Float64Array(buffer, 8, count),
    positions: new Float32Array(buffer, 8 + count * 8, count * 3),
    rotations: new Float32Array(buffer, 8 + count * 20, count * 4),
  }
}

function malformed(): AsterismError {
  return new AsterismError('corrupt_file', say('misfit.geometry'))
}
