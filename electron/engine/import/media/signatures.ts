/** Media formats by their first bytes. Names of files are hints at best. */

/** What kind of importer a format belongs to: containers may hold picture and sound, or only one of them. */
type MediaFamily = 'container' | 'audio' | 'image'

export interface MediaSignature {
  /** Short, as in `mp4`: the family's name where the file itself has to be read to tell more. */
  readonly name: string
  readonly family: MediaFamily
  /** 1 where the bytes leave no doubt; less where other data could begin like this. */
  readonly certainty: number
}

type Test = (head: Uint8Array) => MediaSignature | null

const QUICKTIME_BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'])
const STILL_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1', 'avif', 'avis'])
const AVIF_BRANDS = new Set(['avif', 'avis'])

const TESTS: readonly Test[] = [
  isoMedia,
  riff,
  ogg,
  starts('mkv', 'container', [0x1a, 0x45, 0xdf, 0xa3]),
  starts('asf', 'container', [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]),
  starts('flv', 'container', 'FLV\x01'),
  starts('mxf', 'container', [0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01]),
  starts('nut', 'container', 'nut/multimedia container\0'),
  starts('ivf', 'container', 'DKIF'),
  starts('y4m', 'container', 'YUV4MPEG2 '),
  starts('rm', 'container', '.RMF'),
  starts('mpeg', 'container', [0, 0, 1, 0xba]),
  starts('mpeg', 'container', [0, 0, 1, 0xb3]),
  starts('flac', 'audio', 'fLaC'),
  starts('aiff', 'audio', 'FORM', { at: 8, text: 'AIFF' }),
  starts('aiff', 'audio', 'FORM', { at: 8, text: 'AIFC' }),
  starts('caf', 'audio', 'caff'),
  starts('au', 'audio', '.snd'),
  starts('amr', 'audio', '#!AMR'),
  starts('wv', 'audio', 'wvpk'),
  starts('ape', 'audio', 'MAC '),
  starts('tta', 'audio', 'TTA1'),
  starts('dsf', 'audio', 'DSD '),
  starts('dts', 'audio', [0x7f, 0xfe, 0x80, 0x01]),
  starts('voc', 'audio', 'Creative Voice File\x1a'),
  starts('w64', 'audio', 'riff', { at: 24, text: 'wave' }),
  starts('mp3', 'audio', 'ID3'),
  starts('png', 'image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  starts('jpeg', 'image', [0xff, 0xd8, 0xff]),
  starts('gif', 'image', 'GIF87a'),
  starts('gif', 'image', 'GIF89a'),
  starts('tiff', 'image', [0x49, 0x49, 0x2a, 0x00]),
  starts('tiff', 'image', [0x4d, 0x4d, 0x00, 0x2a]),
  bmp,
  transportStream,
  dolbyAudio,
  elementaryAudio,
]

/** The format that the first bytes of a file tell, or null. @param head At least 4 KiB, or the whole file. */
export function mediaSignature(head: Uint8Array): MediaSignature | null {
  for (const test of TESTS) {
    const found = test(head)
    if (found) return found
  }
  return null
}

function starts(
  name: string,
  family: MediaFamily,
  magic: string | readonly number[],
  also?: { readonly at: number; readonly text: string },
): Test {
  const bytes = typeof magic === 'string' ? Array.from(magic, (letter) => letter.charCodeAt(0)) : magic
  return (head) => {
    if (head.length < bytes.length || bytes.some((byte, index) => head[index] !== byte)) return null
    if (also && text(head, also.at, also.text.length) !== also.text) return null
    return { name, family, certainty: 1 }
  }
}

function text(head: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...head.subarray(at, at + length))
}

/** ISO base media: a `ftyp` box whose brand separates pictures from recordings; old QuickTime files have none. */
function isoMedia(head: Uint8Array): MediaSignature | null {
  const type = text(head, 4, 4)
  if (type === 'ftyp') {
    const brand = text(head, 8, 4)
    if (STILL_BRANDS.has(brand)) {
      return { name: AVIF_BRANDS.has(brand) ? 'avif' : 'heic', family: 'image', certainty: 1 }
    }
    return {
      name: 'mp4',
      family: brand.startsWith('M4A') || brand.startsWith('M4B') ? 'audio' : 'container',
      certainty: 1,
    }
  }
  return QUICKTIME_BOXES.has(type) ? { name: 'mov', family: 'container', certainty: 0.9 } : null
}

function riff(head: Uint8Array): MediaSignature | null {
  const outer = text(head, 0, 4)
  if (outer !== 'RIFF' && outer !== 'RF64' && outer !== 'BW64') return null
  const form = text(head, 8, 4)
  if (form === 'WAVE') return { name: 'wav', family: 'audio', certainty: 1 }
  if (form === 'AVI ') return { name: 'avi', family: 'container', certainty: 1 }
  return form === 'WEBP' ? { name: 'webp', family: 'image', certainty: 1 } : null
}

