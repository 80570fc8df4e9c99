/**
 * Words that were transcribed. They are kept on the project's time line and were spoken on the clock of a recording: they
 * follow that clock wherever alignment puts it, and are evidence of where it belongs.
 */
import type { TimedWord } from '../signal/match-words.ts'
import { applyTimeMap, clockSecondsOf, type MomentMap } from '../signal/time-map.ts'
import { secondsFromTicks, ticksFromSeconds } from '../units.ts'
import { IDENTITY_MOMENTS } from './clip-clock.ts'
import { recordsOf, streamsOf, timeMapId, type Document } from './document.ts'
import type { Caption, Clock, DocumentRecord } from './records.ts'

/** The transcript of a clock's recording, if its words were heard on that clock. */
function captionsOn(document: Document, clock: Clock): Caption[] {
  const heard = streamsOf(document, clock.assetId).find((stream) => stream.sensor === 'audio')
  if (heard?.clockId !== clock.id) return []
  return recordsOf(document, 'caption').filter(
    (caption) => caption.source === 'transcribed' && caption.assetId === clock.assetId,
  )
}

/** The words of a recording on its own clock, in the order they were spoken. */
export function wordsOnClock(document: Document, clock: Clock): TimedWord[] {
  const map = document.get(timeMapId(clock.id))
  const moments = map?.kind === 'timeMap' ? map : IDENTITY_MOMENTS
  return captionsOn(document, clock)
    .flatMap((caption) => caption.words ?? [])
    .map(({ text, startTicks, earlierByTicks = 0 }) => ({
      text,
      seconds: clockSecondsOf(moments, secondsFromTicks(startTicks + earlierByTicks)),
    }))
    .sort((one, two) => one.seconds - two.seconds)
    .filter((word, n, words) => !isSame(word, words[n - 1]))
}

/** Whether a word is the one before it: words that were copied with their pictures stand on the time line twice. */
function isSame(word: TimedWord, before: TimedWord | undefined): boolean {
  return before?.text === word.text && Math.abs(before.seconds - word.seconds) < 1e-6
}

/** Lets the words of a clock follow its new time map. */
export function retimeTranscript(
  draft: Map<string, DocumentRecord>,
  clock: Clock,
  before: MomentMap = IDENTITY_MOMENTS,
  after: MomentMap = IDENTITY_MOMENTS,
): void {
  /** @param earlierByTicks what was cut out before stays out */
  const moved = (ticks: number, earlierByTicks = 0): number =>
    ticksFromSeconds(applyTimeMap(after, clockSecondsOf(before, secondsFromTicks(ticks + earlierByTicks)))) -
    earlierByTicks
  for (const caption of captionsOn(draft, clock)) {
    const startTicks = moved(caption.startTicks, caption.words?.[0]?.earlierByTicks)
    const endTicks = moved(caption.endTicks, caption.words?.at(-1)?.earlierByTicks)
    draft.set(caption.id, {
      ...caption,
      startTicks,
      endTicks: Math.max(startTicks + 1, endTicks),
      words: caption.words?.map((word) => ({
        ...word,
        startTicks: moved(word.startTicks, word.earlierByTicks),
        endTicks: moved(word.endTicks, word.earlierByTicks),
      })),
    })
  }
}
