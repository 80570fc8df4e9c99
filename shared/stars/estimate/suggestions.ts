/** What could be done, as changed inputs: each is really estimated again, and shown only if the stars rise. */
import { inEnglish, say, type Saying } from '../../sayings/saying.ts'
import { fixedAmount, timeAmount } from '../../sayings/amounts.ts'
import type { CaptionInput, StarsInput, UnitInput } from './stars-input.ts'
import { ALIGNED } from './stars-input.ts'
import type { StarsView } from './unit-state.ts'
import { syncOf } from './unit-state.ts'
import { spokenWindows } from './spoken.ts'
import { isSaidOver } from './words-agreement.ts'

export interface StarsSuggestion {
  readonly action: string
  readonly delta_stars: number
  readonly why: string
  /** Both in codes, for other languages. */
  readonly said: { readonly action: Saying; readonly why: Saying }
  /** Where it is to be done. */
  readonly target: {
    readonly kind: string
    readonly asset?: string
    readonly clock?: string
    readonly start_s?: number
    readonly end_s?: number
  }
}

export type Counterfactual = Pick<StarsSuggestion, 'target' | 'said'> & { readonly changed: StarsInput }

/** A change that raises the stars by so many. */
export const suggestionOf = ({ said, target }: Counterfactual, delta: number): StarsSuggestion => ({
  action: inEnglish(said.action),
  delta_stars: delta,
  why: inEnglish(said.why),
  said,
  target,
})

const GOOD_SYNC = 0.75
const SHORTEST_SPAN_SECONDS = 4
const LONGEST_SPAN_SECONDS = 60
/** What a careful run of sync or registration reaches. */
const CAREFUL = { confidence: 0.95, sigmaSeconds: 0.005, residualSeconds: 0 }
const SECONDS_PER_CAPTION = 5

/** Each clock that is not surely in place, put there. Where it would lie is unknown: its windows keep their numbers. */
function alignClocks(view: StarsView): Counterfactual[] {
  const { input } = view.prepared
  if (input.clocks.length < 2) return []
  return input.clocks
    .filter((clock) => syncOf(clock) < GOOD_SYNC)
    .map((clock) => {
      const offset =
        clock.group === ALIGNED ? 0 : firstAlignedWindow(input.units) - firstWindowOf(input.units, clock.group)
      const moved = (unit: UnitInput): UnitInput =>
        unit.clockId === clock.clockId ? { ...unit, group: ALIGNED, window: unit.window + offset } : unit
      const clocks = input.clocks.map((other) =>
        other.clockId === clock.clockId ? { ...other, ...CAREFUL, group: ALIGNED } : other,
      )
      const why =
        clock.group === ALIGNED
          ? say('stars.looseInTime', {
              time: timeAmount(clock.sigmaSeconds),
              confidence: fixedAmount(clock.confidence, 2),
            })
          : say('stars.notInTime')
      return {
        said: { action: say('stars.do.align', { title: clock.title }), why },
        target: { kind: 'clock', clock: clock.clockId, asset: clock.assetId },
        changed: { ...input, clocks, units: input.units.map(moved) },
      }
    })
}

function firstWindowOf(units: readonly UnitInput[], group: string): number {
  return units.reduce((least, unit) => (unit.group === group ? Math.min(least, unit.window) : least), Infinity)
}

function firstAlignedWindow(units: readonly UnitInput[]): number {
  const first = firstWindowOf(units, ALIGNED)
  return Number.isFinite(first) ? first : 0
}

/** The longest stretch of the time line without words; what ran before the time line begins cannot be spoken over. */
function wordlessSpan(view: StarsView): { start: number; end: number } | null {
  const { windowSeconds } = view.prepared.input
  const windows = [
    ...new Set(view.distinct.filter((unit) => unit.input.group === ALIGNED).map((unit) => unit.input.window)),
  ].sort((a, b) => a - b)
  const spoken = new Set(spokenWindows(view).map(({ window }) => window))
  const isWordless = (window: number): boolean =>
    !spoken.has(window) && !isSaidOver(view.captions, window * windowSeconds, (window + 1) * windowSeconds)
  let best: { start: number; end: number } | null = null
  let from = -1
  let last = -2
  for (const window of windows) {
    if (window < 0 || !isWordless(window)) continue
    if (window !== last + 1) from = window
    last = window
    const start = from * windowSeconds
    const end = Math.min((window + 1) * windowSeconds, start + LONGEST_SPAN_SECONDS)
    if (!best || end - start > best.end - best.start) best = { start, end }
  }
  return best && best.end - best.start >= SHORTEST_SPAN_SECONDS ? best : null
}

/** Words as a person would say them: one sentence every five seconds, about as varied as speech is. */
function commentary(start: number, end: number): CaptionInput[] {
  const count = Math.max(1, Math.round((end - start) / SECONDS_PER_CAPTION))
  const length = (end - start) / count
  return Array.from({ length: count }, (_, at) => ({
    id: `suggested-${at}`,
    startSeconds: start + at * length,
    endSeconds: start + (at + 1) * length,
    text: Array.from({ length: 6 }, (_word, word) => `saying${at}x${word}`).join(' '),
  }))
}

