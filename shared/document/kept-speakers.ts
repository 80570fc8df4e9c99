/**
 * Who spoke outlives a second transcription: words that are heard anew are spoken by whoever was said to speak when they
 * are heard. A transcript that was typed or put right by hand is not replaced, so that only transcribed captions count.
 */
import type { Caption } from './records.ts'

interface Timed {
  readonly startTicks: number
  readonly endTicks: number
}

/** Words one behind the other that one person speaks; null where nobody is said to. */
export interface SpokenRun<Word> {
  readonly speakerId: string | null
  readonly words: readonly Word[]
}

/** @param captions those of one recording that are about to be replaced */
export function speakersBefore(captions: readonly Caption[]): (word: Timed) => string | null {
  const spoken = captions.filter((caption) => caption.speakerId !== undefined)
  spoken.sort((a, b) => a.startTicks - b.startTicks)
  const ends: number[] = []
  for (const { endTicks } of spoken) ends.push(Math.max(endTicks, ends.at(-1) ?? -Infinity))
  return (word) => {
    let most = 0
    let speakerId: string | null = null
    for (let n = firstBeyond(ends, word.startTicks); n < spoken.length; n++) {
      const caption = spoken[n]!
      if (caption.startTicks >= word.endTicks) break
      const ticks = Math.min(caption.endTicks, word.endTicks) - Math.max(caption.startTicks, word.startTicks)
      if (ticks <= most) continue
      most = ticks
      speakerId = caption.speakerId ?? null
    }
    return speakerId
  }
}

/** The first of ascending times that lies after another. */
function firstBeyond(times: readonly number[], after: number): number {
  let [from, to] = [0, times.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (times[middle]! > after) to = middle
    else from = middle + 1
  }
  return from
}

/**
 * The words of a segment in runs of one speaker. A word that was not there before is spoken by whoever speaks the one
 * before it in the segment, or the next one; in a segment that is all new, by `otherwise`.
 */
export function runsBySpeaker<Word extends Timed>(
  words: readonly Word[],
  before: (word: Timed) => string | null,
  otherwise: string | null,
): SpokenRun<Word>[] {
  const known = words.map(before)
  let speakerId = known.find((each) => each !== null) ?? otherwise
  const runs: { speakerId: string | null; words: Word[] }[] = []
  for (const [n, word] of words.entries()) {
    speakerId = known[n] ?? speakerId
    const last = runs.at(-1)
    if (last && last.speakerId === speakerId) last.words.push(word)
    else runs.push({ speakerId, words: [word] })
  }
  return runs
}
