/**
 * Coherent detail: the gradients of small patches that run one way. Blur weakens gradients, noise makes them run every way,
 * so that the figure falls with either (after Zhu and Milanfar, Automatic parameter selection for denoising algorithms
 * using a no-reference measure of image content, IEEE TIP 2010).
 */

const PATCH = 8
/** Coherence that patches of pure noise stay below 999 times in 1000. */
const COHERENCE_OF_NOISE = 0.45
/** Gradient, in grey levels a pixel, at which a patch counts half. */
const HALF_GRADIENT = 9
/** Share of the clearest patches that is meaned: sky and walls have no edges, and that is no fault. */
const CLEAREST_SHARE = 0.25

/** @param luma One byte a pixel, row by row, at the picture's own resolution. @returns 0..1. */
export function clarityOf(luma: Uint8Array, width: number, height: number): number {
  const scores: number[] = []
  for (let top = 1; top + PATCH < height; top += PATCH) {
    for (let left = 1; left + PATCH < width; left += PATCH) scores.push(patchClarity(luma, width, left, top))
  }
  if (scores.length === 0) return 0
  scores.sort((a, b) => b - a)
  const count = Math.max(1, Math.round(scores.length * CLEAREST_SHARE))
  let sum = 0
  for (let i = 0; i < count; i++) sum += scores[i]
  return sum / count
}

function patchClarity(luma: Uint8Array, width: number, left: number, top: number): number {
  let xx = 0
  let yy = 0
  let xy = 0
  for (let y = top; y < top + PATCH; y++) {
    for (let x = left; x < left + PATCH; x++) {
      const at = y * width + x
      const dx = (luma[at + 1] - luma[at - 1]) / 2
      const dy = (luma[at + width] - luma[at - width]) / 2
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
  }
  const middle = (xx + yy) / 2
  const reach = Math.hypot((xx - yy) / 2, xy)
  const strong = Math.sqrt((middle + reach) / (PATCH * PATCH))
  const weak = Math.sqrt(Math.max(0, middle - reach) / (PATCH * PATCH))
  if (strong + weak === 0) return 0
  const coherence = (strong - weak) / (strong + weak)
  if (coherence <= COHERENCE_OF_NOISE) return 0
  const gradient = strong * ((coherence - COHERENCE_OF_NOISE) / (1 - COHERENCE_OF_NOISE))
  return gradient / (gradient + HALF_GRADIENT)
}
