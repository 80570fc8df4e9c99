/**
 * The terms of a library-only estimate: an explicit list. Every term can only grow when something good is added and only
 * fall when quality, sync or words are taken away; weights add up to 5 stars. The weights are judgement, not measurement:
 * no model was retrained for them, which is why the interval is wide.
 */
import { say, type Saying } from '../../sayings/saying.ts'
import { fixedAmount, shareAmount, timeAmount } from '../../sayings/amounts.ts'
import type { PreparedUnit, StarsView } from './unit-state.ts'
import type { StarsInput } from './stars-input.ts'
import { ALIGNED } from './stars-input.ts'
import { momentsOf } from './unit-information.ts'
import { spokenSeconds } from './spoken.ts'
import { captionWords, isSaidOver, wordsAgreement } from './words-agreement.ts'

export interface SignalReading {
  /** 0..1; null where it cannot be told, which adds nothing. */
  readonly value: number | null
  /** The reason, a sentence or two. */
  readonly said: Saying
}

export interface StarSignal {
  readonly id: string
  /** Stars at value 1. */
  readonly weight: number
  read(view: StarsView): SignalReading
}

/** More than this of one thing adds nothing to the estimate. */
const ENOUGH_SECONDS = 600
const ENOUGH_DISTINCT = 150
const ENOUGH_WORDS = 60
/** What speech counts for before it is written down: less than any words do, so that writing it down never costs. */
const UNWRITTEN = 0.25

/** 0 at no seconds, 1 at ten minutes, each second worth less than the one before. */
function saturating(seconds: number): number {
  return Math.min(1, Math.log1p(seconds / 10) / Math.log1p(ENOUGH_SECONDS / 10))
}

type Sense = keyof PreparedUnit['qualities']
const SENSES = ['picture', 'sound', 'motion'] as const satisfies readonly Sense[]

/** One sentence, and another behind it where there is one. */
const sentences = (one: Saying, other: Saying | null): Saying => (other ? say('time.sentences', { one, other }) : one)

/** How many seconds of a sense a unit stands for. */
function secondsOf({ input }: PreparedUnit, sense: Sense, view: StarsView): number {
  return input.seconds?.[sense] ?? view.prepared.input.windowSeconds
}

/** Fresh seconds of one sense, weighted by quality. Two cameras on one moment are two views. */
function goodSeconds(view: StarsView, sense: Sense): { seconds: number; good: number } {
  let seconds = 0
  let good = 0
  for (const unit of view.distinct) {
    if (!unit.input[sense]) continue
    const held = secondsOf(unit, sense, view)
    seconds += held
    good += held * view.freshness[unit.index] * unit.qualities[sense]
  }
  return { seconds, good }
}

/** What has to be said of a sense that was not followed second by second; nothing of the others. */
function samplingOf(sense: Sense, { sampling }: StarsInput): Saying | null {
  const { pictureEverySeconds, heardSeconds } = sampling ?? {}
  if (sense === 'picture' && pictureEverySeconds !== undefined)
    return say('stars.lookedAtEvery', { time: timeAmount(pictureEverySeconds) })
  if (sense === 'sound' && heardSeconds !== undefined)
    return say('stars.listenedTo', { time: timeAmount(heardSeconds) })
  return null
}

/** A sense by its own name. */
function senseSignal(sense: Sense, weight: number): StarSignal {
  return {
    id: sense,
    weight,
    read(view) {
      const { seconds, good } = goodSeconds(view, sense)
      if (seconds === 0) return { value: 0, said: say(`stars.none.${sense}`) }
      const there = say(`stars.there.${sense}`, { time: timeAmount(seconds), good: timeAmount(good) })
      return { value: saturating(good), said: sentences(there, samplingOf(sense, view.prepared.input)) }
    },
  }
}

/** Seconds of the time line that captions cover, overlaps once, within the recording. */
function coveredSeconds(view: StarsView): number {
  const windows = new Set(view.distinct.filter((unit) => unit.input.group === ALIGNED).map((unit) => unit.input.window))
  const length = view.prepared.input.windowSeconds
  const spans = view.captions
    .filter((caption) => captionWords(caption).length > 0 && caption.endSeconds > caption.startSeconds)
    .map((caption) => [caption.startSeconds, caption.endSeconds] as const)
    .sort((a, b) => a[0] - b[0])
  const [first, last] = [Math.min(...windows), Math.max(...windows)]
  let covered = 0
  const reached = new Map<number, number>()
  for (const [start, end] of spans) {
    for (let window = Math.max(first, Math.floor(start / length)); window <= last && window * length < end; window++) {
      if (!windows.has(window)) continue
      const from = Math.max(reached.get(window) ?? window * length, start)
      const to = Math.min((window + 1) * length, end)
      if (to > from) covered += to - from
      reached.set(window, Math.max(from, to))
    }
  }
  return covered
}

function variety(view: StarsView): number {
  const words = new Set(view.captions.flatMap(captionWords))
  return Math.min(1, words.size / ENOUGH_WORDS)
}

