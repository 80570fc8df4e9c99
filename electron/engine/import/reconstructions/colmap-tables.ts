/** The tables of a COLMAP model (colmap.github.io, "Output Format"), in text and binary: pictures with poses, and points. */
import { say } from '../../../../shared/sayings/saying.ts'
import { withByteStream, type ByteStream } from '../reading/byte-stream.ts'
import { BATCH_POINTS, type PointCollector } from '../scans/point-sink.ts'
import { corruptFile } from '../refusals.ts'
import { asciiText, forEachLine, NumberRow } from '../reading/text-lines.ts'

export interface ColmapImage {
  readonly name: string
  /** w, x, y, z of `camera_from_world`. */
  readonly rotation: readonly [number, number, number, number]
  readonly translation: readonly [number, number, number]
}

const MAX_IMAGES = 1_000_000
const MAX_NAME_BYTES = 4096
const MAX_TRACK = 1 << 24

/** `id qw qx qy qz tx ty tz camera name`: a line of keypoints is numbers throughout, and the name of a picture is none. */
function isPicture(words: readonly string[]): boolean {
  return (
    words.length >= 10 &&
    Number.isNaN(Number(words[9])) &&
    words.slice(0, 9).every((word) => word !== '' && Number.isFinite(Number(word)))
  )
}

/**
 * `images.txt`: two lines a picture, of which the second (its keypoints, perhaps empty) is passed over. Some programs leave
 * the second out: what can only be a picture is one.
 */
export async function readImagesText(path: string, signal: AbortSignal): Promise<ColmapImage[]> {
  const images: ColmapImage[] = []
  let isPose = true
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    if (bytes[from] === 35) return
    const words = asciiText(bytes, from, Math.min(to, from + MAX_NAME_BYTES))
      .trim()
      .split(/\s+/)
    if (!isPose && !isPicture(words)) {
      isPose = true
      return
    }
    if (words.length === 1 && words[0] === '') return
    const numbers = words.slice(1, 8).map(Number)
    if (words.length < 10 || !numbers.every(Number.isFinite)) {
      throw corruptFile(path, say('capture.lineNoPicture', { line: words.join(' ').slice(0, 60) }))
    }
    const [w, x, y, z, tx, ty, tz] = numbers
    images.push({ name: words.slice(9).join(' '), rotation: [w, x, y, z], translation: [tx, ty, tz] })
    if (images.length > MAX_IMAGES) throw corruptFile(path, say('capture.picturesMany', { most: MAX_IMAGES }))
    isPose = false
  })
  return images
}

async function readCount(
  stream: ByteStream,
  bytesEach: number,
  fileBytes: number,
  what: 'pictures' | 'points',
): Promise<number> {
  await stream.need(8, say('capture.within.header'))
  const count = Number(stream.view.getBigUint64(stream.position, true))
  stream.position += 8
  if (count * bytesEach > fileBytes) {
    throw corruptFile(stream.path, say(`capture.claims.${what}`, { items: count }))
  }
  return count
}

async function readName(stream: ByteStream): Promise<string> {
  for (let length = 0; length < MAX_NAME_BYTES; length++) {
    if (stream.available <= length) await stream.need(length + 1, say('capture.within.pictureName'))
    if (stream.bytes[stream.position + length] !== 0) continue
    const name = new TextDecoder().decode(stream.bytes.subarray(stream.position, stream.position + length))
    stream.position += length + 1
    return name
  }
  throw corruptFile(stream.path, say('capture.pictureNameEndless'))
}

/** Passes over what may be longer than the window, and notices when the file ends within it. */
async function skipExactly(stream: ByteStream, bytes: number, fileBytes: number): Promise<void> {
  if (stream.offset + bytes > fileBytes) throw corruptFile(stream.path, say('file.cutOff'))
  stream.skip(bytes)
}

/** `images.bin`. */
export async function readImagesBinary(path: string, fileBytes: number, signal: AbortSignal): Promise<ColmapImage[]> {
  return withByteStream(path, {}, signal, async (stream) => {
    const count = await readCount(stream, 73, fileBytes, 'pictures')
    const images: ColmapImage[] = []
    for (let index = 0; index < count; index++) {
      await stream.need(64, say('capture.within.pictures'))
      const { view, position } = stream
      const [w, x, y, z, tx, ty, tz] = [0, 1, 2, 3, 4, 5, 6].map((slot) =>
        view.getFloat64(position + 4 + 8 * slot, true),
      )
      stream.position += 64
      const name = await readName(stream)
      await stream.need(8, say('capture.within.pictures'))
      const keypoints = Number(stream.view.getBigUint64(stream.position, true))
      stream.position += 8
      await skipExactly(stream, keypoints * 24, fileBytes)
      images.push({ name, rotation: [w, x, y, z], translation: [tx, ty, tz] })
    }
    return images
  })
}

/** Gathers points one by one. */
class PointRows {
  readonly #sink: PointCollector
  #filled = 0

  constructor(sink: PointCollector, expectedCount: number) {
    this.#sink = sink
    sink.begin({ expectedCount, hasColors: true, hasNormals: false })
  }

  add(position: ArrayLike<number>, color: ArrayLike<number>, at = 0): void {
    for (let axis = 0; axis < 3; axis++) {
      this.#sink.positions[3 * this.#filled + axis] = position[at + axis]
      this.#sink.colors[3 * this.#filled + axis] = color[at + axis]
    }
    if (++this.#filled === BATCH_POINTS) this.flush()
  }

  flush(): void {
    this.#sink.flush(this.#filled)
    this.#filled = 0
  }
}

/** `points3D.txt`: `id x y z r g b error track…`. */
export async function readPointsText(
  path: string,
  fileBytes: number,
  sink: PointCollector,
  signal: AbortSignal,
): Promise<void> {
  const rows = new PointRows(sink, Math.min(1 << 16, Math.ceil(fileBytes / 60)))
  const row = new NumberRow(7)
  let bad = 0
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    if (bytes[from] === 35) return
    row.parse(bytes, from, to)
    if (row.count === 0) return
    if (row.count < 8 || row.textCount > 0) {
      if (++bad > 1000) throw corruptFile(path, say('capture.linesNoPoints'))
      return
    }
    rows.add(row.values.subarray(1, 4), row.values.subarray(4, 7))
  })
  rows.flush()
}

/** `points3D.bin`. */
export async function readPointsBinary(
  path: string,
  fileBytes: number,
  sink: PointCollector,
  signal: AbortSignal,
): Promise<void> {
  await withByteStream(path, {}, signal, async (stream) => {
    const count = await readCount(stream, 51, fileBytes, 'points')
    const rows = new PointRows(sink, count)
    for (let index = 0; index < count; index++) {
      if (stream.available < 51) await stream.need(51, say('capture.within.points'))
      const { view, position, bytes } = stream
      const coordinates = [8, 16, 24].map((offset) => view.getFloat64(position + offset, true))
      rows.add(coordinates, bytes.subarray(position + 32, position + 35))
      const track = Number(view.getBigUint64(position + 43, true))
      if (track > MAX_TRACK) throw corruptFile(path, say('capture.trackNonsense'))
      stream.position += 51
      await skipExactly(stream, track * 8, fileBytes)
    }
    rows.flush()
  })
}
