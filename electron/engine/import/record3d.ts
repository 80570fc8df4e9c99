/**
 * Record3D's `.r3d`: a ZIP archive with `metadata` (JSON) and `rgbd/N.depth`, `N.conf`, `N.jpg`. Depth is float32 metres
 * and confidence a byte, both LZFSE. Poses are `world_from_camera` in ARKit's axes, which are ours (its author in
 * github.com/marek-simonik/record3d issue 64); intrinsics are column-major for the colour picture.
 */
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import type { DepthFrame, PosePath } from '../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import { pathOf } from './camera-poses.ts'
import type { ImportedAsset, Importer, ImportSource, StreamDescription } from './importer.ts'
import { decompressLzfse } from './lzfse.ts'
import { corruptFile, emptyFile, warning } from './refusals.ts'
import { asciiText } from './text-lines.ts'
import { timing } from './timed-rows.ts'
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip-archive.ts'

const MAX_METADATA_BYTES = 64 << 20
const MAX_FRAME_BYTES = 64 << 20
const MAX_SIDE = 4096

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
})

interface Capture {
  readonly metadata: z.infer<typeof metadataSchema>
  readonly path: PosePath
  readonly frames: readonly {
    readonly timeNanoseconds: bigint
    readonly depth: ZipEntry
    readonly confidence: ZipEntry | undefined
  }[]
  readonly warnings: readonly ImportWarning[]
}

async function readMetadata(
  source: ImportSource,
  entries: ReadonlyMap<string, ZipEntry>,
): Promise<z.infer<typeof metadataSchema>> {
  const entry = entries.get('metadata')
  if (!entry) throw corruptFile(source.path, 'The archive holds no "metadata".')
  const text = new TextDecoder().decode(await readZipEntry(source, entry, MAX_METADATA_BYTES))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw corruptFile(source.path, 'Its metadata cannot be parsed.', error)
  }
  const checked = metadataSchema.safeParse(json)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw corruptFile(
    source.path,
    `Its metadata's ${issue.path.join('.')} is not what the format says: ${issue.message}.`,
  )
}

async function readCapture(source: ImportSource): Promise<Capture> {
  const entries = await readZipDirectory(source)
  const metadata = await readMetadata(source, entries)
  const { poses, frameTimestamps, fps } = metadata
  if (poses.length === 0) throw emptyFile(source.path, 'Its metadata lists no poses.')
  const warnings: ImportWarning[] = []
  const stamped =
    frameTimestamps !== undefined &&
    frameTimestamps.length === poses.length &&
    frameTimestamps.every((time) => Math.abs(time) < 1e10)
  if (!stamped)
    warnings.push(warning('times_assumed', `Its frames have no times: they were taken to be ${fps ?? 60} a second.`))
  const timeOf = (index: number) =>
    BigInt(Math.round((stamped ? (frameTimestamps?.[index] ?? 0) : index / (fps ?? 60)) * 1e9))
  const { path, warnings: pathWarnings } = pathOf(
    source.path,
    poses.map((pose, index) => ({
      timeNanoseconds: timeOf(index),
      position: pose.slice(4, 7),
      rotation: pose.slice(0, 4),
    })),
  )
  if (path.count === 0) throw corruptFile(source.path, 'None of its poses is usable.')
  const frames = poses.flatMap((_, index) => {
    const depth = entries.get(`rgbd/${index}.depth`)
    return depth ? [{ timeNanoseconds: timeOf(index), depth, confidence: entries.get(`rgbd/${index}.conf`) }] : []
  })
  return { metadata, path, frames, warnings: [...warnings, ...pathWarnings] }
}

const captures = new WeakMap<ImportSource, Promise<Capture>>()

function captureOf(source: ImportSource): Promise<Capture> {
  const known = captures.get(source)
  if (known) return known
  const capture = readCapture(source)
  captures.set(source, capture)
  capture.catch(() => captures.delete(source))
  return capture
}

function describe(source: ImportSource, { metadata, path, frames, warnings }: Capture): ImportedAsset {
  const span = timing(path.timesNanoseconds)
  const streams: StreamDescription[] = [{ clock: 0, sensor: 'pose', sampleCount: path.count, ...span }]
  const { dw: width, dh: height } = metadata
  if (frames.length > 0 && width !== undefined && height !== undefined) {
    const times = BigInt64Array.from(frames, ({ timeNanoseconds }) => timeNanoseconds).toSorted()
    streams.push({
      clock: 0,
      sensor: 'depth',
      codec: 'lzfse',
      width,
      height,
      sampleCount: frames.length,
      ...timing(times),
    })
  }
  return {
    format: 'record3d',
    kind: 'capture',
    durationSeconds: span.durationSeconds,
    clocks: [
      { title: `${source.name}: the phone's own seconds`, source: 'device', epochUtcNanoseconds: null, timecode: null },
    ],
    streams,
    warnings: [
      ...warnings,
      warning('pictures_ignored', 'Its colour pictures are single JPEG files and were not read as a video.'),
    ],
    metadata: { axes: '+Y up', pictureWidth: metadata.w, pictureHeight: metadata.h },
  }
}

async function unpack(source: ImportSource, entry: ZipEntry, bytes: number): Promise<Uint8Array> {
  const content = decompressLzfse(await readZipEntry(source, entry, MAX_FRAME_BYTES), bytes)
  if (!content) throw corruptFile(source.path, `"${entry.name}" in it is damaged.`)
  return content
}

async function loadDepthFrame(source: ImportSource, _streamIndex: number, frameIndex: number): Promise<DepthFrame> {
  const { metadata, frames } = await captureOf(source)
  const frame = frames[frameIndex]
  const { dw: width, dh: height, w, h, K } = metadata
  if (!frame || width === undefined || height === undefined) {
    throw new AsterismError('bad_input', `There is no depth frame ${frameIndex}.`, { path: source.path })
  }
  const [fx, , , , fy, , cx, cy] = K
  if (!(fx > 0 && fy > 0)) throw corruptFile(source.path, 'Its camera makes no sense.')
  const bytes = await unpack(source, frame.depth, 4 * width * height)
  const view = new DataView(bytes.buffer)
  const depthMetres = new Float32Array(width * height)
  for (let pixel = 0; pixel < depthMetres.length; pixel++) {
    const metres = view.getFloat32(4 * pixel, true)
    // Not a number where nothing was measured.
    depthMetres[pixel] = metres > 0 && metres < 1000 ? metres : 0
  }
  const confidence =
    frame.confidence && (await unpack(source, frame.confidence, width * height)).map((value) => Math.min(2, value))
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

export const record3dImporter: Importer = {
  id: 'record3d',
  title: 'Record3D capture (.r3d)',
  extensions: ['r3d'],
  supports: ({ head, extension, isDirectory }) =>
    !isDirectory &&
    asciiText(head, 0, 4) === 'PK\x03\x04' &&
    (extension === 'r3d' || /rgbd\/\d+\.(depth|jpg|conf)/.test(asciiText(head)))
      ? 0.9
      : 0,
  read: async (source) => describe(source, await captureOf(source)),
  loadPoses: async (source) => (await captureOf(source)).path,
  loadDepthFrame,
}