function addCommentary(view: StarsView): Counterfactual[] {
  const span = wordlessSpan(view)
  if (!span) return []
  const { input } = view.prepared
  return [
    {
      said: {
        action: say('stars.do.comment', { from: timeAmount(span.start), to: timeAmount(span.end) }),
        why: say('stars.wordless'),
      },
      target: { kind: 'span', start_s: span.start, end_s: span.end },
      changed: { ...input, captions: [...input.captions, ...commentary(span.start, span.end)] },
    },
  ]
}

/** The speech written down, about as varied as speech is, where it was heard. */
function transcribe(view: StarsView): Counterfactual[] {
  const spoken = spokenWindows(view)
  if (spoken.length === 0) return []
  const { input } = view.prepared
  const seconds = spoken.reduce((sum, window) => sum + window.seconds, 0)
  const words = spoken.flatMap(({ window }) => {
    const start = window * input.windowSeconds
    return commentary(start, start + input.windowSeconds).map((caption) => ({
      ...caption,
      id: `spoken-${window}-${caption.id}`,
      text: caption.text.replaceAll('saying', `heard${window}x`),
    }))
  })
  return [
    {
      said: {
        action: say('stars.do.transcribe'),
        why: say('stars.unwrittenSpeech', { time: timeAmount(seconds) }),
      },
      target: {
        kind: 'speech',
        start_s: spoken[0].window * input.windowSeconds,
        end_s: (spoken[spoken.length - 1].window + 1) * input.windowSeconds,
      },
      changed: { ...input, captions: [...input.captions, ...words] },
    },
  ]
}

function dropCopies(view: StarsView): Counterfactual[] {
  const { input, repeatOf, nearOf } = view.prepared
  const { known, twice } = view.prepared.copies
  const copied = new Set([...known, ...twice])
  const suggestions: Counterfactual[] = []
  for (const { assetId, title } of input.assets) {
    if (!copied.has(assetId)) continue
    const keep = (entry: { assetId: string }): boolean => entry.assetId !== assetId
    suggestions.push({
      said: {
        action: say('stars.do.leaveOut', { title }),
        why: say(known.has(assetId) ? 'stars.inLibrary' : 'stars.twice'),
      },
      target: { kind: 'asset', asset: assetId },
      changed: {
        ...input,
        assets: input.assets.filter(keep),
        clocks: input.clocks.filter(keep),
        units: input.units.filter(keep),
        scans: input.scans.filter(keep),
      },
    })
  }
  const isAgain = (unit: UnitInput, at: number): boolean =>
    (repeatOf[at] >= 0 || nearOf[at] >= 0) && !copied.has(unit.assetId)
  const repeats = input.units.filter(isAgain)
  if (repeats.length > 0) {
    suggestions.push({
      said: {
        action: say('stars.do.cutRepeats'),
        why: say('stars.repeats', { time: timeAmount(repeats.length * input.windowSeconds) }),
      },
      target: {
        kind: 'asset',
        asset: repeats[0].assetId,
        start_s: repeats[0].window * input.windowSeconds,
        end_s: (repeats[0].window + 1) * input.windowSeconds,
      },
      changed: { ...input, units: input.units.filter((unit, at) => !isAgain(unit, at)) },
    })
  }
  return suggestions
}

function registerScans(view: StarsView): Counterfactual[] {
  const { input } = view.prepared
  return input.scans
    .filter((scan) => !scan.isWorld && (scan.confidence ?? 0) < GOOD_SYNC)
    .map((scan) => ({
      said: {
        action: say('stars.do.register', { title: scan.title }),
        why:
          scan.confidence === null
            ? say('stars.notInSpace')
            : say('stars.looseInSpace', { confidence: fixedAmount(scan.confidence, 2) }),
      },
      target: { kind: 'scan', asset: scan.assetId },
      changed: {
        ...input,
        scans: input.scans.map((other) =>
          other.assetId === scan.assetId ? { ...other, confidence: CAREFUL.confidence } : other,
        ),
      },
    }))
}

function chooseLicence(view: StarsView): Counterfactual[] {
  const { input } = view.prepared
  if (input.rights.licence !== null) return []
  return [
    {
      said: { action: say('stars.do.licence'), why: say('stars.knownUse') },
      target: { kind: 'rights' },
      changed: { ...input, rights: { ...input.rights, licence: 'CC-BY-4.0' } },
    },
  ]
}

const SOURCES = [alignClocks, transcribe, addCommentary, dropCopies, registerScans, chooseLicence]

/** Every change that might help; which ones do is for the estimate to say. */
export function counterfactuals(view: StarsView): Counterfactual[] {
  return SOURCES.flatMap((source) => source(view))
}
