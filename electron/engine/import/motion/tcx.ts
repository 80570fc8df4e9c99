/**
 * Activities of watches and bicycle computers in TCX (Garmin, TrainingCenterDatabase v2): laps of points with times in UTC,
 * places of WGS 84 and heights. Courses are planned, and points without a place are those of a receiver that saw no
 * satellites, or of a treadmill. Pulse, cadence and power hold nothing that is kept.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { attributeOf, xmlWords, type XmlTag } from '../reading/xml-tags.ts'
import { numberOf, timeOf, xmlTrackImporter, type XmlTrack, type XmlTrackReader } from './xml-track.ts'

interface Draft {
  time: bigint | undefined
  latitude: number
  longitude: number
  height: number
  hasPosition: boolean
}

class TcxReader implements XmlTrackReader {
  readonly tracks: XmlTrack[] = []
  planned = 0
  #foreign = 0
  #track: XmlTrack | undefined
  #point: Draft | undefined

  take(tag: XmlTag): void {
    const { name, kind } = tag
    if (name === 'Extensions' && kind !== 'empty') this.#foreign += kind === 'open' ? 1 : -1
    if (this.#foreign > 0) return
    if (kind === 'close') {
      if (name === 'Trackpoint') this.#finishPoint()
      if (name === 'Activity') this.#track = undefined
    } else if (name === 'Activity')
      this.tracks.push((this.#track = { title: xmlWords(attributeOf(tag, 'Sport') ?? ''), points: [] }))
    else if (name === 'Trackpoint') {
      this.#point = { time: undefined, latitude: NaN, longitude: NaN, height: NaN, hasPosition: false }
      if (kind === 'empty') this.#finishPoint()
    } else if (this.#point) TAKERS.get(name)?.(this.#point, tag.text)
  }

  #finishPoint(): void {
    const point = this.#point
    if (!point) return
    this.#point = undefined
    const { time, latitude, longitude, height, hasPosition } = point
    const heightMetres = Number.isFinite(height) ? height : undefined
    if (this.#track) this.#track.points.push({ latitude, longitude, heightMetres, time, isLost: !hasPosition })
    else this.planned++
  }
}

const TAKERS = new Map<string, (point: Draft, text: string) => void>(
  Object.entries({
    Time: (point, text) => void (point.time = timeOf(text)),
    Position: (point) => void (point.hasPosition = true),
    LatitudeDegrees: (point, text) => void (point.latitude = numberOf(text)),
    LongitudeDegrees: (point, text) => void (point.longitude = numberOf(text)),
    AltitudeMeters: (point, text) => void (point.height = numberOf(text)),
  }),
)

export const tcxImporter = xmlTrackImporter({
  id: 'tcx',
  title: say('readable.tcx'),
  extensions: ['tcx'],
  root: 'TrainingCenterDatabase',
  reader: () => new TcxReader(),
})
