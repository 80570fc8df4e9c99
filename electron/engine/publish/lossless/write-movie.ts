/**
 * Writes an MP4 or QuickTime file of chosen samples of others: the samples as they are, a new index in front of them.
 * Of the old index what describes the coding is copied and what says where and when is made anew; names, places and other
 * notes of the recorder (`udta`, `meta`) stay behind.
 */
import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readSpan } from '../../read-span.ts'
import { boxesIn, descend } from '../../import/reading/iso-bmff.ts'
import { isoBox } from '../../media/iso-box.ts'
import type { Movie, MovieTrack } from './movie.ts'

/** A track of the new file. */
export interface CutTrack {
  readonly track: MovieTrack
  /** Samples of the old file, in order. */
  readonly samples: Uint32Array
  /** When each is decoded in the new one, in units of the track's timescale from its first. */
  readonly decodeTicks: Float64Array
  /** How much later than that each is shown, in the same units; null where none is. */
  readonly compositionTicks: Int32Array | null
  /** What of the track is shown begins here, in the same units; negative: it begins that much after the rest. */
  readonly startTicks: number
  readonly shownSeconds: number
}

interface Chunk {
  readonly cut: CutTrack
  readonly first: number
  readonly count: number
  readonly bytes: number
  readonly seconds: number
}

const CHUNK_SECONDS = 0.5
const PIECE_BYTES = 1 << 20

const bytesOf = (view: DataView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength)

/** A table of unsigned numbers of 32 bits behind version, flags and the number of its rows. */
function table(rows: number, numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * numbers.length)
  bytes.writeUInt32BE(rows, 4)
  numbers.forEach((number, n) => bytes.writeUInt32BE(number >>> 0, 8 + 4 * n))
  return bytes
}

/** Runs of equal values: `[count, value, count, value, …]`. */
function runs(values: Iterable<number>): number[] {
  const out: number[] = []
  for (const value of values) {
    if (out.length > 0 && out.at(-1) === value) out[out.length - 2]!++
    else out.push(1, value)
  }
  return out
}

/** What a header box says of time, in its own units. */
interface Times {
  readonly duration: number
  /** By how much later than the recording the cut begins: its creation time, seconds since 1904, moves along. */
  readonly laterSeconds: number
}

/** A header box with other times; `at` are the places of the duration in version 0 and 1. */
function withTimes(
  view: DataView,
  at: readonly [short: number, long: number],
  { duration, laterSeconds }: Times,
): Buffer {
  const bytes = Buffer.from(bytesOf(view))
  const later = Math.max(0, Math.round(laterSeconds))
  if (bytes[0] === 1) {
    const created = bytes.readBigUInt64BE(4)
    // Zero says that the recorder did not know.
    if (created > 0n) bytes.writeBigUInt64BE(created + BigInt(later), 4)
    bytes.writeBigUInt64BE(BigInt(Math.round(duration)), at[1])
  } else {
    const created = bytes.readUInt32BE(4)
    if (created > 0) bytes.writeUInt32BE(Math.min(0xffffffff, created + later), 4)
    bytes.writeUInt32BE(Math.min(0xffffffff, Math.round(duration)), at[0])
  }
  return bytes
}

