/**
 * Record3D's `.r3d`: a ZIP archive, here also unpacked, with `metadata` (JSON) and `rgbd/N.depth`, `N.conf`, `N.jpg`. Depth is float32 metres
 * and confidence a byte, both LZFSE. Poses are `world_from_camera` in ARKit's axes, which are ours (its author in
 * github.com/marek-simonik/record3d issue 64); intrinsics are column-major for the colour picture.
 */
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import type { DepthFrame } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { pathOf } from '../reconstructions/camera-poses.ts'
import { entryPath, folderOf } from './folder-parts.ts'
import { folderImporter, lackOf, type FolderCapture } from './folder-capture.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { MAX_PICTURE_BYTES, pictureSequence, type SequencePicture } from '../media/picture-sequence.ts'
import { decompressLzfse } from '../reading/lzfse.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { asciiText } from '../reading/text-lines.ts'
import { readZipDirectory, readZipEntry } from '../reading/zip-archive.ts'
import type { DepthSequence } from '../stream-set.ts'

const MAX_METADATA_BYTES = 64 << 20
const MAX_FRAME_BYTES = 64 << 20
const MAX_SIDE = 4096
/** What file managers add to archives, and what leads out of them. */
const NOT_OF_CAPTURE = /^__MACOSX\/|(?:^|\/)\.\.(?:\/|$)/

const side = z.number().int().positive().max(MAX_SIDE)
const metadataSchema = z.object({
  h: z.number().positive(),
  w: z.number().positive(),
  dh: side.optional(),
  dw: side.optional(),
  fps: z.number().positive().optional(),
  K: z.array(z.number()).length(9),
  poses: z.array(z.array(z.number()).min(7)).max(1_000_000),
  frameTimestamps: z.array(z.number()).optional(),
  /** fx, fy, cx, cy of each picture: the lens moves while it focuses. */
  perFrameIntrinsicCoeffs: z.array(z.array(z.number())).optional(),
})

/** The files of a capture by their names in it, be it packed or unpacked. */
interface Parts {
  has(name: string): boolean
  read(name: string, limitBytes: number, signal: AbortSignal): Promise<Uint8Array>
}

async function partsOf(source: ImportSource): Promise<Parts> {
  if (source.isDirectory) {
    const folder = folderOf(source, 'metadata') ?? ''
    return {
      has: (name) => source.entries.includes(folder + name),
      read: (name, limitBytes, signal) => readWhole(entryPath(source, folder + name), limitBytes, signal),
    }
  }
  const entries = await readZipDirectory(source)
  // Packed again with its folder, as file managers do, it has that before every name.
  const own = [...entries.keys()].filter((name) => !NOT_OF_CAPTURE.test(name))
  const folder = folderOf({ entries: own }, 'metadata') ?? ''
  return {
    has: (name) => entries.has(folder + name),
    async read(name, limitBytes) {
      const entry = entries.get(folder + name)
      if (!entry) throw corruptFile(source.path, say('capture.lacksNamed', { name }))
      return readZipEntry(source, entry, limitBytes)
    },
  }
}

async function readMetadata(
  source: ImportSource,
  parts: Parts,
  signal: AbortSignal,
): Promise<z.infer<typeof metadataSchema>> {
  if (!parts.has('metadata')) throw corruptFile(source.path, say('capture.archiveLacks', { name: 'metadata' }))
  const text = new TextDecoder().decode(await parts.read('metadata', MAX_METADATA_BYTES, signal))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw corruptFile(source.path, say('capture.metadataUnparsed'), error)
  }
  const checked = metadataSchema.safeParse(json)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw corruptFile(source.path, say('capture.metadataOther', { field: issue.path.join('.'), why: issue.message }))
}

interface Frame {
  readonly index: number
  readonly timeNanoseconds: bigint
}

