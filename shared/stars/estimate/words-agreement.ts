/**
 * Do the words belong to what is seen and heard? Captions that use the same words, or mean the same, should sit where the recording looks and
 * sounds alike. The dependence of the two similarities (HSIC; Gretton et al., ALT 2005) is held against the same captions
 * dealt out anew: only what chance would not give counts.
 */
import { randomStream } from '../algebra/random.ts'
import type { PreparedUnit, StarsView } from './unit-state.ts'
import type { CaptionInput, UnitInput } from './stars-input.ts'
import { ALIGNED } from './stars-input.ts'

const FEWEST_CAPTIONS = 6
const MOST_CAPTIONS = 64
const DEALS = 80
const SEED = 5
/** Standard deviations above chance at which credit starts, and over which it becomes full. */
const STARTS_AT = 2
const FULL_AFTER = 3
/** Standard deviations by which sums differ that are added up in another order; captions alike may change places. */
const TIE = 1e-9

/** Lower-case words of two letters and more, in any script. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]+/gu) ?? []
}

/** Short words and the commonest say nothing of what is meant. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  'the and for are was with this that from into onto its his her their our your you they them there here what who how when where which while being been have has had does did not but all any some more very can will would should could der die das und ein eine einen mit von auf aus ist sind'.split(
    ' ',
  ),
)

/** The words of a sentence that say what it is about. */
export function contentWords(text: string): string[] {
  return wordsOf(text).filter((word) => word.length > 2 && !EMPTY_WORDS.has(word))
}

const wordsOfCaptions = new WeakMap<CaptionInput, readonly string[]>()

/** The words of a caption; captions never change, and every window that is left out asks for them again. */
export function captionWords(caption: CaptionInput): readonly string[] {
  const known = wordsOfCaptions.get(caption)
  if (known) return known
  const words = wordsOf(caption.text)
  wordsOfCaptions.set(caption, words)
  return words
}

interface SaidSpans {
  /** Ascending. */
  readonly starts: Float64Array
  /** How far the captions up to each reach. */
  readonly reach: Float64Array
}

const spansOfLists = new WeakMap<readonly CaptionInput[], SaidSpans>()

function saidSpans(captions: readonly CaptionInput[]): SaidSpans {
  const known = spansOfLists.get(captions)
  if (known) return known
  const worded = captions.filter((caption) => captionWords(caption).length > 0)
  worded.sort((a, b) => a.startSeconds - b.startSeconds)
  const reach = Float64Array.from(worded, ({ endSeconds }) => endSeconds)
  for (let at = 1; at < reach.length; at++) reach[at] = Math.max(reach[at], reach[at - 1])
  const spans = { starts: Float64Array.from(worded, ({ startSeconds }) => startSeconds), reach }
  spansOfLists.set(captions, spans)
  return spans
}

/** Whether any words lie over a span. Every window of every view asks for it. */
export function isSaidOver(captions: readonly CaptionInput[], startSeconds: number, endSeconds: number): boolean {
  const { starts, reach } = saidSpans(captions)
  let before = 0
  for (let step = starts.length; step > 0; step >>= 1) {
    while (before + step <= starts.length && starts[before + step - 1] < endSeconds) before += step
  }
  return before > 0 && reach[before - 1] > startSeconds
}

const dealsOfSizes = new Map<number, readonly Int32Array[]>()

/** The same random orders of n captions every time. */
function dealsOf(n: number): readonly Int32Array[] {
  const known = dealsOfSizes.get(n)
  if (known) return known
  const random = randomStream(SEED)
  const deals = Array.from({ length: DEALS }, () => random.permutation(n))
  dealsOfSizes.set(n, deals)
  return deals
}

/** Every word that any caption ever had, by a number of its own: rows of numbers are gone through faster than words. */
const numberOfWord = new Map<string, number>()

function wordNumber(word: string): number {
  const known = numberOfWord.get(word) ?? numberOfWord.size
  numberOfWord.set(word, known)
  return known
}

const bagsOfCaptions = new WeakMap<CaptionInput, ReadonlySet<number>>()

/** Numbers of the words of a caption, each once. */
function bagOf(caption: CaptionInput): ReadonlySet<number> {
  const bag = bagsOfCaptions.get(caption) ?? new Set(captionWords(caption).map(wordNumber))
  bagsOfCaptions.set(caption, bag)
  return bag
}

interface Chosen {
  readonly captions: readonly CaptionInput[]
  /** Centred; captions x captions. */
  readonly text: Float64Array
}