function sampleTables(cut: CutTrack, chunks: readonly Chunk[], offsets: readonly number[]): Buffer {
  const { track, samples, decodeTicks, compositionTicks } = cut
  const count = samples.length
  const lengths = Array.from(decodeTicks, (ticks, n) =>
    n + 1 < count ? decodeTicks[n + 1]! - ticks : track.table.ticks[samples[n]!]!,
  )
  const durations = runs(lengths)
  const parts = [isoBox('stsd', bytesOf(track.description)), isoBox('stts', table(durations.length / 2, durations))]
  const { isKey } = track
  if (compositionTicks) {
    const delays = runs(compositionTicks)
    const version = Buffer.from(table(delays.length / 2, delays))
    version[0] = delays.some((delay, n) => n % 2 === 1 && delay < 0) ? 1 : 0
    parts.push(isoBox('ctts', version))
  }
  if (isKey) {
    const keys = [...samples.keys()].filter((n) => isKey[samples[n]!] === 1).map((n) => n + 1)
    parts.push(isoBox('stss', table(keys.length, keys)))
  }
  const perChunk: number[] = []
  chunks.forEach((chunk, n) => {
    if (perChunk.at(-2) !== chunk.count || n === 0) perChunk.push(n + 1, chunk.count, 1)
  })
  const sizes = Array.from(samples, (sample) => track.table.byteLengths[sample]!)
  const places = Buffer.alloc(8 + 8 * offsets.length)
  places.writeUInt32BE(offsets.length, 4)
  offsets.forEach((offset, n) => places.writeBigUInt64BE(BigInt(offset), 8 + 8 * n))
  parts.push(
    isoBox('stsc', table(perChunk.length / 3, perChunk)),
    isoBox('stsz', Buffer.alloc(8), table(count, sizes).subarray(4)),
    isoBox('co64', places),
  )
  return isoBox('stbl', ...parts)
}

function edits(cut: CutTrack, movieTimescale: number): Buffer {
  const { track, startTicks, shownSeconds } = cut
  const rows: [duration: number, mediaTime: number][] = []
  if (startTicks < 0) rows.push([Math.round((-startTicks / track.table.timescale) * movieTimescale), -1])
  rows.push([Math.round(shownSeconds * movieTimescale), Math.max(0, Math.round(startTicks))])
  const bytes = Buffer.alloc(8 + 20 * rows.length)
  bytes[0] = 1
  bytes.writeUInt32BE(rows.length, 4)
  rows.forEach(([duration, mediaTime], n) => {
    bytes.writeBigUInt64BE(BigInt(duration), 8 + 20 * n)
    bytes.writeBigInt64BE(BigInt(mediaTime), 16 + 20 * n)
    bytes.writeUInt32BE(0x0001_0000, 24 + 20 * n)
  })
  return isoBox('edts', isoBox('elst', bytes))
}

function trackBox(
  cut: CutTrack,
  movie: Movie,
  laterSeconds: number,
  chunks: readonly Chunk[],
  offsets: readonly number[],
): Buffer {
  const { track, decodeTicks, samples } = cut
  const media = descend(track.box, 'mdia')!
  const mediaTicks = (decodeTicks.at(-1) ?? 0) + (track.table.ticks[samples.at(-1)!] ?? 0)
  const information = [...boxesIn(descend(media, 'minf')!)].map((each) =>
    each.type === 'stbl' ? sampleTables(cut, chunks, offsets) : isoBox(each.type, bytesOf(each.view)),
  )
  const mediaParts = [...boxesIn(media)].map((each) => {
    if (each.type === 'minf') return isoBox('minf', ...information)
    if (each.type === 'mdhd')
      return isoBox('mdhd', withTimes(each.view, [16, 24], { duration: mediaTicks, laterSeconds }))
    return isoBox(each.type, bytesOf(each.view))
  })
  const header = descend(track.box, 'tkhd')!
  return isoBox(
    'trak',
    isoBox('tkhd', withTimes(header, [20, 28], { duration: cut.shownSeconds * movie.timescale, laterSeconds })),
    edits(cut, movie.timescale),
    isoBox('mdia', ...mediaParts),
  )
}

function chunksOf(cut: CutTrack): Chunk[] {
  const { track, samples, decodeTicks } = cut
  const { timescale, byteLengths } = track.table
  const chunks: Chunk[] = []
  for (let first = 0; first < samples.length;) {
    const start = decodeTicks[first]!
    let end = first
    let bytes = 0
    while (end < samples.length && (end === first || decodeTicks[end]! - start < CHUNK_SECONDS * timescale)) {
      bytes += byteLengths[samples[end++]!]!
    }
    const seconds = (start - Math.max(0, cut.startTicks)) / timescale
    chunks.push({ cut, first, count: end - first, bytes, seconds })
    first = end
  }
  return chunks
}

