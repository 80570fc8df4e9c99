/** Coordinates that went through single precision far from their origin: files of surveyed scans lose their detail so. */

/** Bits of the fraction of a single precision number (IEEE 754 binary32). */
const FRACTION_BITS = 23

/**
 * The step to which coordinates were rounded, metres, on the axis farthest out: 0 where they are finer than single
 * precision could say at their distance, so that it did not round them.
 * @param coordinates x, y, z in metres, relative to `origin`; what is not finite is passed over.
 * @param origin What must be added to have them as their file has them, metres.
 */
export function singlePrecisionStep(
  coordinates: Float32Array | Float64Array,
  origin: readonly [number, number, number] = [0, 0, 0],
): number {
  const axis = farthestAxis(coordinates, origin)
  let step = Infinity
  for (let i = axis; i < coordinates.length; i += 3) {
    const value = coordinates[i] + origin[axis]
    if (!Number.isFinite(value) || value === 0) continue
    if (Math.fround(value) !== value) return 0
    step = Math.min(step, 2 ** (Math.floor(Math.log2(Math.abs(value))) - FRACTION_BITS))
  }
  return Number.isFinite(step) ? step : 0
}

function farthestAxis(coordinates: Float32Array | Float64Array, origin: readonly [number, number, number]): number {
  const reach = [0, 0, 0]
  for (let i = 0; i < coordinates.length; i++) {
    const distance = Math.abs(coordinates[i] + origin[i % 3])
    if (distance < Infinity) reach[i % 3] = Math.max(reach[i % 3], distance)
  }
  return reach.indexOf(Math.max(...reach))
}
