/** Tables of where something was, without how it was turned: GPS-like tracks in metres, markers, tags in a room. */
import { median } from '../../../../shared/signal/median.ts'

/** Names that say by themselves that a column is a place: `pos_x`, `tx`, `location.y`, `p_w_z`, `x_mm`. */
const PLACE =
  /(?:^|_)(?:p|pos|position|translation|location|t|p_rs_r|p_w|p_wb|p_wc)_?[xyz](?:_|$)|^[xyz]_(?:m|mm|cm|ft|in)$/
/** Words by which loggers name files after a sensor, one behind the other as in `AccGyr`, `linacc` and `imu0`. */
const SENSOR_WORD =
  /^(?:raw|total|user)?(?:acc(?:el(?:eration|erometer|s)?)?|gyr(?:o(?:scope|s)?)?|mag(?:net(?:ic|ometer|o)?)?|grav(?:ity)?|imu|lin(?:ear)?|rot(?:ation|rate|vec(?:tor)?)?)+(?:uncalibrated)?$/
const isNamedAfterSensor = (file: string): boolean =>
  file
    .replace(/\.\w+$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => SENSOR_WORD.test(word))

/** Half of the time nothing that carries a device is driven harder than this, noise of its places included, m/s^2. */
const HARDEST_METRES_PER_SECOND2 = 50
/** Sensors at rest move less. */
const LEAST_EXTENT_METRES = 0.1
/** Lengths that accelerometers give at rest: in m/s^2, g and thousandths of g. */
const GRAVITIES = [9.81, 1, 1000]

/**
 * Whether three columns are a path. Columns that are only called x, y and z may be of any sensor: they must stand alone
 * beside the time, in a file that is named after no sensor, and move as things do.
 *
 * @param times Seconds of the rows
 */
export function isPath(
  name: string,
  file: string,
  others: number,
  times: readonly number[],
  places: readonly (readonly number[])[],
): boolean {
  if (PLACE.test(name)) return true
  if (others > 1 || isNamedAfterSensor(file) || places.length < 5) return false
  const extent = Math.max(...[0, 1, 2].map((axis) => spread(places.map((place) => place[axis]!))))
  const length = median(places.map((place) => Math.hypot(...place)))
  if (!(extent >= LEAST_EXTENT_METRES) || GRAVITIES.some((each) => Math.abs(length / each - 1) < 0.05)) return false
  const bends = places.slice(2).map((place, at) => {
    const step = (times[at + 2]! - times[at]!) / 2
    return (
      Math.hypot(...place.map((value, axis) => value - 2 * places[at + 1]![axis]! + places[at]![axis]!)) / step ** 2
    )
  })
  return median(bends) <= HARDEST_METRES_PER_SECOND2
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}
