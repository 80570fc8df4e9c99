/**
 * Metadata tracks of MP4 and QuickTime files (ISO/IEC 14496-12): where the samples of a track lie and when they are.
 * Only the index (`moov`) is read, never the media; every count is checked against the bytes that hold it.
 */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readRange } from './byte-stream.ts'
import type { ImportSource } from '../importer.ts'
import { corruptFile, tooLarge } from '../refusals.ts'

/** A track with its samples, on the container's clock. */
export interface MetadataTrack {
  /** Four letters: `gpmd`, `camm`, `mebx`, `hvc1`, … */
  readonly format: string
  /** The sample entry behind its first eight bytes. */
  readonly entry: DataView
  readonly count: number
  readonly offsets: Float64Array
  readonly byteLengths: Float64Array
  readonly startSeconds: Float64Array
  readonly durationSeconds: Float64Array
}

const MAX_INDEX_BYTES = 512 << 20
const MAX_SAMPLES = 5_000_000
const MAX_TOP_LEVEL_BOXES = 10_000

export interface Box {
  readonly type: string
  readonly view: DataView
}

export function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}

/** The boxes that lie side by side in `view`; stops at one that does not fit. */
export function* boxesIn(view: DataView): Generator<Box> {
  for (let at = 0; at + 8 <= view.byteLength;) {
    let length = view.getUint32(at)
    let header = 8
    if (length === 1 && at + 16 <= view.byteLength) {
      length = Number(view.getBigUint64(at + 8))
      header = 16
    } else if (length === 0) length = view.byteLength - at
    if (length < header || at + length > view.byteLength) return
    yield {
      type: fourLetters(view, at + 4),
      view: new DataView(view.buffer, view.byteOffset + at + header, length - header),
    }
    at += length
  }
}

export function descend(view: DataView, ...path: readonly string[]): DataView | undefined {
  let current: DataView | undefined = view
  for (const type of path) {
    let next: DataView | undefined
    for (const box of current ? boxesIn(current) : []) {
      if (box.type !== type) continue
      next = box.view
      break
    }
    current = next
  }
  return current
}

/** The `moov` box of a file, wherever it lies. */
export async function readMovieBox(source: ImportSource): Promise<DataView | undefined> {
  for (let at = 0, boxes = 0; at + 8 <= source.byteLength && boxes < MAX_TOP_LEVEL_BOXES; boxes++) {
    const header = await readRange(source.path, at, 16)
    const view = new DataView(header.buffer)
    let length = view.getUint32(0)
    let headerBytes = 8
    if (length === 1 && header.length === 16) {
      length = Number(view.getBigUint64(8))
      headerBytes = 16
    } else if (length === 0) length = source.byteLength - at
    if (length < headerBytes) return undefined
    if (fourLetters(view, 4) === 'moov') {
      if (length > MAX_INDEX_BYTES) throw tooLarge(source.path, say('broken.indexLong', { bytes: length }))
      const bytes = await readRange(source.path, at + headerBytes, length - headerBytes)
      return new DataView(bytes.buffer)
    }
    at += length
  }
  return undefined
}

/** A table of `count` entries of `bytes` each after a header; undefined when it does not fit its box. */
export function tableOf(
  view: DataView | undefined,
  headerBytes: number,
  bytes: number,
): { count: number; at: number } | undefined {
  if (!view || view.byteLength < headerBytes) return undefined
  const count = view.getUint32(headerBytes - 4)
  return headerBytes + count * bytes <= view.byteLength ? { count, at: headerBytes } : undefined
}

function sampleSizes(view: DataView | undefined): Float64Array | undefined {
  if (!view || view.byteLength < 12) return undefined
  const fixed = view.getUint32(4)
  const count = view.getUint32(8)
  if (count > MAX_SAMPLES) return undefined
  if (fixed > 0) return new Float64Array(count).fill(fixed)
  if (12 + 4 * count > view.byteLength) return undefined
  return Float64Array.from({ length: count }, (_, index) => view.getUint32(12 + 4 * index))
}

