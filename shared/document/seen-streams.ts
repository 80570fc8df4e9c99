/** Which streams are seen, where, and which of them a recording is known by. */
import type { Sensor, Stream } from './records.ts'

/** Surfaces that were measured or computed. */
export const SCAN_SENSORS: ReadonlySet<Sensor> = new Set<Sensor>(['points', 'mesh', 'splats'])
/** What has a place in the world of its own: surfaces, and devices that moved through it. */
export const WORLD_SENSORS: ReadonlySet<Sensor> = new Set<Sensor>([...SCAN_SENSORS, 'pose'])

/** The stream that a recording is known by to the eye: what it filmed, or else the scan that it holds. */
export function thumbnailStream(streams: readonly Stream[]): Stream | undefined {
  return streams.find(({ sensor }) => sensor === 'video') ?? streams.find(({ sensor }) => SCAN_SENSORS.has(sensor))
}
