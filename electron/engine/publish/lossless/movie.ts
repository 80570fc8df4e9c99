/** The index of an MP4 or QuickTime file as a cut needs it: every track with the place and the times of its samples. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import {
  boxesIn,
  descend,
  editShift,
  fourLetters,
  readMovieBox,
  sampleTableOf,
  tableOf,
  timescaleOf,
  type SampleTable,
} from '../../import/reading/iso-bmff.ts'
import { openSource } from '../../import/source.ts'

export interface MovieTrack {
  /** What is in its `trak` box. */
  readonly box: DataView
  /** `vide`, `soun`, `meta`, … */
  readonly handler: string
  /** Of its samples: `avc1`, `mp4a`, `gpmd`, … */
  readonly format: string
  /** What is in its `stsd` box: how its samples are coded. */
  readonly description: DataView
  readonly table: SampleTable
  /** The files that its samples lie in. */
  readonly files: readonly string[]
  /** Which of them each sample lies in; null where all lie in the first. */
  readonly fileOf: Uint16Array | null
  /** When each sample is decoded, in units of the track's timescale from its first. */
  readonly decodeTicks: Float64Array
  /** How much later it is shown; null where it is not. */
  readonly compositionTicks: Int32Array | null
  /** Samples that decode by themselves; null where all do. */
  readonly isKey: Uint8Array | null
  /** From the track's own time to the container's, seconds. */
  readonly shiftSeconds: number
}

export interface Movie {
  readonly path: string
  /** What is in its `mvhd` box. */
  readonly header: DataView
  readonly timescale: number
  readonly tracks: readonly MovieTrack[]
}

function cannot(path: string, why: Saying): AsterismError {
  return new AsterismError('unsupported_format', say('export.noCut', { why }), {
    path,
    fix: say('export.fix.standard'),
    kept: say('kept.nothingWritten'),
  })
}

function compositionOf(samples: DataView, count: number): Int32Array | null {
  const box = descend(samples, 'ctts')
  const entries = tableOf(box, 8, 8)
  if (!box || !entries) return null
  const ticks = new Int32Array(count)
  let filled = 0
  for (let entry = 0; entry < entries.count && filled < count; entry++) {
    const end = Math.min(count, filled + box.getUint32(8 + 8 * entry))
    // Version 0 says unsigned; writers put negative numbers there as well, and nobody delays by half the range.
    ticks.fill(box.getInt32(12 + 8 * entry), filled, end)
    filled = end
  }
  return ticks
}

function keysOf(samples: DataView, count: number): Uint8Array | null {
  const box = descend(samples, 'stss')
  const entries = tableOf(box, 8, 4)
  if (!box || !entries) return null
  const isKey = new Uint8Array(count)
  for (let entry = 0; entry < entries.count; entry++) {
    const sample = box.getUint32(8 + 4 * entry) - 1
    if (sample >= 0 && sample < count) isKey[sample] = 1
  }
  return isKey
}

/** Edits that show anything: a cut by edit list has more than one. */
function shownEdits(track: DataView): number {
  const list = descend(track, 'edts', 'elst')
  const wide = list !== undefined && list.byteLength > 0 && list.getUint8(0) === 1
  const entryBytes = wide ? 20 : 12
  const count = tableOf(list, 8, entryBytes)?.count ?? 0
  let shown = 0
  for (let entry = 0; list && entry < count; entry++) {
    const at = 8 + entry * entryBytes
    if ((wide ? Number(list.getBigInt64(at + 8)) : list.getInt32(at + 4)) >= 0) shown++
  }
  return shown
}

function trackOf(path: string, box: DataView, movieTimescale: number): MovieTrack | null {
  const samples = descend(box, 'mdia', 'minf', 'stbl')
  const handlerBox = descend(box, 'mdia', 'hdlr')
  const description = samples && descend(samples, 'stsd')
  if (!samples || !handlerBox || handlerBox.byteLength < 12 || !description || description.byteLength < 16) return null
  const handler = fourLetters(handlerBox, 8)
  const format = fourLetters(description, 12)
  const table = sampleTableOf(box)
  if (!table) throw cannot(path, say('export.cutWhy.index', { format }))
  const count = table.byteLengths.length
  if (count === 0) return null
  if (description.getUint32(4) !== 1) throw cannot(path, say('export.cutWhy.changesCoding', { format }))
  if (format.startsWith('enc')) throw cannot(path, say('export.cutWhy.encrypted'))
  if (shownEdits(box) > 1) throw cannot(path, say('export.cutWhy.editList', { format }))
  const decodeTicks = new Float64Array(count)
  for (let n = 1; n < count; n++) decodeTicks[n] = decodeTicks[n - 1]! + table.ticks[n - 1]!
  return {
    box,
    handler,
    format,
    description,
    table,
    files: [path],
    fileOf: null,
    decodeTicks,
    compositionTicks: compositionOf(samples, count),
    isKey: keysOf(samples, count),
    shiftSeconds: editShift(box, movieTimescale, table.timescale),
  }
}

/** @throws AsterismError `unsupported_format` saying why it cannot be cut. */
export async function readMovie(path: string): Promise<Movie> {
  const source = await openSource(path)
  const index = await readMovieBox(source)
  const header = index && descend(index, 'mvhd')
  if (!index || !header) throw cannot(path, say('export.cutWhy.container'))
  if (descend(index, 'mvex')) throw cannot(path, say('export.cutWhy.fragments'))
  const timescale = timescaleOf(header) ?? 1000
  const tracks: MovieTrack[] = []
  for (const box of boxesIn(index)) {
    const track = box.type === 'trak' ? trackOf(path, box.view, timescale) : null
    if (track) tracks.push(track)
  }
  return { path, header, timescale, tracks }
}

/** When a sample is shown, on the container's clock. */
export function shownSeconds(track: MovieTrack, sample: number): number {
  const ticks = track.decodeTicks[sample]! + (track.compositionTicks?.[sample] ?? 0)
  return ticks / track.table.timescale + track.shiftSeconds
}
