/**
 * Compressed splat PLY (PlayCanvas): blocks of 256 splats share ranges in the element `chunk`; a splat's position is
 * 11 + 10 + 11 bits within its block, its colour 8 bits a channel. Layout: developer.playcanvas.com, "The Compressed PLY Format".
 */
import { say } from '../../../../shared/sayings/saying.ts'
import type { ByteStream } from '../reading/byte-stream.ts'
import { readScalar } from './ply-columns.ts'
import type { PlyElement, PlyHeader } from './ply-header.ts'
import { BATCH_POINTS, type PointSink } from './point-sink.ts'
import { corruptFile } from '../refusals.ts'

const SPLATS_IN_CHUNK = 256
const RANGES = ['min_x', 'min_y', 'min_z', 'max_x', 'max_y', 'max_z'] as const
const COLOR_RANGES = ['min_r', 'min_g', 'min_b', 'max_r', 'max_g', 'max_b'] as const

export interface CompressedLayout {
  readonly chunk: PlyElement
  readonly vertex: PlyElement
}

/** Undefined unless the header is that of a compressed splat file. */
export function compressedLayout(header: PlyHeader): CompressedLayout | undefined {
  const [chunk, vertex] = header.elements
  const has = (element: PlyElement | undefined, names: readonly string[]) =>
    element !== undefined && names.every((name) => element.properties.some((property) => property.name === name))
  if (header.encoding !== 'little' || chunk?.name !== 'chunk' || vertex?.name !== 'vertex') return undefined
  if (!has(chunk, RANGES) || !has(vertex, ['packed_position', 'packed_color'])) return undefined
  return chunk.hasLists || vertex.hasLists ? undefined : { chunk, vertex }
}

async function readRanges(stream: ByteStream, chunk: PlyElement): Promise<Float64Array> {
  const ranges = new Float64Array(12 * chunk.count)
  const columns = [...RANGES, ...COLOR_RANGES].map((name) =>
    chunk.properties.find((property) => property.name === name),
  )
  for (let record = 0; record < chunk.count; record++) {
    if (stream.available < chunk.stride) await stream.need(chunk.stride, say('scan.its.records', { name: 'chunk' }))
    for (let slot = 0; slot < 12; slot++) {
      const column = columns[slot]
      const missing = slot >= 9 ? 1 : 0
      ranges[12 * record + slot] = column
        ? readScalar(stream.view, stream.position + column.offset, column.type, true)
        : missing
    }
    stream.position += chunk.stride
  }
  return ranges
}

/** Reads the positions and colours of all splats into the sink. */
export async function readCompressedSplats(
  stream: ByteStream,
  layout: CompressedLayout,
  sink: PointSink,
): Promise<void> {
  const { chunk, vertex } = layout
  if (chunk.count * SPLATS_IN_CHUNK < vertex.count) {
    throw corruptFile(stream.path, say('scan.ply.chunks', { chunks: chunk.count, splats: vertex.count }))
  }
  const ranges = await readRanges(stream, chunk)
  const offsetOf = (name: string) => vertex.properties.find((property) => property.name === name)?.offset ?? 0
  const positionOffset = offsetOf('packed_position')
  const colorOffset = offsetOf('packed_color')
  sink.begin({ expectedCount: vertex.count, hasColors: true, hasNormals: false })
  let filled = 0
  for (let splat = 0; splat < vertex.count; splat++) {
    if (stream.available < vertex.stride) await stream.need(vertex.stride, say('scan.its.records', { name: 'vertex' }))
    const position = stream.view.getUint32(stream.position + positionOffset, true)
    const color = stream.view.getUint32(stream.position + colorOffset, true)
    stream.position += vertex.stride
    const base = 12 * Math.floor(splat / SPLATS_IN_CHUNK)
    const fractions = [(position >>> 21) / 2047, ((position >>> 11) & 1023) / 1023, (position & 2047) / 2047]
    for (let axis = 0; axis < 3; axis++) {
      const [low, high] = [ranges[base + axis], ranges[base + 3 + axis]]
      sink.positions[3 * filled + axis] = low + (high - low) * fractions[axis]
      const [dark, bright] = [ranges[base + 6 + axis], ranges[base + 9 + axis]]
      const channel = ((color >>> (24 - 8 * axis)) & 255) / 255
      sink.colors[3 * filled + axis] = Math.max(0, Math.min(255, Math.round(255 * (dark + (bright - dark) * channel))))
    }
    if (++filled < BATCH_POINTS) continue
    sink.flush(filled)
    filled = 0
  }
  sink.flush(filled)
}
