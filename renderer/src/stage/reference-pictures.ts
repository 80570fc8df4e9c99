/**
 * Which pictures of a film are references for others. On the way to a moment the rest need not be decoded: with B pictures
 * that is half of them or more.
 */

const SLICE = 1
const KEY_SLICE = 5

/**
 * Whether an H.264 packet may be a reference for others (`nal_ref_idc`, ITU-T H.264 7.4.1); true if in doubt.
 *
 * @param lengthBytes size of the length field of a unit (`avcC`); 0 if units are separated by start codes
 */
export function isReferencePicture(packet: Uint8Array, lengthBytes: number): boolean {
  for (const at of lengthBytes === 0 ? afterStartCodes(packet) : afterLengths(packet, lengthBytes)) {
    const header = packet[at]
    if (header === undefined) return true
    const type = header & 31
    if (type === SLICE || type === KEY_SLICE) return header >> 5 > 0
  }
  return true
}

/** The length of the lengths in a description of H.264 (`avcC`); 0 where there is none. */
export function lengthBytesOf(description: Uint8Array | undefined): number {
  return description && description.length > 4 ? (description[4]! & 3) + 1 : 0
}

function* afterLengths(packet: Uint8Array, lengthBytes: number): Generator<number> {
  for (let at = 0; at + lengthBytes < packet.length;) {
    let length = 0
    for (let n = 0; n < lengthBytes; n++) length = length * 256 + packet[at + n]!
    yield at + lengthBytes
    at += lengthBytes + length
  }
}

function* afterStartCodes(packet: Uint8Array): Generator<number> {
  for (let at = 0; at + 3 < packet.length; at++)
    if (packet[at] === 0 && packet[at + 1] === 0 && packet[at + 2] === 1) yield at + 3
}
