/** Taking a project out: the formats, and what the command answers. */
import { z } from 'zod'

/** In the order in which they are offered. Each is an entry of the engine's registry of exporters. */
export const EXPORT_FORMATS = [
  'mp4',
  'webm',
  'wav',
  'otio',
  'fcpxml',
  'edl',
  'vtt',
  'srt',
  'webdataset',
  'lerobot',
  'hf-folder',
  'croissant',
  'mcap',
  'nerfstudio',
  'glb',
  'ply',
] as const
export const exportFormatSchema = z.enum(EXPORT_FORMATS)
export type ExportFormat = z.infer<typeof exportFormatSchema>

export const exportAnswer = z.object({
  format: exportFormatSchema,
  files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() })),
  /** What the format cannot hold and was left out or changed, as sentences. */
  notes: z.array(z.string()),
})

/** An edit or captions that were brought in. */
export const editAnswer = z.object({
  path: z.string(),
  format: z.string(),
  tracks: z.number().int(),
  clips: z.number().int(),
  markers: z.number().int(),
  captions: z.number().int(),
  unmatched: z.array(z.string()).describe('media that the edit names and the project does not have'),
  warnings: z.array(z.string()),
})
