/** Which columns of a table are time, pose and inertia, and in which units: by name, then by the size of the values. */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { ImportSource } from '../importer.ts'
import { warning } from '../refusals.ts'
import type { TextTable } from '../reading/text-head.ts'
import { calendarNanoseconds, fieldText, type TIME_UNITS, type TimeUnit } from '../reading/time-table.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'

type Triple = readonly [number, number, number]

export interface MotionColumns {
  /** Short name of the layout: `tum`, `euroc`, `arkitscenes-traj`, `csv`. */
  readonly layout: string
  readonly time: number
  readonly timeUnit: TimeUnit
  /** Times count from 1970. */
  readonly isUtc: boolean
  /** The world has +Z up, and is to be turned. */
  readonly isUpZ?: boolean
  readonly position?: Triple
  /** x, y, z, w. */
  readonly rotation?: readonly [number, number, number, number]
  /** Rotation vector and translation of `camera_from_world`, as ARKitScenes writes. */
  readonly inverseRotationVector?: Triple
  readonly acceleration?: Triple
  /** m/s^2 of one unit of the column. */
  readonly accelerationScale: number
  readonly rotationRate?: Triple
  /** rad/s of one unit of the column. */
  readonly rotationRateScale: number
  readonly warnings: readonly ImportWarning[]
}

interface Name {
  readonly base: string
  readonly unit: string
}

function splitName(name: string): Name {
  const match = /^[#%\s]*(.*?)\s*(?:[[(](.*)[\])])?\s*$/.exec(name)
  return { base: (match?.[1] ?? name).replace(/[\s./]+/g, '_'), unit: (match?.[2] ?? '').replace(/\s+/g, ' ').trim() }
}

const TIME =
  /^(t|ts|time|zeit|stamp|datetime|date_time|seconds|secs?|ms|us|ns|t_[mun]?s|t_(?:sec|nsec)|timestamps?|.*_timestamp|(?:.*_)?timestamp_.*|time_.*|.*_time|.*_stamp)$/
/** What loggers put in front of the names: message and sensor, as in `field.pose.pose.position.x`. */
const PREFIX =
  '(?:(?:field|pose|transform|imu|msg|data|value|sensor|device|camera|body|raw|motion|accelerometer|gyro|gyroscope)_)*'

function axisPattern(names: string, units: string, letters = 'xyz'): RegExp {
  return new RegExp(`^${PREFIX}(?:${names})_?([${letters}])(?:_?(?:${units}|world_device|odometry_device|device))?$`)
}

const POSITION = new RegExp(
  `^(?:${PREFIX}(?:p|pos|position|translation|location|t|p_rs_r|p_w|p_wb|p_wc)_?)?([xyz])(?:_(?:m|world_device|odometry_device))?$`,
)
const ROTATION = axisPattern('q|quat|quaternion|rot|rotation|orientation|attitude_q|q_rs|q_wb|q_wc', 'unit', 'xyzw')
const ACCELERATION = axisPattern(
  'a|acc|accel|accelerometer|acceleration|linear_acceleration|linear_accel|lin_acc|a_rs_s',
  'm_?s2|m_?s_?2|mps2|ms_2|g',
)
const RATE = axisPattern(
  'g|w|gyr|gyro|gyroscope|omega|angular_velocity|angular_rate|rotation|rotation_rate|ang_vel|w_rs_s|alpha',
  'rad_?s|radps|rad_per_s|rps|deg_?s|degps|deg_per_s|dps',
)

function axes(names: readonly Name[], pattern: RegExp, wanted: string): number[] | undefined {
  const found = [...wanted].map((axis) => names.findIndex(({ base }) => pattern.exec(base)?.[1] === axis))
  return found.every((index) => index >= 0) ? found : undefined
}

type CountedUnit = keyof typeof TIME_UNITS

const TIME_WORDS: readonly (readonly [RegExp, CountedUnit])[] = [
  [/(^|[_\s])(ns|nsec|nanos(econds)?|nanoseconds)$/, 'nanoseconds'],
  [/(^|[_\s])(us|usec|micros(econds)?|microseconds|µs)$/, 'microseconds'],
  [/(^|[_\s])(ms|msec|millis(econds)?|milliseconds)$/, 'milliseconds'],
  [/(^|[_\s])(s|sec|secs|seconds|seconds_elapsed)$/, 'seconds'],
]

const EXPONENT: Readonly<Record<CountedUnit, number>> = { seconds: 0, milliseconds: 3, microseconds: 6, nanoseconds: 9 }
/** 2001 to 2100, in seconds since 1970. */
const UTC_RANGE = [1e9, 4.1e9] as const

function medianStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, i) => time - times[i])
  // Recorders that write rows in bundles give many of them the same time.
  const forward = steps.filter((step) => step > 0).toSorted((a, b) => a - b)
  return forward[Math.floor(forward.length / 2)] ?? 0
}

