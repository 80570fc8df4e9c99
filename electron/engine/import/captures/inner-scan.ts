/** A finished scan inside a capture folder, read by the importer of its own format and moved into the capture's frame. */
import { AsterismError, isCancellation } from '../../../../shared/errors.ts'
import type { Scan } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { IDENTITY4, rotationOf, transformPositions, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, Importer, StreamDescription } from '../importer.ts'
import { corruptFile, warning } from '../refusals.ts'
import { openSource } from '../source.ts'

/** The finished scan inside a capture: described like an asset of its own, in the capture's frame. */
export interface InnerScan {
  readonly description: Omit<StreamDescription, 'clock'>
  readonly warnings: readonly ImportWarning[]
  load(context: ImportContext): Promise<Scan>
}

function moved(scan: Scan, captureFromScan: Matrix4): Scan {
  if (captureFromScan === IDENTITY4) return scan
  const turn = rotationOf(captureFromScan)
  const direction = [...turn.slice(0, 3), 0, ...turn.slice(3, 6), 0, ...turn.slice(6, 9), 0, 0, 0, 0, 1]
  const move = <T extends { positions: Float32Array; normals?: Float32Array }>(body: T): T => ({
    ...body,
    positions: transformPositions(captureFromScan, body.positions),
    ...(body.normals && { normals: transformPositions(direction, body.normals) }),
  })
  return scan.kind === 'mesh' ? { kind: 'mesh', mesh: move(scan.mesh) } : { kind: scan.kind, points: move(scan.points) }
}

/** Bounds of the corners of a box once moved. */
function movedBounds(bounds: { min: number[]; max: number[] }, m: Matrix4): { min: number[]; max: number[] } {
  const corners = new Float32Array(24)
  for (let corner = 0; corner < 8; corner++) {
    for (let axis = 0; axis < 3; axis++)
      corners[3 * corner + axis] = (corner >> axis) & 1 ? bounds.max[axis] : bounds.min[axis]
  }
  const turned = transformPositions(m, corners)
  const along = (axis: number) => Array.from({ length: 8 }, (_, corner) => turned[3 * corner + axis])
  return {
    min: [0, 1, 2].map((axis) => Math.min(...along(axis))),
    max: [0, 1, 2].map((axis) => Math.max(...along(axis))),
  }
}

/**
 * Describes the scan at `path`. One that cannot be read is a warning: the rest of the capture may still be good.
 * @param captureFromScan Column-major, rigid.
 */
export async function innerScan(
  path: string,
  importer: Importer,
  captureFromScan: Matrix4,
  context: ImportContext,
): Promise<{ scan: InnerScan | undefined; warnings: ImportWarning[] }> {
  try {
    const source = await openSource(path)
    if (importer.supports(source) === 0) throw corruptFile(path, say('capture.mislabelled'))
    const asset = await importer.read(source, context)
    const { clock: _clock, ...description } = asset.streams[0]
    const { boundsMetres } = description
    const scan: InnerScan = {
      description: {
        ...description,
        ...(boundsMetres && { boundsMetres: movedBounds(boundsMetres, captureFromScan) }),
      },
      warnings: asset.warnings,
      async load(loadContext) {
        const loaded = await importer.loadScan?.(source, 0, loadContext)
        if (!loaded) throw corruptFile(path, say('capture.noGeometry'))
        return moved(loaded, captureFromScan)
      },
    }
    return { scan, warnings: [] }
  } catch (error) {
    if (isCancellation(error) || !(error instanceof AsterismError)) throw error
    return {
      scan: undefined,
      warnings: [warning('scan_unreadable', say('import.scanUnreadable', { why: error.said?.what ?? error.message }))],
    }
  }
}
