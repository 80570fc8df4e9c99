/** Where exports go that the window asks for, which names a file and sees no path. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { exportAnswer, type ExportFormat, type exportPlaceSchema } from '../../../shared/contract/export.ts'
import { keyReleaseAnswer } from '../../../shared/contract/lease-keys.ts'
import { requireRecord } from '../../../shared/document/document.ts'
import type { Session } from '../session.ts'
import { WrittenFiles } from './overwrite-guard.ts'
import { exporter } from './export/index.ts'
import { safeName } from './package/file-names.ts'

export type ExportPlace = z.infer<typeof exportPlaceSchema>

/** Where exports keep what they have done and remember what they wrote. */
export function exportWorkFolder(session: Session): string {
  return join(session.cacheFolder(), 'exports')
}

/** Name of the file or folder that a name becomes in a format. */
function fileNameOf(format: ExportFormat, name: string): string {
  const { extension, id } = exporter(format)
  return `${safeName(name)}${extension || `.${id}`}`
}

/** `take.asterism.exports/take.mp4` where no folder was chosen, under the title of the project where no name was. */
export function exportPath(session: Session, format: ExportFormat, place?: ExportPlace): string {
  const name = place?.name ?? requireRecord(session.document, 'project', 'project').title
  const folder = place?.folder ? session.files.resolve(place.folder) : `${session.requireProject().path}.exports`
  return join(folder, fileNameOf(format, name))
}

/** Looks at a place before anything is written to it. */
export async function lookAtPlace(
  session: Session,
  format: ExportFormat,
  place: ExportPlace,
): Promise<{ fileName: string; there: 'nothing' | 'ours' | 'foreign'; freeName: string }> {
  const path = exportPath(session, format, place)
  let freeName = place.name
  for (let count = 2; existsSync(exportPath(session, format, { ...place, name: freeName })); count++) {
    freeName = `${place.name}-${count}`
  }
  const fileName = fileNameOf(format, place.name)
  if (!existsSync(path)) return { fileName, there: 'nothing', freeName }
  const isOurs = await new WrittenFiles(exportWorkFolder(session)).has(path)
  return { fileName, there: isOurs ? 'ours' : 'foreign', freeName }
}

/** Where a file lies that was written to be given away, by its job; null where there is none. */
export function exportedFile(session: Session, jobId: string, index: number): string | null {
  const job = session.jobs.list().find(({ id, state }) => id === jobId && state === 'done')
  if (job?.kind === 'keyRelease')
    return index === 0 ? (keyReleaseAnswer.safeParse(job.result).data?.path ?? null) : null
  if (job?.kind !== 'export') return null
  return exportAnswer.safeParse(job?.result).data?.files[index]?.path ?? null
}
