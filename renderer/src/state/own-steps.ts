/**
 * The next gestures of this window to undo and redo, so that the window can show the result before the engine has
 * answered. They are a guess, which the engine's answer confirms or corrects; after a change by others nothing is
 * guessed.
 */
import type { History } from '../../../shared/contract/contract.ts'
import { MERGE_WITHIN_MILLISECONDS } from '../../../shared/document/document.ts'
import type { Patch } from '../../../shared/document/patches.ts'

interface Step {
  readonly label: string
  readonly mergeKey: string | undefined
  readonly forward: readonly Patch[]
  readonly inverse: readonly Patch[]
  /** The undo steps before it. */
  readonly history: History
  readonly atMilliseconds: number
}

/** The expected result of undo or redo. */
export interface Travel {
  readonly patches: readonly Patch[]
  readonly history: History
}

/** Older gestures are undone at the pace of the engine. */
const MOST_STEPS = 200

export class OwnSteps {
  #done: Step[] = []
  #undone: Step[] = []

  add(step: Omit<Step, 'atMilliseconds'>): void {
    const atMilliseconds = performance.now()
    this.#undone = []
    const last = this.#done.at(-1)
    const isOne =
      last !== undefined &&
      step.mergeKey !== undefined &&
      last.mergeKey === step.mergeKey &&
      atMilliseconds - last.atMilliseconds < MERGE_WITHIN_MILLISECONDS
    if (!isOne) {
      this.#done = [...this.#done, { ...step, atMilliseconds }].slice(-MOST_STEPS)
      return
    }
    const forward = [...last.forward, ...step.forward]
    const inverse = [...step.inverse, ...last.inverse]
    this.#done[this.#done.length - 1] = { ...step, forward, inverse, history: last.history, atMilliseconds }
  }

  /** Null if the next step is not known. */
  travel(direction: 'undo' | 'redo'): Travel | null {
    const step = (direction === 'undo' ? this.#done : this.#undone).pop()
    if (!step) return null
    if (direction === 'undo') {
      this.#undone.push(step)
      return { patches: step.inverse, history: { ...step.history, canRedo: true, redoLabel: step.label } }
    }
    this.#done.push(step)
    const next = this.#undone.at(-1)
    return {
      patches: step.forward,
      history: {
        canUndo: true,
        undoLabel: step.label,
        canRedo: next !== undefined,
        redoLabel: next?.label ?? null,
      },
    }
  }

  forget(): void {
    this.#done = []
    this.#undone = []
  }
}
