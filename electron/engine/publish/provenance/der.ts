/** Distinguished encoding of ASN.1: what a certificate is written in. */

const TAG = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, utcTime: 0x17 } as const

/** A value under its tag, its length in as few bytes as it takes. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length: number[] = []
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256)
  const head = content.length < 128 ? [content.length] : [0x80 | length.length, ...length]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, ...parts)
export const setOf = (...parts: readonly Uint8Array[]): Buffer => tagged(0x31, ...parts)
export const utf8 = (text: string): Buffer => tagged(TAG.utf8, Buffer.from(text, 'utf8'))
export const octets = (bytes: Uint8Array): Buffer => tagged(TAG.octets, bytes)
export const isTrue = (): Buffer => tagged(TAG.boolean, Buffer.from([0xff]))

/** @param bytes big-endian and below half of their range, so that they are no negative number. */
export const integer = (bytes: Uint8Array): Buffer => tagged(TAG.integer, bytes)

export function bits(bytes: Uint8Array, unusedBits = 0): Buffer {
  return tagged(TAG.bits, Buffer.from([unusedBits]), bytes)
}

/** `1.2.840.10045.4.3.2` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const number of rest) {
    const digits = [number & 0x7f]
    for (let left = number >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return tagged(TAG.oid, Buffer.from(bytes))
}

/** Good until the end of 2049, after which certificates write years in another way. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)
  return tagged(TAG.utcTime, Buffer.from(`${digits}Z`))
}
