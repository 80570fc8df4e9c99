/** Exporters whose whole output is one text file. */
import { resolve } from 'node:path'
import { viewProject } from '../package/project-view.ts'
import type { Exporter, ExporterName, TextDocument } from './exporter.ts'
import { writeWholeBytes } from './whole-file.ts'

/** An exporter that writes what `document` makes of the project. */
export function textExporter(fields: ExporterName, document: TextDocument): Exporter {
  return {
    ...fields,
    async write(input, outPath, options = {}) {
      const path = resolve(outPath)
      const text = await document(viewProject(input.records), input, path, options)
      return [await writeWholeBytes(path, Buffer.from(text), options.signal)]
    },
  }
}
