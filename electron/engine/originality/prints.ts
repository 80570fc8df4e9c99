/** The fingerprints of one recording, and the bytes they are kept as. */
import type { Asset, Stream } from '../../../shared/document/records.ts'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { textPrint, type SpokenText } from '../../../shared/originality/match-text.ts'
import { shapeDescriptor } from '../../../shared/originality/shape.ts'
import { describe } from '../import/describe.ts'
import type { MediaTools } from '../media/tools.ts'
import { loadSurface } from '../assets/surface.ts'
import { printSound, type SoundPrint } from './sound-print.ts'
import { printFilm, type FilmPrint } from './video-print.ts'

/** Raised when prints are taken in another way: old ones are taken again, and lists with others are refused. */
export const PRINTS_VERSION = 4

export interface AssetPrints {
  readonly film: FilmPrint | null
  readonly sound: SoundPrint | null
  /** Of shape.ts. */
  readonly shape: Float32Array | null
  /** Of match-text.ts. */
  readonly text: Uint32Array | null
}

export const NO_PRINTS: AssetPrints = { film: null, sound: null, shape: null, text: null }

export interface Recording {
  readonly asset: Pick<Asset, 'id' | 'sha256' | 'title'>
  readonly streams: readonly Pick<Stream, 'sensor'>[]
  /** Null when the file cannot be found. */
  readonly path: string | null
  /** What was said and written, where it is words that are looked at and no file. */
  readonly words?: readonly SpokenText[]
}

/** What keeps one print from being taken keeps the others not: a film without readable sound is known by its pictures. */
async function attempt<T>(signal: AbortSignal, work: () => Promise<T | null>): Promise<T | null> {
  throwIfCancelled(signal)
  try {
    return await work()
  } catch (error) {
    const passing = error instanceof AsterismError && !['cancelled', 'internal', 'disk_full'].includes(error.code)
    if (!passing) throw error
    return null
  }
}

/** Takes the fingerprints of a recording; of a capture folder only its scan, since its films are files of their own kind. */
export async function takePrints(
  { streams, path, words }: Recording,
  tools: MediaTools,
  signal: AbortSignal,
): Promise<AssetPrints> {
  if (words !== undefined) return { ...NO_PRINTS, text: textPrint(words) }
  if (path === null) return NO_PRINTS
  const has = (sensor: Stream['sensor']): boolean => streams.some((stream) => stream.sensor === sensor)
  const isScan = has('points') || has('mesh') || has('splats')
  return {
    film: has('video') ? await attempt(signal, () => printFilm(tools, path, signal)) : null,
    sound: has('audio') ? await attempt(signal, () => printSound(tools, path, signal)) : null,
    shape: isScan
      ? await attempt(signal, async () => {
          const context = { tools, signal }
          const { importer, source, asset } = await describe(path, context)
          return shapeDescriptor(await loadSurface(importer, source, asset, context))
        })
      : null,
    text: null,
  }
}

/** Kinds of parts, in the order in which they are written. */
const PARTS = 8
/** Part after part, each with its length in 32-bit words before it; times are milliseconds. */
export function packPrints({ film, sound, shape, text }: AssetPrints): Uint8Array {
  const words = (part: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }): Uint32Array =>
    new Uint32Array(part.buffer, part.byteOffset, part.byteLength / 4)
  const nothing = new Uint32Array(0)
  const variants = sound?.variants ?? []
  const parts: Uint32Array[] = [
    film ? Uint32Array.from(film.print.times, (seconds) => Math.round(seconds * 1000)) : nothing,
    film ? words(film.query.forms) : nothing,
    film ? words(film.query.upperForms) : nothing,
    film ? Uint32Array.from([film.print.crops, ...film.print.hashes]) : nothing,
    film ? words(film.print.upper) : nothing,
    shape ? words(Float32Array.from(shape)) : nothing,
    text ?? nothing,
    Uint32Array.from(variants, (items) => items.length),
    ...variants.map(words),
  ]
  const out = new Uint32Array(parts.reduce((sum, part) => sum + 1 + part.length, 0))
  let at = 0
  for (const part of parts) {
    out[at] = part.length
    out.set(part, at + 1)
    at += 1 + part.length
  }
  return new Uint8Array(out.buffer)
}

/** @returns null for bytes that are none: the prints are taken again */
export function unpackPrints(bytes: Uint8Array): AssetPrints | null {
  if (bytes.byteLength % 4 !== 0) return null
  const all = new Uint32Array(bytes.byteLength / 4)
  new Uint8Array(all.buffer).set(bytes)
  const parts: Uint32Array[] = []
  for (let at = 0; at < all.length; at += 1 + all[at]) {
    if (at + 1 + all[at] > all.length) return null
    parts.push(all.slice(at + 1, at + 1 + all[at]))
  }
  if (parts.length < PARTS) return null
  const [milliseconds, forms, upperForms, cropped, upper, shape, text, lengths, ...variants] = parts
  if (variants.length !== lengths.length || variants.some((part, index) => part.length !== lengths[index])) return null
  const times = Float64Array.from(milliseconds, (value) => value / 1000)
  const items = variants.map((part) => new Int32Array(part.buffer))
  return {
    film:
      cropped.length === 0
        ? null
        : {
            query: { times, forms, upperForms },
            print: { times, crops: cropped[0], hashes: cropped.slice(1), upper },
          },
    sound: items.length === 0 ? null : { items: items[0], variants: items },
    shape: shape.length === 0 ? null : new Float32Array(shape.buffer),
    text: text.length === 0 ? null : text,
  }
}
