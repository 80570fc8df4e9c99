/**
 * SOG, gaussian splats as pictures (developer.playcanvas.com, The SOG Format; versions 1 and 2): `meta.json` and lossless
 * WebP files, in a ZIP archive or a folder. Positions are 16 bits in two pictures between bounds, on a logarithmic scale.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { dirname, posix } from 'node:path'
import { z } from 'zod'
import { readWhole } from '../reading/byte-stream.ts'
import { entryPath, folderOf } from '../captures/folder-parts.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, refuseBeyondMemory } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { asciiText } from '../reading/text-lines.ts'
import { readZipDirectory, readZipEntry } from '../reading/zip-archive.ts'

const MAX_PICTURE_BYTES = 1 << 30
const MAX_META_BYTES = 16 << 20
const MAX_SIDE = 16_384
/** The zeroth spherical harmonic: colours are stored in multiples of it. */
const SH_ZERO = 0.28209479177387814

const numbers = z.array(z.number())
const schema = z.object({
  version: z.number().optional(),
  count: z.number().int().nonnegative().optional(),
  means: z.object({
    shape: numbers.optional(),
    mins: numbers.length(3),
    maxs: numbers.length(3),
    files: z.array(z.string()).length(2),
  }),
  sh0: z
    .object({
      codebook: numbers.optional(),
      mins: numbers.optional(),
      maxs: numbers.optional(),
      files: z.array(z.string()).min(1),
    })
    .optional(),
})

type Meta = z.infer<typeof schema>
type ReadFile = (name: string, limitBytes: number) => Promise<Uint8Array>

/** How a file beside `meta.json` is read, from the archive or the folder. Names lead nowhere else. */
async function fileReader(source: ImportSource, signal: AbortSignal): Promise<ReadFile> {
  const missing = (name: string) => corruptFile(source.path, say('scan.sog.missing', { name: name.slice(0, 80) }))
  if (source.isDirectory) {
    const folder = folderOf(source, 'meta.json') ?? ''
    return async (name, limitBytes) => {
      if (!source.entries.includes(folder + name)) throw missing(name)
      return readWhole(entryPath(source, folder + name), limitBytes, signal)
    }
  }
  const entries = await readZipDirectory(source)
  const meta = [...entries.keys()].find((name) => posix.basename(name) === 'meta.json')
  const folder = meta ? meta.slice(0, -'meta.json'.length) : ''
  return async (name, limitBytes) => {
    const entry = entries.get(folder + name)
    if (!entry) throw missing(name)
    return readZipEntry(source, entry, limitBytes)
  }
}

function parseMeta(source: ImportSource, bytes: Uint8Array): Meta {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw corruptFile(source.path, say('scan.sog.json'), error)
  }
  const checked = schema.safeParse(json)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw corruptFile(source.path, say('scan.sog.meta', { where: issue.path.join('.'), message: issue.message }))
}

interface Picture {
  readonly pixelCount: number
  /** Red, green, blue and opacity of each. */
  readonly rgba: Uint8Array
}

async function readPicture(source: ImportSource, read: ReadFile, name: string): Promise<Picture> {
  const bytes = await read(name, MAX_PICTURE_BYTES)
  // Here, since a command that imports something else need not load it.
  const { default: sharp } = await import('sharp')
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_SIDE * MAX_SIDE, failOn: 'error' })
    const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    return { pixelCount: info.width * info.height, rgba: data }
  } catch (error) {
    throw corruptFile(source.path, say('scan.sog.picture', { name: name.slice(0, 80) }), error)
  }
}

/** The coefficient that a byte stands for, by channel. */
function colorTable(sh0: Meta['sh0']): ((byte: number, channel: number) => number) | undefined {
  const { codebook, mins, maxs } = sh0 ?? {}
  if (codebook && codebook.length >= 256) return (byte) => codebook[byte]
  if (mins && maxs && mins.length >= 3 && maxs.length >= 3)
    return (byte, channel) => mins[channel] + ((maxs[channel] - mins[channel]) * byte) / 255
  return undefined
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const read = await fileReader(source, signal)
  const meta = parseMeta(source, await read('meta.json', MAX_META_BYTES))
  const count = meta.count ?? meta.means.shape?.[0] ?? 0
  if (!Number.isSafeInteger(count)) throw corruptFile(source.path, say('scan.sog.count'))
  if (count === 0) throw emptyFile(source.path, say('scan.sog.none'))
  refuseBeyondMemory(source.path, count * 30, say('scan.reading', { count, things: say('scan.splats') }))
  const low = await readPicture(source, read, meta.means.files[0])
  const high = await readPicture(source, read, meta.means.files[1])
  const table = colorTable(meta.sh0)
  const color = table && meta.sh0 ? await readPicture(source, read, meta.sh0.files[0]) : undefined
  const held = Math.min(low.pixelCount, high.pixelCount, color?.pixelCount ?? Infinity)
  if (count > held) throw corruptFile(source.path, say('scan.sog.tooMany', { count, held }))
  const { mins, maxs } = meta.means
  collector.begin({ expectedCount: count, hasColors: color !== undefined, hasNormals: false })
  for (let start = 0; start < count; start += BATCH_POINTS) {
    const batch = Math.min(BATCH_POINTS, count - start)
    for (let i = 0; i < batch; i++) {
      const at = 4 * (start + i)
      for (let axis = 0; axis < 3; axis++) {
        const fraction = (low.rgba[at + axis] | (high.rgba[at + axis] << 8)) / 65_535
        const logarithm = mins[axis] + (maxs[axis] - mins[axis]) * fraction
        collector.positions[3 * i + axis] = Math.sign(logarithm) * Math.expm1(Math.abs(logarithm))
        if (table && color) {
          const value = 255 * (0.5 + SH_ZERO * table(color.rgba[at + axis], axis))
          collector.colors[3 * i + axis] = value >= 255 ? 255 : value > 0 ? Math.round(value) : 0
        }
      }
    }
    collector.flush(batch)
  }
  const metadata = {
    axes: 'as in the file (the format says +Y up)',
    version: meta.version ?? 1,
    fileVertexCount: count,
  }
  return { kind: 'splats', warnings: [], metadata }
}

function supports(source: ImportSource): number {
  if (source.isDirectory) {
    const folder = folderOf(source, 'meta.json')
    return folder !== undefined &&
      source.entries.some(
        (entry) => dirname(`${entry}`) === dirname(`${folder}meta.json`) && /(^|\/)means_l\.\w+$/.test(entry),
      )
      ? 0.9
      : 0
  }
  if (asciiText(source.head, 0, 4) !== 'PK\x03\x04') return 0
  return source.extension === 'sog' || /means_[lu]\.webp/.test(asciiText(source.head)) ? 0.9 : 0
}

export const sogImporter: Importer = scanImporter({
  id: 'sog',
  title: say('readable.sog'),
  extensions: ['sog'],
  supports,
  scan,
})
