/** Which columns of a table are time, pose and inertia, and in which units: by name, then by the size of the values. */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { ImportSource } from '../importer.ts'
import { warning } from '../refusals.ts'
import type { TextTable } from '../reading/text-head.ts'
import {
  calendarNanoseconds,
  dayNanoseconds,
  fieldText,
  namesZone,
  type TIME_UNITS,
  type TimeUnit,
} from '../reading/time-table.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import {
  accelerationAxes,
  axes,
  FORCE,
  POSITION,
  rotationRateAxes,
  ROTATION,
  splitName,
  TIME,
  type Name,
} from './motion-names.ts'
import { metresOfUnit } from '../reading/length-units.ts'
import { type Angles, anglesOf, hasAngles } from './roll-pitch-yaw.ts'
import { isPath } from './unturned-path.ts'
import { accelerationByValues, accelerationUnit, rotationByValues, rotationUnit } from './motion-units.ts'

type Triple = readonly [number, number, number]

export interface MotionColumns {
  /** Short name of the layout: `tum`, `euroc`, `arkitscenes-traj`, `csv`. */
  readonly layout: string
  readonly time: number
  readonly timeUnit: TimeUnit
  /** A column of nanoseconds beside one of whole seconds. */
  readonly nanoseconds?: number
  /** Of counters that count no whole unit. */
  readonly secondsPerCount?: number
  /** Times count from 1970. */
  readonly isUtc: boolean
  /** The world has +Z up, and is to be turned. */
  readonly isUpZ?: boolean
  readonly position?: Triple
  /** Metres of one unit of the columns. */
  readonly positionScale: number
  /** x, y, z, w. */
  readonly rotation?: readonly [number, number, number, number]
  readonly angles?: Angles
  /** Rotation vector and translation of `camera_from_world`, as ARKitScenes writes. */
  readonly inverseRotationVector?: Triple
  readonly acceleration?: Triple
  /** m/s^2 of one unit of the column. */
  readonly accelerationScale: number
  readonly rotationRate?: Triple
  /** rad/s of one unit of the column. */
  readonly rotationRateScale: number
  /** The two sensors come at times of their own, in rows that lack the other. */
  readonly isApart?: boolean
  /** What the axes are to the device, in the maker's words. */
  readonly orientation?: string
  readonly warnings: readonly ImportWarning[]
}

type CountedUnit = keyof typeof TIME_UNITS

