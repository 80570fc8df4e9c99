/**
 * How far a place stands out of what lies right beside it.
 *
 * A correlogram of unit deviation assumes that every lag is as likely as any other to be large by chance. Pieces of music
 * on one beat grid break that: their attacks fall together, so that all that is large lies within milliseconds of the
 * grid, in every window, whatever is played. Two microphones that heard the same event agree within a fraction of a
 * millisecond and no further. So every window's vote is counted in the deviation of its own surroundings (a studentised
 * sum), which leaves nothing of a common grid and takes nothing from a common sound.
 */
import type { Correlograms } from './correlograms.ts'

/** Within this a peak is still itself. */
const OWN_SECONDS = 0.35e-3
/** Surroundings reach so far: within the attack of a note, and long enough to tell their deviation. */
const SURROUNDINGS_SECONDS = 4e-3
/** One window may say no more than this, in its own deviations. */
const LARGEST_VOTE = 6

/**
 * The studentised sum of all windows on a line, in deviations; not negative.
 * @param rate Of the line against the map of the correlograms, ppm.
 * @param centre Where on B's clock the line has the lag `lag` (index into a row).
 */
export function contrastOf(data: Correlograms, rate: number, centre: number, lag: number): number {
  const { middles, rows, lagSamples, sampleRateHz } = data
  const width = lagSamples * 2 + 1
  const own = Math.max(1, Math.round(OWN_SECONDS * sampleRateHz))
  const reach = Math.round(SURROUNDINGS_SECONDS * sampleRateHz)
  let best = 0
  // The line is known to a sample or two.
  for (let beside = -2; beside <= 2; beside++) {
    let sum = 0
    for (let index = 0; index < middles.length; index++) {
      const at = lag + beside + Math.round(rate * 1e-6 * (middles[index] - centre) * sampleRateHz)
      if (at < 0 || at >= width) continue
      const row = rows.subarray(index * width, (index + 1) * width)
      let power = 0
      let count = 0
      for (let far = own; far <= reach; far++) {
        if (at - far >= 0) {
          power += row[at - far] ** 2
          count++
        }
        if (at + far < width) {
          power += row[at + far] ** 2
          count++
        }
      }
      const deviation = Math.max(1, Math.sqrt(power / Math.max(1, count)))
      sum += Math.max(-LARGEST_VOTE, Math.min(LARGEST_VOTE, row[at] / deviation))
    }
    best = Math.max(best, Math.abs(sum))
  }
  return best / Math.sqrt(1.2 * middles.length)
}
