/**
 * `transforms.json` with pictures, as nerfstudio, instant-ngp and splat trainers read it: camera-to-world matrices with
 * +X right, +Y up, looking along -Z, in a world whose +Z is up; intrinsics in pixels of the pictures.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stream } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { Intrinsics } from '../../../../shared/geometry/data.ts'
import { rotationFromQuaternion } from '../../../../shared/geometry/rotation.ts'
import { COMMON_ARGUMENTS, fileUrl, inputArguments, refuseFailure, runTool } from '../../media/run-tool.ts'
import { requireTool } from '../../media/tools.ts'
import { readableJson, type Json } from '../package/canonical-json.ts'
import { safeName, uniqueNames } from '../package/file-names.ts'
import { viewProject, type ProjectView } from '../package/project-view.ts'
import { SourceShelf, type SourceMedia } from '../render/source-media.ts'
import { hasTurns } from '../../assets/surface.ts'
import { devicePaths, projectSecondsOf, type DevicePath } from './device-path.ts'
import type { Exporter, ExportInput, ExportOptions } from './exporter.ts'
import { worldAssets, type WorldAsset } from './world.ts'
import { writeWholeFolder } from './whole-folder.ts'

/** More pictures than this make training slower and the result no better. */
const MOST_PICTURES = 300

interface Camera {
  readonly place: WorldAsset
  readonly path: DevicePath
  readonly video: Stream
  readonly media: SourceMedia
  readonly intrinsics: Intrinsics
}

/** Those of the depth pictures, in pixels of the film: the two cameras of a phone look through one model. */
async function intrinsicsOf(
  place: WorldAsset,
  media: SourceMedia,
  input: ExportInput,
  signal: AbortSignal,
): Promise<Intrinsics | null> {
  const depth = place.streams.find((stream) => stream.sensor === 'depth')
  if (!depth || !place.importer.loadDepthFrame || (depth.sampleCount ?? 0) < 1) return null
  const context = { tools: input.tools, signal }
  const { intrinsics } = await place.importer.loadDepthFrame(place.source, depth.index, 0, context)
  const { width = 0, height = 0 } = media.stream
  const [x, y] = [width / intrinsics.width, height / intrinsics.height]
  return {
    width,
    height,
    fx: intrinsics.fx * x,
    fy: intrinsics.fy * y,
    cx: intrinsics.cx * x,
    cy: intrinsics.cy * y,
  }
}

async function camerasOf(
  view: ProjectView,
  input: ExportInput,
  options: ExportOptions,
  signal: AbortSignal,
): Promise<Camera[]> {
  const wanted = (streams: readonly Stream[]): boolean =>
    streams.some(hasTurns) && streams.some((stream) => stream.sensor === 'video')
  const world = await worldAssets(view, input, options, wanted, 'export.what.pathFilm')
  const paths = await devicePaths(view, input, signal)
  const shelf = new SourceShelf(view, input, signal)
  const cameras: Camera[] = []
  for (const place of world) {
    const path = paths.find(({ stream }) => stream.assetId === place.asset.id && hasTurns(stream))
    const video = place.streams.find((stream) => stream.sensor === 'video')
    if (!path || !video) continue
    const media = await shelf.mediaOf(video)
    const intrinsics = await intrinsicsOf(place, media, input, signal)
    if (intrinsics) cameras.push({ place, path, video, media, intrinsics })
    else options.onNote?.(say('note.noLens', { title: place.asset.title }))
  }
  if (cameras.length > 0) return cameras
  throw new AsterismError('bad_input', say('export.noPlacedFilm'), {
    fix: say('export.fix.captureWithPath'),
  })
}

/** Clock times of a film's pictures in the order in which they are shown. */
async function pictureTimes(camera: Camera, input: ExportInput, signal: AbortSignal): Promise<number[]> {
  const { probe, stream, shiftSeconds } = camera.media
  const result = await runTool(
    requireTool(input.tools, 'ffprobe'),
    [
      '-v',
      'error',
      '-select_streams',
      String(stream.index),
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      ...inputArguments(probe.path),
    ],
    { signal, timeoutMilliseconds: 600_000 },
  )
  refuseFailure(result, say('tool.pictureTimes'), { path: probe.path })
  return result.stdout
    .toString('latin1')
    .split('\n')
    .map((line) => Number.parseFloat(line))
    .filter(Number.isFinite)
    .map((seconds) => seconds - probe.clockOriginSeconds + shiftSeconds)
    .sort((a, b) => a - b)
}

