/** Which of the pictures that a decoder holds may be leant on by one picture: those in the lists of its slices (ITU-T H.264 8.2.4). */
import type { HeldPicture } from './reference-pictures.ts'
import type { ListWords, SliceLists } from './slice-header.ts'

/** Where the picture itself stands. */
interface Standing {
  readonly frameNum: number
  readonly shownAt: number
  /** What the numbers of pictures go round at. */
  readonly size: number
}

/** Those of the held pictures that are in a list of a slice; all of them where a list is not understood. */
export function leantOn(
  held: readonly HeldPicture[],
  slices: readonly SliceLists[],
  picture: Standing,
): ReadonlySet<HeldPicture> {
  const found = new Set<HeldPicture>()
  for (const slice of slices) {
    const usual = slice.length === 2 ? listsBetween(held, picture.shownAt) : [byNumber(held, picture)]
    for (const [n, words] of slice.entries()) {
      const list = named(usual[n]!, held, words, picture)
      for (const each of list ?? held) found.add(each)
    }
  }
  return found
}

/** The number of a picture as one sees it that was counted on: those before it are lower. */
function numberOf(each: HeldPicture, { frameNum, size }: Standing): number {
  return each.frameNum > frameNum ? each.frameNum - size : each.frameNum
}

function byNumber(held: readonly HeldPicture[], picture: Standing): HeldPicture[] {
  return held.toSorted((a, b) => numberOf(b, picture) - numberOf(a, picture))
}

function listsBetween(held: readonly HeldPicture[], shownAt: number): [HeldPicture[], HeldPicture[]] {
  const earlier = held.filter((each) => each.shownAt < shownAt).toSorted((a, b) => b.shownAt - a.shownAt)
  const later = held.filter((each) => each.shownAt >= shownAt).toSorted((a, b) => a.shownAt - b.shownAt)
  const first = [...earlier, ...later]
  const second = [...later, ...earlier]
  const areSame = second.length > 1 && second.every((each, n) => each === first[n])
  if (areSame) second.splice(0, 2, second[1]!, second[0]!)
  return [first, second]
}

function named(
  usual: readonly HeldPicture[],
  held: readonly HeldPicture[],
  { count, steps }: ListWords,
  picture: Standing,
): readonly HeldPicture[] | null {
  if (!steps) return null
  const { frameNum, size } = picture
  let list = usual.slice(0, count)
  let at = frameNum
  for (const [n, step] of steps.entries()) {
    at = (at + step + size) % size
    const wanted = at > frameNum ? at - size : at
    const found = held.find((each) => numberOf(each, picture) === wanted)
    if (!found) return null
    list = [...list.slice(0, n), found, ...list.slice(n).filter((each) => each !== found)].slice(0, count)
  }
  return list
}
