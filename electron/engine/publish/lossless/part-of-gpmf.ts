/** A part of a GPMF payload: of each stream the samples of a share of its time. The layout is told in import/motion/gpmf.ts. */
import { gpmfNumbers, gpmfRecords, MAX_DEPTH, type GpmfRecord } from '../../import/motion/gpmf.ts'
import { utcOfGpmfText } from '../../import/motion/satellite-time.ts'

/** Of a payload's time, 0 to 1: both ends, and how long all of it lasts. */
export interface PayloadPart {
  readonly from: number
  readonly to: number
  readonly seconds: number
}

/** Shares that a clock's rounding puts a hair behind a sample still begin with it. */
const ROUNDING = 1e-6

function bytesOf({ view }: GpmfRecord): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}

function written({ key, type, size }: GpmfRecord, repeat: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8 + Math.ceil(body.length / 4) * 4)
  bytes.write(key, 'latin1')
  bytes[4] = type === '' ? 0 : type.charCodeAt(0)
  bytes[5] = size
  bytes.writeUInt16BE(repeat, 6)
  bytes.set(body, 8)
  return bytes
}

/** The samples of a stream stand behind everything that is said of them. One alone is a setting, and stays. */
function isSamples(record: GpmfRecord, isLast: boolean): boolean {
  return isLast && record.type !== '' && record.repeat > 1 && !(record.type === 'c' && record.size === 1)
}

function partOfStream(stream: GpmfRecord, part: PayloadPart): Buffer {
  const records = [...gpmfRecords(stream.view)]
  const last = records.at(-1)
  const count = last && isSamples(last, true) ? last.repeat : 0
  const first = Math.ceil(count * part.from - ROUNDING)
  const end = Math.ceil(count * part.to - ROUNDING)
  const laterSeconds = part.from * part.seconds
  const parts = records.map((record): Buffer => {
    const body = bytesOf(record)
    if (record === last && count > 0)
      return written(record, end - first, body.subarray(first * record.size, end * record.size))
    return written(record, record.repeat, counted(record, Buffer.from(body), laterSeconds, count - end))
  })
  return Buffer.concat(parts)
}

/** What tells when a payload begins, and how many samples there were up to its end. */
function counted(record: GpmfRecord, body: Buffer, laterSeconds: number, dropped: number): Buffer {
  if (record.key === 'STMP' && record.type === 'J' && body.length === 8)
    body.writeBigUInt64BE(body.readBigUInt64BE() + BigInt(Math.round(laterSeconds * 1e6)))
  else if (record.key === 'TSMP' && record.type === 'L' && body.length === 4)
    body.writeUInt32BE(Math.max(0, gpmfNumbers(record)[0]! - dropped))
  else if (record.key === 'GPSU') {
    const utcSeconds = utcOfGpmfText(body.toString('latin1'))
    if (utcSeconds !== null) body.write(gpmfText(utcSeconds + laterSeconds).slice(0, body.length), 'latin1')
  }
  return body
}

/** `yymmddhhmmss.sss` */
function gpmfText(utcSeconds: number): string {
  return new Date(Math.round(utcSeconds * 1000))
    .toISOString()
    .replaceAll(/[-:TZ]/g, '')
    .slice(2)
}

/** @returns the payload with the samples of that part alone; what it cannot read stays behind what it can */
export function partOfGpmf(payload: DataView, part: PayloadPart, depth = 0): Buffer {
  const parts = [...gpmfRecords(payload)].map((record) => {
    if (record.type !== '' || depth > MAX_DEPTH) return written(record, record.repeat, bytesOf(record))
    const body = record.key === 'STRM' ? partOfStream(record, part) : partOfGpmf(record.view, part, depth + 1)
    // Nested records are counted in bytes, or in words of four where they are longer than that count goes.
    const isWords = body.length > 0xffff || record.size === 4
    return written({ ...record, size: isWords ? 4 : 1 }, body.length / (isWords ? 4 : 1), body)
  })
  return Buffer.concat(parts)
}
