/**
 * Tracks in KML (OGC 12-007r2, KML 2.3; developers.google.com/kml, gx:Track and gx:MultiTrack): lists of times, of places as
 * longitude, latitude and height, and of angles, that belong together by their order. KMZ is a ZIP archive around it. Lines,
 * shapes and pins without times are drawn: nobody was there.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { multiplyRotations, quaternionFromRotation, rotationFromVector } from '../../../../shared/geometry/rotation.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportSource } from '../importer.ts'
import { asciiText } from '../reading/text-lines.ts'
import { xmlWords, type XmlTag } from '../reading/xml-tags.ts'
import { readZipDirectory, readZipEntry } from '../reading/zip-archive.ts'
import { emptyFile, warning } from '../refusals.ts'
import {
  lacksZone,
  LARGEST_TRACK_BYTES,
  timeOf,
  xmlTrackImporter,
  type TrackPoint,
  type XmlTrack,
  type XmlTrackReader,
} from './xml-track.ts'

const RADIANS = Math.PI / 180
const DOCUMENT = /\.kml$/i

type Angles = readonly [heading: number, tilt: number, roll: number]

/** What a track lists, until it ends. */
class Lists {
  readonly whens: string[] = []
  readonly places: (readonly number[] | undefined)[] = []
  readonly angles: (Angles | undefined)[] = []
}

function numbersOf(text: string): number[] {
  const words = xmlWords(text)
  return words === '' ? [] : words.split(/[\s,]+/).map(Number)
}

/**
 * Degrees about up, east and north, each turning clockwise as seen from where its axis points to: roll first, then tilt,
 * then heading. With none of them the device looks north, which is -Z.
 */
function turnOf([heading, tilt, roll]: Angles): readonly number[] {
  const about = (x: number, y: number, z: number) => rotationFromVector(x * RADIANS, y * RADIANS, z * RADIANS)
  return quaternionFromRotation(
    multiplyRotations(about(0, -heading, 0), multiplyRotations(about(-tilt, 0, 0), about(0, 0, roll))),
  )
}

class KmlReader implements XmlTrackReader {
  readonly tracks: XmlTrack[] = []
  planned = 0
  #foreign = 0
  /** Of the placemark: all of its tracks are one path. */
  #track: XmlTrack | undefined
  #lists: Lists | undefined
  #headingsAlone = false
  #withoutZone = false
  #overGround = false

  get warnings(): ImportWarning[] {
    return [
      ...(this.#withoutZone ? [warning('zone_assumed', say('import.zoneAssumed'))] : []),
      ...(this.#overGround ? [warning('heights_over_ground', say('import.heightsOverGround'))] : []),
      ...(this.#headingsAlone ? [warning('headings_alone', say('import.headingsAlone'))] : []),
    ]
  }

  take({ name, kind, text }: XmlTag): void {
    if ((name === 'ExtendedData' || name === 'Model') && kind !== 'empty') this.#foreign += kind === 'open' ? 1 : -1
    if (this.#foreign > 0) return
    if (kind === 'close') {
      if (name === 'Track') this.#finishTrack()
      if (name === 'Placemark') this.#track = undefined
    } else if (name === 'Placemark') this.#track = { title: '', points: [] }
    else if (name === 'Track' && kind === 'open') this.#lists = new Lists()
    else if (this.#lists) this.#takeOfTrack(this.#lists, name, text)
    else if (name === 'coordinates') this.planned++
    else if (name === 'name' && this.#track) this.#track.title = xmlWords(text)
  }

  #takeOfTrack(lists: Lists, name: string, text: string): void {
    if (name === 'when') lists.whens.push(text)
    // An empty one stands for a moment without a place.
    else if (name === 'coord') lists.places.push(text.trim() === '' ? undefined : numbersOf(text))
    else if (name === 'angles') {
      const [heading = NaN, tilt = 0, roll = 0] = numbersOf(text)
      lists.angles.push(Number.isFinite(heading + tilt + roll) ? [heading, tilt, roll] : undefined)
    } else if (name === 'altitudeMode' && text.trim() === 'relativeToGround') this.#overGround = true
  }

  finish(): void {
    this.#finishTrack()
  }

  #finishTrack(): void {
    const lists = this.#lists
    this.#lists = undefined
    if (!lists) return
    const { whens, places, angles } = lists
    const track = this.#track ?? { title: '', points: [] }
    if (this.tracks.at(-1) !== track) this.tracks.push(track)
    // Headings alone are of the arrow that is drawn, which points where it went.
    const isTurned = angles.some((each) => each && (each[1] !== 0 || each[2] !== 0))
    if (!isTurned && angles.some((each) => each && each[0] !== 0)) this.#headingsAlone = true
    if (whens.some(lacksZone)) this.#withoutZone = true
    const count = Math.max(places.length, whens.length)
    for (let index = 0; index < count; index++) {
      const turn = isTurned ? angles[index] : undefined
      track.points.push(pointOf(places, index, whens[index], turn && turnOf(turn)))
    }
  }
}

function pointOf(
  places: Lists['places'],
  index: number,
  when: string | undefined,
  rotation: readonly number[] | undefined,
): TrackPoint {
  const [longitude = NaN, latitude = NaN, height] = places[index] ?? []
  const heightMetres = Number.isFinite(height) ? height : undefined
  const isLost = index < places.length && places[index] === undefined
  return { latitude, longitude, heightMetres, rotation, isLost, time: when === undefined ? undefined : timeOf(when) }
}

/** An archive around a document and its pictures. */
function isArchive({ head, extension }: Pick<ImportSource, 'head' | 'extension'>): boolean {
  return extension === 'kmz' && asciiText(head, 0, 4) === 'PK\x03\x04'
}

async function documentOf(source: ImportSource): Promise<Uint8Array> {
  const entries = [...(await readZipDirectory(source)).values()]
  const document = entries.find(({ name }) => name === 'doc.kml') ?? entries.find(({ name }) => DOCUMENT.test(name))
  if (!document) throw emptyFile(source.path, say('file.kmzWithoutKml'))
  return await readZipEntry(source, document, LARGEST_TRACK_BYTES)
}

export const kmlImporter = xmlTrackImporter(
  { id: 'kml', title: say('readable.kml'), extensions: ['kml', 'kmz'], root: 'kml', reader: () => new KmlReader() },
  { isArchive, documentOf },
)
