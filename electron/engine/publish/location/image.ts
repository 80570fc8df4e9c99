/**
 * Positions in pictures: Exif and XMP wherever a JPEG, HEIC, AVIF, WebP, TIFF or PNG keeps them. Lengths never change,
 * so the rest of the file stays as it is, byte for byte.
 */
import { crc32 } from 'node:zlib'
import { clearTiffLocation } from './tiff.ts'

const PNG_MARK = Buffer.from('89504e470d0a1a0a', 'hex')
/** What an XMP packet says of a place: exif:GPSLatitude and its relatives, photoshop:City, Iptc4xmpCore:Location. */
const PLACE_IN_XMP =
  /GPS(Latitude|Longitude|Altitude|Position|Dest)|photoshop:City|Iptc4xmpCore:Location|LocationCreated/

/** Removes positions from a picture in memory, in place; with `change` false only looks. Returns whether there were any. */
export function clearImageLocation(image: Buffer, change: boolean): boolean {
  if (image.subarray(0, 8).equals(PNG_MARK)) return clearPng(image, change)
  let found = clearTiffLocation(image, change)
  for (const [mark, skip] of [
    ['Exif\0\0', 6],
    ['EXIF', 8],
  ] as const) {
    for (let at = image.indexOf(mark, 0, 'latin1'); at >= 0; at = image.indexOf(mark, at + 1, 'latin1')) {
      found = clearTiffLocation(image.subarray(at + skip), change) || found
    }
  }
  return clearXmp(image, change) || found
}

function clearXmp(bytes: Buffer, change: boolean): boolean {
  let found = false
  for (let at = bytes.indexOf('<x:xmpmeta'); at >= 0; at = bytes.indexOf('<x:xmpmeta', at + 1)) {
    const end = bytes.indexOf('</x:xmpmeta>', at)
    if (end < 0) break
    if (!PLACE_IN_XMP.test(bytes.toString('latin1', at, end))) continue
    found = true
    // White space is what an XMP packet is padded with: an empty packet is a valid one.
    if (change) bytes.fill(0x20, at, end + '</x:xmpmeta>'.length)
  }
  return found
}

function clearPng(image: Buffer, change: boolean): boolean {
  let found = false
  let at = PNG_MARK.length
  while (at + 12 <= image.length) {
    const length = image.readUInt32BE(at)
    const end = at + 8 + length
    if (end + 4 > image.length) break
    const kind = image.toString('latin1', at + 4, at + 8)
    const data = image.subarray(at + 8, end)
    let changed = false
    if (kind === 'eXIf') changed = clearTiffLocation(data, change)
    if (kind === 'iTXt') changed = clearXmp(data, change)
    if (changed && change) image.writeUInt32BE(crc32(image.subarray(at + 4, end)), end)
    found = found || changed
    at = end + 4
  }
  return found
}