async function readAll(file: FileHandle, path: string, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  if ((await readSpan(file, bytes, offset)) < length) {
    throw new AsterismError('corrupt_file', say('export.endsEarly'), { path })
  }
  return bytes
}

/** The samples of a chunk, neighbours read together. */
async function* samplesOf(chunk: Chunk, sources: ReadonlyMap<string, FileHandle>): AsyncGenerator<Buffer[]> {
  const { table, files, fileOf } = chunk.cut.track
  const { offsets, byteLengths } = table
  const fileIndex = (sample: number): number => fileOf?.[sample] ?? 0
  const samples = chunk.cut.samples.subarray(chunk.first, chunk.first + chunk.count)
  for (let at = 0; at < samples.length;) {
    const start = offsets[samples[at]!]!
    const file = fileIndex(samples[at]!)
    const isNext = (sample: number, length: number): boolean =>
      offsets[sample] === start + length && fileIndex(sample) === file && length < PIECE_BYTES
    let end = at
    let length = 0
    while (end < samples.length && (end === at || isNext(samples[end]!, length))) {
      length += byteLengths[samples[end++]!]!
    }
    const path = files[file]!
    const bytes = await readAll(sources.get(path)!, path, start, length)
    let from = 0
    yield Array.from(samples.subarray(at, end), (sample) => {
      const piece = bytes.subarray(from, from + byteLengths[sample]!)
      from += piece.length
      return piece
    })
    at = end
  }
}

/**
 * @param brand what is in the `ftyp` box of the recording
 * @returns the MD5 of every sample of the first track, in order, to be compared with what is read back
 */
export async function writeMovie(
  movie: Movie,
  cuts: readonly CutTrack[],
  brand: Uint8Array,
  path: string,
  options: {
    readonly signal: AbortSignal
    /** By how much later than the recording the cut begins. */
    readonly laterSeconds: number
    readonly onProgress: (fraction: number) => void
  },
): Promise<string[]> {
  const chunks = cuts.flatMap(chunksOf).sort((a, b) => a.seconds - b.seconds)
  const total = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0)
  const seconds = Math.max(...cuts.map((cut) => cut.shownSeconds))
  const start = isoBox('ftyp', brand)
  const index = (mediaStart: number): Buffer => {
    const offsets = new Map<CutTrack, number[]>(cuts.map((cut) => [cut, []]))
    let at = mediaStart
    for (const chunk of chunks) {
      offsets.get(chunk.cut)!.push(at)
      at += chunk.bytes
    }
    const tracks = cuts.map((cut) =>
      trackBox(
        cut,
        movie,
        options.laterSeconds,
        chunks.filter((chunk) => chunk.cut === cut),
        offsets.get(cut)!,
      ),
    )
    const header = withTimes(movie.header, [16, 24], {
      duration: seconds * movie.timescale,
      laterSeconds: options.laterSeconds,
    })
    return isoBox('moov', isoBox('mvhd', header), ...tracks)
  }
  // Its length does not depend on the places that it names.
  const mediaStart = start.length + index(0).length + 16
  const mediaHead = Buffer.alloc(16)
  mediaHead.writeUInt32BE(1)
  mediaHead.write('mdat', 4, 'latin1')
  mediaHead.writeBigUInt64BE(BigInt(total + 16), 8)

  const digests: string[] = []
  const sources = new Map<string, FileHandle>()
  const target = await open(path, 'w')
  try {
    for (const file of new Set(cuts.flatMap((cut) => cut.track.files))) sources.set(file, await open(file, 'r'))
    await target.writeFile(Buffer.concat([start, index(mediaStart), mediaHead]))
    let done = 0
    for (const chunk of chunks) {
      throwIfCancelled(options.signal)
      for await (const samples of samplesOf(chunk, sources)) {
        if (chunk.cut === cuts[0])
          for (const sample of samples) digests.push(createHash('md5').update(sample).digest('hex'))
        await target.writeFile(Buffer.concat(samples))
      }
      done += chunk.bytes
      options.onProgress(done / total)
    }
  } finally {
    for (const source of sources.values()) await source.close()
    await target.close()
  }
  return digests
}
