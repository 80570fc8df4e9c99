/**
 * Pictures of a scan from all around, one tile a view, for the places where a film shows its first picture. Drawn by the
 * processor with a depth buffer: a scan has one such sheet made of it once, on machines without a screen too.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import sharp from 'sharp'
import { CEILING_SHARE, isRoom, WALL_METRES } from '../../../shared/geometry/dolls-house.ts'
import type { Scan } from '../../../shared/geometry/data.ts'
import { sampleSurface } from '../../../shared/geometry/surface-sampling.ts'
import { sheetName, THUMBNAILS_INDEX, type ThumbnailIndex } from '../media/thumbnails.ts'

export interface TurntableLayout {
  readonly columns: number
  /** Tiles in all; view n is seen from n / count of a turn, and lies row by row. */
  readonly count: number
  readonly tileWidth: number
  readonly tileHeight: number
}

/** Points in a frame about the middle of what is drawn, +Y up. */
interface Subject {
  readonly count: number
  readonly positions: Float32Array
  readonly normals?: Float32Array | undefined
  readonly colors?: Uint8Array | undefined
  /** Half the extents, without the outermost strays, metres. */
  readonly half: readonly [number, number, number]
  /** Seen from the side that it faces alone; normals of points may be any way round, or zero. */
  readonly isOneSided: boolean
  /** One sees into it from above; its ceiling is not among the points. */
  readonly isRoom: boolean
}

/** Enough that no tile has holes; more only costs time. */
const MOST_POINTS = 100_000
/** From where the eye looks down, radians above the horizon. */
const ELEVATION = Math.PI / 5
/** Of the points along each axis, how many may lie outside of the picture on either side. */
const STRAY_SHARE = 0.005
const SEED = 7
const BACKGROUND = [30, 34, 46] as const
/** Of what has no colours. */
const BARE = [186, 194, 214] as const
/** Of a tile's side, left free around the scan. */
const MARGIN = 0.03

/** Pixels drawn for each that is kept, along a side: edges come out smooth. */
const FINER = 2
const LAYOUT: TurntableLayout = { columns: 6, count: 24, tileWidth: 160, tileHeight: 120 }

/** Writes the sheet and its index, in the form of those of films, one view a second; without a point to draw, nothing. */
export async function writeTurntable(scan: Scan, directory: string, signal: AbortSignal): Promise<void> {
  const { columns, count, tileWidth, tileHeight } = LAYOUT
  const finer = { ...LAYOUT, tileWidth: FINER * tileWidth, tileHeight: FINER * tileHeight }
  const pixels = await drawTurntable(scan, finer, signal)
  if (!pixels) return
  const rows = Math.ceil(count / columns)
  const [width, height] = [columns * finer.tileWidth, rows * finer.tileHeight]
  const sheets = [sheetName(0)]
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize({ width: width / FINER, height: height / FINER, kernel: 'mitchell' })
    .jpeg({ quality: 82 })
    .toFile(join(directory, sheets[0]!))
  const index: ThumbnailIndex = {
    tileWidth,
    tileHeight,
    columns,
    rows,
    count,
    startSeconds: 0,
    intervalSeconds: 1,
    isFromKeyFrames: false,
    sheets,
  }
  await writeFile(join(directory, THUMBNAILS_INDEX), JSON.stringify(index))
}

/**
 * @returns sRGB, three bytes a pixel, of the whole sheet; null where the scan has no point to draw.
 */
export async function drawTurntable(
  scan: Scan,
  layout: TurntableLayout,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const subject = subjectOf(scan)
  if (!subject) return null
  const { columns, count, tileWidth, tileHeight } = layout
  const sheetWidth = columns * tileWidth
  const sheet = new Uint8Array(3 * sheetWidth * Math.ceil(count / columns) * tileHeight)
  for (let i = 0; i < sheet.length; i++) sheet[i] = BACKGROUND[i % 3]!
  const depths = new Float32Array(tileWidth * tileHeight)
  for (let view = 0; view < count; view++) {
    // The thread is the engine's own: between two views it answers others.
    await breathe(undefined, { signal })
    const corner = Math.floor(view / columns) * tileHeight * sheetWidth + (view % columns) * tileWidth
    drawView(subject, (2 * Math.PI * view) / count, layout, depths, { pixels: sheet, width: sheetWidth, corner })
  }
  return sheet
}

