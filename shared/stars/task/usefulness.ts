/** How much the windows of a project would help a lab's benchmark: those whose words name one of its classes teach it. */
import { say, type Saying } from '../../sayings/saying.ts'
import type { StarsView } from '../estimate/unit-state.ts'
import { ALIGNED } from '../estimate/stars-input.ts'
import { captionWords } from '../estimate/words-agreement.ts'
import type { LabelledVectors, PackTask } from './pack-task.ts'
import { gainPercentile, taskGain } from './pack-task.ts'

const NAMED = 6

/** The words of every class name. */
function namesOf(task: PackTask): string[][] {
  return task.classNames.map((name) => name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}

/** Plurals count as their singular. */
function says(words: ReadonlySet<string>, name: readonly string[]): boolean {
  return name.length > 0 && name.every((part) => words.has(part) || words.has(`${part}s`) || words.has(`${part}es`))
}

/** Fresh pictures with the class that the words over them name; two classes at once name none. */
export function labelledWindows(view: StarsView, task: PackTask): LabelledVectors {
  const names = namesOf(task)
  const { windowSeconds } = view.prepared.input
  const x: (readonly number[])[] = []
  const y: number[] = []
  for (const { input } of view.distinct) {
    const meaning = input.picture?.[task.vectors]
    if (!meaning || meaning.length !== task.dimension || input.group !== ALIGNED) continue
    const start = input.window * windowSeconds
    const words = new Set(
      view.captions
        .filter((caption) => caption.endSeconds > start && caption.startSeconds < start + windowSeconds)
        .flatMap(captionWords),
    )
    const named = names.flatMap((name, at) => (says(words, name) ? [at] : []))
    if (named.length !== 1) continue
    x.push(meaning)
    y.push(named[0])
  }
  return { x, y }
}

/** 0..1 under the task, and why. */
export function usefulness(view: StarsView, task: PackTask): { value: number; said: Saying } {
  const samples = labelledWindows(view, task)
  const pictures = view.distinct.filter((unit) => unit.input.picture).length
  if (samples.y.length === 0) {
    const some = task.classNames.slice(0, NAMED).join(', ')
    return {
      value: 0,
      said: say('stars.task.unnamed', { pictures, task: task.id, classes: some }),
    }
  }
  const gain = taskGain(task, samples)
  const value = gainPercentile(task, gain)
  const slots = {
    named: samples.y.length,
    pictures,
    task: task.id,
    points: Math.abs(100 * gain).toFixed(2),
    samples: task.statistics.count,
  }
  return { value, said: say(gain > 0 ? 'stars.task.raises' : 'stars.task.lowers', slots) }
}
