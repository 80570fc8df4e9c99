/** What an exporter is. The registry is the array in index.ts; every entry passes the registry's conformance test. */
import type { Saying, Wording } from '../../../../shared/sayings/saying.ts'
import type { ExportPurpose } from '../../../../shared/contract/export.ts'
import type { DocumentRecord } from '../../../../shared/document/records.ts'
import type { MediaTools } from '../../media/tools.ts'
import type { ProjectView } from '../package/project-view.ts'

export interface ExportInput {
  /** A snapshot of the project; nothing changes under the exporter's hands. */
  readonly records: Iterable<DocumentRecord>
  /** Where an asset's file or folder lies now, absolute, or null when that is not known. */
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
  /** Something that the format cannot hold and that was left out or changed. */
  readonly onNote?: (note: Saying) => void
  /** Of a still: the moment on the project's clock. */
  readonly atSeconds?: number | null
  /** The id of one of the exporter's presets; the first of them without it. */
  readonly preset?: string | null
  /** Where a long export keeps what it has done, so that it can be taken up again; beside the output without it. */
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
  /** Of the file it writes, with its dot; empty for a format that is a folder. */
  readonly extension: string
  /** Films and sounds are read back after writing. */
  readonly purpose: ExportPurpose
  /** The first is the one taken when none is asked for. */
  readonly presets?: readonly ExportPreset[]
  /**
   * Writes to `outPath`, which appears under its name only when complete. The same project gives the same bytes.
   *
   * @throws AsterismError `bad_input` with the reason when the project holds nothing that the format could carry.
   */
  write(input: ExportInput, outPath: string, options?: ExportOptions): Promise<ExportedFile[]>
}

export type ExporterName = Pick<Exporter, 'id' | 'title' | 'extension' | 'purpose'>

/** What exporters of one text document are made of. */
export type TextDocument = (
  view: ProjectView,
  input: ExportInput,
  outPath: string,
  options: ExportOptions,
) => Promise<string> | string