/** The first pages name every codec in an Ogg file. */
function ogg(head: Uint8Array): MediaSignature | null {
  if (text(head, 0, 4) !== 'OggS') return null
  const beginning = text(head, 0, Math.min(head.length, 4_096))
  const hasPicture = ['\x80theora', 'BBCD\0', 'OVP80'].some((codec) => beginning.includes(codec))
  return { name: 'ogg', family: hasPicture ? 'container' : 'audio', certainty: 1 }
}

function bmp(head: Uint8Array): MediaSignature | null {
  if (text(head, 0, 2) !== 'BM' || head.length < 26) return null
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const isHeader = [12, 40, 52, 56, 64, 108, 124].includes(view.getUint32(14, true)) && view.getUint32(6, true) === 0
  return isHeader ? { name: 'bmp', family: 'image', certainty: 0.9 } : null
}

/** A sync byte every 188 bytes; camcorders put four bytes of time before each packet. */
function transportStream(head: Uint8Array): MediaSignature | null {
  for (const [offset, stride] of [
    [0, 188],
    [4, 192],
  ]) {
    const positions = Array.from({ length: 5 }, (_, index) => offset + index * stride)
    if (positions[4] < head.length && positions.every((position) => head[position] === 0x47)) {
      return { name: 'mpegts', family: 'container', certainty: 0.9 }
    }
  }
  return null
}

/** AC-3 and E-AC-3 (ETSI TS 102 366): three frames in a row; those of AC-3 at 44.1 kHz differ by a word. */
function dolbyAudio(head: Uint8Array): MediaSignature | null {
  const isFrame = (at: number) => at + 6 <= head.length && head[at] === 0x0b && head[at + 1] === 0x77
  if (!isFrame(0)) return null
  const isEnhanced = head[5] >> 3 > 10
  for (let length = 64; length <= 4_096 && length + 6 <= head.length; length += 2) {
    const follows = isFrame(length) && [-2, 0, 2].some((difference) => isFrame(2 * length + difference))
    if (follows) return { name: isEnhanced ? 'eac3' : 'ac3', family: 'audio', certainty: 0.9 }
  }
  return null
}

/** MP3 and ADTS AAC have no header but that of each frame: two in a row that agree are taken for one of them. */
function elementaryAudio(head: Uint8Array): MediaSignature | null {
  const limit = Math.min(head.length - 4, 4_096)
  for (let at = 0; at < limit; at++) {
    if (head[at] !== 0xff) continue
    const certainty = at === 0 ? 0.8 : 0.4
    const mpeg = mpegFrameBytes(head, at)
    if (
      mpeg &&
      mpegFrameBytes(head, at + mpeg) &&
      mpegFrameBytes(head, at + mpeg + (mpegFrameBytes(head, at + mpeg) ?? 0))
    ) {
      return { name: 'mp3', family: 'audio', certainty }
    }
    const adts = adtsFrameBytes(head, at)
    const next = adts && adtsFrameBytes(head, at + adts)
    if (adts && next && adtsFrameBytes(head, at + adts + next)) return { name: 'aac', family: 'audio', certainty }
  }
  return null
}

const BIT_RATES = {
  v1: [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  v2: [
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
} as const
const SAMPLE_RATES = [44_100, 48_000, 32_000] as const

/** Length of an MPEG audio frame (ISO/IEC 11172-3, 2.4.1.3; 13818-3) that begins here; null when none does. */
function mpegFrameBytes(head: Uint8Array, at: number): number | null {
  if (at + 4 > head.length || head[at] !== 0xff || (head[at + 1] & 0xe0) !== 0xe0) return null
  const version = (head[at + 1] >> 3) & 3
  const layer = 4 - ((head[at + 1] >> 1) & 3)
  const rateIndex = head[at + 2] >> 4
  const frequencyIndex = (head[at + 2] >> 2) & 3
  if (version === 1 || layer === 4 || rateIndex === 0 || rateIndex === 15 || frequencyIndex === 3) return null
  const isVersion1 = version === 3
  const bitRate = BIT_RATES[isVersion1 ? 'v1' : 'v2'][layer - 1][rateIndex - 1] * 1_000
  const frequency = SAMPLE_RATES[frequencyIndex] / (isVersion1 ? 1 : version === 2 ? 2 : 4)
  const padding = (head[at + 2] >> 1) & 1
  if (layer === 1) return (Math.floor((12 * bitRate) / frequency) + padding) * 4
  const slots = layer === 3 && !isVersion1 ? 72 : 144
  return Math.floor((slots * bitRate) / frequency) + padding
}

/** Length of an ADTS frame (ISO/IEC 13818-7, 6.2) that begins here; null when none does. */
function adtsFrameBytes(head: Uint8Array, at: number): number | null {
  if (at + 7 > head.length || head[at] !== 0xff || (head[at + 1] & 0xf6) !== 0xf0) return null
  if (((head[at + 2] >> 2) & 15) > 12) return null
  const length = ((head[at + 3] & 3) << 11) | (head[at + 4] << 3) | (head[at + 5] >> 5)
  return length > 7 ? length : null
}
