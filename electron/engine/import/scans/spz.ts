/**
 * SPZ gaussian splats, versions 1 to 3 (Niantic, github.com/nianticlabs/spz README): a gzip stream of a 16-byte header
 * and arrays: positions, opacities, colours, … +Y up, right-handed. Nothing is inflated beyond what the header claims.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import { createReadStream } from 'node:fs'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, refuseBeyondMemory, unsupportedFormat } from '../refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'

const MAGIC = 0x5053474e
const HEADER_BYTES = 16
/** The most that deflate can expand (zlib technical details). */
const MAX_RATIO = 1032
const SH_ZERO = 0.28209479177387814
/** Colours are stored as 0.5 + 0.15 * coefficient. */
const COLOR_SCALE = 0.15

interface SpzHeader {
  readonly version: number
  readonly count: number
  readonly fractionalBits: number
}

function headerIn(bytes: Uint8Array): SpzHeader | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) return undefined
  return { version: view.getUint32(4, true), count: view.getUint32(8, true), fractionalBits: bytes[13] }
}

/** The header, inflated out of the first bytes of the file. */
function peek(head: Uint8Array): SpzHeader | undefined {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return undefined
  try {
    return headerIn(
      gunzipSync(head.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 21 }),
    )
  } catch {
    return undefined
  }
}

/** The first `length` bytes of what the file inflates to. */
async function inflate(source: ImportSource, length: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  const input = createReadStream(source.path)
  const output = createGunzip()
  input.on('error', (error) => output.destroy(error))
  input.pipe(output)
  try {
    for await (const chunk of output) {
      throwIfCancelled(signal)
      const part = (chunk as Buffer).subarray(0, length - filled)
      bytes.set(part, filled)
      filled += part.length
      if (filled === length) break
    }
  } catch (error) {
    throwIfCancelled(signal)
    throw corruptFile(source.path, say('scan.spz.compressed'), error)
  } finally {
    input.destroy()
    output.destroy()
  }
  if (filled < length) throw corruptFile(source.path, say('scan.spz.length', { bytes: filled, least: length }))
  return bytes
}

async function scan(source: ImportSource, collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const header = peek(source.head)
  if (!header) throw corruptFile(source.path, say('scan.spz.other'))
  const { version, count, fractionalBits } = header
  if (version < 1 || version > 3) throw unsupportedFormat(source.path, say('scan.spz.version', { version }))
  if (count === 0) throw emptyFile(source.path, say('scan.saysNone', { things: say('scan.splats') }))
  const positionBytes = version === 1 ? 6 : 9
  const length = HEADER_BYTES + count * (positionBytes + 4)
  if (fractionalBits > 23 || length > MAX_RATIO * source.byteLength) {
    throw corruptFile(source.path, say('scan.tooManySplats', { count }))
  }
  refuseBeyondMemory(source.path, 3 * length, say('scan.reading', { count, things: say('scan.splats') }))
  const bytes = await inflate(source, length, signal)
  const view = new DataView(bytes.buffer)
  const scale = 1 / 2 ** fractionalBits
  const colorsAt = HEADER_BYTES + count * (positionBytes + 1)
  collector.begin({ expectedCount: count, hasColors: true, hasNormals: false })
  for (let first = 0; first < count; first += BATCH_POINTS) {
    const batch = Math.min(BATCH_POINTS, count - first)
    for (let i = 0; i < 3 * batch; i++) {
      const at = HEADER_BYTES + ((3 * first + i) * positionBytes) / 3
      // 24 bits with sign: shifted to the top of 32 and back.
      collector.positions[i] =
        version === 1
          ? view.getFloat16(at, true)
          : (((bytes[at] << 8) | (bytes[at + 1] << 16) | (bytes[at + 2] << 24)) >> 8) * scale
      const coefficient = (bytes[colorsAt + 3 * first + i] / 255 - 0.5) / COLOR_SCALE
      collector.colors[i] = Math.max(0, Math.min(255, Math.round(255 * (0.5 + SH_ZERO * coefficient))))
    }
    collector.flush(batch)
  }
  return { kind: 'splats', warnings: [], metadata: { axes: '+Y up', version, fileVertexCount: count } }
}

export const spzImporter: Importer = scanImporter({
  id: 'spz',
  title: say('readable.spz'),
  extensions: ['spz'],
  supports: ({ head }) => (peek(head) ? 1 : 0),
  scan,
})
