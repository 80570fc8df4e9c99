/** What formats and their presets are called in the window. */
import type { ExportFormat } from '../../../shared/contract/export.ts'
import { t, type PlainKey } from '../i18n/text.ts'

const PRESET_WORDS: Readonly<Record<string, PlainKey>> = {
  'mp4.standard': 'export.preset.mp4.standard',
  'mp4.small': 'export.preset.small',
  'mp4.egocentric-baseline': 'export.preset.egocentric',
  'mp4.lossless': 'export.preset.mp4.lossless',
  'mp4.exact': 'export.preset.mp4.exact',
  'webm.standard': 'export.preset.mp4.standard',
  'webm.small': 'export.preset.small',
  'wav.standard': 'export.preset.wav.standard',
  'wav.float': 'export.preset.wav.float',
}

/** A preset that the catalogues do not know yet is called what the engine calls it. */
export function presetWords(format: ExportFormat, preset: { readonly id: string; readonly title: string }): string {
  const key = PRESET_WORDS[`${format}.${preset.id}`]
  return key ? t(key) : preset.title
}
