/**
 * Seconds left at the pace so far; null while too little is done to tell.
 *
 * @param fraction done, 0 to 1
 */
export function estimateSecondsLeft(fraction: number, elapsedSeconds: number): number | null {
  if (fraction < 0.02 || elapsedSeconds < 0.5) return null
  return Math.max(0, (elapsedSeconds * (1 - fraction)) / fraction)
}
