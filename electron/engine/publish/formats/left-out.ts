/** What of an edit from elsewhere is not taken over, each said once. */
import { inEnglish, type Saying } from '../../../../shared/sayings/saying.ts'

export class LeftOut {
  readonly #said = new Map<string, Saying>()

  add(said: Saying): void {
    this.#said.set(inEnglish(said), said)
  }

  get all(): readonly Saying[] {
    return [...this.#said.values()]
  }
}
