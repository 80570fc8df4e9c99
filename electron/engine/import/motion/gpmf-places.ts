/**
 * Where satellites said that a GoPro was: `GPS5` and `GPS9` of GPMF (github.com/gopro/gpmf-parser, GPS labels), latitude,
 * longitude and height first in each sample, whole numbers by their scales. `GPSF` says for a payload whether the receiver
 * knew where it was, the last two bytes of a `GPS9` for each sample.
 */
import { GPS9_BYTES, GPS9_FIX, gpmfNumbers, gpmfRecords, LEAST_FIX, MAX_DEPTH, type GpmfRecord } from './gpmf.ts'
import type { Place } from './satellite-track.ts'

/** Undefined for a sample of a receiver that did not know where it was. */
export type GpmfPlace = Place | undefined

const GPS5_VALUES = 5

/** The places of a payload, spread evenly over it; of several receivers those of the first. */
export function gpmfPlaces(payload: DataView, depth = 0): GpmfPlace[] {
  for (const record of gpmfRecords(payload)) {
    if (record.type !== '' || depth > MAX_DEPTH) continue
    const places = record.key === 'STRM' ? placesIn(record) : gpmfPlaces(record.view, depth + 1)
    if (places.length > 0) return places
  }
  return []
}

function placesIn(stream: GpmfRecord): GpmfPlace[] {
  let scales: number[] = []
  let fix = 0
  for (const record of gpmfRecords(stream.view)) {
    if (record.key === 'SCAL') scales = gpmfNumbers(record)
    else if (record.key === 'GPSF') fix = gpmfNumbers(record)[0] ?? 0
    else if (record.key === 'GPS5') {
      const raw = gpmfNumbers(record)
      return Array.from({ length: Math.floor(raw.length / GPS5_VALUES) }, (_, sample) =>
        fix < LEAST_FIX ? undefined : placeOf(raw.slice(GPS5_VALUES * sample), scales),
      )
    } else if (record.key === 'GPS9' && record.size === GPS9_BYTES) {
      const { view } = record
      return Array.from({ length: Math.floor(view.byteLength / GPS9_BYTES) }, (_, sample) => {
        const from = GPS9_BYTES * sample
        if (view.getUint16(from + GPS9_FIX) < LEAST_FIX) return undefined
        return placeOf(
          [0, 4, 8].map((at) => view.getInt32(from + at)),
          scales,
        )
      })
    }
  }
  return []
}

function placeOf(raw: readonly number[], scales: readonly number[]): Place {
  const [latitude, longitude, heightMetres] = [0, 1, 2].map((axis) => raw[axis]! / (scales[axis] ?? scales[0] ?? 1))
  return { latitude: latitude!, longitude: longitude!, heightMetres }
}
