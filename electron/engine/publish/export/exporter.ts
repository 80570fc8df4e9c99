/**
 * The interface of exporters. The registry is the array in index.ts; every entry passes the registry's conformance
 * test.
 */
import type { Saying, Wording } from '../../../../shared/sayings/saying.ts'
import type { ExportPurpose } from '../../../../shared/contract/export.ts'
import type { DocumentRecord } from '../../../../shared/document/records.ts'
import type { MediaTools } from '../../media/tools.ts'
import type { ProjectView } from '../package/project-view.ts'

export interface ExportInput {
  /** A snapshot of the project, which does not change during the export. */
  readonly records: Iterable<DocumentRecord>
  /** The current absolute path of an asset's file or folder, or null if unknown. */
  assetPath(assetId: string): string | null
  readonly tools: MediaTools
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
  readonly onProgress?: (fraction: number, stage?: Wording) => void
  /** Reports something that was left out or changed because the format cannot hold it. */
  readonly onNote?: (note: Saying) => void
  /** For a still: its time on the project's clock. */
  readonly atSeconds?: number | null
  /** The id of one of the exporter's presets; by default the first. */
  readonly preset?: string | null
  /** Where a long export stores finished parts, so that it can be resumed; by default beside the output. */
  readonly workFolder?: string
}

export interface ExportPreset {
  readonly id: string
  /** For people. */
  readonly title: string
}

export interface Exporter {
  /** Short and stable: an interface of the command line. */
  readonly id: string
  /** For people: "OpenTimelineIO". */
  readonly title: string
  /** Extension with its dot; empty for a format that is a folder. */
  readonly extension: string
  /** Films and sounds are read back after writing. */
  readonly purpose: ExportPurpose
  /** The first is the default. */
  readonly presets?: readonly ExportPreset[]
  /**
   * Writes to `outPath`, which appears under its name only when complete. The same project gives the same bytes.
   *
   * @throws AsterismError `bad_input` with the reason if the project has nothing that the format can hold.
   */
  write(input: ExportInput, outPath: string, options?: ExportOptions): Promise<ExportedFile[]>
}

export type ExporterName = Pick<Exporter, 'id' | 'title' | 'extension' | 'purpose'>

/** Definition of an exporter of one text document. */
export type TextDocument = (
  view: ProjectView,
  input: ExportInput,
  outPath: string,
  options: ExportOptions,
) => Promise<string> | string
