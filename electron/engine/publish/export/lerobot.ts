/**
 * A LeRobot dataset v3.0 (github.com/huggingface/lerobot): the take as one episode. Every camera is rendered on the
 * project's clock at one constant rate, since the loader takes a picture's time to be its number over the rate to within
 * 0.1 ms; paths of devices become the state of each frame.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Track } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'
import { sequenceRate } from '../../../../shared/document/edit-rates.ts'
import { readableJson, type Json } from '../package/canonical-json.ts'
import { safeName, uniqueNames } from '../package/file-names.ts'
import { viewProject, type ProjectView } from '../package/project-view.ts'
import { MP4_PRESETS, type VideoPreset } from '../render/presets.ts'
import { renderFilm } from '../render/render.ts'
import { requireShownTracks } from './audible-tracks.ts'
import { devicePaths, noteTurns, type DevicePath } from './device-path.ts'
import type { ExportInput, Exporter, ExportOptions } from './exporter.ts'
import { columnOf, numberStatistics, writeTable, type Statistics, type TableColumn } from './parquet-table.ts'
import { pictureStatistics } from './picture-statistics.ts'
import { stepOptions } from './samples.ts'
import { writeWholeFolder } from './whole-folder.ts'
import { probeMedia } from '../../media/probe.ts'

const DATA = 'data/chunk-000/file-000.parquet'
const EPISODES = 'meta/episodes/chunk-000/file-000.parquet'
const STATE_NAMES = ['x', 'y', 'z', 'qx', 'qy', 'qz', 'qw']

interface Camera {
  readonly key: string
  readonly track: Track
}

interface Episode {
  readonly fps: number
  readonly startSeconds: number
  readonly frames: number
}

/** The time in which every camera has a picture: a dataset has no frames without one. */
function commonSpan(cameras: readonly Camera[]): { from: number; to: number } {
  const from = Math.max(...cameras.map(({ track }) => secondsFromTicks(track.clips[0]!.startTicks)))
  const to = Math.min(
    ...cameras.map(({ track }) => {
      const last = track.clips.at(-1)!
      return secondsFromTicks(last.startTicks + last.durationTicks)
    }),
  )
  if (to > from) return { from, to }
  throw new AsterismError('bad_input', say('export.noMoment'), {
    fix: say('export.fix.alignOrMute'),
  })
}

function camerasOf(view: ProjectView, options: ExportOptions): Camera[] {
  const nameOf = uniqueNames()
  return requireShownTracks(view, ['video'], options).pictures.map((track) => ({
    track,
    // Points part the words of a key; letters of every script stay.
    key: `observation.images.${nameOf(safeName(track.title).replaceAll('.', '_'))}`,
  }))
}

/** One row of seven numbers a path for each frame; where a path says nothing its nearest pose stands in. */
function stateRows(paths: readonly DevicePath[], episode: Episode, options: ExportOptions): number[][] {
  const rows = Array.from({ length: episode.frames }, (): number[] => [])
  for (const path of paths) {
    const poses = rows.map((_, n) => path.at(episode.startSeconds + n / episode.fps))
    const known = poses.flatMap((pose, n) => (pose ? [n] : []))
    if (known.length === 0) {
      options.onNote?.(say('note.pathElsewhen', { title: path.title }))
      continue
    }
    const missing = poses.length - known.length
    if (missing > 0) options.onNote?.(say('note.posesMissing', { title: path.title, frames: missing }))
    noteTurns(path, options)
    if (!path.isInWorld) options.onNote?.(say('note.ownFrame', { title: path.title }))
    let last = poses[known[0]!]!
    poses.forEach((pose, n) => {
      last = pose ?? last
      rows[n]!.push(...last.position, ...last.rotation)
    })
  }
  return rows
}

async function renderCameras(
  view: ProjectView,
  input: ExportInput,
  cameras: readonly Camera[],
  episode: Episode,
  folder: string,
  options: ExportOptions,
): Promise<{ features: Record<string, Json>; stats: Record<string, Statistics> }> {
  const features: Record<string, Json> = {}
  const stats: Record<string, Statistics> = {}
  const preset: VideoPreset = {
    ...MP4_PRESETS[0]!,
    rate: { numerator: episode.fps, denominator: 1 },
    keyframeEvery: 10,
  }
  for (const [n, { key, track }] of cameras.entries()) {
    const path = join(folder, `videos/${key}/chunk-000/file-000.mp4`)
    await mkdir(dirname(path), { recursive: true })
    const toSeconds = episode.startSeconds + episode.frames / episode.fps
    const part = { tracks: [track], fromSeconds: episode.startSeconds, toSeconds }
    const container = ['-movflags', '+faststart', '-f', 'mp4']
    const plan = await renderFilm(
      view,
      input,
      { path, preset, container, part },
      stepOptions(options, n, cameras.length),
    )
    if (plan.frames !== episode.frames) throw new AsterismError('internal', 'A camera came out with other frames.')
    const signal = options.signal ?? new AbortController().signal
    const probe = await probeMedia(path, input.tools, signal)
    const { width = 0, height = 0 } = probe.streams[0]!
    features[key] = {
      dtype: 'video',
      shape: [height, width, 3],
      names: ['height', 'width', 'channels'],
      info: {
        'video.height': height,
        'video.width': width,
        'video.codec': 'h264',
        'video.pix_fmt': 'yuv420p',
        'video.is_depth_map': false,
        'video.fps': episode.fps,
        'video.channels': 3,
        has_audio: false,
      },
    }
    stats[key] = await pictureStatistics(input.tools, path, episode.frames, signal)
  }
  return { features, stats }
}

