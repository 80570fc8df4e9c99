/** Places that look alike: two of one kind are never one place, and a place is found again though its rows repeat. */
import { registerScans } from '../../electron/engine/align/space/register-scans.ts'
import { poseDifference } from '../../shared/geometry/rotation.ts'
import { classroom, dormitory, restaurant, warehouse } from '../fixtures/space/alike.ts'
import { partialPair } from '../fixtures/space/rooms.ts'

/** Seeds 100 to 157 of classrooms and warehouses were looked at while the limit was set, none of the other kinds. */
const FIRST_SEED = 600
const KINDS = { classrooms: classroom, warehouses: warehouse, restaurants: restaurant, dormitories: dormitory }
const LOOKS = [
  { kept: 0.72 },
  { kept: 0.62, cuts: 'opposite', noiseMetres: 0.012 },
  { kept: 0.85 },
  { kept: 0.5, points: 12_000, noiseMetres: 0.02 },
] as const

/** Places of each kind; ASTERISM_BENCH_PLACES changes it. */
const PLACES = Number(process.env['ASTERISM_BENCH_PLACES'] ?? 6)

export async function run(print: (line: string) => void): Promise<void> {
  for (const [kind, make] of Object.entries(KINDS)) {
    const same = { right: 0, wrong: 0, ambiguous: 0, refused: 0 }
    const other = { wrong: 0, ambiguous: 0, refused: 0 }
    for (let i = 0; i < PLACES; i++) {
      const seed = FIRST_SEED + i
      const tilted = i % 3 === 0
      const gravity = tilted ? 'unknown' : 'known'
      const one = partialPair(make(seed), { seed, tilted, ...LOOKS[i % 3] })
      const again = registerScans(one.target, one.source, { gravity })
      if (again.registered) {
        const { degrees, metres } = poseDifference(again.targetFromSource, one.targetFromSource, [0, 0, 0])
        same[degrees < 1 && metres < 0.1 ? 'right' : 'wrong']++
      } else same[again.reason.startsWith('ambiguous') ? 'ambiguous' : 'refused']++
      const look = LOOKS[i % 4]
      const { target } = partialPair(make(seed), { seed, tilted, ...look })
      const { source } = partialPair(make(seed + 50), { seed: seed + 9, tilted, ...look })
      const answer = registerScans(target, source, { gravity })
      other[answer.registered ? 'wrong' : answer.reason.startsWith('ambiguous') ? 'ambiguous' : 'refused']++
    }
    const told = (tally: Record<string, number>): string =>
      Object.entries(tally)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')
    print(`${kind} of equal rows: the same place: ${told(same)}; two different ones: ${told(other)}`)
  }
}
