/** Still pictures, and pictures that move a little (GIF, animated WebP and PNG). */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { parseIsoTime } from '../../media/recorded-time.ts'
import { KnownFiles } from '../../media/known-files.ts'
import { COMMON_ARGUMENTS, fileUrl, runTool } from '../../media/run-tool.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource } from '../importer.ts'
import { parseExif, turnOfOrientation } from './exif.ts'
import type { ExifFacts } from './exif.ts'
import { readPictureHeader } from './picture-header.ts'
import type { PictureHeader } from './picture-bytes.ts'
import { mediaSignature } from './signatures.ts'
import { warning } from '../../warning.ts'

/** Twice the largest camera sensors; decoding it takes 1.6 GB. */
const MAX_PIXELS = 400_000_000
/** Above it a trial decoding takes longer than it tells. */
const MAX_TRIED_PIXELS = 150_000_000
/** Time zones lie on quarters of an hour. */
const ZONE_STEP_SECONDS = 900
const OLDEST_FIX_SECONDS = 300
const WIDEST_ZONE_SECONDS = 14 * 3600
const TRIAL_TIMEOUT_MILLISECONDS = 15_000
/** What came of decoding pictures, those looked into last. */
const tried = new KnownFiles<'whole' | 'damaged' | 'none'>(512)
const SAME_FORMAT: Readonly<Record<string, readonly string[]>> = {
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif', 'insp', 'mpo'],
  png: ['png', 'apng'],
  tiff: ['tif', 'tiff', 'dng', 'nef', 'arw', 'cr2'],
  heic: ['heic', 'heif', 'hif'],
  bmp: ['bmp', 'dib'],
}
/** ffmpeg's readers of single pictures; what is missing here (HEIF) it cannot be trusted to decode. */
const DEMUXERS: Readonly<Record<string, string>> = {
  jpeg: 'jpeg_pipe',
  png: 'png_pipe',
  gif: 'gif',
  webp: 'webp_pipe',
  bmp: 'bmp_pipe',
  tiff: 'tiff_pipe',
}

export const imageImporter: Importer = {
  id: 'image',
  title: say('readable.image'),
  extensions: 'jpg jpeg png apng webp gif heic heif avif bmp tif tiff dng'.split(' '),
  supports: (source) => {
    const signature = mediaSignature(source.head)
    return signature?.family === 'image' ? signature.certainty : 0
  },
  read: readImage,
}

async function readImage(source: ImportSource, context: ImportContext): Promise<ImportedAsset> {
  const format = mediaSignature(source.head)?.name ?? 'image'
  const header = await readPictureHeader(source.path, format)
  if (!header || header.width <= 0 || header.height <= 0) {
    throw new AsterismError('corrupt_file', say('file.pictureHeader', { format }), { path: source.path })
  }
  if (header.width * header.height > MAX_PIXELS) {
    const size = `${header.width} x ${header.height}`
    throw new AsterismError('too_large', say('file.pictureSize', { size }), {
      path: source.path,
      fix: say('file.fix.pictureSize', { millions: MAX_PIXELS / 1e6 }),
    })
  }
  const exif = header.exif ? parseExif(header.exif) : null
  const turn = turnOf(header, exif)
  const warnings = [
    ...mislabelWarnings(source, format),
    ...(header.isComplete ? [] : [warning('truncated', say('import.pictureTruncated'))]),
    ...(turn.isMirrored ? [warning('mirrored', say('import.pictureMirrored'))] : []),
    ...(await trialWarnings(source, format, header, context)),
  ]
  return {
    format,
    kind: 'image',
    durationSeconds: null,
    clocks: [{ title: 'Time of the picture', source: 'device', epochUtcNanoseconds: utcOf(exif), timecode: null }],
    streams: [
      {
        clock: 0,
        sensor: 'image',
        codec: format,
        startSeconds: 0,
        durationSeconds: null,
        width: header.width,
        height: header.height,
        rotationDegrees: turn.rotationDegrees,
      },
    ],
    warnings,
    metadata: metadataOf(header, exif),
  }
}

