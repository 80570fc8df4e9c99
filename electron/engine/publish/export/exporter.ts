/** What an exporter is. The registry is the array in index.ts. */
import type { DocumentRecord } from '../../../../shared/document/records.ts'
import type { ProjectView } from '../package/project-view.ts'

export interface ExportInput {
  readonly records: Iterable<DocumentRecord>
  /** Where an asset's file or folder lies now, absolute, or null when that is not known. */
  assetPath(assetId: string): string | null
}

export interface ExportedFile {
  /** Absolute. */
  readonly path: string
  readonly bytes: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

export interface ExportOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

export interface Exporter {
  /** Short and stable: an interface of the command line. */
  readonly id: string
  /** For people: "OpenTimelineIO". */
  readonly title: string
  /** Of the file it writes, with its dot. */
  readonly extension: string
  /** Writes to `outPath`, which appears under its name only when complete. */
  write(input: ExportInput, outPath: string, options?: ExportOptions): Promise<ExportedFile[]>
}

/** What exporters of one text document are made of. */
export type TextDocument = (
  view: ProjectView,
  input: ExportInput,
  outPath: string,
  options: ExportOptions,
) => Promise<string> | string
