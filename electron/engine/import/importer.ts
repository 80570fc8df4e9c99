/**
 * The interface of importers. The registry is the array in index.ts; every entry passes the shared conformance test,
 * which runs it on its own fixtures and on damaged copies of them.
 */
import type { DepthFrame, ImuSamples, PosePath, Scan } from '../../../shared/geometry/data.ts'
import type { JointFrames } from '../../../shared/geometry/joints.ts'
import type { Asset, Clock, ImportWarning, Stream } from '../../../shared/document/records.ts'
import type { AsterismError } from '../../../shared/errors.ts'
import type { Saying } from '../../../shared/sayings/saying.ts'
import type { MediaTools } from '../media/tools.ts'

/** A file in an archive. */
export interface PackedFile {
  readonly name: string
  /** Unpacked. */
  readonly bytes: number
  readonly checksum: number
}

/** A file or a capture folder before any importer has read it. */
export interface ImportSource {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  /** The base name, for people. */
  readonly name: string
  /** Lower case, without the dot; empty for a folder. */
  readonly extension: string
  readonly isDirectory: boolean
  /** Size of the file, or sum over the files of a folder. */
  readonly byteLength: number
  /** The first bytes of the file, at most 64 KiB; empty for a folder. */
  readonly head: Uint8Array
  /** For a folder: the paths of its files, relative, `/`-separated, sorted; at most 200,000. */
  readonly entries: readonly string[]
  /** For a folder: parts of it that cannot be read, the first hundred. */
  readonly leftOut?: readonly LeftOut[]
  /** For a file named `.zip`: the entries of its directory; absent if that cannot be read. */
  readonly packed?: readonly PackedFile[]
}

/** A part of a folder that cannot be read, and why. */
export interface LeftOut {
  readonly path: string
  readonly failure: AsterismError
}

export interface ImportContext {
  readonly tools: MediaTools
  readonly signal: AbortSignal
}

/** A file inside a capture folder, or one that is extracted from a recording. */
export interface MediaPart {
  /** Absolute. */
  readonly path: string
  /** Creates the file if it does not exist. */
  readonly make?: () => Promise<void>
}

/** A clock as the recording describes it; ids are given when the asset enters a project. */
export type ClockDescription = Pick<Clock, 'title' | 'source' | 'epochUtcNanoseconds' | 'epochSource' | 'timecode'>

/** A stream as the recording describes it. `clock` is an index into the asset's clocks. */
export type StreamDescription = Omit<Stream, 'kind' | 'id' | 'assetId' | 'clockId' | 'index'> & {
  readonly clock: number
}

export interface ImportedAsset {
  /** Short and stable, as in `ply`, `mp4`, `stray-scanner`: an interface of the command line. */
  readonly format: string
  readonly kind: Asset['assetKind']
  readonly durationSeconds: number | null
  readonly clocks: readonly ClockDescription[]
  readonly streams: readonly StreamDescription[]
  readonly warnings: readonly ImportWarning[]
  readonly metadata: Readonly<Record<string, string | number | boolean>>
}

/** A small valid example of the format, for tests. */
export interface FixtureWriter {
  /** Names the fixture, as in `ascii` or `binary-big-endian`. */
  readonly id: string
  /** Writes it under `directory` and returns the path to import. */
  write(directory: string, tools: MediaTools): Promise<string>
  /** A subset of what reading it must return. */
  readonly expected: Partial<Pick<ImportedAsset, 'format' | 'kind'>> & { readonly sensors: readonly Stream['sensor'][] }
}

export interface Importer {
  readonly id: string
  /** For people: "survey points (LAS, LAZ)". */
  readonly title: Saying
  readonly extensions: readonly string[]
  /** All parts of the capture are in one folder: files beside that folder are other recordings. */
  readonly isOneFolder?: true
  /** Its clock starts with the film of the same name beside it, as for captions. */
  readonly countsFromFilm?: true
  /**
   * How surely this importer can read the source, 0 to 1, judged by content before name: 1 by its magic bytes,
   * about 0.5 by its extension and plausible content, 0 when it cannot. Never reads beyond `head` and `entries`.
   */
  supports(source: ImportSource): number
  /** Work before `read` that has no time limit, such as unpacking an archive; harmless if repeated. */
  prepare?(source: ImportSource, context: ImportContext): Promise<void>
  /**
   * Describes the recording. Throws AsterismError `corrupt_file`, `empty_file`, `unsupported_format` or `too_large`
   * when there is nothing usable in it; one bad packet is a warning, not a failure.
   */
  read(source: ImportSource, context: ImportContext): Promise<ImportedAsset>
  /** The geometry of a scan; `streamIndex` counts the streams that `read` gave. */
  loadScan?(source: ImportSource, streamIndex: number, context: ImportContext): Promise<Scan>
  loadPoses?(source: ImportSource, streamIndex: number, context: ImportContext): Promise<PosePath>
  /** Of streams with a `jointCount`. */
  loadJoints?(source: ImportSource, streamIndex: number, context: ImportContext): Promise<JointFrames>
  loadImu?(source: ImportSource, streamIndex: number, context: ImportContext): Promise<ImuSamples>
  /** Depth stays on disk: frames come one at a time, `frameIndex` from 0 to sampleCount - 1. */
  loadDepthFrame?(
    source: ImportSource,
    streamIndex: number,
    frameIndex: number,
    context: ImportContext,
  ): Promise<DepthFrame>
  /** The file of a video or audio stream, if it is not the source itself. */
  mediaPart?(source: ImportSource, streamIndex: number, context: ImportContext): MediaPart | undefined
}
