import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportFormat } from '../../../shared/contract/export.ts'
import { requireRecord } from '../../../shared/document/document.ts'
import { pathOfAsset, pathsOfAssets } from '../asset-location.ts'
import { guardDestination, WrittenFiles } from '../publish/destination.ts'
import { exporter } from '../publish/export/index.ts'
import { safeName } from '../publish/package/file-names.ts'
import type { Session } from '../session.ts'
import type { Work } from './registry.ts'

interface Prepared {
  format: ExportFormat
  /** Absolute. */
  out: string
  preset: string | null
}

/** Writes the project in a format of others. Taken up again, it goes on from what it had done. */
export const exportWork: Work<'export', Prepared> = {
  kind: 'export',
  lane: 'main',
  resumesByItself: true,
  prepare: ({ format, out, preset }, session) => ({
    format,
    out: out ? session.files.resolve(out) : besideTheProject(session, format),
    preset,
  }),
  title: ({ format }) => `Export ${exporter(format).title}`,
  async run({ format, out, preset }, session, { signal, progress, log }) {
    const store = session.requireProject()
    const workFolder = join(session.cacheFolder(), 'exports')
    const written = new WrittenFiles(workFolder)
    await guardDestination(out, { path: store.path, sources: pathsOfAssets(session) }, written)
    const notes: string[] = []
    const files = await exporter(format).write(
      {
        records: [...store.document.values()],
        assetPath: (assetId) => {
          const path = pathOfAsset(session, assetId)
          return path && existsSync(path) ? path : null
        },
        tools: await session.tools(),
      },
      out,
      {
        signal,
        preset,
        workFolder,
        onProgress: (fraction, stage) => progress(fraction, stage ?? 'Writing'),
        onNote: (sentence) => {
          notes.push(sentence)
          log(sentence)
        },
      },
    )
    await written.remember(files.map((file) => file.path))
    return { format, files: files.map((file) => ({ ...file })), notes }
  },
}

/** For the window, which sees no paths: `take.asterism.exports/take.mp4`. */
function besideTheProject(session: Session, format: ExportFormat): string {
  const { title } = requireRecord(session.document, 'project', 'project')
  const { extension, id } = exporter(format)
  const name = `${safeName(title)}${extension || `.${id}`}`
  return join(`${session.requireProject().path}.exports`, name)
}
