/**
 * At what pace what plays comes onto the playhead: by few changes, each as long as it takes, and none while it is close.
 * An element loses some milliseconds with each change, so that one whose pace is set anew in every frame is never there.
 */
import { medianOf } from './recent-median.ts'

/** For so long it is looked at before it is decided what to do, milliseconds. */
const LOOK_MILLISECONDS = 250
const MOST_LOOKED_MILLISECONDS = 500
const FEWEST_LOOKS = 6
/** In so long it is made up for what is behind, where the pace may be changed that much. */
const MADE_UP_IN_MILLISECONDS = 400
/** After a change of pace, until what an element had in store at the other is played and seen. */
const SETTLED_MILLISECONDS = 200

export interface PaceLimits {
  /** What is less far from the playhead is left alone. */
  readonly closeSeconds: number
  /** Of the usual pace, how much may be added or taken. */
  readonly most: number
}

interface Look {
  readonly milliseconds: number
  readonly behindSeconds: number
}

export class Pace {
  readonly #limits: PaceLimits
  #looks: Look[] = []
  #factor = 1
  #until = -Infinity

  constructor(limits: PaceLimits) {
    this.#limits = limits
  }

  /** It jumped, or begins to play: what was seen before says nothing of where it is. */
  begin(): void {
    this.#looks = []
    this.#factor = 1
    this.#until = -Infinity
  }

  /**
   * Called in every frame.
   *
   * @param behindSeconds of the recording, above 0 where it is to catch up; null where nothing was seen of it
   * @param nominal seconds of the recording that are to pass in one of the machine
   * @returns the pace for now, as a multiple of that
   */
  at(milliseconds: number, behindSeconds: number | null, nominal: number): number {
    if (milliseconds < this.#until) return this.#factor
    if (this.#factor !== 1) {
      this.#factor = 1
      this.#until = milliseconds + SETTLED_MILLISECONDS
      this.#looks = []
      return 1
    }
    if (behindSeconds === null) return 1
    this.#looks.push({ milliseconds, behindSeconds })
    while (milliseconds - this.#looks[0]!.milliseconds > MOST_LOOKED_MILLISECONDS) this.#looks.shift()
    const lookedFor = milliseconds - this.#looks[0]!.milliseconds
    if (lookedFor < LOOK_MILLISECONDS || this.#looks.length < FEWEST_LOOKS) return 1
    const behind = medianOf(this.#looks.map((look) => look.behindSeconds))
    if (Math.abs(behind) < this.#limits.closeSeconds) return 1
    const { most } = this.#limits
    const change = Math.max(-most, Math.min(most, (behind * 1000) / MADE_UP_IN_MILLISECONDS / nominal))
    this.#factor = 1 + change
    this.#until = milliseconds + (behind * 1000) / (change * nominal)
    return this.#factor
  }
}