async function writeMeta(folder: string, name: string, content: Json): Promise<void> {
  await writeFile(join(folder, 'meta', name), readableJson(content))
}

/** One row a frame; what the loader computes with is float32, and a time is exactly a number over the rate. */
function frameColumns({ fps, frames }: Episode, states: readonly (readonly number[])[]): TableColumn[] {
  const index = Array.from({ length: frames }, (_, n) => n)
  const zeros = index.map(() => 0)
  const times = index.map((n) => n / fps)
  return [
    ...(states[0]!.length > 0 ? [columnOf('observation.state', 'float32-list', states)] : []),
    columnOf('timestamp', 'float32', times),
    columnOf('frame_index', 'int64', index),
    columnOf('episode_index', 'int64', zeros),
    columnOf('index', 'int64', index),
    columnOf('task_index', 'int64', zeros),
  ]
}

/** One row: where the frames of the only episode lie. */
function episodeColumns({ fps, frames }: Episode, cameras: readonly Camera[], task: string): TableColumn[] {
  return [
    columnOf('episode_index', 'int64', [0]),
    columnOf('tasks', 'string-list', [[task]]),
    columnOf('length', 'int64', [frames]),
    columnOf('data/chunk_index', 'int64', [0]),
    columnOf('data/file_index', 'int64', [0]),
    columnOf('dataset_from_index', 'int64', [0]),
    columnOf('dataset_to_index', 'int64', [frames]),
    ...cameras.flatMap(({ key }) => [
      columnOf(`videos/${key}/chunk_index`, 'int64', [0]),
      columnOf(`videos/${key}/file_index`, 'int64', [0]),
      columnOf(`videos/${key}/from_timestamp`, 'float64', [0]),
      columnOf(`videos/${key}/to_timestamp`, 'float64', [frames / fps]),
    ]),
    columnOf('meta/episodes/chunk_index', 'int64', [0]),
    columnOf('meta/episodes/file_index', 'int64', [0]),
  ]
}

/** Of the poses of one device seven numbers, of more each with the number of its device. */
function stateFeature(width: number): Record<string, Json> {
  if (width === 0) return {}
  const device = (n: number) => (width > 7 ? `_${Math.floor(n / 7)}` : '')
  const names = Array.from({ length: width }, (_, n) => `${STATE_NAMES[n % 7]}${device(n)}`)
  return { 'observation.state': { dtype: 'float32', shape: [width], names } }
}

function infoOf({ fps, frames }: Episode, features: Record<string, Json>): Json {
  const scalar = (dtype: string): Json => ({ dtype, shape: [1], names: null })
  return {
    codebase_version: 'v3.0',
    robot_type: null,
    fps,
    total_episodes: 1,
    total_frames: frames,
    total_tasks: 1,
    chunks_size: 1000,
    data_files_size_in_mb: 100,
    video_files_size_in_mb: 200,
    data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
    video_path: 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4',
    splits: { train: '0:1' },
    features: {
      ...features,
      timestamp: scalar('float32'),
      frame_index: scalar('int64'),
      episode_index: scalar('int64'),
      index: scalar('int64'),
      task_index: scalar('int64'),
    },
  }
}

async function build(folder: string, view: ProjectView, input: ExportInput, options: ExportOptions): Promise<void> {
  const signal = options.signal ?? new AbortController().signal
  const cameras = camerasOf(view, options)
  const rate = sequenceRate(view)
  const fps = Math.round(rate.numerator / rate.denominator)
  const span = commonSpan(cameras)
  const frames = Math.floor((span.to - span.from) * fps + 1e-6)
  if (frames < 1) throw new AsterismError('bad_input', say('export.noCommonFrame'))
  const episode: Episode = { fps, startSeconds: span.from, frames }
  const task = view.rights?.description || view.project.title
  await mkdir(join(folder, 'meta/episodes/chunk-000'), { recursive: true })
  await mkdir(join(folder, 'data/chunk-000'), { recursive: true })

  const videos = await renderCameras(view, input, cameras, episode, folder, options)
  const paths = (await devicePaths(view, input, signal)).filter((path) => path.path.count > 1)
  const states = stateRows(paths, episode, options)
  const columns = frameColumns(episode, states)
  const stats: Record<string, Statistics> = { ...videos.stats }
  for (const column of columns) stats[column.name] = numberStatistics(column.rows)

  await writeTable(join(folder, DATA), columns)
  const tasks = [columnOf('task_index', 'int64', [0]), columnOf('task', 'string', [task])]
  await writeTable(join(folder, 'meta/tasks.parquet'), tasks, 'task')
  await writeTable(join(folder, EPISODES), episodeColumns(episode, cameras, task))
  await writeMeta(folder, 'stats.json', stats as unknown as Json)
  await writeMeta(folder, 'info.json', infoOf(episode, { ...videos.features, ...stateFeature(states[0]!.length) }))
}

export const lerobotExporter: Exporter = {
  id: 'lerobot',
  title: 'LeRobot dataset v3.0',
  extension: '',
  purpose: 'datasets',
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    camerasOf(view, { ...options, onNote: undefined })
    return await writeWholeFolder(outPath, 'lerobot', options.signal, (folder) => build(folder, view, input, options))
  },
}
