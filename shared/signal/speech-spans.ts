/** From chances of speech, one a step of time, to spans of it that are worth recognising. */

export interface SpeechSpan {
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface SpanOptions {
  /** Speech begins above this chance and ends below the lower one. */
  readonly beginsAbove?: number
  readonly endsBelow?: number
  /** Shorter speech is a click; shorter pauses belong to it. */
  readonly leastSpeechSeconds?: number
  readonly leastPauseSeconds?: number
  /** Kept before and after, since words begin softly. */
  readonly marginSeconds?: number
  /** Longer spans are cut at the least likely step of their second half. */
  readonly longestSeconds?: number
}

/**
 * @param chances of speech, 0 to 1
 * @param stepSeconds length of one
 * @returns spans in order, not overlapping, from the beginning of the first step
 */
export function speechSpans(chances: ArrayLike<number>, stepSeconds: number, options: SpanOptions = {}): SpeechSpan[] {
  const {
    beginsAbove = 0.5,
    endsBelow = 0.35,
    leastSpeechSeconds = 0.2,
    leastPauseSeconds = 0.4,
    marginSeconds = 0.15,
    longestSeconds = 20,
  } = options
  const raw: [number, number][] = []
  let start = -1
  let quiet = 0
  for (let n = 0; n < chances.length; n++) {
    if (start < 0) {
      if (chances[n]! >= beginsAbove) start = n
      quiet = 0
      continue
    }
    quiet = chances[n]! < endsBelow ? quiet + 1 : 0
    if (quiet * stepSeconds < leastPauseSeconds) continue
    raw.push([start, n + 1 - quiet])
    start = -1
  }
  if (start >= 0) raw.push([start, chances.length - quiet])

  const most = Math.max(2, Math.floor(longestSeconds / stepSeconds))
  const cut = ([from, to]: [number, number]): [number, number][] => {
    if (to - from <= most) return [[from, to]]
    let least = from + (most >> 1)
    for (let n = least; n < from + most; n++) if (chances[n]! < chances[least]!) least = n
    return [[from, least], ...cut([least, to])]
  }
  const spans = raw.filter(([from, to]) => (to - from) * stepSeconds >= leastSpeechSeconds).flatMap(cut)
  return spans.map(([from, to], n) => {
    // Two neighbours share the pause between them.
    const before = n === 0 ? 0 : (spans[n - 1]![1] + from) / 2
    const after = n === spans.length - 1 ? chances.length : (to + spans[n + 1]![0]) / 2
    return {
      startSeconds: Math.max(before * stepSeconds, from * stepSeconds - marginSeconds),
      endSeconds: Math.min(after * stepSeconds, to * stepSeconds + marginSeconds),
    }
  })
}
