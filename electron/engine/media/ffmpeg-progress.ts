/** Reads how far ffmpeg has come out of the lines of `-progress`. */

/** Arguments that make ffmpeg say how far it is, on its log. */
export const PROGRESS_ARGUMENTS: readonly string[] = ['-nostats', '-progress', 'pipe:2']

/**
 * @param totalSeconds Of the output; null when it is unknown, and nothing is reported then.
 * @param originSeconds Output time that counts as 0.
 * @returns Takes the lines of the log.
 */
export function progressReader(
  totalSeconds: number | null,
  originSeconds: number,
  onProgress: ((fraction: number) => void) | undefined,
): (line: string) => void {
  return (line) => {
    const microseconds = /^out_time_us=(-?\d+)$/.exec(line)?.[1]
    if (microseconds === undefined || !totalSeconds) return
    const fraction = (Number(microseconds) / 1e6 - originSeconds) / totalSeconds
    onProgress?.(Math.max(0, Math.min(1, fraction)))
  }
}
