/**
 * How far a recording is what a wanted list asks for. A window matches a need by what is said over it (a sentence encoder's
 * cosine, or the words of the need themselves) or by what it shows (distance to example pictures), whichever is nearer; a
 * need is met by its best windows, as many as were asked for, and by the share of the senses that it names.
 */
import { inEnglish, say, type Saying } from '../../sayings/saying.ts'
import { fixedAmount, shareAmount, timeAmount } from '../../sayings/amounts.ts'
import type { CaptionInput, UnitInput } from '../estimate/stars-input.ts'
import { ALIGNED } from '../estimate/stars-input.ts'
import type { StarsView } from '../estimate/unit-state.ts'
import { captionWords } from '../estimate/words-agreement.ts'
import type { WantedSense } from './wanted-list.ts'

/** A need with its vectors. */
export interface WantedNeedVectors {
  readonly id: string
  readonly text: string
  /** Of its sentences, of unit length; empty without the model. */
  readonly meanings: readonly Float32Array[]
  /** The words of each sentence that say something, lower case. */
  readonly words: readonly (readonly string[])[]
  /** Of its example pictures, by the encoder of the project's windows. */
  readonly pictures: readonly (readonly number[])[]
  readonly senses: readonly WantedSense[]
  readonly seconds: number | null
  readonly weight: number
}

export interface WantedTask {
  readonly id: string
  readonly title: string
  readonly by: string | null
  readonly needs: readonly WantedNeedVectors[]
}

interface WantedNeedMatch {
  readonly id: string
  readonly text: string
  /** 0..1. */
  readonly match: number
  readonly missing: readonly WantedSense[]
  /** Where it is met best, on the time line. */
  readonly best: readonly { start_s: number; end_s: number; match: number }[]
  readonly why: string
  readonly said: Saying
}

export interface WantedMatch {
  readonly id: string
  readonly title: string
  readonly by: string | null
  /** 0..1: of the need that is met best, needs of less weight counting less. */
  readonly match: number
  /** The best met first. */
  readonly needs: readonly WantedNeedMatch[]
}

/** Cosines of sentences: below the first unrelated, from the second on the same thing said otherwise. Judgement, on examples. */
const [UNRELATED, SAME_MEANING] = [0.25, 0.7]
/** Likeness of pictures, exp(-d^2 / 2): unlike drawings lie at a squared distance of 4. */
const [UNLIKE, SAME_LOOK] = [0.25, 0.85]
const ENOUGH_SECONDS = 10
const MOST_SPANS = 5
/** A span is shown as a place where a need is met from here on. */
const SHOWN = 0.3

function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}

function spokenMatch(caption: CaptionInput, need: WantedNeedVectors): number {
  const said = new Set(captionWords(caption))
  let best = 0
  for (const words of need.words) {
    const found = words.filter((word) => said.has(word) || said.has(`${word}s`)).length
    if (words.length > 0) best = Math.max(best, found / words.length)
  }
  const { meaning } = caption
  if (!meaning) return best
  for (const wanted of need.meanings) {
    let cosine = 0
    for (let i = 0; i < wanted.length; i++) cosine += wanted[i] * meaning[i]
    best = Math.max(best, ramp(cosine, UNRELATED, SAME_MEANING))
  }
  return best
}

function shownMatch(unit: UnitInput, need: WantedNeedVectors): number {
  const meaning = unit.picture?.meaning
  if (!meaning) return 0
  let best = 0
  for (const wanted of need.pictures) {
    if (wanted.length !== meaning.length) continue
    const square = wanted.reduce((sum, value, i) => sum + (value - meaning[i]) ** 2, 0)
    best = Math.max(best, ramp(Math.exp(-square / 2), UNLIKE, SAME_LOOK))
  }
  return best
}

/** Captions and units never change, and every window that is left out asks for them again. */
const matchesOf = new WeakMap<WantedNeedVectors, WeakMap<CaptionInput | UnitInput, number>>()

function remembered<T extends CaptionInput | UnitInput>(
  need: WantedNeedVectors,
  entry: T,
  compute: (entry: T, need: WantedNeedVectors) => number,
): number {
  let known = matchesOf.get(need)
  if (!known) matchesOf.set(need, (known = new WeakMap()))
  let value = known.get(entry)
  if (value === undefined) known.set(entry, (value = compute(entry, need)))
  return value
}

function sensesIn(view: StarsView): ReadonlySet<WantedSense> {
  const senses = new Set<WantedSense>()
  for (const { input } of view.distinct) {
    for (const sense of ['picture', 'sound', 'motion'] as const) if (input[sense]) senses.add(sense)
  }
  if (view.scans.length > 0) senses.add('scan')
  if (view.captions.some((caption) => captionWords(caption).length > 0)) senses.add('words')
  return senses
}

