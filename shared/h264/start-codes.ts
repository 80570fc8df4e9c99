/**
 * Units of H.264 behind start codes (ITU-T H.264 annex B), where films say their lengths (`avcC`): of those a browser
 * makes two copies before it decodes them, and new memory for three million plain samples takes longer than to decode them.
 */
export const START_CODE: readonly number[] = [0, 0, 0, 1]

/** In place: each length of four bytes becomes a start code, which is as long. */
export function partByCodes<T extends Uint8Array>(units: T): T {
  const view = new DataView(units.buffer, units.byteOffset, units.byteLength)
  for (let at = 0; at + START_CODE.length <= units.length;) {
    const length = view.getUint32(at)
    units.set(START_CODE, at)
    at += START_CODE.length + length
  }
  return units
}

/** A start code before each of some units, and behind them what has its own. */
export function withCodes(units: readonly Uint8Array[], behind: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(units.reduce((sum, { length }) => sum + START_CODE.length + length, behind.length))
  let at = 0
  for (const unit of units) {
    whole.set(START_CODE, at)
    whole.set(unit, at + START_CODE.length)
    at += START_CODE.length + unit.length
  }
  whole.set(behind, at)
  return whole
}
