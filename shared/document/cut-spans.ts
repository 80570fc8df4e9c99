/** Cutting stretches out of the whole time line: what follows moves up, on every track alike. */
import { sourceTicksAt } from './clip-clock.ts'
import { partFades } from './clip-sound.ts'
import { asRead, recordsOf, type Document } from './document.ts'
import type { Caption, Clip, DocumentRecord, Track } from './records.ts'
import { mergeSpans, type Span, type SpokenWord } from './spoken-words.ts'
import { joinWords } from './word-texts.ts'

type Draft = Map<string, DocumentRecord>

const NONE: ReadonlySet<string> = new Set()

/**
 * Takes spans out of all tracks, with the words in them; markers inside move to the cut. Everything that was in step
 * stays so, since every track loses the same stretch. Where a locked track would have to move, nothing is cut.
 *
 * @param closed tracks that have lost the spans already
 * @returns how many ticks went
 */
export function cutSpans(
  draft: Draft,
  spans: readonly Span[],
  newId: () => string,
  closed: ReadonlySet<string> = NONE,
): number {
  const before = asRead(draft)
  if (lockedBehind(before, spans)) return 0
  const cuts = new Cuts(spans)
  if (cuts.totalTicks === 0) return 0
  cutTracks(draft, before, cuts, newId, closed)
  for (const caption of recordsOf(before, 'caption')) {
    if (caption.endTicks <= cuts.firstTicks) continue
    const left = withoutSpans(caption, cuts)
    if (left) draft.set(caption.id, left)
    else draft.delete(caption.id)
  }
  for (const marker of recordsOf(before, 'marker')) {
    const atTicks = cuts.after(marker.atTicks)
    const durationTicks = cuts.after(marker.atTicks + marker.durationTicks) - atTicks
    if (atTicks !== marker.atTicks || durationTicks !== marker.durationTicks)
      draft.set(marker.id, { ...marker, atTicks, durationTicks })
  }
  return cuts.totalTicks
}

/** A locked track that a cut would have to bring up; null where none lies behind the first of the spans. */
export function lockedBehind(document: Document, spans: readonly Span[]): Track | null {
  const [first] = mergeSpans(spans)
  const reaches = (clip: Clip): boolean => clip.startTicks + clip.durationTicks > first!.startTicks
  if (!first) return null
  return recordsOf(document, 'track').find((track) => track.locked && track.clips.some(reaches)) ?? null
}

/**
 * Whether the whole time line may follow where something is taken out of it or room is made in it: nothing that stays
 * lies beside the spans, and no locked track would have to move. A span of no length is a moment: what begins or ends
 * there does not lie beside it.
 *
 * @param goes clips that the spans are taken from
 */
export function mayAllFollow(document: Document, spans: readonly Span[], goes: (clip: Clip) => boolean): boolean {
  const isBeside = (clip: Clip): boolean =>
    !goes(clip) &&
    spans.some(
      ({ startTicks, endTicks }) => clip.startTicks < endTicks && clip.startTicks + clip.durationTicks > startTicks,
    )
  return !lockedBehind(document, spans) && !recordsOf(document, 'track').some(({ clips }) => clips.some(isBeside))
}

/** Stretches that go, and where everything is once they are gone. */
class Cuts {
  readonly #spans: readonly Span[]
  /** Ticks that went before each span, and before the end. */
  readonly #gone: readonly number[]

  constructor(spans: readonly Span[]) {
    this.#spans = mergeSpans(spans).filter((span) => span.endTicks > span.startTicks)
    let gone = 0
    this.#gone = [0, ...this.#spans.map((span) => (gone += span.endTicks - span.startTicks))]
  }

  get totalTicks(): number {
    return this.#gone.at(-1)!
  }

  get firstTicks(): number {
    return this.#spans[0]?.startTicks ?? Infinity
  }

  /** How many spans begin before a moment, by bisection. */
  #before(ticks: number): number {
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#spans[middle]!.startTicks < ticks) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Where a moment is once the spans are gone. */
  after(ticks: number): number {
    const n = this.#before(ticks)
    const last = this.#spans[n - 1]
    if (!last) return ticks
    return Math.max(last.startTicks, ticks - (last.endTicks - last.startTicks)) - this.#gone[n - 1]!
  }

