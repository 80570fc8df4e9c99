/**
 * E57 point clouds of laser scanners (ASTM E2807-11): all scans of the file in one frame, by their poses. Points are
 * Cartesian or spherical. The standard has +Z up for scanners that know it; it is turned to +Y up here.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { AsterismError, isCancellation } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { E57FieldReader } from './e57-fields.ts'
import { parseE57Document, type E57Document, type E57Scan } from './e57-document.ts'
import { E57Pages } from './e57-pages.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, tooLarge, unsupportedFormat, warning } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { asciiText } from '../reading/text-lines.ts'

const MAX_XML_BYTES = 64 << 20
const MAX_BACKLOG_BYTES = 64 << 20
const SECTION_OF_POINTS = 1
const PACKET_INDEX = 0
const PACKET_DATA = 1

async function readDocument(source: ImportSource, pages: E57Pages): Promise<E57Document> {
  const { head, path } = source
  if (head.length < 48) throw corruptFile(path, say('scan.e57.short'))
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (view.getUint32(8, true) !== 1)
    throw unsupportedFormat(path, say('scan.e57.version', { version: view.getUint32(8, true) }))
  const [length, xmlOffset, xmlLength, pageSize] = [16, 24, 32, 40].map((at) => Number(view.getBigUint64(at, true)))
  if (pageSize !== 1024) throw unsupportedFormat(path, say('scan.e57.pageSize', { bytes: pageSize }))
  if (length > source.byteLength)
    throw corruptFile(path, say('scan.e57.cutOff', { bytes: length, held: source.byteLength }))
  if (xmlLength > MAX_XML_BYTES) throw tooLarge(path, say('scan.e57.longDescription', { bytes: xmlLength }))
  const xml = await pages.read(pages.logicalOf(xmlOffset), xmlLength)
  const document = parseE57Document(new TextDecoder().decode(xml))
  if (!document) throw corruptFile(path, say('scan.e57.description'))
  return document
}

type Triple = readonly [E57FieldReader, E57FieldReader, E57FieldReader]

/** The readers of a scan's fields, and which of them mean what. */
class ScanFields {
  readonly streams: readonly (E57FieldReader | undefined)[]
  readonly cartesian: Triple | undefined
  readonly spherical: Triple | undefined
  readonly color: Triple | undefined
  readonly invalid: E57FieldReader | undefined

  constructor({ fields }: E57Scan) {
    const readers = new Map(
      fields.flatMap(({ name, type }) => (type ? [[name, new E57FieldReader(type)] as const] : [])),
    )
    const triple = (...names: readonly string[]): Triple | undefined => {
      const [a, b, c] = names.map((name) => readers.get(name))
      return a && b && c ? [a, b, c] : undefined
    }
    this.cartesian = triple('cartesianX', 'cartesianY', 'cartesianZ')
    this.spherical = this.cartesian ? undefined : triple('sphericalRange', 'sphericalAzimuth', 'sphericalElevation')
    this.color = triple('colorRed', 'colorGreen', 'colorBlue')
    this.invalid = readers.get(this.cartesian ? 'cartesianInvalidState' : 'sphericalInvalidState')
    const used = new Set(this.used)
    this.streams = fields.map(({ name }) => {
      const reader = readers.get(name)
      return reader && used.has(reader) ? reader : undefined
    })
  }

  get used(): readonly E57FieldReader[] {
    return [...(this.cartesian ?? this.spherical ?? []), ...(this.color ?? []), ...(this.invalid ? [this.invalid] : [])]
  }

  /** Bits that a point takes at least, by its coordinates. */
  get bitsOfPosition(): number {
    const bits = ({ type }: E57FieldReader) => (type.kind === 'float32' ? 32 : type.kind === 'float64' ? 64 : type.bits)
    return (this.cartesian ?? this.spherical ?? []).reduce((sum, field) => sum + bits(field), 0)
  }
}

class ScanReader {
  readonly #scan: E57Scan
  readonly #fields: ScanFields
  readonly #collector: PointCollector
  readonly #columns = Array.from({ length: 7 }, () => new Float64Array(BATCH_POINTS))
  read = 0
  invalid = 0

  constructor(scan: E57Scan, fields: ScanFields, collector: PointCollector) {
    this.#scan = scan
    this.#fields = fields
    this.#collector = collector
  }

  /** Takes what all fields have whole; false when a field waits for more than it should. */
  drain(): boolean {
    const { used } = this.#fields
    for (;;) {
      const ready = Math.min(
        this.#scan.recordCount - this.read,
        BATCH_POINTS,
        ...used.map(({ available }) => available),
      )
      if (ready <= 0) break
      this.#take(ready)
      this.read += ready
    }
    return used.every(({ backlogBytes }) => backlogBytes < MAX_BACKLOG_BYTES)
  }