/** Times that lie in this century under some unit say by themselves which unit it is. */
function utcUnit(time: number): CountedUnit | undefined {
  const units = Object.keys(EXPONENT) as CountedUnit[]
  return units.find((unit) => time >= UTC_RANGE[0] * 10 ** EXPONENT[unit] && time < UTC_RANGE[1] * 10 ** EXPONENT[unit])
}

/** The finest unit under which samples come at a rate that sensors have. */
function unitByRate(times: readonly number[]): CountedUnit | undefined {
  const units = Object.keys(EXPONENT) as CountedUnit[]
  const step = medianStep(times)
  return units
    .toReversed()
    .find((unit) => step > 0 && 10 ** EXPONENT[unit] / step <= 4000 && 10 ** EXPONENT[unit] / step >= 0.5)
}

/** Seconds between samples beyond which a counter is no time of this century by chance: 2,000,000,000 us are 33 minutes. */
const SPARSEST_STEP_SECONDS = 100

function believedUtcUnit(times: readonly number[]): CountedUnit | undefined {
  const unit = utcUnit(times[0])
  if (!unit || medianStep(times) / 10 ** EXPONENT[unit] <= SPARSEST_STEP_SECONDS) return unit
  return unitByRate(times) ? undefined : unit
}

function isCalendar(table: TextTable, column: number): boolean {
  return calendarNanoseconds(fieldText(table.firstRow, table.separator, column)) !== undefined
}

function timeUnitOf(
  table: TextTable,
  name: Name,
  column: number,
  layout: string,
  warnings: ImportWarning[],
): TimeUnit | undefined {
  if (isCalendar(table, column)) return 'calendar'
  const named = TIME_WORDS.find(([pattern]) => pattern.test(name.unit) || pattern.test(name.base))
  const times = table.rows.map((row) => row[column])
  const known = named?.[1] ?? believedUtcUnit(times) ?? (layout === 'tum' ? 'seconds' : undefined)
  if (known) return known
  const guessed = unitByRate(times)
  if (guessed) warnings.push(warning('unit_guessed', say('import.timeUnit', { unit: guessed })))
  return guessed
}

function medianLength(table: TextTable, columns: readonly number[]): number {
  const lengths = table.rows.map((row) => Math.hypot(row[columns[0]], row[columns[1]], row[columns[2]]))
  return lengths.filter(Number.isFinite).toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0
}

const STANDARD_GRAVITY = 9.80665

function accelerationScale(
  table: TextTable,
  names: readonly Name[],
  columns: readonly number[],
  warnings: ImportWarning[],
): number {
  const { base, unit } = names[columns[0]] ?? { base: '', unit: '' }
  if (/^m\/?\s?s|m_?s2$|mps2$/i.test(unit) || /(m_?s_?2|mps2)$/.test(base)) return 1
  if (/^g$/i.test(unit) || base.endsWith('_g')) return STANDARD_GRAVITY
  const length = medianLength(table, columns)
  const scale = length > 0.7 && length < 1.4 ? STANDARD_GRAVITY : 1
  const unitRead = scale === 1 ? 'm/s^2' : 'g'
  warnings.push(
    warning('unit_guessed', say('import.accelerationUnit', { median: fixedAmount(length, 2), unit: unitRead })),
  )
  return scale
}

function rateScale(
  table: TextTable,
  names: readonly Name[],
  columns: readonly number[],
  warnings: ImportWarning[],
): number {
  const { base, unit } = names[columns[0]] ?? { base: '', unit: '' }
  if (base.endsWith('_device')) return 1
  if (/rad/i.test(unit) || /(rad_?s|radps|rad_per_s|rps)$/.test(base)) return 1
  if (/deg|dps|°/i.test(unit) || /(deg_?s|degps|deg_per_s|dps)$/.test(base)) return Math.PI / 180
  const lengths = table.rows
    .map((row) => Math.hypot(row[columns[0]], row[columns[1]], row[columns[2]]))
    .toSorted((a, b) => a - b)
  // Nobody turns a recorder by 20 rad/s, more than three turns a second.
  const degrees = (lengths[Math.floor(lengths.length * 0.95)] ?? 0) > 20
  warnings.push(warning('unit_guessed', say('import.rotationUnit', { unit: degrees ? 'deg/s' : 'rad/s' })))
  return degrees ? Math.PI / 180 : 1
}

