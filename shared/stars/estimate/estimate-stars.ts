/**
 * Stars without a lab's pack: what the recordings themselves say. A pure function of measured figures; the same input gives
 * the same answer everywhere.
 */
import { AsterismError } from '../../errors.ts'
import { inEnglish, reasonOf, say, type Saying } from '../../sayings/saying.ts'
import type { PackTask } from '../task/pack-task.ts'
import { saidOfProbe, taskWindows, type TaskWindow, usefulness } from '../task/usefulness.ts'
import type { WantedMatch, WantedTask } from '../wanted/match-wanted.ts'
import { matchWanted, wantedTerm } from '../wanted/match-wanted.ts'
import { quantileOfSorted } from '../value/ranks.ts'
import { STAR_GATES } from './gates.ts'
import { STAR_SIGNALS } from './signals.ts'
import type { PackReference, StarsInput } from './stars-input.ts'
import { ALIGNED } from './stars-input.ts'
import type { StarsSuggestion } from './suggestions.ts'
import { counterfactuals, suggestionOf } from './suggestions.ts'
import type { LeftOut, PreparedStars, StarsView } from './unit-state.ts'
import { MOST_UNITS, prepareStars, viewOf } from './unit-state.ts'

interface StarsTerm {
  readonly id: string
  /** 0..1; null where it cannot be told. */
  readonly value: number | null
  /** All terms together are the stars, to the last digit. */
  readonly contribution_stars: number
  /** The reason, and the same in codes. */
  readonly why: string
  readonly said: Saying
}

interface OriginalityMatch {
  readonly kind: 'library' | 'duplicate-asset' | 'repeat'
  readonly asset: string
  /** What it is the same as. */
  readonly of: string
  /** On the asset's group's time line; null for whole assets. */
  readonly start_s: number | null
  readonly end_s: number | null
  /** Where the span lies that it is the same as, likewise. */
  readonly of_start_s?: number
  readonly of_end_s?: number
}

interface RepeatMatch {
  readonly kind: 'repeat'
  readonly asset: string
  readonly of: string
  readonly start_s: number
  end_s: number
  readonly of_start_s: number
  of_end_s: number
}

/** What one recording or scan is worth to the whole. */
interface AssetWorth {
  readonly asset: string
  /** How far the stars fall without it; below nothing where it costs. */
  readonly adds_stars: number
  /** The stars of it alone. */
  readonly alone_stars: number
}

/** What works with so many stars brought in an experiment: predicted, and never attested. */
interface Contribution {
  readonly benchmark: string
  /** Of the improvement that all works together brought, with the ends of the interval. */
  readonly percent: number
  readonly low: number
  readonly high: number
  /** The same of the whole score that the lab's model reaches with all of them; null where no lab says what it scores. */
  readonly percent_of_score: number | null
  /** Where the percentages come from, whosever the pack is, and how many creators shared the improvement there. */
  readonly basis: 'simulated_markets'
  readonly creators: number
}

export interface StarsReport {
  readonly stars: number
  readonly low: number
  readonly high: number
  readonly pack: PackReference
  readonly signals: readonly StarsTerm[]
  /** The most worth first. */
  readonly assets: readonly AssetWorth[]
  readonly segments: readonly { start_s: number; end_s: number; stars: number }[]
  /** What each window is to the lab whose pack it is; missing where no pack says what is needed. */
  readonly task_windows?: readonly TaskWindow[]
  readonly suggestions: readonly StarsSuggestion[]
  readonly originality: { status: 'original' | 'repeats' | 'seen-before'; matches: OriginalityMatch[] }
  readonly contribution: Contribution
  /** How far it is what a lab looks for; null where no list was asked about. */
  readonly wanted: WantedMatch | null
}

/** Whom it is to serve: what a lab's pack measures, what a lab's list asks for, either or both. */
interface Demand {
  readonly task: PackTask | null
  readonly wanted: WantedTask | null
}

