/**
 * Windows that show again what another showed: encoded anew, mirrored, upside down, as a negative, cropped, graded, out of its
 * place in time. Vectors of colours and edges move with such changes; hashes of pictures hardly do (PDQ,
 * shared/originality/pdq.ts, with the distance and the least quality at which its makers call two pictures the same).
 */
import { PDQ_WORDS, pdqDistance, pdqTurnedDistance } from '../../originality/pdq.ts'
import type { UnitInput } from './stars-input.ts'
import { ALIGNED } from './stars-input.ts'

/** Of 256 bits; unrelated pictures lie about 128 apart. */
const SAME_BITS = 31
const HEX_OF_WORD = 8
/** Hashes of a look, in this order: as it is, mirrored, its middle twice. */
export const LOOK_CROPS = [0.92, 0.84] as const
const AS_IT_IS = [0, 1] as const
const MIDDLES = [2, 3] as const
/** Clocks that see the same in this share of their common windows are a pair of eyes, or one film twice. */
const EYES_SHARE = 0.5
/**
 * A pair of eyes sees the same from another place: its pictures differ by more bits on the mean than coding a film anew changes
 * (10 at x264's quality 40, 2 in grey). Half a hundredth of the picture's width to the side makes 7, a whole one 21.
 */
const CODED_ANEW_BITS = 16
/** exp(-d^2 / 2) of two sounds below which they are others, whatever is seen. */
const SAME_SOUND = 0.9

const hashesOfUnits = new WeakMap<UnitInput, readonly Uint32Array[]>()

/** Words of the hashes of each look, lowest first. */
function hashesOf(unit: UnitInput): readonly Uint32Array[] {
  const known = hashesOfUnits.get(unit)
  if (known) return known
  const hashes = (unit.picture?.looks ?? []).map((look) => {
    const hash = HEX_OF_WORD * PDQ_WORDS
    return Uint32Array.from({ length: look.length / HEX_OF_WORD }, (_, at) => {
      // As written, the highest word of each hash comes first.
      const from = Math.floor(at / PDQ_WORDS) * hash + hash - HEX_OF_WORD * ((at % PDQ_WORDS) + 1)
      return Number.parseInt(look.slice(from, from + HEX_OF_WORD), 16)
    })
  })
  hashesOfUnits.set(unit, hashes)
  return hashes
}

/** Which hashes of two looks are held together: each as it is against the other's, and whole pictures against middles. */
const HELD_TOGETHER: readonly (readonly [number, number])[] = AS_IT_IS.flatMap((form) =>
  MIDDLES.flatMap((middle) => [[form, middle] as const, [middle, form] as const]),
)

function looksSame(a: Uint32Array, b: Uint32Array): boolean {
  for (const form of AS_IT_IS) if (pdqTurnedDistance(a, form * PDQ_WORDS, b, 0, SAME_BITS) <= SAME_BITS) return true
  for (const [one, other] of HELD_TOGETHER) {
    if (pdqDistance(a, one * PDQ_WORDS, b, other * PDQ_WORDS, SAME_BITS) <= SAME_BITS) return true
  }
  return false
}

const pairsOfUnits = new WeakMap<UnitInput, WeakMap<UnitInput, readonly boolean[]>>()

/** Which looks of a window are among those of another. */
function looksAmong(later: UnitInput, earlier: UnitInput): readonly boolean[] {
  let pairs = pairsOfUnits.get(later)
  if (!pairs) pairsOfUnits.set(later, (pairs = new WeakMap()))
  let among = pairs.get(earlier)
  if (!among) {
    const theirs = hashesOf(earlier)
    among = hashesOf(later).map((mine) => theirs.some((look) => looksSame(mine, look)))
    pairs.set(earlier, among)
  }
  return among
}

/** A window and those beside it on its clock: what was shifted by less than a window lies in two of them. */
type Around = readonly UnitInput[]

