/** Coded stills as pictures of a film: which coding a film file calls them, and their size, from their first bytes. */
export interface StillFormat {
  /** The sample entry of a film file (QuickTime File Format, "Video media"). */
  readonly entry: 'jpeg' | 'png '
  readonly width: number
  readonly height: number
}

const PNG_SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]
const MAX_PIXELS = 1 << 26

/** Undefined for other codings, damage and absurd sizes. */
export function stillFormat(data: Uint8Array): StillFormat | undefined {
  const still = PNG_SIGNATURE.every((byte, index) => data[index] === byte) ? pngFormat(data) : jpegFormat(data)
  return still && still.width > 0 && still.height > 0 && still.width * still.height <= MAX_PIXELS ? still : undefined
}

/** W3C PNG, 11.2.1. */
function pngFormat(data: Uint8Array): StillFormat | undefined {
  if (data.length < 33) return undefined
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return { entry: 'png ', width: view.getUint32(16), height: view.getUint32(20) }
}

/** ITU-T T.81, B.2.2: the first frame header. */
function jpegFormat(data: Uint8Array): StillFormat | undefined {
  if (data[0] !== 0xff || data[1] !== 0xd8) return undefined
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  for (let at = 2; at + 9 <= data.length;) {
    if (data[at] !== 0xff) return undefined
    const marker = data[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { entry: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    }
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}
