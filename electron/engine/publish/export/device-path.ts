/** Where devices were at moments of the project, in the world where it is known. */
import { say } from '../../../../shared/sayings/saying.ts'
import type { Stream } from '../../../../shared/document/records.ts'
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import { multiply, rotationOf, similarity, translationOf } from '../../../../shared/geometry/matrix4.ts'
import { quaternionFromRotation } from '../../../../shared/geometry/rotation.ts'
import { applyTimeMap, clockSecondsOf } from '../../../../shared/signal/time-map.ts'
import { poseAt } from '../../../../shared/geometry/pose-at.ts'
import { withCorrectedPath } from '../../assets/corrected-path.ts'
import { chooseImporter } from '../../import/describe.ts'
import { openSource } from '../../import/source.ts'
import type { ProjectView } from '../package/project-view.ts'
import type { ExportInput, ExportOptions } from './exporter.ts'
import { requirePath } from './refusals.ts'

export interface DevicePath {
  readonly stream: Stream
  readonly title: string
  readonly path: PosePath
  readonly isInWorld: boolean
  /** Position (m), quaternion x, y, z, w; null where the path says nothing. */
  at(projectSeconds: number): { readonly position: readonly number[]; readonly rotation: readonly number[] } | null
}

export interface DeviceMotion {
  readonly stream: Stream
  readonly title: string
  readonly samples: ImuSamples
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

function clockNanoseconds(view: ProjectView, stream: Stream, projectSeconds: number): bigint {
  const map = view.timeMapOf(stream.clockId)
  return BigInt(Math.round((map ? clockSecondsOf(map, projectSeconds) : projectSeconds) * 1e9))
}

async function opened(view: ProjectView, input: ExportInput, stream: Stream, signal: AbortSignal) {
  const title = view.asset(stream.assetId)?.title ?? stream.assetId
  const source = await openSource(requirePath(input.assetPath(stream.assetId), title))
  const importer = withCorrectedPath(chooseImporter(source), view.pathCorrectionOf(stream.assetId))
  return { title, source, importer, context: { tools: input.tools, signal } }
}

/** Every path of the project; in the world's frame for what is registered, in its own otherwise. */
export async function devicePaths(view: ProjectView, input: ExportInput, signal: AbortSignal): Promise<DevicePath[]> {
  const paths: DevicePath[] = []
  for (const stream of view.assets.flatMap((asset) => view.streamsOf(asset.id))) {
    if (stream.sensor !== 'pose') continue
    const { title, source, importer, context } = await opened(view, input, stream, signal)
    if (!importer.loadPoses) continue
    const path = await importer.loadPoses(source, stream.index, context)
    const transform = view.transformOf(stream.assetId)
    const isInWorld = transform !== undefined || stream.assetId === view.project.worldAssetId
    const worldFromAsset = transform?.worldFromAsset ?? IDENTITY
    paths.push({
      stream,
      title,
      path,
      isInWorld,
      at(projectSeconds) {
        const pose = poseAt(path, clockNanoseconds(view, stream, projectSeconds))
        if (!pose) return null
        const placed = multiply(worldFromAsset, similarity(pose.rotation, pose.position))
        return { position: translationOf(placed), rotation: quaternionFromRotation(rotationOf(placed)) }
      },
    })
  }
  return paths
}

/** Formats that have a rotation for every place get one that means nothing where none is known: that is told. */
export function noteTurns({ stream, title }: DevicePath, options: ExportOptions): void {
  if (!stream.rotationUnknown) return
  options.onNote?.(say('note.noTurns', { title }))
}

export async function deviceMotions(
  view: ProjectView,
  input: ExportInput,
  signal: AbortSignal,
): Promise<DeviceMotion[]> {
  const motions: DeviceMotion[] = []
  for (const stream of view.assets.flatMap((asset) => view.streamsOf(asset.id))) {
    if (stream.sensor !== 'imu') continue
    const { title, source, importer, context } = await opened(view, input, stream, signal)
    if (importer.loadImu)
      motions.push({ stream, title, samples: await importer.loadImu(source, stream.index, context) })
  }
  return motions
}

/** Project time of a moment of a stream's clock. */
export function projectSecondsOf(view: ProjectView, stream: Stream, clockSeconds: number): number {
  const map = view.timeMapOf(stream.clockId)
  return map ? applyTimeMap(map, clockSeconds) : clockSeconds
}