interface WindowMatch {
  readonly group: string
  readonly window: number
  readonly match: number
}

/** How well each window of the time line meets a need; what stands apart from the time line is looked at without words. */
function windowMatches(view: StarsView, need: WantedNeedVectors): WindowMatch[] {
  const { windowSeconds } = view.prepared.input
  const asksContent = need.words.length > 0 || need.meanings.length > 0 || need.pictures.length > 0
  const best = new Map<string, WindowMatch>()
  for (const { input } of view.distinct) {
    let match = asksContent ? remembered(need, input, shownMatch) : 1
    if (asksContent && input.group === ALIGNED) {
      const start = input.window * windowSeconds
      for (const caption of view.captions) {
        if (caption.endSeconds > start && caption.startSeconds < start + windowSeconds)
          match = Math.max(match, remembered(need, caption, spokenMatch))
      }
    }
    const key = `${input.group}:${input.window}`
    if (match > (best.get(key)?.match ?? 0)) best.set(key, { group: input.group, window: input.window, match })
  }
  return [...best.values()].sort((a, b) => b.match - a.match || a.window - b.window)
}

function percent(value: number): number {
  return Math.round(value * 1000) / 1000
}

function matchNeed(view: StarsView, need: WantedNeedVectors, present: ReadonlySet<WantedSense>): WantedNeedMatch {
  const { windowSeconds } = view.prepared.input
  const windows = windowMatches(view, need)
  const asked = need.seconds ?? ENOUGH_SECONDS
  const count = Math.max(1, Math.ceil(asked / windowSeconds))
  const met = windows.slice(0, count).reduce((sum, { match }) => sum + match, 0) / count
  const missing = need.senses.filter((sense) => !present.has(sense))
  const senses = need.senses.length > 0 ? 1 - missing.length / need.senses.length : 1
  // Places are shown on one time line: the project's, or where nothing is aligned the first recording's own.
  const { units } = view.prepared
  const line = units.some(({ input }) => input.group === ALIGNED) ? ALIGNED : units[0]?.input.group
  const asksWords = need.words.length > 0 || need.meanings.length > 0
  const silent = asksWords && need.pictures.length === 0 && !present.has('words')
  const asks = { met: shareAmount(met), time: timeAmount(asked) }
  const lacks = missing.map((sense) => say(`stars.wanted.sense.${sense}`)).reduce<Saying | null>(listed, null)
  const unsaid = silent ? [say('stars.wanted.unsaid')] : []
  const lacking = lacks ? [say('stars.wanted.lacks', { lacks })] : []
  const said = [say('stars.wanted.met', asks), ...lacking, ...unsaid].reduce((one, other) =>
    say('time.sentences', { one, other }),
  )
  return {
    id: need.id,
    text: need.text,
    match: percent(met * senses),
    missing,
    best: windows
      .filter(({ group, match }) => group === line && match >= SHOWN)
      .slice(0, MOST_SPANS)
      .map(({ window, match }) => ({
        start_s: window * windowSeconds,
        end_s: (window + 1) * windowSeconds,
        match: percent(match),
      })),
    why: inEnglish(said),
    said,
  }
}

const listed = (one: Saying | null, other: Saying): Saying => (one ? say('time.list', { one, other }) : other)

/** The whole list against a recording. */
export function matchWanted(view: StarsView, task: WantedTask): WantedMatch {
  const present = sensesIn(view)
  const heaviest = Math.max(...task.needs.map((need) => need.weight))
  const needs = task.needs.map((need) => ({ weight: need.weight / heaviest, found: matchNeed(view, need, present) }))
  const match = needs.reduce((most, { weight, found }) => Math.max(most, weight * found.match), 0)
  return {
    id: task.id,
    title: task.title,
    by: task.by,
    match: percent(match),
    needs: needs.map(({ found }) => found).sort((a, b) => b.match - a.match),
  }
}

/** The list as a term of the stars. */
export function wantedTerm(view: StarsView, task: WantedTask): { value: number; said: Saying } {
  const { match, needs } = matchWanted(view, task)
  const of = task.by ?? task.title
  const [first] = needs
  return {
    value: match,
    said:
      match > 0
        ? say('stars.wanted.by', { of, match: fixedAmount(match, 2), need: first.text, why: first.said })
        : say('stars.wanted.nothing', { needs: task.needs.length, of }),
  }
}
