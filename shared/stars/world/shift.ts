/**
 * Whether what a lab has and what it is judged by are of one kind. A reference from elsewhere, or one with many wrong labels,
 * may be trained on; what bundles are worth on the probe it cannot judge. Told by a two-sample test of nearest neighbours (Schilling 1986; Henze 1988),
 * class by class: of one kind, a row's neighbour comes from its own set no more often than that set has rows.
 */
import { rowOf, squaredDistance } from '../algebra/dense.ts'
import type { World } from './parse-world.ts'

/** Standard deviations over what one kind gives; neighbours that are each other's widen these by less than a half. */
const SHIFTED = 4.5

const known = new WeakMap<World['probe'], boolean>()

/** Which other row is nearest to each; -1 where there is none but the same again, which says nothing of where rows come from. */
function nearestOf(rows: readonly Float64Array[]): Int32Array {
  const nearest = new Int32Array(rows.length).fill(-1)
  const least = new Float64Array(rows.length).fill(Infinity)
  for (let one = 0; one < rows.length; one++)
    for (let other = one + 1; other < rows.length; other++) {
      const square = squaredDistance(rows[one], rows[other])
      if (square === 0) continue
      if (square < least[one]) [nearest[one], least[one]] = [other, square]
      if (square < least[other]) [nearest[other], least[other]] = [one, square]
    }
  return nearest
}

/** By how many standard deviations neighbours stay among their own. */
function shiftOf({ reference, probe, classes }: Pick<World, 'reference' | 'probe' | 'classes'>): number {
  const rows = [reference, probe].flatMap(({ x, y }, from) =>
    Array.from(y, (label, row) => ({ from, label, at: rowOf(x, row) })),
  )
  let stayed = 0
  let expected = 0
  let variance = 0
  for (let label = 0; label < classes; label++) {
    const own = rows.filter((row) => row.label === label)
    const sizes = [0, 1].map((from) => own.filter((row) => row.from === from).length)
    if (Math.min(...sizes) < 2) continue
    const nearest = nearestOf(own.map((row) => row.at))
    own.forEach((row, at) => {
      const neighbour = own[nearest[at]]
      if (!neighbour) return
      const share = (sizes[row.from] - 1) / (own.length - 1)
      stayed += neighbour.from === row.from ? 1 : 0
      expected += share
      variance += share * (1 - share)
    })
  }
  return variance > 0 ? (stayed - expected) / Math.sqrt(variance) : 0
}

/** Whether the reference cannot judge in the probe's place. */
export function isShifted(world: World): boolean {
  const told = known.get(world.probe) ?? shiftOf(world) > SHIFTED
  known.set(world.probe, told)
  return told
}