  /** Whether at least half of a stretch stays; one of no length stays where its moment does. */
  leaves({ startTicks, endTicks }: Span): boolean {
    if (endTicks > startTicks) return 2 * (this.after(endTicks) - this.after(startTicks)) >= endTicks - startTicks
    const last = this.#spans[this.#before(startTicks + 1) - 1]
    return !last || startTicks >= last.endTicks
  }

  /** The parts of a stretch that stay, with how many spans lie before each. */
  leftOf({ startTicks, endTicks }: Span): (Span & { readonly side: number })[] {
    const left: (Span & { readonly side: number })[] = []
    let from = startTicks
    let side = this.#before(startTicks)
    if (side > 0) from = Math.max(from, this.#spans[side - 1]!.endTicks)
    for (; from < endTicks; side++) {
      const next = this.#spans[side]
      const to = Math.min(endTicks, next?.startTicks ?? endTicks)
      if (to > from) left.push({ startTicks: from, endTicks: to, side })
      from = next ? next.endTicks : endTicks
    }
    return left
  }
}

interface Piece {
  readonly clip: Clip
  readonly side: number
}

/** What is left of every clip. What was linked is linked on each side of a cut, and no longer across it. */
function cutTracks(draft: Draft, before: Document, cuts: Cuts, newId: () => string, closed: ReadonlySet<string>): void {
  const left = new Map<string, readonly Piece[]>()
  const firstSides = new Map<string, number>()
  for (const { id, locked, clips } of recordsOf(before, 'track')) {
    if (locked || closed.has(id) || !clips.some((clip) => clip.startTicks + clip.durationTicks > cuts.firstTicks))
      continue
    const pieces = clips.flatMap((clip) => piecesOf(before, clip, cuts, newId))
    left.set(id, pieces)
    for (const { clip, side } of pieces)
      if (clip.linkId !== null) firstSides.set(clip.linkId, Math.min(side, firstSides.get(clip.linkId) ?? side))
  }
  const links = new Map<string, string>()
  const linkOn = (linkId: string, side: number): string => {
    if (side === firstSides.get(linkId)) return linkId
    const key = `${side} ${linkId}`
    const known = links.get(key) ?? newId()
    links.set(key, known)
    return known
  }
  for (const [id, pieces] of left) {
    const track = draft.get(id)
    if (track?.kind !== 'track') continue
    track.clips = pieces.map(({ clip, side }) =>
      clip.linkId === null ? clip : { ...clip, linkId: linkOn(clip.linkId, side) },
    )
  }
}

/** The first piece keeps the name of the clip. */
function piecesOf(document: Document, clip: Clip, cuts: Cuts, newId: () => string): Piece[] {
  const endTicks = clip.startTicks + clip.durationTicks
  return cuts.leftOf({ startTicks: clip.startTicks, endTicks }).map((part, n) => {
    const piece: Clip = {
      ...clip,
      id: n === 0 ? clip.id : newId(),
      startTicks: cuts.after(part.startTicks),
      durationTicks: part.endTicks - part.startTicks,
    }
    const outside: Clip = { ...clip }
    if (part.startTicks > clip.startTicks) {
      piece.sourceStartTicks = sourceTicksAt(document, clip, part.startTicks)
      partFades(outside, piece)
    }
    if (part.endTicks < endTicks) partFades(piece, outside)
    return { clip: piece, side: part.side }
  })
}

/** What of a caption is left; null where nothing is. */
function withoutSpans(caption: Caption, cuts: Cuts): Caption | null {
  const startTicks = cuts.after(caption.startTicks)
  const endTicks = cuts.after(caption.endTicks)
  if (endTicks <= startTicks) return null
  if (!caption.words) return { ...caption, startTicks, endTicks }
  const words = caption.words.filter((word) => cuts.leaves(word)).map((word) => movedUp(word, cuts))
  if (words.length === 0) return null
  const text = words.length === caption.words.length ? caption.text : joinWords(words.map((word) => word.text))
  return { ...caption, startTicks, endTicks, text, words }
}

/** A word once the spans are gone; one behind them keeps when it was spoken, which is evidence of time. */
function movedUp(word: SpokenWord, cuts: Cuts): SpokenWord {
  const moved = { ...word, startTicks: cuts.after(word.startTicks), endTicks: cuts.after(word.endTicks) }
  const by = word.startTicks - moved.startTicks
  return by === 0 ? moved : { ...moved, earlierByTicks: (word.earlierByTicks ?? 0) + by }
}
