/** How much the windows of a project would help a lab's benchmark: those whose words say what it asks for teach it. */
import { fixedAmount } from '../../sayings/amounts.ts'
import { say, type Saying } from '../../sayings/saying.ts'
import type { StarsView } from '../estimate/unit-state.ts'
import type { CaptionInput, UnitInput } from '../estimate/stars-input.ts'
import { ALIGNED } from '../estimate/stars-input.ts'
import { captionWords } from '../estimate/words-agreement.ts'
import type { CaptionedVectors, CaptionTask, ClassTask, LabelledVectors, PackTask } from './pack-task.ts'
import { gainPercentile, taskGain } from './pack-task.ts'
import { probeWindowDetector } from './probe-windows.ts'
import { rarityIn } from './reference-sketch.ts'
import { influenceOfSample } from './task-influence.ts'

const NAMED = 6

/** The words of every class name. */
function namesOf(task: ClassTask): string[][] {
  return task.classNames.map((name) => name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}

/** Plurals count as their singular. */
function says(words: ReadonlySet<string>, name: readonly string[]): boolean {
  return name.length > 0 && name.every((part) => words.has(part) || words.has(`${part}s`) || words.has(`${part}es`))
}

/** What a task looks at of a window. */
function vectorOf(unit: UnitInput, { vectors }: PackTask): readonly number[] | undefined {
  return vectors === 'sound' ? unit.sound?.meaning : unit.picture?.[vectors]
}

interface SaidWindow {
  readonly startSeconds: number
  /** Whether it is an item of the lab's probe, which counts nothing. */
  readonly ofProbe: boolean
  readonly vector: readonly number[]
  readonly over: readonly CaptionInput[]
}

/** Fresh windows that a task can look at, with what is said over each. */
function windowsOf(view: StarsView, task: PackTask): SaidWindow[] {
  const { windowSeconds } = view.prepared.input
  const isOfProbe = probeWindowDetector(task)
  return view.distinct.flatMap(({ input }): SaidWindow[] => {
    const vector = vectorOf(input, task)
    if (!vector || vector.length !== task.dimension || input.group !== ALIGNED) return []
    const start = input.window * windowSeconds
    const over = view.captions.filter(
      (caption) => caption.endSeconds > start && caption.startSeconds < start + windowSeconds,
    )
    return [{ startSeconds: start, ofProbe: isOfProbe(vector), vector, over }]
  })
}

function teachingWindows(view: StarsView, task: PackTask): SaidWindow[] {
  return windowsOf(view, task).filter(({ ofProbe }) => !ofProbe)
}

/** What is to be said where windows are items of the probe; null where none is. */
export function saidOfProbe(view: StarsView, task: PackTask): Saying | null {
  const count = windowsOf(view, task).filter(({ ofProbe }) => ofProbe).length
  return count > 0 ? say('stars.task.ofProbe', { count, task: task.title }) : null
}

/** The class that words name; null where they name none or two at once. */
function labelOf(over: readonly CaptionInput[], names: readonly string[][]): number | null {
  const words = new Set(over.flatMap(captionWords))
  const named = names.flatMap((name, at) => (says(words, name) ? [at] : []))
  return named.length === 1 ? named[0] : null
}

/** The mean of what captions say, of unit length; null where they say nothing that is known. */
function saidOf(over: readonly CaptionInput[], task: CaptionTask): Float64Array | null {
  const { columns } = task.probeCaptions
  const known = over.flatMap((caption) => {
    const said = task.vectors === 'joint' ? caption.joint : caption.meaning
    return said?.length === columns ? [said] : []
  })
  const sum = Float64Array.from({ length: columns }, (_, j) => known.reduce((total, said) => total + said[j], 0))
  const length = Math.hypot(...sum)
  return length > 0 ? sum.map((value) => value / length) : null
}

/** Fresh windows with the class that the words over them name; two classes at once name none. */
function labelledWindows(view: StarsView, task: ClassTask): LabelledVectors {
  const names = namesOf(task)
  const labelled = teachingWindows(view, task).flatMap(({ vector, over }) => {
    const label = labelOf(over, names)
    return label === null ? [] : [{ vector, label }]
  })
  return { x: labelled.map(({ vector }) => vector), y: labelled.map(({ label }) => label) }
}

/** Fresh windows with the mean of what the captions over them say, of unit length. */
function captionedWindows(view: StarsView, task: CaptionTask): CaptionedVectors {
  const captioned = teachingWindows(view, task).flatMap(({ vector, over }) => {
    const said = saidOf(over, task)
    return said ? [{ vector, said }] : []
  })
  return { x: captioned.map(({ vector }) => vector), said: captioned.map(({ said }) => said) }
}

/** How many windows there are, how many of them teach the task, and what they teach it. */
function taught(view: StarsView, task: PackTask): { windows: number; named: number; gain: number } {
  const windows = view.distinct.filter(({ input }) => (task.vectors === 'sound' ? input.sound : input.picture)).length
  if (task.kind === 'captions') {
    const samples = captionedWindows(view, task)
    return { windows, named: samples.x.length, gain: taskGain(task, samples) }
  }
  const samples = labelledWindows(view, task)
  return { windows, named: samples.x.length, gain: taskGain(task, samples) }
}

/** Why no window teaches the task. */
function nothingTaught(task: PackTask, windows: number): Saying {
  if (task.kind === 'captions') return say('stars.task.wordless', { pictures: windows, task: task.title })
  const slots = { task: task.title, classes: task.classNames.slice(0, NAMED).join(', ') }
  return task.vectors === 'sound'
    ? say('stars.task.unnamedSound', { ...slots, sounds: windows })
    : say('stars.task.unnamed', { ...slots, pictures: windows })
}

interface Usefulness {
  /** 0..1 under the task. */
  readonly value: number
  readonly said: Saying
  /** Whether there is anything that the task's model can learn from, to its gain or its harm. */
  readonly teaches: boolean
  /** Whether its model would be no better for it. */
  readonly harms: boolean
}

/** How useful it is to a lab, and why. */
export function usefulness(view: StarsView, task: PackTask): Usefulness {
  const { windows, named, gain } = taught(view, task)
  if (named === 0) return { value: 0, said: nothingTaught(task, windows), teaches: false, harms: false }
  const slots = {
    named,
    pictures: windows,
    task: task.title,
    points: fixedAmount(Math.abs(100 * gain), 2),
    samples: task.statistics.count,
  }
  const value = gainPercentile(task, gain)
  const said =
    task.kind === 'captions'
      ? say(gain > 0 ? 'stars.task.saysMore' : 'stars.task.saysLess', slots)
      : say(gain > 0 ? 'stars.task.raises' : 'stars.task.lowers', slots)
  return { value, said, teaches: true, harms: gain <= 0 }
}

/** What one window is to a lab. */
export interface TaskWindow {
  readonly start_s: number
  readonly end_s: number
  /** The class that its words name; null where they name none, or where the task is of captions. */
  readonly named: string | null
  /** Whether it is an item of the lab's probe: it counts nothing. */
  readonly of_probe: boolean
  /** What it teaches to first order, in points of the score on the probe; null where it teaches nothing, or where the pack does not say. */
  readonly influence_points: number | null
  /** The share of the lab's own kind of samples that are less far from what it has, 0..1; null where the pack does not say. */
  readonly rarity: number | null
  /** The class of the lab's own sample that is most like it; null where the pack does not say. */
  readonly nearest: string | null
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

/** Window by window why a project is useful to a lab, on its time line. */
export function taskWindows(view: StarsView, task: PackTask): TaskWindow[] {
  const names = task.kind === 'classes' ? namesOf(task) : []
  const { windowSeconds } = view.prepared.input
  return windowsOf(view, task).map(({ startSeconds, ofProbe, vector, over }): TaskWindow => {
    const label = labelOf(over, names)
    const target =
      task.kind === 'captions' ? saidOf(over, task) : label === null ? null : names.map((_, c) => (c === label ? 1 : 0))
    const influence = target && !ofProbe ? influenceOfSample(task, vector, target) : null
    const { rarity, nearest } = task.sketch ? rarityIn(task.sketch, vector) : { rarity: null, nearest: null }
    const likest = nearest === null ? undefined : task.sketch?.labels[nearest]
    return {
      start_s: startSeconds,
      end_s: startSeconds + windowSeconds,
      named: task.kind === 'classes' && label !== null ? task.classNames[label] : null,
      of_probe: ofProbe,
      influence_points: influence === null ? null : rounded(100 * influence, 4),
      rarity: rarity === null ? null : rounded(rarity, 3),
      nearest: task.kind === 'classes' && likest !== undefined ? task.classNames[likest] : null,
    }
  })
}
