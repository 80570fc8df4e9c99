import { open, rm, type FileHandle } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { Scan } from '../../../../shared/geometry/data.ts'
import { transformPoint } from '../../../../shared/geometry/matrix4.ts'
import type { Exporter, ExportOptions } from './exporter.ts'
import { writeWhole } from './whole-file.ts'
import { worldScans } from './world.ts'

/** Red, green, blue after the coordinates. */
const COLOR_BYTES = 3
/** From this far from the origin on (maps, surveys) a float is off by a quarter of a millimetre and doubles are written, metres. */
const FLOATS_REACH_METRES = 4000
/** A count in a byte, then three indices. */
const FACE_BYTES = 13
const BLOCK = 1 << 16
const NO_COLOR = 200

async function writeVertices(
  file: FileHandle,
  scan: Scan,
  matrix: readonly number[],
  coordinate: 'float' | 'double',
  options: ExportOptions,
): Promise<number> {
  const data = scan.kind === 'mesh' ? scan.mesh : scan.points
  const count = data.positions.length / 3
  const width = coordinate === 'float' ? 4 : 8
  const vertexBytes = width * 3 + COLOR_BYTES
  for (let from = 0; from < count; from += BLOCK) {
    throwIfCancelled(options.signal)
    const block = Buffer.alloc(Math.min(BLOCK, count - from) * vertexBytes)
    for (let n = 0; n * vertexBytes < block.length; n++) {
      const at = (from + n) * 3
      const point = transformPoint(matrix, data.positions.subarray(at, at + 3))
      point.forEach((value, axis) => {
        const offset = n * vertexBytes + axis * width
        if (width === 4) block.writeFloatLE(value, offset)
        else block.writeDoubleLE(value, offset)
      })
      for (let channel = 0; channel < 3; channel++) {
        block[n * vertexBytes + width * 3 + channel] = data.colors?.[at + channel] ?? NO_COLOR
      }
    }
    await file.writeFile(block)
  }
  return count
}

async function writeFaces(file: FileHandle, scan: Scan, firstVertex: number): Promise<number> {
  if (scan.kind !== 'mesh') return 0
  const { indices, triangleCount } = scan.mesh
  for (let from = 0; from < triangleCount; from += BLOCK) {
    const block = Buffer.alloc(Math.min(BLOCK, triangleCount - from) * FACE_BYTES)
    for (let n = 0; n * FACE_BYTES < block.length; n++) {
      block[n * FACE_BYTES] = 3
      for (let corner = 0; corner < 3; corner++) {
        block.writeUInt32LE(firstVertex + indices[(from + n) * 3 + corner]!, n * FACE_BYTES + 1 + corner * 4)
      }
    }
    await file.writeFile(block)
  }
  return triangleCount
}

/** All scans of a world lie in one place: the first says how far from the origin that is. */
function coordinateFor(scan: Scan, matrix: readonly number[]): 'float' | 'double' {
  const { positions } = scan.kind === 'mesh' ? scan.mesh : scan.points
  const first = transformPoint(matrix, positions.length > 0 ? positions.subarray(0, 3) : [0, 0, 0])
  return Math.max(...first.map(Math.abs)) > FLOATS_REACH_METRES ? 'double' : 'float'
}

function header(vertices: number, faces: number, coordinate: 'float' | 'double'): string {
  return [
    'ply',
    'format binary_little_endian 1.0',
    'comment Asterism: registered world, metres, +Y up',
    `element vertex ${vertices}`,
    ...['x', 'y', 'z'].map((name) => `property ${coordinate} ${name}`),
    ...['red', 'green', 'blue'].map((name) => `property uchar ${name}`),
    ...(faces > 0 ? [`element face ${faces}`, 'property list uchar uint vertex_indices'] : []),
    'end_header',
    '',
  ].join('\n')
}

/** Every registered scan as one cloud or mesh in world coordinates. */
export const plyExporter: Exporter = {
  id: 'ply',
  title: 'PLY of the world',
  extension: '.ply',
  purpose: 'world',
  async write(input, outPath, options = {}) {
    const file = await writeWhole(resolve(outPath), options.signal, async (part) => {
      // The header counts what follows it, so the two bodies are written first.
      const [vertexPath, facePath] = [`${part}.vertices`, `${part}.faces`]
      let [vertices, faces] = [0, 0]
      let coordinate: 'float' | 'double' | undefined
      try {
        const bodies = [await open(vertexPath, 'w'), await open(facePath, 'w')] as const
        try {
          for await (const { scan, worldFromScan } of worldScans(input, options)) {
            const first = vertices
            coordinate ??= coordinateFor(scan, worldFromScan)
            vertices += await writeVertices(bodies[0], scan, worldFromScan, coordinate, options)
            faces += await writeFaces(bodies[1], scan, first)
            if (vertices > 0xffffffff) throw new AsterismError('too_large', say('export.plyCounts'))
          }
        } finally {
          for (const body of bodies) await body.close()
        }
        const out = await open(part, 'w')
        try {
          await out.writeFile(header(vertices, faces, coordinate ?? 'float'))
          for (const path of [vertexPath, facePath]) {
            for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
              await out.writeFile(chunk)
            }
          }
        } finally {
          await out.close()
        }
      } finally {
        for (const path of [vertexPath, facePath]) await rm(path, { force: true })
      }
    })
    return [file]
  },
}