const chosenOf = new WeakMap<readonly CaptionInput[], Chosen>()

/** Captions with words, at most MOST_CAPTIONS of them, and how alike their words are. */
function chosenFrom(all: readonly CaptionInput[]): Chosen {
  const known = chosenOf.get(all)
  if (known) return known
  const worded = all.filter((caption) => captionWords(caption).length > 0)
  const step = Math.max(1, worded.length / MOST_CAPTIONS)
  const count = Math.min(worded.length, MOST_CAPTIONS)
  const captions = Array.from({ length: count }, (_, i) => worded[Math.floor(i * step)])
  const chosen = { captions, text: centred(textKernel(captions), count) }
  chosenOf.set(all, chosen)
  return chosen
}

/** What two captions have in common, whichever others are beside them. */
interface CaptionPair {
  /** Numbers of words, in the order of the first one's. */
  readonly shared: readonly number[]
  /** Cosine of what they mean; null where a learned model has not read both. */
  readonly alikeInMeaning: number | null
}

const pairsOfCaptions = new WeakMap<CaptionInput, WeakMap<CaptionInput, CaptionPair>>()

/** Kept with the captions: every window that is left out asks for nearly all pairs again. */
function pairsWith(a: CaptionInput): (b: CaptionInput) => CaptionPair {
  const pairs = pairsOfCaptions.get(a) ?? new WeakMap<CaptionInput, CaptionPair>()
  pairsOfCaptions.set(a, pairs)
  return (b) => {
    const known = pairs.get(b)
    if (known) return known
    const other = bagOf(b)
    const pair = {
      shared: [...bagOf(a)].filter((word) => other.has(word)),
      alikeInMeaning: cosineOf(a.meaning, b.meaning),
    }
    pairs.set(b, pair)
    return pair
  }
}

function cosineOf(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number | null {
  if (!a || !b || a.length !== b.length) return null
  let cosine = 0
  for (let i = 0; i < a.length; i++) cosine += a[i] * b[i]
  return cosine
}

/** The same words say half, the same meaning half, where a learned model has read both. */
function textKernel(captions: readonly CaptionInput[]): Float64Array {
  const bags = captions.map(bagOf)
  const seen = new Int32Array(numberOfWord.size)
  for (const bag of bags) for (const word of bag) seen[word]!++
  const weights = Float64Array.from(seen, (count) => (count > 0 ? Math.log((1 + bags.length) / count) ** 2 : 0))
  const weightOf = (words: readonly number[]): number => {
    let sum = 0
    for (let at = 0; at < words.length; at++) sum += weights[words[at]!]!
    return sum
  }
  const lengths = bags.map((bag) => Math.sqrt(weightOf([...bag])) || 1)
  const n = captions.length
  const kernel = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const pairs = pairsWith(captions[i])
    for (let j = 0; j <= i; j++) {
      const { shared, alikeInMeaning } = pairs(captions[j])
      const alikeInWords = weightOf(shared) / lengths[i] / lengths[j]
      kernel[i * n + j] = alikeInMeaning === null ? alikeInWords : (alikeInWords + alikeInMeaning) / 2
      kernel[j * n + i] = kernel[i * n + j]
    }
  }
  return kernel
}

/** Mean similarity of the units that two captions lie over. */
function contentKernel(view: StarsView, under: readonly (readonly PreparedUnit[])[]): Float64Array {
  const { kernel } = view.prepared
  const size = view.prepared.units.length
  const n = under.length
  const content = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (const a of under[i]) for (const b of under[j]) sum += kernel.data[a.index * size + b.index]
      content[i * n + j] = sum / Math.max(1, under[i].length * under[j].length)
      content[j * n + i] = content[i * n + j]
    }
  }
  return content
}

function centred(kernel: Float64Array, n: number): Float64Array {
  const rows = new Float64Array(n)
  let all = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) rows[i] += kernel[i * n + j] / n
  for (const row of rows) all += row / n
  const from = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) from[i * n + j] = kernel[i * n + j] - rows[i] - rows[j] + all
  }
  return from
}

/**
 * A table of how well each caption goes with what lies under each: how far its own places stand above those dealt out. Where
 * one of these stands higher still, nothing counts: with few captions one deal in twenty reaches two standard deviations.
 */
