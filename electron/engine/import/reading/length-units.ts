/** Units of length as headings of tables write them. */

const METRES: ReadonlyMap<string, number> = new Map([
  ['m', 1],
  ['mm', 0.001],
  ['cm', 0.01],
  ['dm', 0.1],
  ['km', 1000],
  ['ft', 0.3048],
  ['in', 0.0254],
  ['metre', 1],
  ['metres', 1],
  ['meter', 1],
  ['meters', 1],
  ['millimeters', 0.001],
  ['centimeters', 0.01],
])

/** Metres of one of a written unit; undefined where it is none of length. */
export const metresOfUnit = (unit: string): number | undefined => METRES.get(unit.trim().toLowerCase())