function aroundEach(units: readonly UnitInput[]): (at: number, before?: number) => Around {
  const isBeside = (at: number, other: number): boolean =>
    units[other]?.clockId === units[at].clockId && Math.abs(units[other].window - units[at].window) === 1
  return (at, before = units.length) => [
    units[at],
    ...[at - 1, at + 1].filter((other) => other < before && isBeside(at, other)).map((other) => units[other]),
  ]
}

/** Whether all that a window shows was shown around another and some of it in that one; windows whose pictures are too flat to tell are like none. */
function showsAgain(later: UnitInput, around: Around): boolean {
  const [inIt, ...beside] = around.map((earlier) => looksAmong(later, earlier))
  return inIt.includes(true) && inIt.every((found, look) => found || beside.some((among) => among[look]))
}

/** The mean bits by which the looks of a window differ from those around another as they are, neither mirrored nor cropped; more than SAME_BITS where any does. */
function bitsAsTheyAre(later: UnitInput, around: Around): number {
  const theirs = around.flatMap(hashesOf)
  const bits = hashesOf(later).map((look) =>
    theirs.reduce((least, other) => Math.min(least, pdqDistance(look, 0, other, 0, least)), SAME_BITS + 1),
  )
  return bits.some((each) => each > SAME_BITS) ? SAME_BITS + 1 : bits.reduce((sum, each) => sum + each, 0) / bits.length
}

/** Clocks that mostly see the same at the same moment, each from its own place: two eyes, and not one film twice. */
function pairsOfEyes(units: readonly UnitInput[], around: (at: number) => Around): (a: string, b: string) => boolean {
  const windows = new Map<number, number[]>()
  units.forEach((unit, at) => {
    if (unit.group !== ALIGNED || hashesOf(unit).length === 0) return
    const there = windows.get(unit.window)
    if (there) there.push(at)
    else windows.set(unit.window, [at])
  })
  const common = new Map<string, { seen: number; same: number; bits: number }>()
  for (const there of windows.values()) {
    there.forEach((later, place) => {
      for (const earlier of there.slice(0, place)) {
        const key = `${units[later].clockId} ${units[earlier].clockId}`
        const count = common.get(key) ?? { seen: 0, same: 0, bits: 0 }
        count.seen++
        const bits = bitsAsTheyAre(units[later], around(earlier))
        if (bits <= SAME_BITS) {
          count.same++
          count.bits += bits
        }
        common.set(key, count)
      }
    })
  }
  return (a, b) => {
    const count = common.get(`${a} ${b}`) ?? common.get(`${b} ${a}`)
    if (a === b || count === undefined || count.same < EYES_SHARE * count.seen) return false
    return count.bits > CODED_ANEW_BITS * count.same
  }
}

/**
 * For each unit the index of an earlier one that it shows again, or -1. A scene that goes on is one run and repeats nothing of
 * itself; where both are heard, they have to sound alike as well, since people come back to a place to say something else.
 *
 * @param soundLikeness exp(-d^2 / 2) of the sounds of a unit and of what lies around another, which comes first; null where one
 * of them has none.
 */
export function findNearDuplicates(
  units: readonly UnitInput[],
  soundLikeness: (unit: UnitInput, around: readonly UnitInput[]) => number | null,
): Int32Array {
  const found = new Int32Array(units.length).fill(-1)
  const around = aroundEach(units)
  const isPair = pairsOfEyes(units, around)
  let run = 0
  units.forEach((unit, at) => {
    const before = units[at - 1]
    if (before?.clockId !== unit.clockId || !showsAgain(unit, [before])) run = at
    for (let other = 0; other < run && found[at] < 0; other++) {
      const earlier = units[other]
      const there = around(other, run)
      if (isPair(unit.clockId, earlier.clockId) || !showsAgain(unit, there)) continue
      const sounds = soundLikeness(unit, there)
      if (sounds === null || sounds > SAME_SOUND) found[at] = other
    }
  })
  return found
}