/** A camera's matrix in a world whose +Z is up, row by row. */
function matrixRows(position: readonly number[], rotation: readonly number[]): number[][] {
  const r = rotationFromQuaternion(rotation)
  const rows = [0, 1, 2].map((row) => [r[row]!, r[3 + row]!, r[6 + row]!, position[row]!])
  const [x, y, z] = rows as [number[], number[], number[]]
  return [x, z.map((value) => -value), y, [0, 0, 0, 1]]
}

async function writePictures(
  camera: Camera,
  stem: string,
  every: number,
  folder: string,
  input: ExportInput,
  signal: AbortSignal,
): Promise<string[]> {
  const { probe, stream } = camera.media
  const pattern = join(folder, `${stem}_%05d.jpg`)
  const result = await runTool(
    requireTool(input.tools, 'ffmpeg'),
    [
      ...COMMON_ARGUMENTS,
      '-v',
      'error',
      // The lens is described in the sensor's own frame, so the picture stays as the sensor saw it.
      '-noautorotate',
      ...inputArguments(probe.path),
      '-map',
      `0:${stream.index}`,
      '-vf',
      `select=not(mod(n\\,${every}))`,
      '-vsync',
      'passthrough',
      '-q:v',
      '2',
      '-fflags',
      '+bitexact',
      '-start_number',
      '0',
      '-f',
      'image2',
      fileUrl(pattern),
    ],
    { signal, timeoutMilliseconds: 3 * 3600_000, stallMilliseconds: 600_000 },
  )
  refuseFailure(result, say('tool.picturesOut'), { path: probe.path, hasOutput: true })
  return (await readdir(folder)).filter((name) => name.startsWith(`${stem}_`)).sort()
}

async function build(
  folder: string,
  cameras: readonly Camera[],
  view: ProjectView,
  input: ExportInput,
  options: ExportOptions,
): Promise<void> {
  const signal = options.signal ?? new AbortController().signal
  const images = join(folder, 'images')
  await mkdir(images)
  const nameOf = uniqueNames()
  const frames: Json[] = []
  for (const [n, camera] of cameras.entries()) {
    options.onProgress?.(n / cameras.length, say('work.takingPictures', { name: camera.place.asset.title }))
    const times = await pictureTimes(camera, input, signal)
    const every = Math.max(1, Math.ceil((times.length * cameras.length) / MOST_PICTURES))
    const stem = safeName(nameOf(camera.place.asset.title)).replace(/[.%]/g, '-')
    const names = await writePictures(camera, stem, every, images, input, signal)
    const { fx, fy, cx, cy, width, height } = camera.intrinsics
    let without = 0
    for (const [k, name] of names.entries()) {
      const clockSeconds = times[k * every]
      const pose =
        clockSeconds === undefined ? null : camera.path.at(projectSecondsOf(view, camera.video, clockSeconds))
      if (!pose) {
        without += 1
        continue
      }
      frames.push({
        file_path: `images/${name}`,
        timestamp: projectSecondsOf(view, camera.video, clockSeconds!),
        fl_x: fx,
        fl_y: fy,
        cx,
        cy,
        w: width,
        h: height,
        transform_matrix: matrixRows(pose.position, pose.rotation),
      })
    }
    if (without > 0)
      options.onNote?.(say('note.picturesWithoutPose', { pictures: without, title: camera.place.asset.title }))
  }
  if (frames.length === 0)
    throw new AsterismError('bad_input', say('export.noPosedPicture'), { fix: say('export.fix.alignTime') })
  await writeFile(
    join(folder, 'transforms.json'),
    readableJson({ camera_model: 'OPENCV', k1: 0, k2: 0, p1: 0, p2: 0, frames }),
  )
}

export const nerfstudioExporter: Exporter = {
  id: 'nerfstudio',
  title: 'Nerfstudio pictures and poses',
  extension: '',
  purpose: 'world',
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    return await writeWholeFolder(outPath, 'nerfstudio', options.signal, async (folder) => {
      const cameras = await camerasOf(view, input, options, options.signal ?? new AbortController().signal)
      await build(folder, cameras, view, input, options)
    })
  },
}
