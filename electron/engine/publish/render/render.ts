/** Renders the timeline to one file: pictures in stretches, sound in one piece, joined, looked at again. */
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { inEnglish, say, type Saying, type Wording } from '../../../../shared/sayings/saying.ts'
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Track } from '../../../../shared/document/records.ts'
import type { FrameRate } from '../../../../shared/units.ts'
import { requireFreeSpace } from '../../media/disk.ts'
import { COMMON_ARGUMENTS, fileUrl, refuseFailure, runTool } from '../../media/run-tool.ts'
import { encodersOf } from '../../media/tool-features.ts'
import { requireTool } from '../../media/tools.ts'
import type { ExportInput, ExportOptions } from '../export/exporter.ts'
import { canonicalJson } from '../package/canonical-json.ts'
import type { ProjectView } from '../package/project-view.ts'
import { sequenceRate } from '../../../../shared/document/edit-rates.ts'
import { encoderOf, encodeStretches } from './encode.ts'
import { renderFrames, shownSize, type PictureSize } from './frames.ts'
import { planRender, SOUND_HZ, type RenderPart, type RenderPlan } from './plan.ts'
import type { VideoPreset } from './presets.ts'
import { mixSound, SOUND_CHANNELS } from './sound.ts'
import { SourceShelf } from './source-media.ts'
import { verifyRender } from './verify.ts'

const DEFAULT_SIZE: PictureSize = { width: 1280, height: 720 }
/** Bits a pixel and frame, generously, for the check of free space. */
const BITS_PER_PIXEL = 0.25
const WORK_KEPT_MILLISECONDS = 7 * 24 * 3600_000
/** Shares of the whole: mixing, pictures, joining, looking again. */
const SHARES = { sound: 0.08, pictures: 0.8, join: 0.04, verify: 0.08 } as const

interface Session {
  readonly view: ProjectView
  readonly input: ExportInput
  readonly options: ExportOptions
  readonly signal: AbortSignal
  readonly shelf: SourceShelf
  readonly plan: RenderPlan
  readonly tracks: readonly Track[]
  readonly note: (note: Saying) => void
  readonly progress: (stage: keyof typeof SHARES, fraction: number, text: Wording) => void
}

function sessionOf(
  view: ProjectView,
  input: ExportInput,
  options: ExportOptions,
  rate: FrameRate,
  part?: RenderPart,
): Session {
  const signal = options.signal ?? new AbortController().signal
  const told = new Set<string>()
  const starts = { sound: 0, pictures: SHARES.sound, join: 0.88, verify: 0.92 }
  return {
    view,
    input,
    options,
    signal,
    shelf: new SourceShelf(view, input, signal),
    plan: planRender(view, rate, part),
    tracks: part?.tracks ?? view.tracks.filter((track) => !track.muted),
    note(note) {
      const sentence = inEnglish(note)
      if (!told.has(sentence)) options.onNote?.(note)
      told.add(sentence)
    },
    progress: (stage, fraction, text) =>
      options.onProgress?.(starts[stage] + SHARES[stage] * Math.min(1, fraction), text),
  }
}

/** Every stream that the render reads must be there before hours are spent. */
async function requireSources({ plan, shelf }: Session): Promise<void> {
  const streams = [
    ...plan.pictures.flatMap((piece) => piece.source?.stream ?? []),
    ...plan.sounds.map((piece) => piece.stream),
  ]
  for (const stream of new Map(streams.map((each) => [each.id, each])).values()) await shelf.mediaOf(stream)
}

/** That of the first picture on the topmost track, with even sides, within what the preset allows. */
async function outputSize({ tracks, view, shelf }: Session, preset: VideoPreset): Promise<PictureSize> {
  const track = tracks.find((each) => each.sensor === 'video' && each.clips.length > 0)
  const stream = view.stream(track?.clips[0]?.streamId ?? '')
  const shown = stream ? shownSize((await shelf.mediaOf(stream)).stream) : DEFAULT_SIZE
  const longest = Math.max(shown.width, shown.height)
  const scale = preset.largestSide !== null && longest > preset.largestSide ? preset.largestSide / longest : 1
  const even = (side: number): number => Math.max(2, 2 * Math.floor((side * scale) / 2 + 1e-6))
  return { width: even(shown.width), height: even(shown.height) }
}

/** Names what is rendered: another edit, file, preset or ffmpeg has another folder, so that no stretch is mistaken. */
function workKey({ plan, view }: Session, parts: readonly unknown[]): string {
  const pieces = plan.pictures.map((piece) => ({
    ...piece,
    source: piece.source && {
      sha256: view.asset(piece.source.stream.assetId)?.sha256,
      index: piece.source.stream.index,
      map: { ...piece.source.map, evidenceIds: undefined },
    },
  }))
  const text = canonicalJson(JSON.parse(JSON.stringify([plan.rate, plan.startSeconds, plan.frames, pieces, parts])))
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

async function forgetOldWork(folder: string): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    const path = join(folder, entry)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs > WORK_KEPT_MILLISECONDS) await rm(path, { recursive: true, force: true })
  }
}

/** Turns the sound down where its sum goes beyond full scale, and says so. */
function gainFilters(peak: number, note: (note: Saying) => void): string[] {
  if (peak <= 1) return []
  const decibels = fixedAmount(20 * Math.log10(peak), 1)
  note(say('note.tooLoud', { decibels }))
  return [`volume=${(1 / peak).toFixed(6)}`]
}

