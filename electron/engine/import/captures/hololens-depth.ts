/**
 * Depth of HoloLens 2 as its StreamRecorder writes it: 16-bit PGM pictures of millimetres along each pixel's ray, with
 * the rays in a table of three float32 a pixel (x right, y down, z ahead; unit length).
 */
import { AsterismError } from '../../../../shared/errors.ts'
import type { DepthFrame, Intrinsics } from '../../../../shared/geometry/data.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { corruptFile } from '../refusals.ts'

export interface Rays {
  readonly count: number
  /** x and y on the plane one metre ahead, and the share of a distance along the ray that lies ahead; 0 where none is. */
  readonly x: Float32Array
  readonly y: Float32Array
  readonly ahead: Float32Array
}

export function readRays(path: string, bytes: Uint8Array): Rays {
  if (bytes.length === 0 || bytes.length % 12 !== 0) throw corruptFile(path, say('capture.noRays'))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = bytes.length / 12
  const rays = { count, x: new Float32Array(count), y: new Float32Array(count), ahead: new Float32Array(count) }
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [0, 4, 8].map((at) => view.getFloat32(12 * i + at, true))
    if (!(z > 0.05 && z < 1.001) || !Number.isFinite(x + y)) continue
    rays.x[i] = x / z
    rays.y[i] = y / z
    rays.ahead[i] = z
  }
  return rays
}

/** Focal length and middle of the pinhole whose pixels lie nearest to the rays, along one side of the picture. */
function fitSide(rays: Float32Array, ahead: Float32Array, pixelOf: (index: number) => number): [number, number] {
  let n = 0
  let [sumRay, sumPixel, sumRays, sumBoth] = [0, 0, 0, 0]
  for (let i = 0; i < rays.length; i++) {
    if (ahead[i] === 0) continue
    const pixel = pixelOf(i)
    n++
    sumRay += rays[i]
    sumPixel += pixel
    sumRays += rays[i] * rays[i]
    sumBoth += rays[i] * pixel
  }
  const focal = (n * sumBoth - sumRay * sumPixel) / (n * sumRays - sumRay * sumRay)
  return [focal, (sumPixel - focal * sumRay) / n]
}

/** @returns Undefined when the rays are not those of a camera. */
export function pinholeOf({ x, y, ahead, count }: Rays, width: number, height: number): Intrinsics | undefined {
  if (count !== width * height) return undefined
  const [fx, cx] = fitSide(x, ahead, (i) => (i % width) + 0.5)
  const [fy, cy] = fitSide(y, ahead, (i) => Math.floor(i / width) + 0.5)
  const usable = [fx, fy].every((focal) => focal > 1 && focal < 1e5) && Number.isFinite(cx + cy)
  return usable ? { width, height, fx, fy, cx, cy } : undefined
}

/** Binary PGM of 16 bits, most significant byte first (netpbm). */
export function readPgm(path: string, bytes: Uint8Array): { width: number; height: number; values: Uint16Array } {
  const header = /^P5\s+(\d{1,5})\s+(\d{1,5})\s+(\d{1,5})\s/.exec(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))
  const [width, height, most] = (header ?? []).slice(1).map(Number)
  if (!header || !(width > 0 && height > 0) || most < 256) throw corruptFile(path, say('capture.depthNo16Bits'))
  const start = header[0].length
  if (bytes.length < start + 2 * width * height) throw corruptFile(path, say('capture.depthCutOff'))
  const view = new DataView(bytes.buffer, bytes.byteOffset + start)
  return { width, height, values: Uint16Array.from({ length: width * height }, (_, i) => view.getUint16(2 * i)) }
}

/** Depth along the view axis in the pixels of the pinhole; of several that fall on one pixel the nearest. */
export function pinholeDepth(
  path: string,
  bytes: Uint8Array,
  rays: Rays,
  intrinsics: Intrinsics,
  at: Pick<DepthFrame, 'timeNanoseconds' | 'pose'>,
): DepthFrame {
  const { width, height, values } = readPgm(path, bytes)
  if (width !== intrinsics.width || height !== intrinsics.height)
    throw new AsterismError('corrupt_file', say('capture.depthSizes'), { path })
  const depthMetres = new Float32Array(width * height)
  for (let i = 0; i < values.length; i++) {
    const metres = (values[i] / 1000) * rays.ahead[i]
    if (metres === 0) continue
    const u = Math.floor(intrinsics.fx * rays.x[i] + intrinsics.cx)
    const v = Math.floor(intrinsics.fy * rays.y[i] + intrinsics.cy)
    if (u < 0 || v < 0 || u >= width || v >= height) continue
    const there = depthMetres[v * width + u]
    if (there === 0 || metres < there) depthMetres[v * width + u] = metres
  }
  return { width, height, depthMetres, intrinsics, ...at }
}
