/** The timeline as a film or a sound file. */
import { say } from '../../../../shared/sayings/saying.ts'
import { resolve } from 'node:path'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { cutLossless } from '../lossless/lossless-cut.ts'
import type { LosslessWay } from '../lossless/plan-cut.ts'
import { viewProject } from '../package/project-view.ts'
import { buyerProfile } from '../profiles/index.ts'
import type { RenderPlan } from '../render/plan.ts'
import { choosePreset, MP4_PRESETS, WAV_PRESETS, WEBM_PRESETS, type VideoPreset } from '../render/presets.ts'
import { renderFilm, renderWave } from '../render/render.ts'
import type { Exporter, ExporterName, ExportOptions, ExportPreset } from './exporter.ts'
import { requireAssets, requireTracks } from './refusals.ts'
import { writeWhole } from './whole-file.ts'

/** What no encoder can change about recordings that are too short, too small or upright. */
function tellBuyer(plan: RenderPlan, preset: VideoPreset, options: ExportOptions): void {
  const wanted = preset.buyer === undefined ? undefined : buyerProfile(preset.buyer).video
  if (!wanted) return
  const seconds = (plan.frames * plan.rate.denominator) / plan.rate.numerator
  if (seconds < wanted.minSeconds || seconds > wanted.maxSeconds) {
    options.onNote?.(
      say('note.buyerLength', { seconds: fixedAmount(seconds, 1), least: wanted.minSeconds, most: wanted.maxSeconds }),
    )
  }
  const stream = plan.pictures.find((piece) => piece.source)?.source?.stream
  const pixels = (stream?.width ?? 0) * (stream?.height ?? 0)
  if (pixels < wanted.minPixels) {
    options.onNote?.(say('note.buyerPixels', { pixels, least: wanted.minPixels }))
  }
}

/** Stream copy: of the timeline as it is, where it is cuts of one recording. */
const LOSSLESS: readonly (ExportPreset & { readonly id: LosslessWay })[] = [
  { id: 'lossless', title: 'Without encoding: the recording cut at its key pictures' },
  { id: 'exact', title: 'Cut to the picture: only what lies between a cut and a key picture is encoded' },
]

function filmExporter(fields: ExporterName, presets: readonly VideoPreset[], container: readonly string[]): Exporter {
  return {
    ...fields,
    presets,
    async write(input, outPath, options = {}) {
      const view = viewProject(input.records)
      requireTracks(view, 'export.what.both', ['video', 'audio'])
      const preset = choosePreset(presets, options.preset)
      const file = await writeWhole(resolve(outPath), options.signal, async (part) => {
        tellBuyer(await renderFilm(view, input, { path: part, preset, container }, options), preset, options)
      })
      return [file]
    },
  }
}

const encodedMp4 = filmExporter({ id: 'mp4', title: 'MP4 film', extension: '.mp4', purpose: 'film' }, MP4_PRESETS, [
  '-movflags',
  '+faststart',
  '-f',
  'mp4',
])

export const mp4Exporter: Exporter = {
  ...encodedMp4,
  presets: [...MP4_PRESETS, ...LOSSLESS],
  async write(input, outPath, options = {}) {
    const way = LOSSLESS.find(({ id }) => id === options.preset)?.id
    if (!way) return await encodedMp4.write(input, outPath, options)
    const view = viewProject(input.records)
    requireTracks(view, 'export.what.picture', ['video'])
    return [await writeWhole(resolve(outPath), options.signal, (part) => cutLossless(view, input, part, way, options))]
  },
}

export const webmExporter = filmExporter(
  { id: 'webm', title: 'WebM film', extension: '.webm', purpose: 'film' },
  WEBM_PRESETS,
  ['-f', 'webm'],
)

export const wavExporter: Exporter = {
  id: 'wav',
  title: 'Wave sound',
  extension: '.wav',
  purpose: 'sound',
  presets: WAV_PRESETS,
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    requireAssets(view)
    requireTracks(view, 'export.what.sound', ['audio'])
    const preset = choosePreset(WAV_PRESETS, options.preset)
    return [
      await writeWhole(resolve(outPath), options.signal, (part) =>
        renderWave(view, input, part, preset.codec, options),
      ),
    ]
  },
}