const TIME_WORDS: readonly (readonly [RegExp, CountedUnit])[] = [
  [/(^|[_\s])(ns|nsec|nanos(econds)?|nanoseconds)$/, 'nanoseconds'],
  [/(^|[_\s])(us|usec|micros(econds)?|microseconds|[µμ]s)$/, 'microseconds'],
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

/** What a column of text is as a time: a date, a time of day, or none. */
function writtenTime(table: TextTable, column: number): 'calendar' | 'day' | undefined {
  const text = fieldText(table.firstRow, table.separator, column)
  if (calendarNanoseconds(text) !== undefined) return 'calendar'
  return dayNanoseconds(text) === undefined ? undefined : 'day'
}

function timeUnitOf(
  table: TextTable,
  name: Name,
  column: number,
  layout: string,
  warnings: ImportWarning[],
): TimeUnit | undefined {
  const written = writtenTime(table, column)
  if (written === 'calendar' && !namesZone(fieldText(table.firstRow, table.separator, column)))
    warnings.push(warning('zone_assumed', say('import.zoneAssumed')))
  if (written) return written
  const named = TIME_WORDS.find(([pattern]) => pattern.test(name.unit) || pattern.test(name.base))
  const times = table.rows.map((row) => row[column])
  const known = named?.[1] ?? believedUtcUnit(times) ?? (layout === 'tum' ? 'seconds' : undefined)
  if (known) return known
  const guessed = unitByRate(times)
  if (guessed) warnings.push(warning('unit_guessed', say('import.timeUnit', { unit: guessed })))
  return guessed
}

/** Times of TUM's tables are seconds, but for programs that write their own nanoseconds or the numbers of frames. */
function bareTime(times: readonly number[]): Pick<MotionColumns, 'timeUnit' | 'isUtc' | 'warnings'> {
  const isUtc = utcUnit(times[0]!) !== undefined
  const unit = believedUtcUnit(times)
  if (unit && unit !== 'seconds') return { timeUnit: unit, isUtc, warnings: [] }
  const isNumbering = times.length > 2 && times[0]! <= 1 && times.every((time, row) => time === times[0]! + row)
  const warnings = isNumbering ? [warning('unit_guessed', say('import.timesMayBeNumbers'))] : []
  return { timeUnit: 'seconds', isUtc, warnings }
}

/**
 * Columns of a table without a heading: TUM's eight, ARKitScenes' seven, and the four of OpenCamera Sensors (x, y, z and
 * nanoseconds since the phone was switched on, in files named after their sensor: github.com/MobileRoboticsSkoltech).
 */
function bareColumns(table: TextTable, source: ImportSource): MotionColumns | undefined {
  const common = { time: 0, positionScale: 1, accelerationScale: 1, rotationRateScale: 1 }
  const isIncreasing = (column: number) =>
    table.rows.every((row, i) => i === 0 || row[column]! >= table.rows[i - 1]![column]!)
  const sensor = /(gyro|accel)\w*\.\w+$/i.exec(source.name)?.[1]?.toLowerCase()
  if (sensor && table.columnCount === 4 && isIncreasing(3) && table.rows.every((row) => row[3]! > 1e9)) {
    const isUtc = believedUtcUnit(table.rows.map((row) => row[3]!)) === 'nanoseconds'
    const columns = { [sensor === 'gyro' ? 'rotationRate' : 'acceleration']: [0, 1, 2] as const }
    return { ...common, time: 3, timeUnit: 'nanoseconds', isUtc, layout: 'csv', ...columns, warnings: [] }
  }
  if (!isIncreasing(0)) return undefined
  const time = bareTime(table.rows.map((row) => row[0]!))
  if (table.columnCount === 7 && source.extension === 'traj') {
    const columns = { inverseRotationVector: [1, 2, 3], position: [4, 5, 6] } as const
    return { ...common, timeUnit: 'seconds', isUtc: false, layout: 'arkitscenes-traj', ...columns, warnings: [] }
  }
  const unit = table.rows.every((row) => Math.abs(Math.hypot(row[4], row[5], row[6], row[7]) - 1) < 0.01)
  if (table.columnCount !== 8 || !unit) return undefined
  return { ...common, ...time, layout: 'tum', position: [1, 2, 3], rotation: [4, 5, 6, 7] }
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

/** Sensor Logger (github.com/tszheichoi/awesome-sensor-logger UNITS.md) writes m/s^2 and rad/s, but for raw accelerations. */
function isSensorLogger(names: readonly Name[], source: ImportSource): boolean {
  return names.some(({ base }) => base === 'seconds_elapsed') && !/uncalibrated|wrist|headphone/i.test(source.name)
}

function accelerationScale(names: readonly Name[], columns: readonly number[], known: boolean) {
  const { base, unit } = names[columns[0]!] ?? { base: '', unit: '' }
  if (/(m_?s_?2|mps2)$/.test(base)) return 1
  const suffix = FORCE.test(base) ? 'g' : /_(m?g)$/.exec(base)?.[1]
  return (
    accelerationUnit(unit) ?? (suffix === undefined ? undefined : accelerationUnit(suffix)) ?? (known ? 1 : undefined)
  )
}

/** Metres of one unit of positions, where their name says it. */
function positionScale({ base, unit }: Name): number | undefined {
  return metresOfUnit(unit) ?? metresOfUnit(/_(mm|cm|ft|in|m)$/.exec(base)?.[1] ?? '')
}

function rateScale(names: readonly Name[], columns: readonly number[], known: boolean): number | undefined {
  const { base, unit } = names[columns[0]!] ?? { base: '', unit: '' }
  if (base.endsWith('_device') || /(rad_?s|radps|rad_per_s|rps)$/.test(base)) return 1
  if (base.endsWith('mdps')) return rotationUnit('mdps')
  if (/(deg_?s|degps|deg_per_s|dps)$/.test(base)) return rotationUnit('dps')
  return rotationUnit(unit) ?? (known ? 1 : undefined)
}

interface MakersUnits extends Pick<MotionColumns, 'secondsPerCount' | 'orientation'> {
  readonly acceleration?: number
  readonly rotationRate?: number
}

/**
 * Units that the lines above the heading tell, or that a maker's layout has: Gyroflow's logs (docs.gyroflow.xyz, GCSV
 * format: seconds, rad/s and g of one count), and Xsens' and Movella's, whose `SampleTimeFine` counts tenths of
 * milliseconds in those of the MT Manager and microseconds in those of the DOT, which turns in degrees.
 */
function makersUnits(table: TextTable, names: readonly Name[]): MakersUnits {
  const settings = new Map(
    table.preamble.map((line) => {
      const at = line.indexOf(',')
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const
    }),
  )
  const scale = (key: string) => (Number(settings.get(key)) > 0 ? Number(settings.get(key)) : undefined)
  if (/\bimu log\b/i.test(table.preamble[0] ?? '')) {
    const [secondsPerCount, rotationRate, gravities] = [scale('tscale'), scale('gscale'), scale('ascale')]
    const orientation = settings.get('orientation')
    return {
      ...(secondsPerCount && { secondsPerCount }),
      ...(rotationRate && { rotationRate }),
      ...(gravities && { acceleration: gravities * accelerationUnit('g')! }),
      ...(orientation && { orientation }),
    }
  }
  // SensorLog (apps.apple.com, id 388014573) writes what Core Motion says: the pull of gravity, not the force against it.
  if (
    names.some(({ base }) => base === 'accelerometer_acceleration_x' || base === 'accelerometer_timestamp_since_reboot')
  )
    return { acceleration: -accelerationUnit('g')! }
  if (!names.some(({ base }) => base === 'sample_time_fine')) return {}
  if (table.preamble.some((line) => /^(DeviceTag|.*\b(Xsens|Movella) DOT)/i.test(line)))
    return { secondsPerCount: 1e-6, acceleration: 1, rotationRate: rotationUnit('dps')! }
  return table.preamble.some((line) => line.startsWith('//'))
    ? { secondsPerCount: 1e-4, acceleration: 1, rotationRate: 1 }
    : {}
}

/** Unit and beginning of the times, with a column of nanoseconds where one of whole seconds has it beside it. */
function clockColumns(
  table: TextTable,
  names: readonly Name[],
  time: number,
  layout: string,
  warnings: ImportWarning[],
): Pick<MotionColumns, 'timeUnit' | 'isUtc' | 'nanoseconds' | 'secondsPerCount'> | undefined {
  const seconds = /^(.*?)secs?$/.exec(names[time]!.base)
  const nanoseconds = seconds ? names.findIndex(({ base }) => base.replace(/secs?$/, '') === `${seconds[1]}n`) : -1
  if (nanoseconds >= 0) {
    const isUtc = utcUnit(table.rows[0]![time]!) === 'seconds'
    return { timeUnit: 'seconds', isUtc, nanoseconds }
  }
  const { secondsPerCount } = makersUnits(table, names)
  if (secondsPerCount) return { timeUnit: 'seconds', isUtc: false, secondsPerCount }
  const timeUnit = timeUnitOf(table, names[time]!, time, layout, warnings)
  if (!timeUnit) return undefined
  if (timeUnit === 'calendar' || timeUnit === 'day') return { timeUnit, isUtc: timeUnit === 'calendar' }
  const first = table.rows[0]![time]! / 10 ** EXPONENT[timeUnit]
  return { timeUnit, isUtc: first >= UTC_RANGE[0] && first < UTC_RANGE[1] }
}

/** @returns Undefined when the table is no trajectory or inertial log. */
export function motionColumns(table: TextTable, source: ImportSource): MotionColumns | undefined {
  if (table.rows.length === 0) return undefined
  if (table.names.length === 0) return bareColumns(table, source)
  const names = table.names.map(splitName)
  // A column of text is a time only if it can be read as one.
  const time = names.findIndex(
    ({ base }, column) =>
      TIME.test(base) && (!Number.isNaN(table.rows[0]![column]) || writtenTime(table, column) !== undefined),
  )
  if (time < 0) return undefined
  const warnings: ImportWarning[] = []
  const rotation = axes(names, ROTATION, 'xyzw') as [number, number, number, number] | undefined
  const position = axes(names, POSITION, 'xyz') as [number, number, number] | undefined
  const angled = rotation === undefined && position !== undefined && hasAngles(names)
  const turned = position !== undefined && (rotation !== undefined || angled)
  const measured = {
    acceleration: accelerationAxes(names) as Triple | undefined,
    rotationRate: rotationRateAxes(names) as Triple | undefined,
  }
  const isMeasured = measured.acceleration !== undefined || measured.rotationRate !== undefined
  const inertia: Pick<MotionColumns, 'acceleration' | 'rotationRate'> =
    isMeasured || turned ? measured : sensorByFileName(names, source)
  const isInertial = inertia.acceleration !== undefined || inertia.rotationRate !== undefined
  if (!turned && !isInertial && !position) return undefined
  const layout = layoutName(names, { rotation })
  const timing = clockColumns(table, names, time, layout, warnings)
  if (!timing) return undefined
  const hasPose = turned || (!isInertial && isUnturned(table, names, time, timing, position!, source))
  if (!hasPose && !isInertial) return undefined
  const metres = hasPose ? positionScale(names[position![0]]!) : 1
  if (metres === undefined && layout === 'csv') warnings.push(warning('unit_guessed', say('import.positionUnit')))
  const angles = angled ? anglesOf(names, table.rows, warnings) : undefined
  const made = makersUnits(table, names)
  const known = isSensorLogger(names, source)
  const { acceleration, rotationRate } = inertia
  const force =
    acceleration &&
    (made.acceleration ??
      accelerationScale(names, acceleration, known) ??
      accelerationByValues(table.rows, acceleration, warnings))
  const rate =
    rotationRate &&
    (made.rotationRate ?? rateScale(names, rotationRate, known) ?? rotationByValues(table.rows, rotationRate, warnings))
  return {
    layout,
    time,
    ...timing,
    ...(hasPose && { position, ...(rotation && { rotation }), ...(angles && { angles }) }),
    ...(layout === 'aria-mps' && { isUpZ: true }),
    ...(force !== undefined && { acceleration }),
    ...(rate !== undefined && { rotationRate }),
    positionScale: metres ?? 1,
    accelerationScale: force ?? 1,
    rotationRateScale: rate ?? 1,
    ...(acceleration && rotationRate && { isApart: areApart(table, acceleration, rotationRate) }),
    ...(made.orientation !== undefined && { orientation: made.orientation }),
    warnings,
  }
}

/** Whether a table that tells nothing but times and places, however its columns are called, is a path. */
function isUnturned(
  { rows, columnCount }: TextTable,
  names: readonly Name[],
  time: number,
  { timeUnit, secondsPerCount = 1 }: Pick<MotionColumns, 'timeUnit' | 'secondsPerCount'>,
  position: Triple,
  { name }: ImportSource,
): boolean {
  // Written times are no numbers here: as many seconds as rows, which no sensor is as slow as.
  const second = timeUnit === 'calendar' || timeUnit === 'day' ? undefined : 10 ** EXPONENT[timeUnit] / secondsPerCount
  const times = rows.map((row, at) => (second ? row[time]! / second : at))
  const scale = positionScale(names[position[0]]!) ?? 1
  const places = rows.map((row) => position.map((column) => row[column]! * scale))
  return isPath(names[position[0]]!.base, name, columnCount - 4, times, places)
}

function areApart(table: TextTable, acceleration: Triple, rotationRate: Triple): boolean {
  const has = (row: readonly number[], columns: Triple) => columns.every((column) => !Number.isNaN(row[column]))
  const apart = table.rows.filter((row) => has(row, acceleration) !== has(row, rotationRate))
  return apart.length > table.rows.length / 2 && apart.some((row) => has(row, rotationRate))
}
