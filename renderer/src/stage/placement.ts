/** Where recordings stand in the world view: where the aligner put them, else side by side, so that none hides another. */
import { Box3, Matrix4, Vector3, type Object3D } from 'three'
import { transformId, type Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'

const GAP_METRES = 1
const PREFIX = 'asset:'

/** The name of the objects of an asset in the scene, by which the gizmo finds them. */
export function objectName(assetId: string): string {
  return `${PREFIX}${assetId}`
}

/** The recording that an object of the scene belongs to, with the group that places it. */
export function assetOfObject(object: Object3D): { readonly assetId: string; readonly group: Object3D } | null {
  for (let group: Object3D | null = object; group; group = group.parent) {
    if (group.name.startsWith(PREFIX)) return { assetId: group.name.slice(PREFIX.length), group }
  }
  return null
}

export interface Placement {
  /** `world_from_asset`, column-major. */
  readonly matrix: readonly number[]
  /** False for what only stands beside the world until it is aligned. */
  readonly isPlaced: boolean
}

/** @returns by asset id; assets without a box of their own and without a transform are left out */
export function placementsOf(document: Document, scans: readonly Stream[]): ReadonlyMap<string, Placement> {
  const placements = new Map<string, Placement>()
  const world = new Box3()
  const loose: { assetId: string; box: Box3 }[] = []
  for (const stream of scans) {
    const transform = document.get(transformId(stream.assetId))
    const box = boxOfStream(stream)
    if (transform?.kind === 'transform') {
      placements.set(stream.assetId, { matrix: transform.worldFromAsset, isPlaced: true })
      world.union(box.applyMatrix4(new Matrix4().fromArray(transform.worldFromAsset)))
    } else if (!loose.some((each) => each.assetId === stream.assetId)) loose.push({ assetId: stream.assetId, box })
  }
  for (const { assetId, box } of loose) {
    const shift = world.isEmpty()
      ? new Vector3()
      : new Vector3(
          world.max.x + GAP_METRES - box.min.x,
          world.min.y - box.min.y,
          (world.min.z + world.max.z - box.min.z - box.max.z) / 2,
        )
    placements.set(assetId, { matrix: new Matrix4().makeTranslation(shift).toArray(), isPlaced: false })
    world.union(box.translate(shift))
  }
  return placements
}

/** What a stream of a recording spans, in its own frame. */
export function boxOfStream(stream: Stream): Box3 {
  const bounds = stream.boundsMetres
  if (!bounds) return new Box3(new Vector3(-1, -1, -1), new Vector3(1, 1, 1))
  return new Box3(new Vector3().fromArray(bounds.min), new Vector3().fromArray(bounds.max))
}