/** What the estimate needs of a pack. */
export interface EstimatePack extends PackReference {
  /** What a lab asks for; null for an estimate from the recordings alone. */
  readonly task: PackTask | null
  /** Half-width of the 80 % interval, stars. */
  readonly halfWidth: number
  readonly benchmark: string
  /** The share of the lab's score that all of its market brought, 0..1; null where no lab says what it scores. */
  readonly improvedShare: number | null
  /** Quantiles of measured Shapley shares, percent, ascending: what a percentile of worth was worth in the experiment. */
  readonly shareQuantiles: readonly number[]
}

const MOST_MATCHES = 100
/** In each of the worlds that `shareQuantiles` were measured in. */
const CREATORS_OF_A_MARKET = 60
/** Beyond this many recordings, those with the most moments are weighed. */
const MOST_WEIGHED = 32
const LEAST_DELTA = 0.005
const STARS_OF_A_TASK = 5
/** Beside what the recordings say of themselves, or beside a measured task. */
const STARS_OF_A_LIST = 2.5

/** Rounded to thousandths, as a whole number of them: sums of these are exact. */
function thousandths(stars: number): number {
  return Math.round(stars * 1000)
}

interface Assessment {
  /** Thousandths of a star. */
  readonly total: number
  /** The same before what the gates take away, and what they leave of it, 0..1; 0 where nothing teaches what a lab asks for. */
  readonly ungated: number
  readonly left: number
  /** Whether a lab's model would be no better for it: then it contributes nothing or less, however few others would harm less. */
  readonly harms: boolean
  readonly terms: readonly Omit<StarsTerm, 'why'>[]
}

function assess(view: StarsView, { task, wanted }: Demand): Assessment {
  let sum = 0
  // A lab that says what it needs decides: with a measured task alone, with a list one half. What the recordings say of
  // themselves counts for what is left, and is shown in any case.
  const left = STARS_OF_A_TASK - (wanted ? STARS_OF_A_LIST : 0)
  const needed = [
    ...(task ? [{ id: 'usefulness', weight: left, ...usefulness(view, task) }] : []),
    ...(wanted ? [{ id: 'wanted', weight: STARS_OF_A_LIST, ...wantedTerm(view, wanted) }] : []),
  ]
  const ownShare = task ? 0 : left / STARS_OF_A_TASK
  const own = STAR_SIGNALS.map((signal) => ({
    id: signal.id,
    weight: signal.weight * ownShare,
    ...signal.read(view),
  }))
  const terms: Assessment['terms'][number][] = [...needed, ...own].map(({ id, weight, value, said }) => {
    const part = thousandths(weight * Math.min(1, Math.max(0, value ?? 0)))
    sum += part
    return { id, value, contribution_stars: part / 1000, said }
  })
  const ungated = sum
  let kept = needed.some((need) => 'teaches' in need && !need.teaches) && sum === 0 ? 0 : 1
  for (const gate of STAR_GATES) {
    const { factor, value, said } = gate.read(view)
    kept *= factor
    const rest = Math.round(sum * factor)
    terms.push({ id: gate.id, value, contribution_stars: (rest - sum) / 1000, said })
    sum = rest
  }
  const harms = needed.some((need) => 'harms' in need && need.harms)
  return { total: sum, ungated, left: kept, harms, terms }
}

