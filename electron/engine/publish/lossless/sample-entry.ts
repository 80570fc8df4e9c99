/** The entry of an `stsd` box that says how pictures are coded (ISO/IEC 14496-12, 12.1.3). */
import { boxesIn, descend, fourLetters } from '../../import/reading/iso-bmff.ts'
import { isoBox } from '../../media/iso-box.ts'

/** Fixed fields of a visual sample entry, behind its length and name. */
const VISUAL_ENTRY_BYTES = 78
/** Version, flags and the number of entries stand in front of the first. */
const ENTRY_AT = 8
const BOXES_AT = ENTRY_AT + 8 + VISUAL_ENTRY_BYTES

const bytesOf = (view: DataView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength)

const boxesOf = (description: DataView): DataView =>
  new DataView(description.buffer, description.byteOffset + BOXES_AT, description.byteLength - BOXES_AT)

/** The name of the first entry: `avc1`, `hvc1`, … */
export function entryName(description: DataView): string {
  return description.byteLength >= ENTRY_AT + 8 ? fourLetters(description, ENTRY_AT + 4) : ''
}

/** What is in the box of that name that tells a decoder how to begin; null where there is none. */
export function decoderRecord(description: DataView, type: string): Buffer | null {
  const record = description.byteLength > BOXES_AT ? descend(boxesOf(description), type) : undefined
  return record ? bytesOf(record) : null
}

/** The description with other content in that box. */
export function withDecoderRecord(description: DataView, type: string, record: Uint8Array): DataView {
  const parts: Uint8Array[] = [Buffer.from(bytesOf(description).subarray(0, BOXES_AT))]
  for (const box of boxesIn(boxesOf(description))) {
    parts.push(isoBox(box.type, box.type === type ? record : bytesOf(box.view)))
  }
  const bytes = Buffer.concat(parts)
  bytes.writeUInt32BE(bytes.length - ENTRY_AT, ENTRY_AT)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Units from a byte on, each behind its length in two bytes, and where they end; null where they do not fit. */
export function unitsBehindLengths(
  record: Buffer,
  at: number,
  count: number,
): { readonly units: Buffer[]; readonly end: number } | null {
  const units: Buffer[] = []
  let end = at
  for (let n = 0; n < count; n++) {
    if (end + 2 > record.length) return null
    const start = end + 2
    end = start + record.readUInt16BE(end)
    if (end > record.length) return null
    units.push(record.subarray(start, end))
  }
  return { units, end }
}

/** Units as they stand in a record. */
export function withLengths(units: readonly Uint8Array[]): Uint8Array[] {
  return units.flatMap((unit) => [Uint8Array.of(unit.length >> 8, unit.length & 0xff), unit])
}