/** Columns of a table without a heading: TUM's eight, or ARKitScenes' seven. */
function bareColumns(table: TextTable, source: ImportSource): MotionColumns | undefined {
  const common = { time: 0, timeUnit: 'seconds' as const, accelerationScale: 1, rotationRateScale: 1, warnings: [] }
  const increasing = table.rows.every((row, i) => i === 0 || row[0] >= table.rows[i - 1][0])
  if (!increasing) return undefined
  const isUtc = table.rows[0][0] >= UTC_RANGE[0] && table.rows[0][0] < UTC_RANGE[1]
  if (table.columnCount === 7 && source.extension === 'traj') {
    return {
      ...common,
      isUtc: false,
      layout: 'arkitscenes-traj',
      inverseRotationVector: [1, 2, 3],
      position: [4, 5, 6],
    }
  }
  const unit = table.rows.every((row) => Math.abs(Math.hypot(row[4], row[5], row[6], row[7]) - 1) < 0.01)
  if (table.columnCount !== 8 || !unit) return undefined
  return { ...common, isUtc, layout: 'tum', position: [1, 2, 3], rotation: [4, 5, 6, 7] }
}

/** One sensor a file, with the sensor in the file's name, as phone logging apps write. */
function sensorByFileName(
  names: readonly Name[],
  source: ImportSource,
): Pick<MotionColumns, 'acceleration' | 'rotationRate'> {
  const found = axes(names, /^([xyz])$/, 'xyz')
  if (!found) return {}
  const columns: Triple = [found[0], found[1], found[2]]
  if (/gyro/i.test(source.name)) return { rotationRate: columns }
  return /accel|gravity/i.test(source.name) ? { acceleration: columns } : {}
}

function layoutName(names: readonly Name[], columns: Pick<MotionColumns, 'rotation'>): string {
  if (names.some(({ base }) => base === 'tx_world_device' || base === 'tx_odometry_device')) return 'aria-mps'
  if (names.some(({ base }) => /_rs_[rs]_[xyz]$/.test(base))) return 'euroc'
  return columns.rotation && names.length === 8 && names.some(({ base }) => base === 'tx') ? 'tum' : 'csv'
}

/** @returns Undefined when the table is no trajectory or inertial log. */
export function motionColumns(table: TextTable, source: ImportSource): MotionColumns | undefined {
  if (table.rows.length === 0) return undefined
  if (table.names.length === 0) return bareColumns(table, source)
  const names = table.names.map(splitName)
  // A column of text is a time only if it can be read as one.
  const time = names.findIndex(
    ({ base }, column) => TIME.test(base) && (!Number.isNaN(table.rows[0][column]) || isCalendar(table, column)),
  )
  if (time < 0) return undefined
  const warnings: ImportWarning[] = []
  const rotation = axes(names, ROTATION, 'xyzw') as [number, number, number, number] | undefined
  const position = axes(names, POSITION, 'xyz') as [number, number, number] | undefined
  const acceleration = axes(names, ACCELERATION, 'xyz') as [number, number, number] | undefined
  const rotationRate = axes(names, RATE, 'xyz') as [number, number, number] | undefined
  const hasPose = rotation !== undefined && position !== undefined
  const inertia =
    acceleration || rotationRate ? { acceleration, rotationRate } : hasPose ? {} : sensorByFileName(names, source)
  if (!hasPose && !inertia.acceleration && !inertia.rotationRate) return undefined
  const layout = layoutName(names, { rotation })
  const timeUnit = timeUnitOf(table, names[time], time, layout, warnings)
  if (!timeUnit) return undefined
  const first = timeUnit === 'calendar' ? UTC_RANGE[0] : table.rows[0][time] / 10 ** EXPONENT[timeUnit]
  if (hasPose && layout === 'csv' && !names[position[0]].unit.startsWith('m')) {
    warnings.push(warning('unit_guessed', say('import.positionUnit')))
  }
  return {
    layout,
    time,
    timeUnit,
    isUtc: first >= UTC_RANGE[0] && first < UTC_RANGE[1],
    ...(hasPose && { position, rotation }),
    ...(layout === 'aria-mps' && { isUpZ: true }),
    ...inertia,
    accelerationScale: inertia.acceleration ? accelerationScale(table, names, inertia.acceleration, warnings) : 1,
    rotationRateScale: inertia.rotationRate ? rateScale(table, names, inertia.rotationRate, warnings) : 1,
    warnings,
  }
}