function subjectOf(scan: Scan): Subject | null {
  const points = scan.kind === 'mesh' ? sampleSurface(scan.mesh, MOST_POINTS, SEED) : scan.points
  const { positions, normals, colors } = points
  let kept: number[] = []
  const step = Math.max(1, points.count / MOST_POINTS)
  for (let at = 0; at < points.count; at += step) {
    const i = 3 * Math.floor(at)
    if (Number.isFinite(positions[i]! + positions[i + 1]! + positions[i + 2]!)) kept.push(i)
  }
  if (kept.length === 0) return null
  const [x, all, z] = [0, 1, 2].map((axis) => withoutStrays(kept.map((i) => positions[i + axis]!))) as [
    Span,
    Span,
    Span,
  ]
  const isRoomScan = isRoom([x, all, z].map(({ low, high }) => high - low) as [number, number, number])
  const y = isRoomScan ? { low: all.low, high: all.high - (all.high - all.low) * CEILING_SHARE } : all
  if (isRoomScan) kept = kept.filter((i) => positions[i + 1]! <= y.high)
  const half = [x, y, z].map(({ low, high }) => (high - low) / 2) as [number, number, number]
  const middle = [x, y, z].map(({ low, high }) => (low + high) / 2)
  const three = <T extends Float32Array | Uint8Array>(from: T, into: T): T => {
    kept.forEach((i, n) => into.set(from.subarray(i, i + 3), 3 * n))
    return into
  }
  const centred = three(positions, new Float32Array(3 * kept.length)).map((value, i) => value - middle[i % 3]!)
  return {
    count: kept.length,
    positions: centred,
    normals: normals && three(normals, new Float32Array(3 * kept.length)),
    colors: colors && three(colors, new Uint8Array(3 * kept.length)),
    half,
    isOneSided: scan.kind === 'mesh',
    isRoom: isRoomScan,
  }
}

interface Span {
  readonly low: number
  readonly high: number
}

function withoutStrays(along: readonly number[]): Span {
  const sorted = Float64Array.from(along).sort()
  const beyond = Math.floor((sorted.length - 1) * STRAY_SHARE)
  return { low: sorted[beyond]!, high: sorted[sorted.length - 1 - beyond]! }
}

/** Along parallel rays, so that a scan keeps its size while it turns. */
function drawView(
  subject: Subject,
  azimuth: number,
  { tileWidth, tileHeight }: TurntableLayout,
  depths: Float32Array,
  into: { readonly pixels: Uint8Array; readonly width: number; readonly corner: number },
): void {
  const { positions: p, normals: n, colors, half, count } = subject
  const [sin, cos, up, down] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(ELEVATION), Math.cos(ELEVATION)]
  // From the scan to the eye.
  const eye = [sin * down, up, cos * down] as const
  const reach = Math.hypot(half[0], half[2])
  const scale = Math.min(
    ((1 - 2 * MARGIN) * tileWidth) / Math.max(2 * reach, 1e-9),
    ((1 - 2 * MARGIN) * tileHeight) / Math.max(2 * (reach * up + half[1] * down), 1e-9),
  )
  const isHidden = subject.isRoom ? wallsBefore(half, eye) : () => false
  // A point stands for its share of the ground that all of them cover, and a little more, so that no hole is left.
  const side = Math.max(1, Math.min(5, Math.ceil(2 * Math.sqrt((4 * reach * reach * scale * scale) / count))))
  depths.fill(-Infinity)
  for (let i = 0; i < 3 * count; i += 3) {
    const [x, y, z] = [p[i]!, p[i + 1]!, p[i + 2]!]
    const facing = n ? n[i]! * eye[0] + n[i + 1]! * eye[1] + n[i + 2]! * eye[2] : 0
    if ((subject.isOneSided && facing <= 0) || isHidden(x, z)) continue
    const near = x * eye[0] + y * eye[1] + z * eye[2]
    const left = Math.round(tileWidth / 2 + (x * cos - z * sin) * scale - side / 2)
    const top = Math.round(tileHeight / 2 - (y * down - (x * sin + z * cos) * up) * scale - side / 2)
    const light = colors ? 1 : shade(Math.abs(facing), near, reach)
    const red = (colors ? colors[i]! : BARE[0]) * light
    const green = (colors ? colors[i + 1]! : BARE[1]) * light
    const blue = (colors ? colors[i + 2]! : BARE[2]) * light
    for (let row = Math.max(0, top); row < Math.min(tileHeight, top + side); row++) {
      for (let column = Math.max(0, left); column < Math.min(tileWidth, left + side); column++) {
        const pixel = row * tileWidth + column
        if (near <= depths[pixel]!) continue
        depths[pixel] = near
        const to = 3 * (into.corner + row * into.width + column)
        into.pixels[to] = red
        into.pixels[to + 1] = green
        into.pixels[to + 2] = blue
      }
    }
  }
}

/** Of what has no colours: by how it is turned to the eye, or, where nothing says so, by how near it is. */
function shade(facing: number, near: number, reach: number): number {
  const share = facing > 0 ? Math.min(1, facing) : Math.max(0, Math.min(1, 0.5 + near / (2 * Math.max(reach, 1e-9))))
  return 0.35 + 0.65 * share
}

/** The walls of a room that stand between it and the eye. */
function wallsBefore(half: Subject['half'], eye: readonly [number, number, number]): (x: number, z: number) => boolean {
  const [wallX, wallZ] = [half[0] - WALL_METRES, half[2] - WALL_METRES]
  return (x, z) => x * Math.sign(eye[0]) > wallX || z * Math.sign(eye[2]) > wallZ
}
