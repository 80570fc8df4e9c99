/**
 * Whose clock the playhead goes by. Sound cannot be hurried without being heard, and its device has a clock of its own:
 * one player of sound plays on at its own pace, and the playhead, which is what pictures and everything else are shown
 * by, goes where that sound is heard. Where none plays, the playhead goes by the clock of the machine.
 */
import { RecentMedian } from './recent-median.ts'
import { steer } from '../state/transport.ts'

/** Whoever leads and says nothing for so long leads no more: its film ended, or its track was muted. */
const SILENT_MILLISECONDS = 200
const LOOKS = 9

let leader: object | null = null
let heardMilliseconds = -Infinity

/** One player of sound, in its turn to lead. */
export class LeadingSound {
  readonly #turn = {}
  readonly #ahead = new RecentMedian(LOOKS)

  /**
   * Called in every frame in which it plays and is where the playhead was sent.
   *
   * @param heardSeconds where in the project what is heard now belongs
   * @param rate project seconds that pass in one of the machine
   * @returns whether it leads; who does not is to follow the playhead
   */
  lead(milliseconds: number, heardSeconds: number, rate: number): boolean {
    if (leader !== this.#turn && leader && milliseconds - heardMilliseconds < SILENT_MILLISECONDS) return false
    if (leader !== this.#turn) this.#ahead.forget()
    leader = this.#turn
    heardMilliseconds = milliseconds
    const seconds = (rate * milliseconds) / 1000
    steer(milliseconds, this.#ahead.add(heardSeconds - seconds) + seconds)
    return true
  }

  /** It stands, jumps, or plays something else than was asked for. */
  stop(): void {
    this.#ahead.forget()
    if (leader === this.#turn) leader = null
  }
}
