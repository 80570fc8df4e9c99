/**
 * Where satellites said that a device was: latitudes and longitudes become a path in metres, east, up and south of where
 * the recording begins (right-handed, +Y up; what looks north looks along -Z). Where that is on Earth is not kept.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { PoseRows } from '../reading/timed-rows.ts'
import { warning } from '../refusals.ts'
import { poseStream, type LoadedStream } from '../stream-set.ts'

const RADIANS = Math.PI / 180
/** WGS 84: half of the equator's diameter, and the square of the ellipse's eccentricity. */
const EQUATOR_METRES = 6_378_137
const ECCENTRICITY_SQUARED = 0.00669437999014
const IDENTITY = [0, 0, 0, 1] as const
/** One place is where it was, and no way. */
const LEAST_PLACES = 2

/** Degrees of WGS 84. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
  /** Over any level that stays the same throughout the recording. */
  readonly heightMetres?: number | undefined
}

/** Receivers without a fix write zeros, and some write what lies outside of the Earth. */
function isFix({ latitude, longitude }: Place): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0)
}

interface Origin extends Place {
  readonly eastMetresPerDegree: number
  readonly northMetresPerDegree: number
}

function originAt(place: Place): Origin {
  const latitude = place.latitude * RADIANS
  const bend = 1 - ECCENTRICITY_SQUARED * Math.sin(latitude) ** 2
  return {
    ...place,
    eastMetresPerDegree: (EQUATOR_METRES / Math.sqrt(bend)) * Math.cos(latitude) * RADIANS,
    northMetresPerDegree: ((EQUATOR_METRES * (1 - ECCENTRICITY_SQUARED)) / bend ** 1.5) * RADIANS,
  }
}

/**
 * The frame that all tracks of a recording share: the first fix is its origin, and its metres to a degree serve for all.
 * At 50 degrees of latitude what lies 10 km north or south of it is 0.2 % too wide or too narrow, at 100 km 2 %.
 */
export class EarthFrame {
  #origin: Origin | undefined
  #level: number | undefined

  /** East, up and south in metres. A place without a height is put on the level of the first that has one. */
  metresOf(place: Place): [number, number, number] {
    this.#origin ??= originAt(place)
    this.#level ??= place.heightMetres
    const around = place.longitude - this.#origin.longitude
    const east = around - 360 * Math.round(around / 360)
    const up = place.heightMetres === undefined ? 0 : place.heightMetres - this.#level!
    const south = this.#origin.latitude - place.latitude
    return [east * this.#origin.eastMetresPerDegree, up, south * this.#origin.northMetresPerDegree]
  }
}

export interface FinishedTrack {
  /** Undefined where the receiver never knew where it was. */
  readonly stream: LoadedStream | undefined
  readonly warnings: ImportWarning[]
}

/** Collects the fixes of one receiver. */
export class SatelliteTrack {
  readonly #rows: PoseRows
  readonly #frame: EarthFrame
  #withoutFix = 0
  #height: number | undefined
  #rotation: readonly number[] | undefined

  constructor(path: string, frame: EarthFrame) {
    this.#rows = new PoseRows(path)
    this.#frame = frame
  }

  /** @param rotation How the device was turned in the frame of the track, where it says that; x, y, z, w. */
  add(timeNanoseconds: bigint, place: Place, rotation?: readonly number[]): void {
    if (!isFix(place)) {
      this.#withoutFix++
      return
    }
    const { heightMetres } = place
    // What a fix does not tell stays as it was at the one before it.
    if (heightMetres !== undefined && Number.isFinite(heightMetres)) this.#height = heightMetres
    this.#rotation = rotation ?? this.#rotation
    const position = this.#frame.metresOf({ ...place, heightMetres: this.#height })
    this.#rows.add(timeNanoseconds, position, this.#rotation ?? IDENTITY)
  }

  /** Counts what the receiver wrote while it did not know where it was. */
  miss(): void {
    this.#withoutFix++
  }

  /** Counts what could not be read. */
  damage(count = 1): void {
    this.#rows.rows.badCount += count
  }

  finish(title: string): FinishedTrack {
    const { path, warnings } = this.#rows.finish()
    if (this.#withoutFix > 0)
      warnings.push(warning('fixes_missing', say('import.fixesMissing', { missing: this.#withoutFix })))
    if (path.count > 0 && !this.#rotation) warnings.push(warning('rotation_unknown', say('import.turnUnknown')))
    const stream = poseStream(title, path)
    if (!stream || this.#rotation) return { stream, warnings }
    return { stream: { ...stream, description: { ...stream.description, rotationUnknown: true } }, warnings }
  }

  /** Of a recording that is more than its track: nothing is said of a receiver that hardly ever knew where it was. */
  finishBeside(codec: string): FinishedTrack {
    const { stream, warnings } = this.finish('track')
    if (!stream || stream.description.sampleCount! < LEAST_PLACES) return { stream: undefined, warnings: [] }
    return { stream: { ...stream, description: { ...stream.description, codec } }, warnings }
  }
}

/** Of recordings that are tracks. */
export const TRACK_METADATA = { axes: 'X east, Y up, Z south of the first fix', hasLocation: true } as const