const words: StarSignal = {
  id: 'words',
  weight: 0.5,
  read(view) {
    const covered = coveredSeconds(view)
    const spoken = spokenSeconds(view)
    const unwritten = UNWRITTEN * (saturating(covered + spoken) - saturating(covered))
    if (covered === 0) {
      if (spoken === 0) return { value: 0, said: say('stars.noWords') }
      return { value: unwritten, said: say('stars.unwritten', { time: timeAmount(spoken) }) }
    }
    const rich = variety(view)
    const value = saturating(covered) * (0.3 + 0.7 * rich) + unwritten
    const cover = say('stars.wordsCover', { time: timeAmount(covered), variety: shareAmount(rich) })
    const more = spoken > 0 ? say('stars.moreUnwritten', { time: timeAmount(spoken) }) : null
    return { value, said: sentences(cover, more) }
  },
}

const agreement: StarSignal = {
  id: 'words-agreement',
  weight: 0.5,
  read(view) {
    const found = wordsAgreement(view)
    if (found === null) return { value: null, said: say('stars.fewCaptions') }
    const covered = saturating(coveredSeconds(view))
    if (found.value === 0) return { value: 0, said: say('stars.wordsByChance') }
    return { value: found.value * covered, said: say(found.byModel ? 'stars.wordsFollowByModel' : 'stars.wordsFollow') }
  },
}

/** The strength of every sense in one window, seen from one clock: others count as surely as they are in sync with it. */
function strengthsFrom(view: StarsView, units: readonly PreparedUnit[], clockId: string, captioned: boolean): number[] {
  const sync = view.prepared.syncOfClock
  const own = sync.get(clockId) ?? 0
  const best = { picture: 0, sound: 0, motion: 0 }
  for (const unit of units) {
    const certainty = unit.input.clockId === clockId ? 1 : own * (sync.get(unit.input.clockId) ?? 0)
    for (const sense of SENSES) {
      best[sense] = Math.max(best[sense], unit.qualities[sense] * certainty)
    }
  }
  return [best.picture, best.sound, best.motion, captioned ? own : 0].sort((a, b) => b - a)
}

/** Fresh units by window of their group. */
function byWindow(view: StarsView): Map<string, PreparedUnit[]> {
  const windows = new Map<string, PreparedUnit[]>()
  for (const unit of view.distinct) {
    const key = `${unit.input.group} ${unit.input.window}`
    const list = windows.get(key)
    if (list) list.push(unit)
    else windows.set(key, [unit])
  }
  return windows
}

const together: StarSignal = {
  id: 'senses-in-sync',
  weight: 1.5,
  read(view) {
    const { windowSeconds } = view.prepared.input
    let seconds = 0
    let tied = 0
    for (const units of byWindow(view).values()) {
      const { group, window } = units[0].input
      const start = window * windowSeconds
      const captioned = group === ALIGNED && isSaidOver(view.captions, start, start + windowSeconds)
      // Every clock counts by itself: what a device ties together stays tied when another is put beside it.
      for (const unit of units) {
        const [, ...others] = strengthsFrom(view, units, unit.input.clockId, captioned)
        const strength = others.reduce((sum, value) => sum + value, 0) / 2
        const held = Math.max(...SENSES.map((sense) => (unit.input[sense] ? secondsOf(unit, sense, view) : 0)))
        if (strength > 0) seconds += held
        tied += Math.min(1, strength) * view.freshness[unit.index] * held
      }
    }
    if (seconds === 0) return { value: 0, said: say('stars.apart') }
    const said = say('stars.together', { time: timeAmount(seconds), tied: timeAmount(tied) })
    return { value: saturating(tied), said }
  },
}

const diversity: StarSignal = {
  id: 'diversity',
  weight: 0.55,
  read(view) {
    if (view.distinct.length === 0) return { value: 0, said: say('stars.nothingToTell') }
    const moments = momentsOf(view)
    const value = Math.min(1, Math.log1p(moments) / Math.log1p(ENOUGH_DISTINCT))
    return { value, said: say('stars.varied', { moments: fixedAmount(moments, 1) }) }
  },
}

const space: StarSignal = {
  id: 'space',
  weight: 0.3,
  read(view) {
    const { scans } = view
    if (scans.length === 0) return { value: 0, said: say('stars.noScan') }
    let missing = 1
    let placed = 0
    for (const scan of scans) {
      const sure = scan.isWorld ? 1 : (scan.confidence ?? 0)
      if (sure > 0) placed++
      const size = Math.min(1, Math.log1p(scan.elements / 1000) / Math.log1p(200))
      missing *= 1 - 0.8 * size * scan.quality * (scan.hasColor ? 1 : 0.85) * (0.3 + 0.7 * sure)
    }
    const code = scans.some(({ isDepth }) => isDepth) ? 'stars.surfacesPlaced' : 'stars.scansPlaced'
    return { value: 1 - missing, said: say(code, { placed, all: scans.length }) }
  },
}

const presence: StarSignal = {
  id: 'base',
  weight: 0.25,
  read: (view) => ({
    value: view.distinct.length > 0 || view.scans.length > 0 ? 1 : 0,
    said: say('stars.anyRecording'),
  }),
}

/** In the order in which they are shown. */
export const STAR_SIGNALS: readonly StarSignal[] = [
  presence,
  senseSignal('picture', 0.6),
  senseSignal('sound', 0.5),
  senseSignal('motion', 0.3),
  together,
  words,
  agreement,
  diversity,
  space,
]