function chunkOffsets(table: DataView): Float64Array | undefined {
  const short = descend(table, 'stco')
  const long = descend(table, 'co64')
  const entries = short ? tableOf(short, 8, 4) : tableOf(long, 8, 8)
  if (!entries) return undefined
  return Float64Array.from({ length: entries.count }, (_, index) =>
    short ? short.getUint32(8 + 4 * index) : Number(long?.getBigUint64(8 + 8 * index) ?? 0n),
  )
}

/** Byte offset of each sample: chunks hold runs of samples, the length of a run changing now and then. */
function sampleOffsets(table: DataView, sizes: Float64Array): Float64Array | undefined {
  const chunks = chunkOffsets(table)
  const runs = descend(table, 'stsc')
  const entries = tableOf(runs, 8, 12)
  if (!chunks || !runs || !entries) return undefined
  const offsets = new Float64Array(sizes.length)
  let filled = 0
  for (let run = 0; run < entries.count && filled < sizes.length; run++) {
    const first = runs.getUint32(8 + 12 * run)
    const next = run + 1 < entries.count ? runs.getUint32(8 + 12 * (run + 1)) : chunks.length + 1
    const perChunk = runs.getUint32(12 + 12 * run)
    if (first === 0 || next < first) return undefined
    for (let chunk = first - 1; chunk < Math.min(next - 1, chunks.length); chunk++) {
      let offset = chunks[chunk]
      for (let i = 0; i < perChunk && filled < sizes.length; i++) {
        offsets[filled] = offset
        offset += sizes[filled++]
      }
    }
  }
  return filled === sizes.length ? offsets : undefined
}

function sampleDurations(view: DataView | undefined, count: number): Float64Array | undefined {
  const entries = tableOf(view, 8, 8)
  if (!view || !entries) return undefined
  const durations = new Float64Array(count)
  let filled = 0
  for (let entry = 0; entry < entries.count && filled < count; entry++) {
    const run = Math.min(view.getUint32(8 + 8 * entry), count - filled)
    durations.fill(view.getUint32(12 + 8 * entry), filled, filled + run)
    filled += run
  }
  return filled === count ? durations : undefined
}

/** Units a second of an `mvhd` or `mdhd` box. */
export function timescaleOf(header: DataView | undefined): number | undefined {
  if (!header || header.byteLength < 24) return undefined
  return header.getUint32(header.getUint8(0) === 1 ? 20 : 12) || undefined
}

/** Seconds by which the edit list moves a track: an empty edit delays it, a media time cuts its beginning off. */
export function editShift(track: DataView, movieTimescale: number, mediaTimescale: number): number {
  const list = descend(track, 'edts', 'elst')
  const wide = list !== undefined && list.byteLength > 0 && list.getUint8(0) === 1
  const entries = tableOf(list, 8, wide ? 20 : 12)
  let shift = 0
  for (let entry = 0; list && entry < (entries?.count ?? 0); entry++) {
    const at = 8 + entry * (wide ? 20 : 12)
    const duration = wide ? Number(list.getBigUint64(at)) : list.getUint32(at)
    const mediaTime = wide ? Number(list.getBigInt64(at + 8)) : list.getInt32(at + 4)
    if (mediaTime >= 0) return shift - mediaTime / mediaTimescale
    shift += duration / movieTimescale
  }
  return shift
}

/** Where the samples of a track lie and how long each lasts, in units of its timescale. */
export interface SampleTable {
  readonly timescale: number
  readonly byteLengths: Float64Array
  readonly offsets: Float64Array
  readonly ticks: Float64Array
}

