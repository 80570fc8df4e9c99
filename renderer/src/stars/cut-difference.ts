/** Edits that were judged: which is best, and which reasons make one better than another. */
import type { Cut } from '../../../shared/document/records.ts'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'

export interface Judged {
  readonly cut: Cut
  readonly answer: StarsAnswer
}

/** By what it was judged; stars by different judges are not of one scale. */
export const judgeOf = ({ pack, wanted }: StarsAnswer): string => `${pack.digest} ${wanted?.id ?? ''}`

/** The best first; before them all, those by the same judge as the last prediction: only they can be compared by their number. */
export function bestFirst(cuts: readonly Judged[], judge: string | null): Judged[] {
  const otherwise = ({ answer }: Judged): number => (judgeOf(answer) === judge ? 0 : 1)
  return [...cuts].sort((a, b) => otherwise(a) - otherwise(b) || b.answer.stars - a.answer.stars)
}

export interface CutDifference {
  /** The one with more stars. */
  readonly more: Judged
  readonly less: Judged
  readonly sameJudge: boolean
  /** Whether their intervals have stars in common: then the lesser may in truth be the better. */
  readonly overlap: boolean
  /** Reasons that differ by what can be seen in hundredths, the largest difference first. */
  readonly rows: readonly { readonly id: string; readonly more: number; readonly less: number }[]
}

const LEAST_SEEN = 0.005

export function differenceOf(first: Judged, second: Judged): CutDifference {
  const [more, less] = first.answer.stars >= second.answer.stars ? [first, second] : [second, first]
  const of = ({ answer }: Judged, id: string): number =>
    answer.signals.find((signal) => signal.id === id)?.contribution_stars ?? 0
  const ids = [...new Set([...more.answer.signals, ...less.answer.signals].map(({ id }) => id))]
  return {
    more,
    less,
    sameJudge: judgeOf(more.answer) === judgeOf(less.answer),
    overlap: more.answer.low <= less.answer.high,
    rows: ids
      .map((id) => ({ id, more: of(more, id), less: of(less, id) }))
      .filter((row) => Math.abs(row.more - row.less) >= LEAST_SEEN)
      .sort((a, b) => Math.abs(b.more - b.less) - Math.abs(a.more - a.less)),
  }
}