/** The depth pictures; undefined where it has none, or says no size of them. */
function depthOf(
  source: ImportSource,
  parts: Parts,
  metadata: z.infer<typeof metadataSchema>,
  all: readonly Frame[],
): DepthSequence | undefined {
  const frames = all
    .filter(({ index }) => parts.has(`rgbd/${index}.depth`))
    .toSorted((a, b) => Number(a.timeNanoseconds - b.timeNanoseconds))
  const { dw: width, dh: height, w, h, K } = metadata
  if (frames.length === 0 || width === undefined || height === undefined) return undefined
  const unpack = async (name: string, bytes: number, signal: AbortSignal): Promise<Uint8Array> => {
    const content = decompressLzfse(await parts.read(name, MAX_FRAME_BYTES, signal), bytes)
    if (!content) throw corruptFile(source.path, say('capture.partDamaged', { name }))
    return content
  }
  const load = async (frameIndex: number, { signal }: ImportContext): Promise<DepthFrame> => {
    const frame = frames[frameIndex]
    if (!frame)
      throw new AsterismError('bad_input', say('capture.noDepthFrame', { frame: frameIndex }), { path: source.path })
    const own = metadata.perFrameIntrinsicCoeffs?.[frame.index] ?? []
    const [fx, fy, cx, cy] = own.length >= 4 ? own : [K[0], K[4], K[6], K[7]]
    if (!(fx > 0 && fy > 0)) throw corruptFile(source.path, say('capture.cameraNonsense'))
    const bytes = await unpack(`rgbd/${frame.index}.depth`, 4 * width * height, signal)
    const view = new DataView(bytes.buffer)
    const depthMetres = new Float32Array(width * height)
    for (let pixel = 0; pixel < depthMetres.length; pixel++) {
      const metres = view.getFloat32(4 * pixel, true)
      // Not a number where nothing was measured.
      depthMetres[pixel] = metres > 0 && metres < 1000 ? metres : 0
    }
    const beside = `rgbd/${frame.index}.conf`
    const confidence =
      parts.has(beside) && (await unpack(beside, width * height, signal)).map((value) => Math.min(2, value))
    const [sx, sy] = [width / w, height / h]
    return {
      width,
      height,
      depthMetres,
      ...(confidence && { confidence }),
      intrinsics: { width, height, fx: fx * sx, fy: fy * sy, cx: cx * sx, cy: cy * sy },
      timeNanoseconds: frame.timeNanoseconds,
    }
  }
  const times = BigInt64Array.from(frames, ({ timeNanoseconds }) => timeNanoseconds)
  return { times, width, height, codec: 'lzfse', load }
}

async function readCapture(source: ImportSource, { signal }: ImportContext): Promise<FolderCapture> {
  const parts = await partsOf(source)
  const metadata = await readMetadata(source, parts, signal)
  const { poses, frameTimestamps, fps } = metadata
  if (poses.length === 0) throw emptyFile(source.path, say('capture.metadataPoseless'))
  const warnings: ImportWarning[] = []
  const stamped =
    frameTimestamps !== undefined &&
    frameTimestamps.length === poses.length &&
    frameTimestamps.every((time) => Math.abs(time) < 1e10)
  if (!stamped) warnings.push(warning('times_assumed', say('import.framesWithoutTimes', { rate: fps ?? 60 })))
  const frames = poses.map((_, index): Frame => {
    const seconds = stamped ? (frameTimestamps[index] ?? 0) : index / (fps ?? 60)
    return { index, timeNanoseconds: BigInt(Math.round(seconds * 1e9)) }
  })
  const { path, warnings: pathWarnings } = pathOf(
    source.path,
    poses.map((pose, index) => ({
      timeNanoseconds: frames[index].timeNanoseconds,
      position: pose.slice(4, 7),
      rotation: pose.slice(0, 4),
    })),
  )
  if (path.count === 0) throw corruptFile(source.path, say('capture.posesUnusable'))
  const depth = depthOf(source, parts, metadata, frames)
  const pictures = frames
    .filter(({ index }) => parts.has(`rgbd/${index}.jpg`))
    .map(({ index, timeNanoseconds }): SequencePicture => {
      return { timeNanoseconds, read: (during) => parts.read(`rgbd/${index}.jpg`, MAX_PICTURE_BYTES, during) }
    })
  warnings.push(
    ...lackOf('depth', depth?.times.length ?? 0, frames.length),
    ...lackOf('picture', pictures.length, frames.length),
  )
  return {
    clock: {
      title: `${source.name}: the phone's own seconds`,
      source: 'device',
      epochUtcNanoseconds: null,
      timecode: null,
    },
    poses: path,
    depth,
    films: [await pictureSequence(source, 'rgbd', pictures, warnings, { signal })],
    warnings: [...warnings, ...pathWarnings],
    metadata: { axes: '+Y up', pictureWidth: metadata.w, pictureHeight: metadata.h },
  }
}

export const record3dImporter = folderImporter({
  id: 'record3d',
  title: say('readable.record3d'),
  extensions: ['r3d'],
  supports(source) {
    const { head, extension, isDirectory, entries } = source
    if (isDirectory) {
      const folder = folderOf(source, 'metadata')
      return folder !== undefined &&
        entries.some((entry) => /^rgbd\/\d+\.(depth|jpg)$/.test(entry.slice(folder.length)))
        ? 0.9
        : 0
    }
    const isZip = asciiText(head, 0, 4) === 'PK\x03\x04'
    return isZip && (extension === 'r3d' || /rgbd\/\d+\.(depth|jpg|conf)/.test(asciiText(head))) ? 0.9 : 0
  },
  readCapture,
})
