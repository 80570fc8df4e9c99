/** What the columns of a table of motion are called: by loggers that name the axis, or by units that tell the sensor. */
import { accelerationUnit, rotationUnit } from './motion-units.ts'

export interface Name {
  readonly base: string
  readonly unit: string
}

export function splitName(name: string): Name {
  const match = /^[#%\s]*(.*?)\s*(?:[[(](.*)[\])])?\s*$/.exec(name)
  return { base: (match?.[1] ?? name).replace(/[\s./,]+/g, '_'), unit: (match?.[2] ?? '').replace(/\s+/g, ' ').trim() }
}

export const TIME =
  /^(t|ts|time|zeit|zeitstempel|temps|tiempo|tempo|tijd|tid|epoch?|epoch_.*|elapsed|uptime|unix|sample_time_fine|sampletimefine|stamp|datetime|date_time|seconds|secs?|ms|us|ns|t_[mun]?s|t_(?:sec|nsec)|timestamps?|.*_timestamp|(?:.*_)?timestamp_.*|time_.*|.*_time|.*_stamp(?:_secs?)?)$/
/** What loggers put in front of the names: message and sensor, as in `field.pose.pose.position.x`. */
export const PREFIX =
  '(?:(?:field|pose|transform|imu|msg|data|value|sensor|device|camera|body|raw|motion|accelerometer|gyro|gyroscope)_)*'

function axisPattern(names: string, units: string, letters = 'xyz'): RegExp {
  return new RegExp(`^${PREFIX}(?:${names})_?([${letters}])(?:_?(?:${units}|world_device|odometry_device|device))?$`)
}

export const POSITION = new RegExp(
  `^(?:${PREFIX}(?:p|pos|position|translation|location|t|p_rs_r|p_w|p_wb|p_wc)_?)?([xyz])(?:_(?:m|mm|cm|ft|in|world_device|odometry_device))?$`,
)
export const ROTATION = axisPattern(
  'q|quat|quaternion|rot|rotation|orientation|attitude_q|q_rs|q_wb|q_wc',
  'unit',
  'xyzw',
)
const ACCELERATION = axisPattern(
  'a|acc|accel|accelerometer|acceleration|linear_acceleration|linear_accel|lin_acc|a_rs_s',
  'm_?s2|m_?s_?2|mps2|ms_2|g',
)
/** Of Physics Toolbox: in g. */
export const FORCE = /^g_?f_?([xyz])$/
const RATE = axisPattern(
  'g|w|gyr|gyro|gyroscope|omega|angular_velocity|angular_rate|rotation|rotation_rate|ang_vel|w_rs_s|alpha',
  'rad_?s|radps|rad_per_s|rps|deg_?s|degps|deg_per_s|dps',
)

export function axes(names: readonly Name[], pattern: RegExp, wanted: string): number[] | undefined {
  const found = [...wanted].map((axis) => names.findIndex(({ base }) => pattern.exec(base)?.[1] === axis))
  return found.every((index) => index >= 0) ? found : undefined
}

/** `acc_x`, `x`, `x_axis`: what stands before the axis, and the axis. */
const AXIS = /^(.*?)_?([xyz])(?:[_-]?(?:axis|achse|axe|eje))?$/

/** Three columns that share what stands before their axis and are of one unit, as in `X (m/s^2)` or `Beschleunigung x (m/s^2)`. */
function axesByUnit(names: readonly Name[], isOfUnit: (unit: string) => boolean): number[] | undefined {
  const groups = new Map<string, number[]>()
  names.forEach(({ base, unit }, column) => {
    const match = isOfUnit(unit) ? AXIS.exec(base) : null
    if (!match || /(^|_)(b|bias|std|var)_/.test(base)) return
    const group = groups.get(match[1]!) ?? [-1, -1, -1]
    group['xyz'.indexOf(match[2]!)] = column
    groups.set(match[1]!, group)
  })
  const whole = [...groups].filter(([, columns]) => columns.every((column) => column >= 0))
  // What was measured goes before what a phone made of it.
  return (whole.find(([before]) => !/lin|user|grav|schwer/.test(before)) ?? whole[0])?.[1]
}

export function accelerationAxes(names: readonly Name[]): number[] | undefined {
  return (
    axes(names, ACCELERATION, 'xyz') ??
    axes(names, FORCE, 'xyz') ??
    axesByUnit(names, (unit) => accelerationUnit(unit) !== undefined)
  )
}

export function rotationRateAxes(names: readonly Name[]): number[] | undefined {
  return axes(names, RATE, 'xyz') ?? axesByUnit(names, (unit) => rotationUnit(unit) !== undefined)
}
