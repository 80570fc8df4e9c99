/** What multiplies the sum and never adds to it: originality, technical quality, rights. An explicit list, in order. */
import { say, type Saying } from '../../sayings/saying.ts'
import { shareAmount } from '../../sayings/amounts.ts'
import type { StarsView } from './unit-state.ts'

export interface StarGate {
  readonly id: string
  /** What is left of the stars, 0..1, and why. */
  read(view: StarsView): { factor: number; value: number; said: Saying }
}

const SENSES = ['picture', 'sound', 'motion'] as const

/** How clean a sense is, 0..1; null where nothing could be judged. */
interface Judged {
  readonly sense: (typeof SENSES)[number] | 'scan' | null
  readonly mean: number
}

const originality: StarGate = {
  id: 'originality',
  read(view) {
    const { repeatOf, copies } = view.prepared
    const { known, twice } = copies
    let copied = 0
    let total = 0
    const presentIndex = new Set(view.present.map((unit) => unit.index))
    for (const unit of view.present) {
      total++
      const repeats = repeatOf[unit.index] >= 0 && presentIndex.has(repeatOf[unit.index])
      if (repeats || known.has(unit.input.assetId) || twice.has(unit.input.assetId)) copied++
    }
    // Scans have no windows: each counts as one unit; depth is part of a film that counts already.
    for (const scan of view.scans.filter(({ isDepth }) => !isDepth)) {
      total++
      if (known.has(scan.assetId) || twice.has(scan.assetId)) copied++
    }
    const share = total > 0 ? 1 - copied / total : 1
    return {
      factor: share,
      value: share,
      said: copied === 0 ? say('stars.allNew') : say('stars.seenBefore', { share: shareAmount(1 - share) }),
    }
  },
}

/** What the originality above does not know of yet: copies that were changed, and parts of works that were minted before. */
const nearDuplicates: StarGate = {
  id: 'near-duplicates',
  read(view) {
    const { repeatOf, nearOf, copies } = view.prepared
    const presentIndex = new Set(view.present.map((unit) => unit.index))
    const isThere = (index: number): boolean => index >= 0 && presentIndex.has(index)
    let again = 0
    let seen = 0
    let counted = 0
    for (const { index, input } of view.present) {
      const isCopied = copies.known.has(input.assetId) || copies.twice.has(input.assetId) || isThere(repeatOf[index])
      if (isCopied) continue
      counted++
      if (input.seenIn !== undefined) seen++
      else if (isThere(nearOf[index])) again++
    }
    // Scans have no windows: each counts as one unit.
    const total = counted + view.scans.filter(({ isDepth }) => !isDepth).length
    const share = total > 0 ? 1 - (again + seen) / total : 1
    return { factor: share, value: share, said: nearSaid(again, seen, counted) }
  },
}

function nearSaid(again: number, seen: number, counted: number): Saying {
  if (again > 0 && seen > 0) return say('stars.againAndMinted', { again, seen, all: counted })
  if (again > 0) return say('stars.again', { again, all: counted })
  return seen > 0 ? say('stars.minted', { seen }) : say('stars.nothingAgain')
}

const quality: StarGate = {
  id: 'quality',
  read(view) {
    const sums = { picture: [0, 0], sound: [0, 0], motion: [0, 0] }
    for (const unit of view.present) {
      for (const sense of SENSES) {
        if (!unit.input[sense]) continue
        sums[sense][0] += unit.qualities[sense]
        sums[sense][1]++
      }
    }
    const means = SENSES.flatMap((sense): Judged[] => {
      const [sum, count] = sums[sense]
      return count > 0 ? [{ sense, mean: sum / count }] : []
    })
    const scans = view.scans.map((scan): Judged => ({ sense: 'scan', mean: scan.quality }))
    const best = [...means, ...scans].reduce<Judged>((most, entry) => (entry.mean > most.mean ? entry : most), {
      sense: null,
      mean: 0,
    })
    // The best sense decides, so that adding a poor track never costs anything: what it lacks it lacks in its own term.
    const value = best.mean
    const factor = Math.sqrt(0.25 + 0.75 * Math.min(1, value / 0.6))
    return {
      factor,
      value,
      said:
        best.sense === null
          ? say('stars.nothingJudged')
          : say(`stars.cleanest.${best.sense}`, { share: shareAmount(value) }),
    }
  },
}

const TRAINING_FACTOR = { allowed: 1, constrained: 0.95, notAllowed: 0.5 } as const

const rights: StarGate = {
  id: 'rights',
  read(view) {
    const { licence, trainingUse } = view.prepared.input.rights
    const factor = TRAINING_FACTOR[trainingUse] * (licence === null ? 0.9 : 1)
    const said =
      trainingUse === 'notAllowed'
        ? say('stars.noTraining')
        : licence === null
          ? say('stars.noLicence')
          : say('stars.licence', { licence })
    return { factor, value: factor, said }
  },
}

export const STAR_GATES: readonly StarGate[] = [originality, nearDuplicates, quality, rights]
