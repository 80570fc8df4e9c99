/** Short and stable names of containers, told by their content: an interface of the command line. */
import { open } from 'node:fs/promises'

/** ffprobe's name of a demuxer, where it is not already the short name. */
const NAMES: Readonly<Record<string, string>> = {
  asf: 'asf',
  matroska: 'mkv',
  mpegvideo: 'mpeg',
  png_pipe: 'png',
  jpeg_pipe: 'jpeg',
  webp_pipe: 'webp',
  bmp_pipe: 'bmp',
  tiff_pipe: 'tiff',
}

/**
 * @param formatName As ffprobe gives it: one name, or the names of a family (`mov,mp4,m4a,3gp,3g2,mj2`), within which
 *   the file's own header decides.
 */
export async function containerName(path: string, formatName: string): Promise<string> {
  const first = formatName.split(',')[0]
  if (first === 'mov') return isoMediaName(await head(path))
  if (first === 'matroska') return matroskaName(await head(path))
  return NAMES[first] ?? first
}

/** Of the mp4 family, by the major brand of `ftyp`; QuickTime files of before 2001 have none. */
function isoMediaName(bytes: Uint8Array): string {
  if (latin1(bytes, 4, 8) !== 'ftyp') return 'mov'
  const brand = latin1(bytes, 8, 12)
  if (brand === 'qt  ') return 'mov'
  if (/^M4[AB] $/.test(brand)) return 'm4a'
  return brand.startsWith('3g') ? '3gp' : 'mp4'
}

/** The DocType element (0x4282) of the EBML header. */
function matroskaName(bytes: Uint8Array): string {
  return latin1(bytes, 0, Math.min(64, bytes.length)).includes('\x42\x82\x84webm') ? 'webm' : 'mkv'
}

async function head(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const bytes = new Uint8Array(64)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}
