/**
 * Windows that show again what another showed: encoded anew, mirrored, cropped, graded, out of its place in time. Vectors of
 * colours and edges move with such changes; hashes of pictures hardly do (PDQ, shared/originality/pdq.ts, with the
 * distance and the least quality at which its makers call two pictures the same).
 */
import { PDQ_WORDS, pdqDistance } from '../../originality/pdq.ts'
import type { UnitInput } from './stars-input.ts'
import { ALIGNED } from './stars-input.ts'

/** Of 256 bits; unrelated pictures lie about 128 apart. */
const SAME_BITS = 31
const HEX_OF_WORD = 8
/** Hashes of a look, in this order: as it is, mirrored, its middle twice. */
export const LOOK_CROPS = [0.92, 0.84] as const
const AS_IT_IS = [0, 1] as const
const MIDDLES = [2, 3] as const
/** Clocks that see the same in this share of their common windows are a pair of eyes. */
const EYES_SHARE = 0.5
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
const HELD_TOGETHER: readonly (readonly [number, number])[] = AS_IT_IS.flatMap((form) => [
  [form, 0] as const,
  ...MIDDLES.flatMap((middle) => [[form, middle] as const, [middle, form] as const]),
])

function looksSame(a: Uint32Array, b: Uint32Array): boolean {
  for (const [one, other] of HELD_TOGETHER) {
    if (pdqDistance(a, one * PDQ_WORDS, b, other * PDQ_WORDS, SAME_BITS) <= SAME_BITS) return true
  }
  return false
}

/** In loops, as every window is held against every other. */
function allAreAmong(mine: readonly Uint32Array[], theirs: readonly Uint32Array[]): boolean {
  for (const look of mine) {
    let found = false
    for (let at = 0; at < theirs.length && !found; at++) found = looksSame(look, theirs[at]!)
    if (!found) return false
  }
  return mine.length > 0
}

const pairsOfUnits = new WeakMap<UnitInput, WeakMap<UnitInput, boolean>>()

/** Whether all that a window shows was shown in another; windows whose pictures are too flat to tell are like none. */
function showsAgain(later: UnitInput, earlier: UnitInput): boolean {
  let pairs = pairsOfUnits.get(later)
  if (!pairs) pairsOfUnits.set(later, (pairs = new WeakMap()))
  const known = pairs.get(earlier)
  if (known !== undefined) return known
  const isSame = allAreAmong(hashesOf(later), hashesOf(earlier))
  pairs.set(earlier, isSame)
  return isSame
}

/** Clocks that mostly see the same at the same moment: two eyes, and not one film twice. */
function pairsOfEyes(units: readonly UnitInput[]): (a: string, b: string) => boolean {
  const windows = new Map<number, UnitInput[]>()
  for (const unit of units) {
    if (unit.group !== ALIGNED || hashesOf(unit).length === 0) continue
    const there = windows.get(unit.window)
    if (there) there.push(unit)
    else windows.set(unit.window, [unit])
  }
  const common = new Map<string, { seen: number; same: number }>()
  for (const there of windows.values()) {
    there.forEach((later, at) => {
      for (const earlier of there.slice(0, at)) {
        const key = `${later.clockId} ${earlier.clockId}`
        const count = common.get(key) ?? { seen: 0, same: 0 }
        count.seen++
        if (showsAgain(later, earlier)) count.same++
        common.set(key, count)
      }
    })
  }
  return (a, b) => {
    const count = common.get(`${a} ${b}`) ?? common.get(`${b} ${a}`)
    return a !== b && count !== undefined && count.same >= EYES_SHARE * count.seen
  }
}

/**
 * For each unit the index of an earlier one that it shows again, or -1. A scene that goes on is one run and repeats nothing of
 * itself; where both are heard, they have to sound alike as well, since people come back to a place to say something else.
 *
 * @param soundLikeness exp(-d^2 / 2) of the sounds of two units, null where one of them has none.
 */
export function findNearDuplicates(
  units: readonly UnitInput[],
  soundLikeness: (a: UnitInput, b: UnitInput) => number | null,
): Int32Array {
  const found = new Int32Array(units.length).fill(-1)
  const isPair = pairsOfEyes(units)
  let run = 0
  units.forEach((unit, at) => {
    const before = units[at - 1]
    if (before?.clockId !== unit.clockId || !showsAgain(unit, before)) run = at
    for (let other = 0; other < run && found[at] < 0; other++) {
      const earlier = units[other]
      if (!showsAgain(unit, earlier) || isPair(unit.clockId, earlier.clockId)) continue
      const sounds = soundLikeness(unit, earlier)
      if (sounds === null || sounds > SAME_SOUND) found[at] = other
    }
  })
  return found
}
