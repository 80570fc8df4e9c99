/**
 * Tracks in GPX 1.0 and 1.1 (topografix.com, GPX 1.1 schema documentation): points of WGS 84 with heights and times in UTC,
 * in segments of tracks. What programs add to points (`extensions`, elements of other name spaces) is passed over, and so
 * are planned routes and single waypoints: nobody was there.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { attributeOf, xmlWords, type XmlTag } from '../reading/xml-tags.ts'
import { numberOf, timeOf, xmlTrackImporter, type XmlTrack, type XmlTrackReader } from './xml-track.ts'

class GpxReader implements XmlTrackReader {
  readonly tracks: XmlTrack[] = []
  /** Points of routes, and waypoints. */
  planned = 0
  #prefix: string | undefined
  #foreign = 0
  #track: XmlTrack | undefined
  #point: { tag: XmlTag; height: number; time: bigint | undefined } | undefined

  take(tag: XmlTag): void {
    const { name, kind, prefix } = tag
    if (name === 'gpx') this.#prefix ??= prefix
    if (name === 'extensions' && kind !== 'empty') this.#foreign += kind === 'open' ? 1 : -1
    if (this.#foreign > 0 || prefix !== this.#prefix) return
    if (kind === 'close') {
      if (name === 'trkpt') this.#finishPoint()
      if (name === 'trk') this.#track = undefined
    } else if (name === 'trk') this.tracks.push((this.#track = { title: '', points: [] }))
    else if (name === 'rtept' || name === 'wpt') this.planned++
    else if (name === 'trkpt') {
      this.#point = { tag, height: NaN, time: undefined }
      if (kind === 'empty') this.#finishPoint()
    } else if (this.#point) {
      if (name === 'ele') this.#point.height = numberOf(tag.text)
      if (name === 'time') this.#point.time = timeOf(tag.text)
    } else if (this.#track && name === 'name' && this.#track.points.length === 0) this.#track.title = xmlWords(tag.text)
  }

  #finishPoint(): void {
    if (!this.#point) return
    const { tag, height, time } = this.#point
    this.#point = undefined
    const [latitude, longitude] = [numberOf(attributeOf(tag, 'lat')), numberOf(attributeOf(tag, 'lon'))]
    const heightMetres = Number.isFinite(height) ? height : undefined
    this.#track?.points.push({ latitude, longitude, heightMetres, time })
  }
}

export const gpxImporter = xmlTrackImporter({
  id: 'gpx',
  title: say('readable.gpx'),
  extensions: ['gpx'],
  root: 'gpx',
  reader: () => new GpxReader(),
})
