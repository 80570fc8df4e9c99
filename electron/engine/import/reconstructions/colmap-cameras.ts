/** The table of cameras of a COLMAP model (colmap.github.io, "Output Format" and "Camera Models"), in text and binary. */
import { say } from '../../../../shared/sayings/saying.ts'
import { withByteStream } from '../reading/byte-stream.ts'
import { corruptFile } from '../refusals.ts'
import { asciiText, forEachLine } from '../reading/text-lines.ts'

export interface ColmapCamera {
  readonly model: string
  readonly width: number
  readonly height: number
  /** Focal length or lengths, middle, then what bends the picture: in the order of the model. */
  readonly parameters: readonly number[]
}

/** In the order of their numbers in the binary table, with how many parameters each has. */
const MODELS: readonly (readonly [name: string, parameters: number])[] = [
  ['SIMPLE_PINHOLE', 3],
  ['PINHOLE', 4],
  ['SIMPLE_RADIAL', 4],
  ['RADIAL', 5],
  ['OPENCV', 8],
  ['OPENCV_FISHEYE', 8],
  ['FULL_OPENCV', 12],
  ['FOV', 5],
  ['SIMPLE_RADIAL_FISHEYE', 4],
  ['RADIAL_FISHEYE', 5],
  ['THIN_PRISM_FISHEYE', 12],
  ['RAD_TAN_THIN_PRISM_FISHEYE', 16],
]
const MAX_CAMERAS = 1_000_000

/** `id model width height parameters…`, a line a camera. */
export async function readCamerasText(path: string, signal: AbortSignal): Promise<ColmapCamera[]> {
  const cameras: ColmapCamera[] = []
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    if (bytes[from] === 35) return
    const words = asciiText(bytes, from, Math.min(to, from + 4096))
      .trim()
      .split(/\s+/)
    if (words.length === 1 && words[0] === '') return
    const [width, height, ...parameters] = words.slice(2).map(Number)
    if (!(width > 0 && height > 0 && parameters.length >= 3 && parameters.every(Number.isFinite))) {
      throw corruptFile(path, say('capture.lineNoCamera', { line: words.join(' ').slice(0, 60) }))
    }
    cameras.push({ model: words[1], width, height, parameters })
    if (cameras.length > MAX_CAMERAS) throw corruptFile(path, say('capture.camerasMany', { most: MAX_CAMERAS }))
  })
  return cameras
}

/** `cameras.bin`. */
export async function readCamerasBinary(path: string, signal: AbortSignal): Promise<ColmapCamera[]> {
  return withByteStream(path, {}, signal, async (stream) => {
    await stream.need(8, say('capture.within.header'))
    const count = Number(stream.view.getBigUint64(stream.position, true))
    stream.position += 8
    if (count > MAX_CAMERAS) throw corruptFile(path, say('capture.claimsCameras', { cameras: count }))
    const cameras: ColmapCamera[] = []
    for (let index = 0; index < count; index++) {
      await stream.need(24, say('capture.within.cameras'))
      const { view, position } = stream
      const known = MODELS[view.getInt32(position + 4, true)]
      const width = Number(view.getBigUint64(position + 8, true))
      const height = Number(view.getBigUint64(position + 16, true))
      if (!known)
        throw corruptFile(
          path,
          say('capture.cameraModel', { camera: index + 1, model: view.getInt32(position + 4, true) }),
        )
      stream.position += 24
      const [model, parameterCount] = known
      await stream.need(8 * parameterCount, say('capture.within.cameras'))
      const parameters = Array.from({ length: parameterCount }, (_, slot) =>
        stream.view.getFloat64(stream.position + 8 * slot, true),
      )
      stream.position += 8 * parameterCount
      cameras.push({ model, width, height, parameters })
    }
    return cameras
  })
}