function soundFilter(filters: readonly string[]): string[] {
  return filters.length > 0 ? ['-af', filters.join(',')] : []
}

async function muxed(session: Session, args: readonly string[], path: string): Promise<void> {
  const ffmpeg = requireTool(session.input.tools, 'ffmpeg')
  const result = await runTool(ffmpeg, [...COMMON_ARGUMENTS, '-v', 'error', ...args, '-y', fileUrl(path)], {
    signal: session.signal,
    timeoutMilliseconds: 6 * 3600_000,
    stallMilliseconds: 3600_000,
  })
  refuseFailure(result, say('tool.joined'), { path })
}

const CLEAN = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact']

interface WantedFilm {
  readonly path: string
  readonly preset: VideoPreset
  /** Arguments of ffmpeg that choose the container. */
  readonly container: readonly string[]
  /** The whole edit where it is absent. */
  readonly part?: RenderPart
}

/** Renders to a file that does not have its final name yet. */
export async function renderFilm(
  view: ProjectView,
  input: ExportInput,
  { path, preset, container, part }: WantedFilm,
  options: ExportOptions,
): Promise<RenderPlan> {
  const session = sessionOf(view, input, options, preset.rate ?? sequenceRate(view), part)
  const { plan, signal, note, progress, shelf } = session
  const ffmpeg = requireTool(input.tools, 'ffmpeg')
  const encoders = await encodersOf(ffmpeg, signal)
  encoderOf(preset, encoders)
  await requireSources(session)
  const size = await outputSize(session, preset)
  const estimate = (size.width * size.height * plan.frames * BITS_PER_PIXEL) / 8 + plan.samples * SOUND_CHANNELS * 4
  await requireFreeSpace(dirname(path), estimate, say('disk.fix.freeOrOther'))

  const root = options.workFolder ?? `${path}.work`
  await forgetOldWork(root)
  const folder = join(root, workKey(session, [preset, size, ffmpeg.version]))
  await requireFreeSpace(folder, estimate)
  const hasSound = plan.sounds.length > 0
  const wave = join(folder, 'sound.wav')
  let peak = 0
  if (hasSound) {
    const onProgress = (fraction: number): void => progress('sound', fraction, say('work.mixing'))
    peak = (await mixSound(plan, wave, { tools: input.tools, shelf, signal, onProgress, onNote: note })).peak
  }
  const list = await encodeStretches(
    {
      ffmpeg,
      encoders,
      preset,
      rate: plan.rate,
      size,
      frames: plan.frames,
      folder,
      signal,
      onFrames: (done) =>
        progress('pictures', done / plan.frames, say('work.rendering', { place: done, all: plan.frames })),
    },
    (firstFrame) => renderFrames(plan, firstFrame, { ffmpeg, shelf, size, signal, onNote: note }),
  )
  progress('join', 0, say('work.joining'))
  const filters = [...gainFilters(peak, note), ...(preset.audioFilter ? [preset.audioFilter] : [])]
  await muxed(
    session,
    [
      '-f',
      'concat',
      '-i',
      fileUrl(list),
      ...(hasSound ? ['-i', fileUrl(wave)] : []),
      '-map',
      '0:v:0',
      '-c:v',
      'copy',
      ...(hasSound ? ['-map', '1:a:0', ...soundFilter(filters), ...preset.audio] : []),
      ...CLEAN,
      ...container,
    ],
    path,
  )
  progress('verify', 0, say('work.lookingAtFile'))
  await verifyRender(
    input.tools,
    path,
    {
      picture: { frames: plan.frames, rate: plan.rate },
      soundSeconds: hasSound ? plan.samples / SOUND_HZ : null,
    },
    signal,
  )
  await rm(folder, { recursive: true, force: true })
  if (options.workFolder === undefined) await rm(root, { recursive: true, force: true })
  return plan
}

/** Renders the sound alone to `path`, an unnamed file yet, as `codec` in a wave file. */
export async function renderWave(
  view: ProjectView,
  input: ExportInput,
  path: string,
  codec: string,
  options: ExportOptions,
): Promise<void> {
  const session = sessionOf(view, input, options, sequenceRate(view))
  const { plan, signal, note, progress, shelf } = session
  await requireSources(session)
  await requireFreeSpace(dirname(path), plan.samples * SOUND_CHANNELS * 8, say('disk.fix.freeOrOther'))
  const folder = join(dirname(path), `.${basename(path)}.work`)
  await mkdir(folder, { recursive: true })
  try {
    const wave = join(folder, 'sound.wav')
    const onProgress = (fraction: number): void => progress('pictures', fraction, say('work.mixing'))
    const { peak } = await mixSound(plan, wave, { tools: input.tools, shelf, signal, onProgress, onNote: note })
    // Floats hold what is beyond full scale.
    const gain = soundFilter(codec.startsWith('pcm_f') ? [] : gainFilters(peak, note))
    await muxed(
      session,
      ['-i', fileUrl(wave), '-map', '0:a:0', ...gain, ...CLEAN, '-c:a', codec, '-rf64', 'auto', '-f', 'wav'],
      path,
    )
    await verifyRender(input.tools, path, { picture: null, soundSeconds: plan.samples / SOUND_HZ }, signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