  #take(count: number): void {
    const { cartesian, spherical, color, invalid } = this.#fields
    const [a, b, c, red, green, blue, state] = this.#columns
    ;(cartesian ?? spherical)?.forEach((field, slot) => field.take(count, this.#columns[slot]))
    color?.forEach((field, slot) => field.take(count, this.#columns[3 + slot]))
    if (invalid) invalid.take(count, state)
    const { positions, colors } = this.#collector
    const m = this.#scan.worldFromScan
    const [low, high] = this.#scan.colorRange
    const gain = 255 / (high - low)
    let kept = 0
    for (let i = 0; i < count; i++) {
      if (invalid && state[i] !== 0) {
        this.invalid++
        continue
      }
      let [x, y, z] = [a[i], b[i], c[i]]
      if (spherical) {
        const flat = a[i] * Math.cos(c[i])
        x = flat * Math.cos(b[i])
        y = flat * Math.sin(b[i])
        z = a[i] * Math.sin(c[i])
      }
      positions[3 * kept] = m[0] * x + m[4] * y + m[8] * z + m[12]
      positions[3 * kept + 2] = -(m[1] * x + m[5] * y + m[9] * z + m[13])
      positions[3 * kept + 1] = m[2] * x + m[6] * y + m[10] * z + m[14]
      if (this.#collector.hasColors) {
        colors[3 * kept] = color ? byteOf((red[i] - low) * gain) : 255
        colors[3 * kept + 1] = color ? byteOf((green[i] - low) * gain) : 255
        colors[3 * kept + 2] = color ? byteOf((blue[i] - low) * gain) : 255
      }
      kept++
    }
    this.#collector.flush(kept)
  }
}

function byteOf(value: number): number {
  return value >= 255 ? 255 : value > 0 ? Math.round(value) : 0
}

/** Walks the packets of a scan's section. */
async function readPoints(
  source: ImportSource,
  pages: E57Pages,
  scan: E57Scan,
  reader: ScanReader,
  fields: ScanFields,
) {
  const start = pages.logicalOf(scan.fileOffset)
  const section = await pages.read(start, 32)
  if (section.getUint8(0) !== SECTION_OF_POINTS) throw corruptFile(source.path, say('scan.e57.pointsElsewhere'))
  const end = start + Number(section.getBigUint64(8, true))
  let at = pages.logicalOf(Number(section.getBigUint64(16, true)))
  reader.drain()
  while (reader.read < scan.recordCount && at + 4 <= end) {
    const header = await pages.read(at, 4)
    const type = header.getUint8(0)
    const length = header.getUint16(2, true) + 1
    if (type > 2 || length < 4 || at + length > end) throw corruptFile(source.path, say('scan.e57.packet'))
    if (type === PACKET_DATA) {
      takePacket(source, await pages.read(at, length), fields)
      if (!reader.drain()) throw corruptFile(source.path, say('scan.e57.pace'))
    } else if (type === PACKET_INDEX && length < 16) throw corruptFile(source.path, say('scan.e57.packet'))
    at += length
  }
  if (reader.read < scan.recordCount)
    throw corruptFile(source.path, say('scan.e57.missing', { held: reader.read, count: scan.recordCount }))
}

function takePacket(source: ImportSource, packet: DataView, { streams }: ScanFields): void {
  const count = packet.byteLength >= 6 ? packet.getUint16(4, true) : 0
  if (count !== streams.length || 6 + 2 * count > packet.byteLength)
    throw corruptFile(source.path, say('scan.e57.packetFields', { found: count, wanted: streams.length }))
  let from = 6 + 2 * count
  for (let index = 0; index < count; index++) {
    const length = packet.getUint16(6 + 2 * index, true)
    if (from + length > packet.byteLength) throw corruptFile(source.path, say('scan.e57.packet'))
    streams[index]?.append(new Uint8Array(packet.buffer, packet.byteOffset + from, length))
    from += length
  }
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const pages = new E57Pages(source, signal)
  const { scans, pictureCount } = await readDocument(source, pages)
  const readable = scans.map((each) => ({ each, fields: new ScanFields(each) }))
  const placed = readable.filter(({ fields }) => fields.cartesian ?? fields.spherical)
  if (placed.length === 0) throw emptyFile(source.path, say('scan.e57.noCoordinates'))
  let expectedCount = 0
  for (const { each, fields } of placed) {
    if (
      (each.recordCount * fields.bitsOfPosition) / 8 > source.byteLength ||
      (fields.bitsOfPosition === 0 && each.recordCount > 1)
    )
      throw corruptFile(source.path, say('scan.e57.tooMany', { count: each.recordCount }))
    expectedCount += each.recordCount
  }
  if (expectedCount === 0) throw emptyFile(source.path, say('scan.e57.empty'))
  collector.begin({ expectedCount, hasColors: placed.some(({ fields }) => fields.color), hasNormals: false })
  const warnings: ImportWarning[] = []
  const skipped = scans.length - placed.length
  if (skipped > 0) warnings.push(warning('scans_skipped', say('import.scansEmpty', { count: skipped })))
  let invalid = 0
  let failure: AsterismError | undefined
  for (const [index, { each, fields }] of placed.entries()) {
    const reader = new ScanReader(each, fields, collector)
    try {
      await readPoints(source, pages, each, reader, fields)
    } catch (error) {
      if (isCancellation(error) || !(error instanceof AsterismError) || error.code !== 'corrupt_file') throw error
      failure = error
      const slots = {
        scan: index + 1,
        read: reader.read,
        total: each.recordCount,
        why: error.said?.what ?? error.message,
      }
      const message = say('import.scanBrokenOff', slots)
      warnings.push(warning('scan_broken_off', message))
    }
    invalid += reader.invalid
  }
  if (collector.count === 0 && failure) throw failure
  if (invalid > 0) warnings.push(warning('points_invalid', say('import.noEcho', { count: invalid })))
  if (pictureCount > 0)
    warnings.push(warning('pictures_ignored', say('import.picturesUnread', { count: pictureCount })))
  return {
    kind: 'points',
    warnings,
    metadata: { axes: 'turned from +Z up to +Y up', scanCount: scans.length, pictureCount },
  }
}

export const e57Importer: Importer = scanImporter({
  id: 'e57',
  title: say('readable.e57'),
  extensions: ['e57'],
  supports: ({ head }) => (asciiText(head, 0, 8) === 'ASTM-E57' ? 1 : 0),
  scan,
})
