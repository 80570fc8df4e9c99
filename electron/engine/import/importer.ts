/**
 * What an importer is. The registry is the array in index.ts; every entry passes the shared conformance test, which
 * drives it with the fixtures it ships and with broken copies of them.
 */
import type { DepthFrame, ImuSamples, PosePath, Scan } from '../../../shared/geometry/data.ts'
import type { JointFrames } from '../../../shared/geometry/joints.ts'
import type { Asset, Clock, ImportWarning, Stream } from '../../../shared/document/records.ts'
import type { MediaTools } from '../media/tools.ts'

/** A file in an archive. */
export interface PackedFile {
  readonly name: string
  /** Unpacked. */
  readonly bytes: number
  readonly checksum: number
}

/** A file or a capture folder as the registry first sees it. */
export interface ImportSource {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  /** The base name, for people. */
  readonly name: string
  /** Lower case, without the dot; empty for a folder. */
  readonly extension: string
  readonly isDirectory: boolean
  /** Of the file; of a folder, the sum over its files. */
  readonly byteLength: number
  /** The first bytes of the file, at most 64 KiB; empty for a folder. */
  readonly head: Uint8Array
  /** Of a folder: paths of the files in it, relative, `/`-separated, sorted; at most 200,000. */
  readonly entries: readonly string[]
  /** Of a file called `.zip`: what its directory lists; absent where that cannot be read. */
  readonly packed?: readonly PackedFile[]
}

export interface ImportContext {
  readonly tools: MediaTools
  readonly signal: AbortSignal
}

/** A file inside a capture folder, or one that is made of what a recording holds. */
export interface MediaPart {
  /** Absolute. */
  readonly path: string
  /** Makes the file where it is not there. */
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

/** A place where an importer puts a small true example of its format, for tests. */
export interface FixtureWriter {
  /** Names the fixture, as in `ascii` or `binary-big-endian`. */
  readonly id: string
  /** Writes it under `directory` and returns the path to import. */
  write(directory: string, tools: MediaTools): Promise<string>
  /** What reading it must give, as a subset. */
  readonly expected: Partial<Pick<ImportedAsset, 'format' | 'kind'>> & { readonly sensors: readonly Stream['sensor'][] }
}

export interface Importer {
  readonly id: string
  /** For people: "Stanford polygon file". */
  readonly title: string
  readonly extensions: readonly string[]
  /** A capture whose parts all lie in one folder: what lies beside that folder is other recordings. */
  readonly isOneFolder?: true
  /** Its clock begins with the film of the same name that lies beside it, as that of captions does. */
  readonly countsFromFilm?: true
  /**
   * How surely this importer can read the source, 0 to 1, judged by content before name: 1 by its magic bytes,
   * about 0.5 by its extension and plausible content, 0 when it cannot. Never reads beyond `head` and `entries`.
   */
  supports(source: ImportSource): number
  /** What `read` needs and no time limit is set for, as unpacking an archive; harmless when it was done before. */
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
  /** The file that holds a video or audio stream where it is another than the source itself. */
  mediaPart?(source: ImportSource, streamIndex: number, context: ImportContext): MediaPart | undefined
}