/** How the stars fall when one window is taken away, spread so that the mean of all windows is the stars themselves. */
function segmentsOf(prepared: PreparedStars, total: number, demand: Demand): StarsReport['segments'] {
  const { windowSeconds } = prepared.input
  const aligned = prepared.units.filter((unit) => unit.input.group === ALIGNED)
  // Where nothing is aligned the first clock's own time stands in for the project's.
  const shown =
    aligned.length > 0 ? aligned : prepared.units.filter((unit) => unit.input.group === prepared.units[0].input.group)
  const windows = [...new Map(shown.map((unit) => [unit.input.window, unit.input])).values()].sort(
    (a, b) => a.window - b.window,
  )
  const drops = windows.map(({ group, window }) => {
    const leftOut: LeftOut = { group, window }
    return Math.max(0, total - assess(viewOf(prepared, leftOut), demand).total)
  })
  const mean = drops.reduce((sum, drop) => sum + drop, 0) / Math.max(1, drops.length)
  return windows.map(({ window }, at) => ({
    start_s: window * windowSeconds,
    end_s: (window + 1) * windowSeconds,
    // Where the stars fall with none of them, as of a picture that stands still, one is as good as another.
    stars: Math.min(5, Math.round(mean > 0 ? (total * drops[at]) / mean : total) / 1000),
  }))
}

/** Every recording taken away, and every one by itself. */
function worthOfAssets(prepared: PreparedStars, total: number, demand: Demand): AssetWorth[] {
  const { units, input } = prepared
  const weight = new Map<string, number>()
  for (const { assetId } of input.scans) weight.set(assetId, 1)
  for (const { input: unit } of units) weight.set(unit.assetId, (weight.get(unit.assetId) ?? 0) + 1)
  const weighed = [...weight].sort((a, b) => b[1] - a[1]).slice(0, MOST_WEIGHED)
  const all = [...weight.keys()]
  const worth = weighed.map(([asset]): AssetWorth => {
    const without = assess(viewOf(prepared, { assets: new Set([asset]) }), demand).total
    const alone = assess(viewOf(prepared, { assets: new Set(all.filter((other) => other !== asset)) }), demand).total
    return { asset, adds_stars: (total - without) / 1000, alone_stars: alone / 1000 }
  })
  return worth.sort((a, b) => b.adds_stars - a.adds_stars || b.alone_stars - a.alone_stars)
}

function originalityOf(view: StarsView): StarsReport['originality'] {
  const { units, repeatOf, nearOf, input } = view.prepared
  const { known, twice } = view.prepared.copies
  const matches: OriginalityMatch[] = []
  const bySha = new Map(input.library.map((entry) => [entry.sha256, entry]))
  const first = new Map<string, string>()
  for (const asset of input.assets) {
    const whole = { asset: asset.assetId, start_s: null, end_s: null }
    if (known.has(asset.assetId)) matches.push({ kind: 'library', ...whole, of: bySha.get(asset.sha256)?.id ?? '' })
    else if (twice.has(asset.assetId))
      matches.push({ kind: 'duplicate-asset', ...whole, of: first.get(asset.sha256) ?? '' })
    if (!first.has(asset.sha256)) first.set(asset.sha256, asset.assetId)
  }
  const repeats: RepeatMatch[] = []
  for (const { input: unit, index } of units) {
    const first = repeatOf[index] >= 0 ? repeatOf[index] : nearOf[index]
    if (first < 0 || twice.has(unit.assetId) || known.has(unit.assetId)) continue
    const other = units[first].input
    const last = repeats.at(-1)
    // A span that goes on repeating the span that goes on beside it is one match.
    if (last?.asset === unit.assetId && last.of === other.assetId) {
      const [own, theirs] = [unit.window * input.windowSeconds, other.window * input.windowSeconds]
      if (Math.abs(last.end_s - own) < 1e-6 && Math.abs(last.of_end_s - theirs) < 1e-6) {
        last.end_s = own + input.windowSeconds
        last.of_end_s = theirs + input.windowSeconds
        continue
      }
    }
    repeats.push({
      kind: 'repeat',
      asset: unit.assetId,
      of: other.assetId,
      start_s: unit.window * input.windowSeconds,
      end_s: (unit.window + 1) * input.windowSeconds,
      of_start_s: other.window * input.windowSeconds,
      of_end_s: (other.window + 1) * input.windowSeconds,
    })
  }
  matches.push(...repeats)
  const status = known.size > 0 ? 'seen-before' : matches.length > 0 ? 'repeats' : 'original'
  return { status, matches: matches.slice(0, MOST_MATCHES) }
}

