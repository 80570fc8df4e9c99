/**
 * Real spherical harmonics of a direction, degree after degree and from order -degree to degree. Scaled so that those of
 * one degree, multiplied pair by pair for two directions and summed, are the Legendre polynomial of the cosine between
 * them: whatever is made of such sums does not know how the scan was turned.
 */

/** Legendre factors by degree and order; filled anew for each direction. */
const factors: Float64Array[] = []

/**
 * @param x, y, z A unit vector.
 * @param out Length (degrees + 1)^2.
 */
export function sphericalHarmonics(x: number, y: number, z: number, degrees: number, out: Float64Array): void {
  while (factors.length <= degrees) factors.push(new Float64Array(factors.length + 1))
  factors[0][0] = 1
  // Cosine and sine of the order times the azimuth, each times as many powers of the distance from the axis.
  let cosine = 1
  let sine = 0
  for (let order = 0; order <= degrees; order++) {
    if (order > 0) {
      const next = cosine * x - sine * y
      sine = cosine * y + sine * x
      cosine = next
      const both = order === 1 ? Math.SQRT2 : 1
      factors[order][order] = factors[order - 1][order - 1] * Math.sqrt((2 * order - 1) / (2 * order)) * both
    }
    for (let degree = order; degree <= degrees; degree++) {
      if (degree === order + 1) factors[degree][order] = Math.sqrt(2 * order + 1) * z * factors[order][order]
      if (degree > order + 1) {
        const before = (2 * degree - 1) * z * factors[degree - 1][order]
        const beforeThat = Math.sqrt((degree - 1) ** 2 - order ** 2) * factors[degree - 2][order]
        factors[degree][order] = (before - beforeThat) / Math.sqrt(degree ** 2 - order ** 2)
      }
      const middle = degree * (degree + 1)
      out[middle + order] = factors[degree][order] * cosine
      if (order > 0) out[middle - order] = factors[degree][order] * sine
    }
  }
}
