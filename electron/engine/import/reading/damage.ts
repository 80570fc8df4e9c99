/** What the inner parts of a reader find wrong; whoever knows the file and what of it can be kept says it to people. */
import { inEnglish, type Saying, type Wording } from '../../../../shared/sayings/saying.ts'

export class Damage extends RangeError {
  readonly said: Saying

  constructor(said: Saying) {
    super(inEnglish(said))
    this.name = 'Damage'
    this.said = said
  }
}

/** What is wrong; the text alone of what a library threw. */
export function damageOf(error: unknown): Wording {
  if (error instanceof Damage) return error.said
  return error instanceof Error ? error.message : String(error)
}
