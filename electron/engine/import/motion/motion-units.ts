/** Units of inertial sensors: as they are written, else by the size of the values, with a warning. */
import type { ImuSamples } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { median } from '../../../../shared/signal/median.ts'
import { warning } from '../refusals.ts'

/** m/s^2 of one g. */
export const STANDARD_GRAVITY = 9.80665
const RADIANS_PER_DEGREE = Math.PI / 180

/** Without blanks, signs of multiplication and spellings of powers: `m s^-2`, `m/(s^2)*`, `m·s⁻²` are all `m/s2`. */
function plainUnit(unit: string): string {
  return unit
    .toLowerCase()
    .replace(/[\s()*·^]/g, '')
    .replaceAll('²', '2')
    .replace(/s⁻?(?:-?2|⁻2|⁻²)$/, 's-2')
    .replace(/⁻1|⁻¹/, '-1')
    .replace(/^(mm|cm|m|ft)\/?s-2$/, '$1/s2')
    .replace(/^(m?rad|m?deg|°|º|grad)\/?s-1$/, '$1/s')
}

const ACCELERATION_UNITS = new Map(
  Object.entries({
    'm/s2': 1,
    'm/s/s': 1,
    mps2: 1,
    ms2: 1,
    'cm/s2': 0.01,
    'mm/s2': 0.001,
    'ft/s2': 0.3048,
    g: STANDARD_GRAVITY,
    gn: STANDARD_GRAVITY,
    g0: STANDARD_GRAVITY,
    mg: STANDARD_GRAVITY / 1000,
  }),
)

const ROTATION_UNITS = new Map(
  Object.entries({
    'rad/s': 1,
    'rad/sec': 1,
    rads: 1,
    radps: 1,
    rps: 1,
    'mrad/s': 0.001,
    'deg/s': RADIANS_PER_DEGREE,
    'deg/sec': RADIANS_PER_DEGREE,
    'degrees/s': RADIANS_PER_DEGREE,
    degs: RADIANS_PER_DEGREE,
    degps: RADIANS_PER_DEGREE,
    dps: RADIANS_PER_DEGREE,
    '°/s': RADIANS_PER_DEGREE,
    'º/s': RADIANS_PER_DEGREE,
    'grad/s': RADIANS_PER_DEGREE,
    'mdeg/s': RADIANS_PER_DEGREE / 1000,
    mdps: RADIANS_PER_DEGREE / 1000,
  }),
)

/** m/s^2 of one of a written unit; undefined when it is none of acceleration. */
export const accelerationUnit = (unit: string): number | undefined => ACCELERATION_UNITS.get(plainUnit(unit))
/** rad/s of one of a written unit; undefined when it is none of turning. */
export const rotationUnit = (unit: string): number | undefined => ROTATION_UNITS.get(plainUnit(unit))

/** Lengths of the vectors in three columns, in order of size; rows that miss one are left out. */
function lengthsOf(rows: readonly (readonly number[])[], columns: readonly number[]): number[] {
  return rows
    .map((row) => Math.hypot(row[columns[0]!]!, row[columns[1]!]!, row[columns[2]!]!))
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b)
}

/** m/s^2 beyond which no recorder is shaken for half of its time: such numbers count the steps of a sensor. */
const STRONGEST = 400
/** rad/s, three turns in a second: nobody turns a recorder faster for long. */
const FASTEST = 20
/** deg/s beyond which gyroscopes of recorders do not go. */
const FASTEST_DEGREES = 4000

/**
 * m/s^2 of one unit of columns whose unit is not written.
 * @returns Undefined where they are no accelerations in any usual unit.
 */
export function accelerationByValues(
  rows: readonly (readonly number[])[],
  columns: readonly number[],
  warnings: ImportWarning[],
): number | undefined {
  const lengths = lengthsOf(rows, columns)
  const length = lengths[Math.floor(lengths.length / 2)] ?? 0
  if (length > STRONGEST) {
    const median = fixedAmount(length, 0)
    warnings.push(warning('unit_unknown', say('import.accelerationUnknown', { median })))
    return undefined
  }
  const scale = length > 0.7 && length < 1.4 ? STANDARD_GRAVITY : 1
  const unit = scale === 1 ? 'm/s^2' : 'g'
  warnings.push(warning('unit_guessed', say('import.accelerationUnit', { median: fixedAmount(length, 2), unit })))
  return scale
}

/** m/s^2 under which the median of a recording with gravity in it does not lie, whoever carries it. */
const LEAST_WITH_GRAVITY = 3
/** Samples that are as good as a fall when there are fewer. */
const FEWEST_SAMPLES = 50

/** Phones also write what is left without gravity, which is no inertia that a device measured. */
export function gravityWarnings({ count, accelerations }: ImuSamples): ImportWarning[] {
  if (!accelerations || count < FEWEST_SAMPLES) return []
  const lengths = Float64Array.from({ length: count }, (_, i) =>
    Math.hypot(accelerations[3 * i]!, accelerations[3 * i + 1]!, accelerations[3 * i + 2]!),
  )
  const usual = median(lengths)
  if (usual >= LEAST_WITH_GRAVITY) return []
  return [warning('gravity_missing', say('import.gravityMissing', { median: fixedAmount(usual, 2) }))]
}

/** rad/s of one unit of columns whose unit is not written; undefined where they are no turning in any usual unit. */
export function rotationByValues(
  rows: readonly (readonly number[])[],
  columns: readonly number[],
  warnings: ImportWarning[],
): number | undefined {
  const lengths = lengthsOf(rows, columns)
  const fast = lengths[Math.floor(lengths.length * 0.95)] ?? 0
  if (fast > FASTEST_DEGREES) {
    warnings.push(warning('unit_unknown', say('import.rotationUnknown', { fast: fixedAmount(fast, 0) })))
    return undefined
  }
  const unit = fast > FASTEST ? 'deg/s' : 'rad/s'
  warnings.push(warning('unit_guessed', say('import.rotationUnit', { unit })))
  return unit === 'deg/s' ? RADIANS_PER_DEGREE : 1
}