/** Undefined where the tables do not fit together. @param track what is in its `trak` box */
export function sampleTableOf(track: DataView): SampleTable | undefined {
  const media = descend(track, 'mdia')
  const table = media && descend(media, 'minf', 'stbl')
  const timescale = media && timescaleOf(descend(media, 'mdhd'))
  const byteLengths = table && sampleSizes(descend(table, 'stsz'))
  const offsets = byteLengths && sampleOffsets(table, byteLengths)
  const ticks = byteLengths && sampleDurations(descend(table, 'stts'), byteLengths.length)
  return timescale && byteLengths && offsets && ticks ? { timescale, byteLengths, offsets, ticks } : undefined
}

function entryOf(track: DataView): { format: string; entry: DataView } | undefined {
  const description = descend(track, 'mdia', 'minf', 'stbl', 'stsd')
  if (!description || description.byteLength < 16) return undefined
  const format = fourLetters(description, 12)
  const length = Math.min(description.getUint32(8), description.byteLength - 8)
  const entry = new DataView(description.buffer, description.byteOffset + 16, Math.max(0, length - 8))
  return { format, entry }
}

function trackOf(
  source: ImportSource,
  track: DataView,
  movieTimescale: number,
  described: { readonly format: string; readonly entry: DataView },
): MetadataTrack {
  const table = sampleTableOf(track)
  if (!table) throw corruptFile(source.path, say('broken.trackIndex', { format: described.format }))
  const { timescale, byteLengths: sizes, offsets, ticks } = table
  let at = 0
  const shift = editShift(track, movieTimescale, timescale)
  const startSeconds = new Float64Array(sizes.length)
  let count = sizes.length
  for (let i = 0; i < sizes.length; i++) {
    startSeconds[i] = at / timescale + shift
    at += ticks[i]
    // What lies behind the end of a file that was cut off is not there.
    if (offsets[i] + sizes[i] > source.byteLength) count = Math.min(count, i)
  }
  const durationSeconds = ticks.map((value) => value / timescale)
  return { ...described, count, offsets, byteLengths: sizes, startSeconds, durationSeconds }
}

export interface IsoIndex {
  /** Tracks of the formats asked for, in the order of the file. */
  readonly tracks: readonly MetadataTrack[]
  /** Sample entries of all tracks, behind their first eight bytes. */
  readonly entries: readonly { readonly format: string; readonly entry: DataView }[]
}

/** Reads the index. A damaged table of a track that was asked for is `corrupt_file`; other tracks are not looked into. */
export async function readIsoIndex(source: ImportSource, formats: ReadonlySet<string>): Promise<IsoIndex> {
  const index = await readMovieBox(source)
  if (!index) return { tracks: [], entries: [] }
  const movieTimescale = timescaleOf(descend(index, 'mvhd')) ?? 1000
  const tracks: MetadataTrack[] = []
  const entries: { format: string; entry: DataView }[] = []
  for (const box of boxesIn(index)) {
    const described = box.type === 'trak' ? entryOf(box.view) : undefined
    if (!described) continue
    entries.push(described)
    if (!formats.has(described.format)) continue
    const track = trackOf(source, box.view, movieTimescale, described)
    if (track.count > 0) tracks.push(track)
  }
  return { tracks, entries }
}

const READ_BYTES = 1 << 20

/** Visits the content of every sample in order; neighbours are read together. Samples beyond `limitBytes` are passed over. */
export async function forEachSample(
  source: ImportSource,
  track: MetadataTrack,
  limitBytes: number,
  signal: AbortSignal,
  visit: (sample: DataView, index: number) => void,
): Promise<void> {
  let block = new Uint8Array(0)
  let blockStart = 0
  for (let index = 0; index < track.count; index++) {
    const [offset, length] = [track.offsets[index], track.byteLengths[index]]
    if (length > limitBytes) continue
    if (offset < blockStart || offset + length > blockStart + block.length) {
      throwIfCancelled(signal)
      block = await readRange(source.path, offset, Math.min(Math.max(length, READ_BYTES), source.byteLength - offset))
      blockStart = offset
      if (block.length < length) throw corruptFile(source.path, say('file.cutOff'))
    }
    visit(new DataView(block.buffer, offset - blockStart, length), index)
  }
}
