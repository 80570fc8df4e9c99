/**
 * Writes a film file (QuickTime, ISO/IEC 14496-12) of pictures that are coded already, each at its own time: nothing is
 * coded anew. One track, a chunk for each picture, times in microseconds from the first picture.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { isoBox } from './iso-box.ts'

export interface FilmFormat {
  /** Of the sample entry: `avc1`, `hev1`, `jpeg`, `png `. */
  readonly entry: string
  readonly width: number
  readonly height: number
  /** A box behind the sample entry, as `avcC`, where the coding needs one. */
  readonly configuration?: { readonly type: string; readonly bytes: Uint8Array }
}

const TICKS_PER_SECOND = 1_000_000
const MAX_TICKS = 0xffff_ffff

function table(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, slot) => bytes.writeUInt32BE(value >>> 0, 4 * slot))
  return bytes
}

const numbers = (...values: readonly number[]): Buffer => table(values)

function wide(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

const halves = (...values: readonly number[]): Buffer =>
  Buffer.from(values.flatMap((value) => [value >> 8, value & 255]))
const UNTURNED = numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

export class FilmFile {
  readonly #path: string
  readonly #file: FileHandle
  readonly #format: FilmFormat
  readonly #sizes: number[] = []
  readonly #offsets: number[] = []
  readonly #ticks: number[] = []
  readonly #keys: number[] = []
  readonly #media: number
  #end: number

  private constructor(path: string, file: FileHandle, format: FilmFormat, at: { media: number; end: number }) {
    this.#path = path
    this.#file = file
    this.#format = format
    this.#media = at.media
    this.#end = at.end
  }

  /** Nothing stands under `path` before `finish`. */
  static async create(path: string, format: FilmFormat): Promise<FilmFile> {
    const file = await open(`${path}.${process.pid}.part`, 'w')
    const brand = format.configuration ? 'isom' : 'qt  '
    const type = isoBox('ftyp', Buffer.from(brand), numbers(0x200), Buffer.from(brand + format.entry))
    // Its length is written at the end: 1 says that it stands in eight bytes behind the name.
    const head = Buffer.concat([type, numbers(1), Buffer.from('mdat'), wide(16)])
    await file.write(head, 0, head.length, 0)
    return new FilmFile(path, file, format, { media: type.length, end: head.length })
  }

  get count(): number {
    return this.#sizes.length
  }

  /** @param microseconds since the first picture; a picture that is not later than the one before is put a tick behind it. */
  async add(bytes: Uint8Array, microseconds: number, isKey: boolean): Promise<void> {
    await this.#file.write(bytes, 0, bytes.length, this.#end)
    const before = this.#ticks.at(-1) ?? -1
    this.#offsets.push(this.#end)
    this.#sizes.push(bytes.length)
    this.#ticks.push(Math.max(before + 1, Math.round(microseconds)))
    if (isKey) this.#keys.push(this.#sizes.length)
    this.#end += bytes.length
  }

  async finish(lastMicroseconds: number): Promise<void> {
    const index = this.#index(lastMicroseconds)
    await this.#file.write(index, 0, index.length, this.#end)
    await this.#file.write(wide(this.#end - this.#media), 0, 8, this.#media + 8)
    await this.#file.sync()
    await this.#file.close()
    await rename(`${this.#path}.${process.pid}.part`, this.#path)
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await rm(`${this.#path}.${process.pid}.part`, { force: true })
  }

  #index(lastMicroseconds: number): Buffer {
    const { entry, width, height, configuration } = this.#format
    const ticks = this.#ticks
    const spans = ticks.map((tick, i) =>
      Math.min(MAX_TICKS, i + 1 < ticks.length ? ticks[i + 1] - tick : Math.max(1, Math.round(lastMicroseconds))),
    )
    const duration = spans.reduce((sum, span) => sum + span, 0)
    const runs: number[] = []
    for (const span of spans) {
      if (runs.at(-1) === span) runs[runs.length - 2]++
      else runs.push(1, span)
    }
    const description = isoBox(
      entry,
      Buffer.concat([Buffer.alloc(6), halves(1), Buffer.alloc(16), halves(width, height)]),
      numbers(0x480000, 0x480000, 0),
      Buffer.concat([halves(1), Buffer.alloc(32), halves(24, 0xffff)]),
      configuration ? isoBox(configuration.type, configuration.bytes) : Buffer.alloc(0),
    )
    const samples = isoBox(
      'stbl',
      isoBox('stsd', numbers(0, 1), description),
      isoBox('stts', numbers(0, runs.length / 2), table(runs)),
      ...(this.#keys.length < ticks.length ? [isoBox('stss', numbers(0, this.#keys.length), table(this.#keys))] : []),
      isoBox('stsc', numbers(0, 1, 1, 1, 1)),
      isoBox('stsz', numbers(0, 0, this.#sizes.length), table(this.#sizes)),
      isoBox('co64', numbers(0, this.#offsets.length), Buffer.concat(this.#offsets.map(wide))),
    )
    const times = [wide(0), wide(0)]
    const dataInfo = isoBox('dinf', isoBox('dref', numbers(0, 1), isoBox('url ', numbers(1))))
    const media = isoBox(
      'mdia',
      isoBox('mdhd', numbers(0x01000000), ...times, numbers(TICKS_PER_SECOND), wide(duration), numbers(0x55c40000)),
      isoBox('hdlr', numbers(0), Buffer.from('mhlrvide'), numbers(0, 0, 0), Buffer.from('\0')),
      isoBox('minf', isoBox('vmhd', numbers(1, 0, 0)), dataInfo, samples),
    )
    const track = isoBox(
      'tkhd',
      numbers(0x01000003),
      ...times,
      numbers(1, 0),
      wide(duration),
      numbers(0, 0, 0, 0),
      UNTURNED,
      numbers(width * 0x10000, height * 0x10000),
    )
    const movie = isoBox(
      'mvhd',
      numbers(0x01000000),
      ...times,
      numbers(TICKS_PER_SECOND),
      wide(duration),
      numbers(0x10000, 0x01000000, 0, 0),
      UNTURNED,
      numbers(0, 0, 0, 0, 0, 0, 2),
    )
    return isoBox('moov', movie, isoBox('trak', track, media))
  }
}
