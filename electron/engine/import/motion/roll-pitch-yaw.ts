/** Turns that are written as roll, pitch and yaw: yaw about Z, then pitch about Y, then roll about X, as robots count them. */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { quaternionFromRotation } from '../../../../shared/geometry/rotation.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { warning } from '../refusals.ts'
import { type Name, PREFIX } from './motion-names.ts'

const ANGLE = new RegExp(`^${PREFIX}(roll|pitch|yaw)(?:_(.*))?$`)
const DEGREE = Math.PI / 180
const UNITS = new Map(
  Object.entries({
    rad: 1,
    rads: 1,
    radian: 1,
    radians: 1,
    deg: DEGREE,
    degs: DEGREE,
    degree: DEGREE,
    degrees: DEGREE,
    '°': DEGREE,
    º: DEGREE,
    grad: DEGREE,
  }),
)

/** Columns of roll, pitch and yaw, and what they count in. */
export interface Angles {
  readonly columns: readonly [number, number, number]
  readonly radians: number
}

export const hasAngles = (names: readonly Name[]): boolean => columnsOf(names) !== undefined

/** @returns Undefined where there are none, or where nothing tells their unit: then a warning says how to name it. */
export function anglesOf(
  names: readonly Name[],
  rows: readonly (readonly number[])[],
  warnings: ImportWarning[],
): Angles | undefined {
  const columns = columnsOf(names)
  if (!columns) return undefined
  const name = names[columns[0]]!
  const written = UNITS.get(name.unit.toLowerCase()) ?? UNITS.get(ANGLE.exec(name.base)?.[2] ?? '')
  if (written !== undefined) return { columns, radians: written }
  // Radians go up to a whole turn at most; degrees of who turned little do so too.
  if (rows.some((row) => columns.some((column) => Math.abs(row[column]!) > 2 * Math.PI))) {
    warnings.push(warning('unit_guessed', say('import.anglesDegrees')))
    return { columns, radians: DEGREE }
  }
  warnings.push(warning('unit_unknown', say('import.anglesUnknown')))
  return undefined
}

function columnsOf(names: readonly Name[]): Angles['columns'] | undefined {
  const found = ['roll', 'pitch', 'yaw'].map((angle) => names.findIndex(({ base }) => ANGLE.exec(base)?.[1] === angle))
  return found.every((column) => column >= 0) ? [found[0]!, found[1]!, found[2]!] : undefined
}

/** In radians; x, y, z, w. */
export function turnedBy(roll: number, pitch: number, yaw: number): [number, number, number, number] {
  const [cr, sr, cp, sp] = [Math.cos(roll), Math.sin(roll), Math.cos(pitch), Math.sin(pitch)]
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)]
  // Column by column.
  return quaternionFromRotation([
    cy * cp,
    sy * cp,
    -sp,
    cy * sp * sr - sy * cr,
    sy * sp * sr + cy * cr,
    cp * sr,
    cy * sp * cr + sy * sr,
    sy * sp * cr - cy * sr,
    cp * cr,
  ])
}
