/** A box of an MP4 or QuickTime file (ISO/IEC 14496-12, 4.2), to be written: its length, its name, what is in it. */
export function isoBox(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 8)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...parts], length)
}
