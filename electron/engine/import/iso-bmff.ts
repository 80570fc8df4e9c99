/**
 * Metadata tracks of MP4 and QuickTime files (ISO/IEC 14496-12): where the samples of a track lie and when they are.
 * Only the index (`moov`) is read, never the media; every count is checked against the bytes that hold it.
 */
import { readRange } from './byte-stream.ts'
import type { ImportSource } from './importer.ts'
import { corruptFile, tooLarge } from './refusals.ts'

export interface MetadataSample {
  readonly offset: number
  readonly byteLength: number
  /** On the container's clock. */
  readonly startSeconds: number
  readonly durationSeconds: number
}

export interface MetadataTrack {
  /** Four letters: `gpmd`, `camm`, … */
  readonly format: string
  readonly samples: readonly MetadataSample[]
}

const MAX_INDEX_BYTES = 512 << 20
const MAX_SAMPLES = 5_000_000
const MAX_TOP_LEVEL_BOXES = 10_000

interface Box {
  readonly type: string
  readonly view: DataView
}

function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}

/** The boxes that lie side by side in `view`; stops at one that does not fit. */
function* boxesIn(view: DataView): Generator<Box> {
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

function descend(view: DataView, ...path: readonly string[]): DataView | undefined {
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
async function readIndex(source: ImportSource): Promise<DataView | undefined> {
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
      if (length > MAX_INDEX_BYTES) throw tooLarge(source.path, `Its index is said to be ${length} bytes long.`)
      const bytes = await readRange(source.path, at + headerBytes, length - headerBytes)
      return new DataView(bytes.buffer)
    }
    at += length
  }
  return undefined
}

/** A table of `count` entries of `bytes` each after a header; undefined when it does not fit its box. */
function tableOf(
  view: DataView | undefined,
  headerBytes: number,
  bytes: number,
): { count: number; at: number } | undefined {
  if (!view || view.byteLength < headerBytes) return undefined
  const count = view.getUint32(headerBytes - 4)
  return headerBytes + count * bytes <= view.byteLength ? { count, at: headerBytes } : undefined
}

function sampleSizes(view: DataView | undefined): number[] | undefined {
  if (!view || view.byteLength < 12) return undefined
  const fixed = view.getUint32(4)
  const count = view.getUint32(8)
  if (count > MAX_SAMPLES) return undefined
  if (fixed > 0) return Array.from({ length: count }, () => fixed)
  if (12 + 4 * count > view.byteLength) return undefined
  return Array.from({ length: count }, (_, index) => view.getUint32(12 + 4 * index))
}

function chunkOffsets(table: DataView): number[] | undefined {
  const short = descend(table, 'stco')
  const long = descend(table, 'co64')
  const entries = short ? tableOf(short, 8, 4) : tableOf(long, 8, 8)
  if (!entries) return undefined
  return Array.from({ length: entries.count }, (_, index) =>
    short ? short.getUint32(8 + 4 * index) : Number(long?.getBigUint64(8 + 8 * index) ?? 0n),
  )
}

/** Byte offset of each sample: chunks hold runs of samples, the length of a run changing now and then. */
function sampleOffsets(table: DataView, sizes: readonly number[]): number[] | undefined {
  const chunks = chunkOffsets(table)
  const runs = descend(table, 'stsc')
  const entries = tableOf(runs, 8, 12)
  if (!chunks || !runs || !entries) return undefined
  const offsets: number[] = []
  for (let run = 0; run < entries.count && offsets.length < sizes.length; run++) {
    const first = runs.getUint32(8 + 12 * run)
    const next = run + 1 < entries.count ? runs.getUint32(8 + 12 * (run + 1)) : chunks.length + 1
    const perChunk = runs.getUint32(12 + 12 * run)
    if (first === 0 || next < first) return undefined
    for (let chunk = first - 1; chunk < Math.min(next - 1, chunks.length); chunk++) {
      let offset = chunks[chunk]
      for (let i = 0; i < perChunk && offsets.length < sizes.length; i++) {
        offsets.push(offset)
        offset += sizes[offsets.length - 1]
      }
    }
  }
  return offsets.length === sizes.length ? offsets : undefined
}

function sampleDurations(view: DataView | undefined, count: number): number[] | undefined {
  const entries = tableOf(view, 8, 8)
  if (!view || !entries) return undefined
  const durations: number[] = []
  for (let entry = 0; entry < entries.count; entry++) {
    const run = view.getUint32(8 + 8 * entry)
    const duration = view.getUint32(12 + 8 * entry)
    for (let i = 0; i < run && durations.length < count; i++) durations.push(duration)
  }
  return durations.length === count ? durations : undefined
}

function timescaleOf(media: DataView): number | undefined {
  const header = descend(media, 'mdhd')
  if (!header || header.byteLength < 24) return undefined
  return header.getUint32(header.getUint8(0) === 1 ? 20 : 12) || undefined
}

function trackOf(source: ImportSource, track: DataView, formats: ReadonlySet<string>): MetadataTrack | undefined {
  const media = descend(track, 'mdia')
  const table = media && descend(media, 'minf', 'stbl')
  const description = table && descend(table, 'stsd')
  if (!media || !table || !description || description.byteLength < 16) return undefined
  const format = fourLetters(description, 12)
  if (!formats.has(format)) return undefined
  const timescale = timescaleOf(media)
  const sizes = sampleSizes(descend(table, 'stsz'))
  const offsets = sizes && sampleOffsets(table, sizes)
  const durations = sizes && sampleDurations(descend(table, 'stts'), sizes.length)
  if (!timescale || !sizes || !offsets || !durations)
    throw corruptFile(source.path, `The index of its ${format} track is damaged.`)
  let at = 0
  const samples = sizes.map((byteLength, index): MetadataSample => {
    const startSeconds = at / timescale
    at += durations[index]
    return { offset: offsets[index], byteLength, startSeconds, durationSeconds: durations[index] / timescale }
  })
  return { format, samples: samples.filter(({ offset, byteLength }) => offset + byteLength <= source.byteLength) }
}

/** The tracks of the given formats, in the order of the file. */
export async function readMetadataTracks(source: ImportSource, formats: ReadonlySet<string>): Promise<MetadataTrack[]> {
  const index = await readIndex(source)
  if (!index) return []
  const tracks: MetadataTrack[] = []
  for (const box of boxesIn(index)) {
    const track = box.type === 'trak' ? trackOf(source, box.view, formats) : undefined
    if (track && track.samples.length > 0) tracks.push(track)
  }
  return tracks
}
