/**
 * CAMM, Google's camera motion metadata (developers.google.com/streetview/publish/camm-spec): each sample of a `camm`
 * track is a little-endian packet of a reserved word, a type and its values. Axes are those of the camera's maker.
 */
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { quaternionFromRotation, rotationFromVector } from '../../../../shared/geometry/rotation.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportSource } from '../importer.ts'
import { forEachSample, type MetadataTrack } from '../reading/iso-bmff.ts'
import { warning } from '../refusals.ts'
import { EarthFrame, SatelliteTrack, type FinishedTrack } from './satellite-track.ts'
import { utcOfGpsSeconds, type SatelliteMoment } from './satellite-time.ts'
import { imuSamples, PoseRows, TimedRows } from '../reading/timed-rows.ts'

/** Bytes of the values of each type of packet. */
const VALUE_BYTES = [12, 8, 12, 12, 12, 24, 56, 12] as const
const ORIENTATION = 0
const RATE = 2
const FORCE = 3
const POSITION = 4
const PLACE = 5
/** The place with the time of the satellites: seconds since the GPS epoch, kind of fix, and more. */
const SATELLITES = 6

export interface CammMotion {
  readonly inertia: readonly ImuSamples[]
  readonly poses: PosePath | undefined
  readonly way: FinishedTrack
  readonly hasLocation: boolean
  readonly moments: readonly SatelliteMoment[]
  readonly warnings: readonly ImportWarning[]
}

interface Timed {
  readonly seconds: number
  readonly values: readonly [number, number, number]
}

/** The value between two positions in time; undefined outside of them. */
function between(positions: readonly Timed[], seconds: number, from: number): { index: number; values?: number[] } {
  let index = from
  while (index + 1 < positions.length && positions[index + 1].seconds < seconds) index++
  const [a, b] = [positions[index], positions[index + 1]]
  if (!a || seconds < a.seconds) return { index }
  if (a.seconds === seconds || !b) return { index, ...(a.seconds === seconds && { values: [...a.values] }) }
  const share = (seconds - a.seconds) / (b.seconds - a.seconds)
  return { index, values: a.values.map((value, axis) => value + share * (b.values[axis] - value)) }
}

/** Poses at the times of the orientations, with positions between those recorded. */
function posesOf(
  source: ImportSource,
  orientations: readonly Timed[],
  positions: readonly Timed[],
): { path: PosePath; warnings: readonly ImportWarning[] } {
  const rows = new PoseRows(source.path)
  let from = 0
  for (const { seconds, values } of orientations) {
    const { index, values: position } = between(positions, seconds, from)
    from = index
    if (!position) continue
    const rotation = quaternionFromRotation(rotationFromVector(values[0], values[1], values[2]))
    rows.add(BigInt(Math.round(seconds * 1e9)), position, rotation)
  }
  return rows.finish()
}

/** Reads the motion out of a `camm` track. Damaged packets are counted in a warning. */
export async function readCamm(source: ImportSource, track: MetadataTrack, signal: AbortSignal): Promise<CammMotion> {
  const rows = new Map([RATE, FORCE].map((type) => [type, new TimedRows(source.path, 6)]))
  const orientations: Timed[] = []
  const positions: Timed[] = []
  const moments: SatelliteMoment[] = []
  const places = {
    alone: new SatelliteTrack(source.path, new EarthFrame()),
    satellites: new SatelliteTrack(source.path, new EarthFrame()),
  }
  let hasLocation = false
  let damaged = 0
  const row = new Float64Array(6)
  const takePlace = (sample: DataView, from: number, type: number, seconds: number): void => {
    const time = BigInt(Math.round(seconds * 1e9))
    const degrees = (at: number) => sample.getFloat64(from + at, true)
    if (type === PLACE) {
      places.alone.add(time, { latitude: degrees(0), longitude: degrees(8), heightMetres: degrees(16) })
    } else if (sample.getInt32(from + 8, true) > 0) {
      moments.push({ seconds, utcSeconds: utcOfGpsSeconds(degrees(0)) })
      const heightMetres = sample.getFloat32(from + 28, true)
      places.satellites.add(time, { latitude: degrees(12), longitude: degrees(20), heightMetres })
    } else places.satellites.miss()
  }
  await forEachSample(source, track, 1 << 16, signal, (sample, index) => {
    const seconds = track.startSeconds[index]
    for (let at = 0; at < sample.byteLength;) {
      const type = at + 4 <= sample.byteLength ? sample.getUint16(at + 2, true) : -1
      const bytes = VALUE_BYTES[type]
      if (bytes === undefined || at + 4 + bytes > sample.byteLength) {
        damaged++
        return
      }
      if (type === PLACE || type === SATELLITES) {
        hasLocation = true
        takePlace(sample, at + 4, type, seconds)
      }
      const values = [0, 4, 8].map((offset) => (bytes < 12 ? 0 : sample.getFloat32(at + 4 + offset, true)))
      at += 4 + bytes
      const timed: Timed = { seconds, values: [values[0], values[1], values[2]] }
      if (type !== RATE && type !== FORCE && type !== ORIENTATION && type !== POSITION) continue
      if (!values.every((value) => Math.abs(value) < 1e6)) damaged++
      else if (type === ORIENTATION) orientations.push(timed)
      else if (type === POSITION) positions.push(timed)
      else {
        row.fill(0).set(values, type === FORCE ? 0 : 3)
        rows.get(type)?.add(BigInt(Math.round(seconds * 1e9)), row)
      }
    }
  })
  const warnings: ImportWarning[] = []
  if (damaged > 0) warnings.push(warning('samples_dropped', say('import.cammDamaged', { damaged })))
  const inertia = [...rows].flatMap(([type, list]) => {
    if (list.count === 0) return []
    const read = imuSamples(list, { accelerations: type === FORCE, rotationRates: type === RATE })
    warnings.push(...read.warnings)
    return [read.samples]
  })
  const poses = posesOf(source, orientations, positions)
  if (orientations.length > 0 && positions.length === 0)
    warnings.push(warning('orientation_only', say('import.cammTurnsAlone')))
  if (poses.path.count > 0) warnings.push(...poses.warnings)
  // Those with a time and an accuracy rather than those without.
  const satellites = places.satellites.finishBeside('camm')
  const way = satellites.stream ? satellites : places.alone.finishBeside('camm')
  return { inertia, poses: poses.path.count > 0 ? poses.path : undefined, way, hasLocation, moments, warnings }
}
