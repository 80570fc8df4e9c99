/** Positions in Exif, which is a TIFF directory (Exif 2.32, section 4.6.6: the GPS directory, tag 0x8825). */

const GPS_TAG = 0x8825
const ENTRY_BYTES = 12
/** Bytes of one value, by TIFF field type. */
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]

/**
 * Removes the GPS directory from TIFF data, in place: its values and the directory become zeros, and the entry that
 * led to it is taken out of the first directory. Other tags stay where they are.
 * @param change False only looks.
 * @returns True where there was one. Data that is not TIFF, or is cut short, has none that could be read.
 */
export function clearTiffLocation(tiff: Buffer, change: boolean): boolean {
  if (tiff.length < 8) return false
  const mark = tiff.toString('latin1', 0, 4)
  if (mark !== 'II*\0' && mark !== 'MM\0*') return false
  const little = mark.startsWith('I')
  const read16 = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const read32 = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
  const write16 = (value: number, at: number): number =>
    little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)

  const directoryEnd = (at: number): number => (at + 2 <= tiff.length ? at + 2 + read16(at) * ENTRY_BYTES : Infinity)
  const first = read32(4)
  const firstEnd = directoryEnd(first)
  if (firstEnd > tiff.length) return false
  for (let entry = first + 2; entry < firstEnd; entry += ENTRY_BYTES) {
    if (read16(entry) !== GPS_TAG) continue
    if (!change) return true
    const gps = read32(entry + 8)
    const gpsEnd = directoryEnd(gps)
    if (gpsEnd <= tiff.length) {
      for (let value = gps + 2; value < gpsEnd; value += ENTRY_BYTES) {
        const bytes = (TYPE_BYTES[read16(value + 2)] ?? 0) * read32(value + 4)
        const at = read32(value + 8)
        if (bytes > 4 && at + bytes <= tiff.length) tiff.fill(0, at, at + bytes)
      }
      tiff.fill(0, gps, gpsEnd)
    }
    const tailEnd = Math.min(firstEnd + 4, tiff.length)
    tiff.copyWithin(entry, entry + ENTRY_BYTES, tailEnd)
    tiff.fill(0, tailEnd - ENTRY_BYTES, tailEnd)
    write16(read16(first) - 1, first)
    return true
  }
  return false
}
