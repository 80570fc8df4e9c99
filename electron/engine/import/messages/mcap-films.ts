/**
 * Films in MCAP: topics whose messages are pictures, one each, H.264 or H.265 in Annex B (foxglove.CompressedVideo), JPEG or
 * PNG (CompressedImage). The pictures are counted when the recording is read, and put into a film file of their own, as they
 * are and at their times, when a program asks for a file.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { inEnglish, say, type Saying } from '../../../../shared/sayings/saying.ts'
import { FilmFile, type FilmFormat } from '../../media/film-file.ts'
import { filmDescription, usualStep } from '../media/film-stream.ts'
import { unitsOf, withLengths, type UnitCoding } from '../media/coded-units.ts'
import { h264Units } from '../media/h264-units.ts'
import { h265Units } from '../media/h265-units.ts'
import { stillFormat } from '../media/still.ts'
import type { ImportSource } from '../importer.ts'
import type { McapContent, McapPicture, McapReader } from './mcap-content.ts'
import type { MessageWalk } from './mcap-walk.ts'
import { corruptFile, warning } from '../refusals.ts'
import type { LoadedStream } from '../stream-set.ts'

interface FilmPicture {
  readonly isKey: boolean
  /** As a film file holds it. */
  bytes(): Uint8Array
}

/** What messages call the codings of films. */
const CODINGS: readonly { readonly names: RegExp; readonly coding: UnitCoding }[] = [
  { names: /^h\.?264$/i, coding: h264Units },
  { names: /^(h\.?265|hevc)$/i, coding: h265Units },
]

/** Takes the pictures of a topic in their order and says what each is in a film; the first usable one decides its kind and size. */
class FilmPictures {
  format: FilmFormat | undefined
  /** Formats that are not read, and why others were not used. */
  readonly refused = new Map<string, Saying>()
  #isOtherSize = false

  #refuse(why: Saying): void {
    this.refused.set(inEnglish(why), why)
  }

  take({ format, data }: McapPicture): FilmPicture | undefined {
    const coding = CODINGS.find(({ names }) => names.test(format))?.coding
    if (coding) return this.#coded(coding, data)
    if (/jpe?g|png/i.test(format) && !/depth/i.test(format)) return this.#still(data)
    this.#refuse(
      format === '' ? say('broken.picturesNoFormat') : say('broken.picturesFormat', { format: format.slice(0, 40) }),
    )
    return undefined
  }

  #isSame(entry: string, { width, height }: { readonly width: number; readonly height: number }): boolean {
    const { format } = this
    const isSame = format?.entry === entry && format.width === width && format.height === height
    if (!isSame) this.#refuse(say('broken.picturesOtherSize'))
    return isSame
  }

  #coded(coding: UnitCoding, data: Uint8Array): FilmPicture | undefined {
    const units = unitsOf(data)
    const isKey = coding.isKeyPicture(units)
    const coded = isKey ? coding.pictureOf(units) : undefined
    if (coded) {
      this.format ??= { entry: coding.entry, ...coded }
      this.#isOtherSize = !this.#isSame(coding.entry, coded)
    }
    if (this.format?.entry !== coding.entry || units.length === 0) {
      this.#refuse(say('broken.picturesBeforeFirst'))
      return undefined
    }
    return this.#isOtherSize ? undefined : { isKey, bytes: () => withLengths(units) }
  }

  #still(data: Uint8Array): FilmPicture | undefined {
    const still = stillFormat(data)
    if (!still) this.#refuse(say('broken.picturesDamaged'))
    else this.format ??= still
    return still && this.#isSame(still.entry, still) ? { isKey: true, bytes: () => data } : undefined
  }
}

/** The pictures of one topic, counted. */
export class McapFilm {
  readonly #pictures = new FilmPictures()
  readonly #times: bigint[] = []

  /** @returns Whether it is a picture of the film. */
  take(picture: McapPicture, logTime: bigint): boolean {
    if (!this.#pictures.take(picture)) return false
    this.#times.push(picture.timeNanoseconds ?? logTime)
    return true
  }

  get hasPictures(): boolean {
    return this.#times.length > 0
  }

  /** Why messages of the topic were left out. */
  get whyLeftOut(): Saying | undefined {
    const reasons = [...this.#pictures.refused.values()]
    return reasons.length === 0 ? undefined : reasons.reduceRight((rest, first) => say('check.list', { first, rest }))
  }

  /** @param lag Nanoseconds that the clock of the recording is ahead of the pictures'. */
  stream(
    source: ImportSource,
    walk: MessageWalk,
    topic: string,
    lag: bigint,
    warnings: ImportWarning[],
  ): LoadedStream | undefined {
    const { format } = this.#pictures
    if (!format || !this.hasPictures) return undefined
    const times = BigInt64Array.from(this.#times, (time) => time + lag)
    let late = 0
    for (let i = 1; i < times.length; i++) {
      if (times[i] > times[i - 1]) continue
      times[i] = times[i - 1] + 1000n
      late++
    }
    if (late > 0) {
      const message = say('import.picturesLate', { late, topic })
      warnings.push(warning('times_out_of_order', message))
    }
    return {
      description: filmDescription(format, times, topic),
      film: (path, { signal }) => writeFilm(source, walk, topic, format, { path, times, signal }),
    }
  }
}

async function writeFilm(
  source: ImportSource,
  walk: MessageWalk,
  topic: string,
  format: FilmFormat,
  to: { path: string; times: BigInt64Array; signal: AbortSignal },
): Promise<void> {
  const pictures = new FilmPictures()
  const film = await FilmFile.create(to.path, format)
  try {
    await walk(source, to.signal, async (channel, _, data) => {
      if (channel.topic !== topic || film.count === to.times.length) return
      for (const content of contentsOf(channel.read, data)) {
        const picture = content.kind === 'picture' ? pictures.take(content) : undefined
        if (!picture || film.count === to.times.length) continue
        await film.add(picture.bytes(), Number(to.times[film.count] - to.times[0]) / 1000, picture.isKey)
      }
    })
    if (film.count < to.times.length) throw corruptFile(source.path, say('broken.filmGone', { topic }))
    await film.finish(usualStep(to.times) / 1000)
  } catch (error) {
    await film.discard()
    throw error
  }
}

/** Nothing for a message that breaks off: it was told when the recording was read. */
function contentsOf(read: McapReader | undefined, data: Uint8Array): readonly McapContent[] {
  try {
    return read?.(data) ?? []
  } catch {
    return []
  }
}
