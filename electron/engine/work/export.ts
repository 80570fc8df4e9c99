import { inEnglish, say, type Saying } from '../../../shared/sayings/saying.ts'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { exportFormatSchema, type ExportPurpose } from '../../../shared/contract/export.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { pathsOfAssets } from '../assets/asset-location.ts'
import { guardDestination, WrittenFiles } from '../publish/overwrite-guard.ts'
import { exporter } from '../publish/export/index.ts'
import { exportPath, exportWorkFolder } from '../publish/export-place.ts'
import { exportSource } from '../publish/export-source.ts'
import { readBack } from '../publish/render/read-back.ts'
import type { Work } from './registry.ts'

const prepared = z.strictObject({
  format: exportFormatSchema,
  /** Absolute. */
  out: z.string(),
  preset: z.string().nullable(),
  atSeconds: z.number().nullable().optional(),
  /** False: a file of this name is left alone, also one that was written from here. */
  replace: z.boolean().optional(),
})
type Prepared = z.infer<typeof prepared>

/** Written in a moment: nobody waits for a film to have them. */
const SHORT: readonly ExportPurpose[] = ['still', 'editors', 'captions', 'labels']

/** Writes the project in a format of others. Taken up again, it goes on from what it had done. */
export const exportWork: Work<'export', Prepared> = {
  kind: 'export',
  lane: 'export',
  resumesByItself: true,
  isShort: ({ format }) => SHORT.includes(exporter(format).purpose),
  prepare: ({ format, out, preset, atSeconds, place, replace }, session) => ({
    format,
    out: out ? session.files.resolve(out) : exportPath(session, format, place),
    preset,
    atSeconds,
    replace,
  }),
  title: ({ format, out }) => `Export ${exporter(format).title}: ${basename(out)}`,
  about: ({ out, format, preset, atSeconds }) => ({
    subject: basename(out),
    exportAs: { format, preset, atSeconds },
  }),
  elsewhere: { prepared, files: ({ out }, session) => [out, ...pathsOfAssets(session)], changes: [] },
  async run({ format, out, preset, atSeconds, replace }, session, { signal, progress, log }) {
    const store = session.requireProject()
    const workFolder = exportWorkFolder(session)
    const written = new WrittenFiles(workFolder)
    if (replace === false && existsSync(out)) {
      throw new AsterismError('conflict', say('export.exists', { name: basename(out) }), {
        fix: say('export.fix.otherOrReplace'),
        kept: say('kept.asItIs'),
      })
    }
    await guardDestination(out, { path: store.path, sources: pathsOfAssets(session) }, written)
    const notes: Saying[] = []
    const source = await exportSource(session)
    const files = await exporter(format).write(source, out, {
      signal,
      preset,
      atSeconds,
      workFolder,
      onProgress: (fraction, stage) => progress(fraction, stage ?? say('work.writing')),
      onNote: (note) => {
        notes.push(note)
        log(inEnglish(note))
      },
    })
    await written.remember(files.map((file) => file.path))
    const isMedia = ['film', 'sound'].includes(exporter(format).purpose)
    const told = await Promise.all(
      files.map(async (file) =>
        isMedia ? { ...file, media: await readBack(source.tools, file.path, signal) } : { ...file },
      ),
    )
    return { format, files: told, notes: notes.map(inEnglish), notes_said: notes }
  },
}
