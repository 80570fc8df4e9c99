/** Exporters whose whole output is one text file. */
import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { fileError } from '../file-errors.ts'
import { viewProject } from '../package/project-view.ts'
import type { ExportedFile, Exporter, TextDocument } from './exporter.ts'

async function writeText(path: string, text: string): Promise<ExportedFile> {
  const bytes = Buffer.from(text)
  const part = `${path}.${process.pid}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(part, 'w')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw fileError(error, path)
  }
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** An exporter that writes what `document` makes of the project. */
export function textExporter(fields: Pick<Exporter, 'id' | 'title' | 'extension'>, document: TextDocument): Exporter {
  return {
    ...fields,
    async write(input, outPath, options = {}) {
      const path = resolve(outPath)
      const text = await document(viewProject(input.records), input, path, options)
      throwIfCancelled(options.signal)
      return [await writeText(path, text)]
    },
  }
}
