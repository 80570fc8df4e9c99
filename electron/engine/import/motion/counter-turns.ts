/** Device counters of 32 bits begin again at zero, one of microseconds after 71.6 minutes; a time of day does at midnight. */
import { TIME_UNITS, type TimeUnit } from '../reading/time-table.ts'

/** A step across the end of the counter that is longer than this is taken for a clock that was set, not for a turn. */
const LONGEST_STEP_NANOSECONDS = 60_000_000_000n

/** Nanoseconds of a counter of 2^32 of its unit, or of a day, continued over its end. Times are given in the order of the file. */
export class CounterTurns {
  /** How often the counter has begun again so far. */
  turns = 0
  /** Nanoseconds after which the counter is zero again; undefined where times are no count of small units. */
  readonly #period: bigint | undefined
  readonly #longest: bigint
  #last: bigint | undefined

  constructor(unit: TimeUnit) {
    if (unit === 'day') this.#period = 86_400_000_000_000n
    else
      this.#period = unit === 'calendar' || unit === 'seconds' ? undefined : 2n ** 32n * 10n ** BigInt(TIME_UNITS[unit])
    const share = (this.#period ?? 0n) / 16n
    this.#longest = share < LONGEST_STEP_NANOSECONDS ? share : LONGEST_STEP_NANOSECONDS
  }

  /** A row from before the end that was written after it stays before it. */
  continued(time: bigint): bigint {
    const period = this.#period
    if (period === undefined) return time
    const last = this.#last
    this.#last = time
    if (last !== undefined && last < period && time >= 0n && time < period) {
      const step = time - last
      if (step < this.#longest - period) this.turns++
      else if (this.turns > 0 && step > period - this.#longest) this.turns--
    }
    return time + BigInt(this.turns) * period
  }
}
