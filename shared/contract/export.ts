/** Exports: the formats, and the answer of the command. */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { base } from './base.ts'
import { fileToken } from './file-token.ts'

/** In the order in which they are offered. Each is an entry of the engine's registry of exporters. */
export const EXPORT_FORMATS = [
  'mp4',
  'webm',
  'wav',
  'still',
  'otio',
  'fcpxml',
  'edl',
  'vtt',
  'vtt-words',
  'srt',
  'transcript-txt',
  'transcript-md',
  'transcript-json',
  'labels-csv',
  'labels-vtt',
  'labels-json',
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

/** The purposes of formats, in the order in which they are shown. */
export const EXPORT_PURPOSES = ['film', 'sound', 'still', 'editors', 'captions', 'labels', 'datasets', 'world'] as const
export type ExportPurpose = (typeof EXPORT_PURPOSES)[number]

/** What reading back the written film or sound file found. */
const writtenMediaSchema = z.object({
  duration_s: z.number(),
  streams: z.array(
    z.object({
      kind: z.enum(['video', 'audio']),
      codec: z.string(),
      width: z.number().int().optional(),
      height: z.number().int().optional(),
      frames: z.number().int().optional().describe('pictures, counted by their packets'),
      sample_rate_hz: z.number().int().optional(),
      channels: z.number().int().optional(),
      samples: z.number().int().optional().describe('of each channel, where the container counts in samples'),
    }),
  ),
})
export type WrittenMedia = z.infer<typeof writtenMediaSchema>

export const exportAnswer = z.object({
  format: exportFormatSchema,
  files: z.array(
    z.object({
      path: z.string(),
      bytes: z.number().int(),
      sha256: z.string(),
      media: writtenMediaSchema.optional().describe('of a film or a sound: what was read back'),
    }),
  ),
  /** Sentences on what was left out or changed because the format cannot hold it. */
  notes: z.array(z.string()),
  notes_said: z.array(sayingSchema).optional().describe('the same, for a window to say in its language'),
})

export type ExportAnswer = z.infer<typeof exportAnswer>

/** Where the window puts an export: a name in a folder that the host showed, or beside the project. */
export const exportPlaceSchema = z.object({
  folder: fileToken.nullable(),
  /** Without the extension, which the format has. */
  name: z.string().trim().min(1).max(120),
})

export const exportInput = z.object({
  format: exportFormatSchema,
  /** A path that the host showed. Without it, `place`; without both, beside the project under its title. */
  out: fileToken.nullable(),
  preset: z.string().max(80).nullable(),
  /** For a still: its time on the project's clock. */
  atSeconds: z.number().nullable().optional(),
  place: exportPlaceSchema.optional(),
  /** False: refuse to overwrite an earlier export of the same name. */
  replace: z.boolean().optional(),
})

const formatEntrySchema = z.object({
  id: exportFormatSchema,
  title: z.string(),
  purpose: z.enum(EXPORT_PURPOSES),
  extension: z.string().describe('with its dot; empty for a folder'),
  presets: z.array(z.object({ id: z.string(), title: z.string() })),
})
export type ExportFormatEntry = z.infer<typeof formatEntrySchema>

export const exportsContract = {
  formats: base.output(z.array(formatEntrySchema)),
  /** The state of a place before anything is written to it. */
  look: base.input(z.object({ format: exportFormatSchema, place: exportPlaceSchema })).output(
    z.object({
      /** Name of the file or folder that will be written. */
      fileName: z.string(),
      /** `ours`: an earlier export, unchanged since; `foreign` is never overwritten. */
      there: z.enum(['nothing', 'ours', 'foreign']),
      /** A similar name, without extension, that is free. */
      freeName: z.string(),
    }),
  ),
  /** What a cut without encoding would keep of the recording, in its own time; an error says why it is impossible. */
  lossless: base.input(z.object({ way: z.enum(['lossless', 'exact']) })).output(
    z.object({
      kept: z.array(z.object({ fromSeconds: z.number(), toSeconds: z.number() })),
      /** Kept beyond what the timeline shows. */
      extraSeconds: z.number(),
      /** Pictures around the cuts that would be re-encoded. */
      encodedPictures: z.number().int(),
    }),
  ),
}

/** An edit or captions that were brought in. */
export const editAnswer = z.object({
  path: z.string(),
  format: z.string(),
  tracks: z.number().int(),
  clips: z.number().int(),
  markers: z.number().int(),
  captions: z.number().int(),
  labels: z.number().int().describe('labels that the project did not have; their spans count as markers'),
  unmatched: z.array(z.string()).describe('media that the edit names and the project does not have'),
  warnings: z.array(z.string()),
  warnings_said: z.array(sayingSchema).optional().describe('the same, for a window to say in its language'),
})