function turnOf(header: PictureHeader, exif: ExifFacts | null): { rotationDegrees: number; isMirrored: boolean } {
  // HEIF turns by its own property; the Exif beside it only repeats it.
  if (header.rotationDegrees !== undefined) return { rotationDegrees: header.rotationDegrees, isMirrored: false }
  return turnOfOrientation(exif?.orientation ?? 1)
}

/**
 * UTC only where the picture says it: a wall clock without its zone is no point in time. Where the satellites' time is
 * there it gives the zone, and the wall clock the moment: the satellites' time is that of the last fix, minutes ago.
 */
function utcOf(exif: ExifFacts | null): string | null {
  const satellite = parseIsoTime(exif?.satelliteTime)?.utcNanoseconds
  if (!exif?.localTime) return satellite ?? null
  const fraction = exif.subSecond ? `.${exif.subSecond}` : ''
  if (exif.zone) return parseIsoTime(`${exif.localTime}${fraction}${exif.zone}`)?.utcNanoseconds ?? null
  const local = parseIsoTime(`${exif.localTime}${fraction}`)?.utcNanoseconds
  if (satellite === undefined || local === undefined) return satellite ?? null
  const aheadSeconds = Number((BigInt(local) - BigInt(satellite)) / 1_000_000_000n)
  const zoneSeconds = Math.round(aheadSeconds / ZONE_STEP_SECONDS) * ZONE_STEP_SECONDS
  if (Math.abs(aheadSeconds - zoneSeconds) > OLDEST_FIX_SECONDS || Math.abs(zoneSeconds) > WIDEST_ZONE_SECONDS)
    return null
  return (BigInt(local) - BigInt(zoneSeconds) * 1_000_000_000n).toString()
}

function metadataOf(header: PictureHeader, exif: ExifFacts | null): Record<string, string | number | boolean> {
  return {
    hasLocation: (exif?.hasLocation ?? false) || header.xmpHasLocation,
    ...(header.isAnimated && { isAnimated: true }),
    ...(exif?.make && { make: exif.make }),
    ...(exif?.model && { model: exif.model }),
    ...(exif?.localTime && { localTime: exif.localTime }),
    ...(exif?.zone && { timeZone: exif.zone }),
  }
}

function mislabelWarnings(source: ImportSource, format: string): ImportWarning[] {
  const expected = SAME_FORMAT[format] ?? [format]
  if (source.extension === '' || expected.includes(source.extension)) return []
  return [warning('mislabelled', say('import.mislabelledPicture', { extension: source.extension, format }))]
}

/** Decodes the picture once: a header alone does not make one. */
async function trialWarnings(
  source: ImportSource,
  format: string,
  header: PictureHeader,
  context: ImportContext,
): Promise<ImportWarning[]> {
  const demuxer = DEMUXERS[format]
  const { ffmpeg } = context.tools
  if (!ffmpeg || !demuxer || header.width * header.height > MAX_TRIED_PIXELS) {
    return [warning('not-checked', say('import.pictureNotTried'))]
  }
  const outcome = await tried.about(source.path, `${ffmpeg.path}\n${demuxer}`, async () => {
    const result = await runTool(ffmpeg, trialArguments(demuxer, source.path), {
      signal: context.signal,
      timeoutMilliseconds: TRIAL_TIMEOUT_MILLISECONDS,
    })
    const hasPicture = /^0,/m.test(result.stdout.toString('latin1'))
    return hasPicture ? (result.stderrTail === '' ? 'whole' : 'damaged') : 'none'
  })
  if (outcome === 'whole') return []
  if (outcome === 'damaged') return [warning('damaged', say('import.pictureDamaged'))]
  // TIFF is a family of formats: cameras' raw pictures are TIFF files that need another decoder.
  if (format === 'tiff') return [warning('codec-missing', say('import.rawTiff'))]
  throw new AsterismError('corrupt_file', say('file.pictureDecode', { format }), { path: source.path })
}

function trialArguments(demuxer: string, path: string): string[] {
  const input = ['-v', 'error', '-protocol_whitelist', 'file,pipe', '-f', demuxer, '-i', fileUrl(path)]
  return [...COMMON_ARGUMENTS, ...input, '-frames:v', '1', '-f', 'framecrc', 'pipe:1']
}