/**
 * What works with so many stars brought in the experiment. The fewest stars there harmed; what the gates take away harms
 * nobody, it brings nothing.
 */
function contributionOf(
  { benchmark, shareQuantiles, improvedShare }: EstimatePack,
  { ungated, left, harms }: Assessment,
  interval: Pick<StarsReport, 'low' | 'high'>,
): Contribution {
  const rounded = (share: number): number => Math.round(share * 1000) / 1000
  const share = (stars: number): number => quantileOfSorted(shareQuantiles, stars / 5)
  // No sum with −0, which JSON would not say either.
  const brought = left > 0 ? left * share(ungated / 1000) : 0
  const percent = harms ? Math.min(0, brought) : brought
  const [low, high] = [share(interval.low), share(interval.high)]
  return {
    benchmark,
    percent: rounded(percent),
    low: rounded(Math.min(percent, low)),
    high: rounded(Math.max(percent, high)),
    percent_of_score: improvedShare === null ? null : rounded(percent * improvedShare),
    basis: 'simulated_markets',
    creators: CREATORS_OF_A_MARKET,
  }
}

function totalOf(input: StarsInput, demand: Demand): number {
  return assess(viewOf(prepareStars(input)), demand).total
}

/** Stars alone, for comparisons of cuts and for trials. */
export function starsOf(input: StarsInput, task: PackTask | null = null, wanted: WantedTask | null = null): number {
  return totalOf(input, { task, wanted }) / 1000
}

/**
 * The whole answer. Throws `bad_input` when there is nothing to value, `too_large` beyond MOST_UNITS units.
 */
export function estimateStars(input: StarsInput, pack: EstimatePack, wanted: WantedTask | null = null): StarsReport {
  if (input.units.length === 0 && input.scans.length === 0) {
    // Words are worth what they say of a recording.
    const why = input.captions.length > 0 ? say('stars.wordsAlone') : say('stars.nothingThere')
    throw new AsterismError('bad_input', why, { fix: say('stars.nothingThereFix') })
  }
  if (input.units.length > MOST_UNITS) {
    throw new AsterismError('too_large', say('stars.manyWindows', { windows: input.units.length, most: MOST_UNITS }))
  }
  const prepared = prepareStars(input)
  const view = viewOf(prepared)
  const demand = { task: pack.task, wanted }
  const assessment = assess(view, demand)
  const { total, terms } = assessment
  const stars = total / 1000
  const low = Math.max(0, Math.round((stars - pack.halfWidth) * 1000) / 1000)
  const high = Math.min(5, Math.round((stars + pack.halfWidth) * 1000) / 1000)
  const suggestions = counterfactuals(view).flatMap((change): StarsSuggestion[] => {
    const delta = (totalOf(change.changed, demand) - total) / 1000
    return delta >= LEAST_DELTA ? [suggestionOf(change, delta)] : []
  })
  const { id, digest, kind, note, title, created, base_size } = pack
  const ofProbe = pack.task && saidOfProbe(view, pack.task)
  const warnings = ofProbe ? [...(pack.warnings ?? []), reasonOf(ofProbe)] : pack.warnings
  return {
    stars,
    low,
    high,
    pack: { id, digest, kind, note, title, created, base_size, warnings },
    signals: terms.map((term) => ({ ...term, why: inEnglish(term.said) })),
    assets: worthOfAssets(prepared, total, demand),
    segments: prepared.units.length > 0 ? segmentsOf(prepared, total, demand) : [],
    ...(pack.task && { task_windows: taskWindows(view, pack.task) }),
    suggestions: suggestions.sort((a, b) => b.delta_stars - a.delta_stars),
    originality: originalityOf(view),
    contribution: contributionOf(pack, assessment, { low, high }),
    wanted: wanted && matchWanted(view, wanted),
  }
}
