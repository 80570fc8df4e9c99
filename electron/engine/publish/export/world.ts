/** The registered world of a project: every scan with the matrix that puts it into the one frame they share. */
import type { Asset, Stream } from '../../../../shared/document/records.ts'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { PosePath, Scan } from '../../../../shared/geometry/data.ts'
import { multiply, similarity } from '../../../../shared/geometry/matrix4.ts'
import { withCorrectedPath } from '../../assets/corrected-path.ts'
import { chooseImporter } from '../../import/describe.ts'
import type { Importer, ImportSource } from '../../import/importer.ts'
import { openSource } from '../../import/source.ts'
import { hasSurface, loadWay, loadSurface } from '../../assets/surface.ts'
import { viewProject, type ProjectView } from '../package/project-view.ts'
import type { ExportInput, ExportOptions } from './exporter.ts'
import { requireAssets, requirePath } from './refusals.ts'

export interface WorldAsset {
  readonly asset: Asset
  readonly streams: readonly Stream[]
  /** Column-major, metres. */
  readonly worldFromAsset: readonly number[]
  readonly importer: Importer
  readonly source: ImportSource
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

/**
 * The assets of a world: the one that is the world, and those that were registered to it. A single scan is a world by
 * itself. What is not registered is left out and told.
 *
 * @param wanted which assets belong to it at all
 * @throws AsterismError `bad_input` when there is none, or when there are several and none is registered
 */
export async function worldAssets(
  view: ProjectView,
  input: ExportInput,
  options: ExportOptions,
  wanted: (streams: readonly Stream[]) => boolean,
  what: 'export.what.scan' | 'export.what.pathFilm',
): Promise<WorldAsset[]> {
  requireAssets(view)
  const assets = view.assets.filter((asset) => wanted(view.streamsOf(asset.id)))
  if (assets.length === 0) {
    throw new AsterismError('bad_input', say('export.holdsNo', { what: say(what) }), {
      fix: say('export.fix.importOne'),
    })
  }
  const placed = assets.filter((asset) => asset.id === view.project.worldAssetId || view.transformOf(asset.id))
  const chosen = placed.length === 0 && assets.length === 1 ? assets : placed
  if (chosen.length === 0) {
    throw new AsterismError('bad_input', say('export.notRegistered', { count: assets.length }), {
      fix: say('export.fix.alignSpace'),
    })
  }
  for (const asset of assets) {
    if (!chosen.includes(asset)) options.onNote?.(say('note.unregistered', { title: asset.title }))
  }
  const world: WorldAsset[] = []
  for (const asset of chosen) world.push(await openPlace(view, input, asset))
  return world
}

async function openPlace(view: ProjectView, input: ExportInput, asset: Asset): Promise<WorldAsset> {
  const source = await openSource(requirePath(input.assetPath(asset.id), asset.title))
  return {
    asset,
    streams: view.streamsOf(asset.id),
    worldFromAsset: view.transformOf(asset.id)?.worldFromAsset ?? IDENTITY,
    importer: withCorrectedPath(chooseImporter(source), view.pathCorrectionOf(asset.id)),
    source,
  }
}

/** The scans of the world, loaded one after another. */
export async function* worldScans(
  input: ExportInput,
  options: ExportOptions,
): AsyncGenerator<{ readonly scan: Scan; readonly place: WorldAsset; readonly worldFromScan: readonly number[] }> {
  const view = viewProject(input.records)
  const wanted = (streams: readonly Stream[]): boolean => hasSurface({ streams })
  const world = await worldAssets(view, input, options, wanted, 'export.what.scan')
  const signal = options.signal ?? new AbortController().signal
  for (const [n, place] of world.entries()) {
    throwIfCancelled(signal)
    options.onProgress?.(n / world.length, say('work.reading', { name: place.asset.title }))
    const context = { tools: input.tools, signal }
    const scan = await loadSurface(place.importer, place.source, { streams: place.streams }, context)
    const { origin } = scan.kind === 'mesh' ? scan.mesh : scan.points
    const worldFromScan = origin
      ? multiply(place.worldFromAsset, similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], origin))
      : place.worldFromAsset
    yield { scan, place, worldFromScan }
  }
}

/** Where the devices of the world went, each in the frame of its recording, whether or not they saw a surface. */
export async function* worldPaths(
  input: ExportInput,
  options: ExportOptions,
): AsyncGenerator<{ readonly path: PosePath; readonly place: WorldAsset }> {
  const view = viewProject(input.records)
  const signal = options.signal ?? new AbortController().signal
  for (const asset of view.assets) {
    throwIfCancelled(signal)
    const streams = view.streamsOf(asset.id)
    const isPlaced = asset.id === view.project.worldAssetId || view.transformOf(asset.id) !== undefined
    // What has a surface was told of when the scans were written.
    const isAlone = view.assets.length === 1 || hasSurface({ streams })
    if (!streams.some((stream) => stream.sensor === 'pose')) continue
    if (!isPlaced && !isAlone) options.onNote?.(say('note.unregistered', { title: asset.title }))
    if (!isPlaced && view.assets.length > 1) continue
    const place = await openPlace(view, input, asset)
    const path = await loadWay(place.importer, place.source, { streams }, { tools: input.tools, signal })
    if (path && path.count > 1) yield { path, place }
  }
}