function aboveChance(n: number, ownOf: (order: Int32Array) => number): number {
  let mean = 0
  let square = 0
  let most = -Infinity
  for (const deal of dealsOf(n)) {
    const value = ownOf(deal)
    mean += value / DEALS
    square += (value * value) / DEALS
    most = Math.max(most, value)
  }
  const deviation = Math.sqrt(Math.max(0, square - mean * mean))
  const own = ownOf(Int32Array.from({ length: n }, (_, index) => index))
  if (deviation < 1e-12 || own < most - TIE * deviation) return 0
  return Math.min(1, Math.max(0, ((own - mean) / deviation - STARTS_AT) / FULL_AFTER))
}

const underOfCaptions = new WeakMap<readonly PreparedUnit[], WeakMap<CaptionInput, readonly PreparedUnit[]>>()

/** All units that a caption lies over; kept, as every window is left out once. */
function allUnder({ units, input }: StarsView['prepared'], caption: CaptionInput): readonly PreparedUnit[] {
  let kept = underOfCaptions.get(units)
  if (!kept) underOfCaptions.set(units, (kept = new WeakMap()))
  const known = kept.get(caption)
  if (known) return known
  const reach = input.windowSeconds / 2
  const under = units.filter(({ input: unit }) => {
    const middle = (unit.window + 0.5) * input.windowSeconds
    return unit.group === ALIGNED && middle + reach > caption.startSeconds && middle - reach < caption.endSeconds
  })
  kept.set(caption, under)
  return under
}

/** The distinct units under each caption. */
function unitsUnder(view: StarsView, captions: readonly CaptionInput[]): PreparedUnit[][] {
  const isDistinct = new Uint8Array(view.prepared.units.length)
  for (const { index } of view.distinct) isDistinct[index] = 1
  return captions.map((caption) => allUnder(view.prepared, caption).filter(({ index }) => isDistinct[index] === 1))
}

/** By the dependence of two likenesses: of captions with captions, and of what lies under them. */
function byLikeness(view: StarsView, { captions, text }: Chosen): number {
  const n = captions.length
  const content = centred(contentKernel(view, unitsUnder(view, captions)), n)
  return aboveChance(n, (order) => {
    let sum = 0
    for (let i = 0; i < n; i++) {
      const [from, to] = [order[i] * n, i * n]
      for (let j = 0; j < i; j++) sum += text[from + order[j]] * content[to + j]
    }
    return sum
  })
}

const jointsOfCaptions = new WeakMap<CaptionInput, WeakMap<UnitInput, number>>()

/** Cosine of a caption and a picture in the space of a model that holds both; kept, as every window is left out once. */
function jointOf(caption: CaptionInput, unit: UnitInput): number {
  const known = jointsOfCaptions.get(caption) ?? new WeakMap<UnitInput, number>()
  jointsOfCaptions.set(caption, known)
  const before = known.get(unit)
  if (before !== undefined) return before
  const value = cosineOf(caption.joint, unit.picture?.joint) ?? 0
  known.set(unit, value)
  return value
}

/** By a model that holds words and pictures against one another; null where it has not seen enough of them. */
function byModel(view: StarsView, all: readonly CaptionInput[]): number | null {
  if (!all.some(({ joint }) => joint)) return null
  const under = unitsUnder(view, all).map((units) => units.filter(({ input }) => input.picture?.joint))
  const seen = all.flatMap((caption, at) => (caption.joint && under[at].length > 0 ? [at] : []))
  const n = seen.length
  if (n < FEWEST_CAPTIONS) return null
  const table = new Float64Array(n * n)
  seen.forEach((said, i) => {
    seen.forEach((shown, j) => {
      const cosines = under[shown].map(({ input }) => jointOf(all[said], input))
      table[i * n + j] = cosines.reduce((sum, value) => sum + value, 0) / cosines.length
    })
  })
  return aboveChance(n, (order) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += table[order[i] * n + i]
    return sum
  })
}

export interface WordsAgreement {
  /** 0..1: how far above chance the words follow the content. */
  readonly value: number
  /** Whether a model that holds words and pictures against one another said so, rather than likeness alone. */
  readonly byModel: boolean
}

/** Null where there are too few captions to tell. What tells more counts: either way chance gives nothing. */
export function wordsAgreement(view: StarsView): WordsAgreement | null {
  const chosen = chosenFrom(view.captions)
  if (chosen.captions.length < FEWEST_CAPTIONS || view.distinct.length < FEWEST_CAPTIONS) return null
  const likeness = byLikeness(view, chosen)
  const model = byModel(view, chosen.captions)
  return model !== null && model > likeness ? { value: model, byModel: true } : { value: likeness, byModel: false }
}
