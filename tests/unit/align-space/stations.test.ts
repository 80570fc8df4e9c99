import { describe, expect, it } from 'vitest'
import { decide } from '../../../electron/engine/align/space/decision.ts'
import type { RefinedHypothesis } from '../../../electron/engine/align/space/pose-search.ts'
import { valueOf } from '../../../electron/engine/align/space/pose-score.ts'
import { cellFor, prepareScan } from '../../../electron/engine/align/space/prepared-scan.ts'
import { registerScans } from '../../../electron/engine/align/space/register-scans.ts'
import { cloudFromScan } from '../../../electron/engine/align/space/scan-cloud.ts'
import { SeenSpace, stationOf } from '../../../electron/engine/align/space/station.ts'
import { IDENTITY4 } from '../../../shared/geometry/matrix4.ts'
import { poseDifference } from '../../../shared/geometry/rotation.ts'
import { partialPair, scanOf } from '../../fixtures/space/rooms.ts'
import { sighting } from '../../fixtures/space/sightings.ts'
import { furnishedRoom, twofoldRoom } from '../../fixtures/space/synthetic.ts'

type Place = readonly [number, number, number]

function preparedSighting(stands: readonly Place[]) {
  const points = sighting(twofoldRoom(2), { seed: 1, stands, points: 20_000, noiseMetres: 0.004 })
  const cloud = cloudFromScan(scanOf(points))
  if ('reason' in cloud) throw new Error(cloud.reason)
  return { cloud, scan: prepareScan(cloud, cloud.extentMetres / 64) }
}

describe('the station of a scan', () => {
  it('is found from what a scan of a furnished room shows and hides', () => {
    const stand: Place = [2.6, 1.5, 2.4]
    const { cloud, scan } = preparedSighting([stand])
    const found = stationOf(scan)
    if (!found) throw new Error('no station')
    expect(Math.hypot(...stand.map((value, k) => value - cloud.centre[k] - found[k]))).toBeLessThan(1)
  })

  it('is nowhere in a room walked through, however thinly it was scanned, so that two thin scans are placed', () => {
    const pair = partialPair(furnishedRoom(6), { seed: 6, kept: 1, points: 1500, noiseMetres: 0.004, tilted: true })
    const cloud = cloudFromScan(pair.target)
    if ('reason' in cloud) throw new Error(cloud.reason)
    expect(stationOf(prepareScan(cloud, cellFor(cloud, cloud.extentMetres / 64)))).toBeUndefined()
    const answer = registerScans(pair.target, pair.source)
    if (!answer.registered) throw new Error(answer.reason)
    const { degrees, metres } = poseDifference(answer.targetFromSource, pair.targetFromSource, [0, 0, 0])
    expect(degrees).toBeLessThan(0.2)
    expect(metres).toBeLessThan(0.01)
  })

  it('leaves two thin scans of a room that looks the same after half a turn ambiguous', () => {
    const pair = partialPair(twofoldRoom(6), { seed: 6, kept: 1, points: 1500, noiseMetres: 0.004, tilted: true })
    const answer = registerScans(pair.target, pair.source)
    expect(answer.registered ? '' : answer.reason).toContain('ambiguous: ')
  })

  it('saw to be empty what lies before a surface, not what lies behind one nor where it saw nothing', () => {
    const points: number[] = []
    for (let y = -4; y <= 4; y += 0.04) {
      for (let z = -4; z <= 4; z += 0.04) {
        // A board two metres away hides the middle of a wall four metres away.
        const isHidden = Math.max(Math.abs(y), Math.abs(z)) < 1
        if (!isHidden) points.push(4, y, z)
        else if (Math.max(Math.abs(y), Math.abs(z)) < 0.5) points.push(2, y, z)
      }
    }
    const seen = new SeenSpace(Float32Array.from(points), [0, 0, 0], 0.1)
    expect(seen.isEmpty(1, 0, 0)).toBe(true)
    expect(seen.isEmpty(3, 0, 1.5)).toBe(true)
    expect(seen.isEmpty(3, 0, 0)).toBe(false)
    expect(seen.isEmpty(5, 0, 2)).toBe(false)
    expect(seen.isEmpty(-1, 0, 0)).toBe(false)
  })
})

interface Fit {
  readonly ratio: number
  readonly seenRatio?: number
  readonly matched: number
  readonly lesser: number
  readonly overlap: number
  readonly ownShare?: number
}

function hypothesis({ ratio, seenRatio, matched, lesser, overlap, ownShare = 0.3 }: Fit): RefinedHypothesis {
  const matrix = Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 100 : 0))
  return {
    pose: [...IDENTITY4],
    origin: 'structure',
    score: { ratio, matched, lesserMatched: lesser, value: valueOf(ratio, matched) },
    icp: {
      targetFromSource: [...IDENTITY4],
      scale: 1,
      matchedShare: 1,
      rmseMetres: 0.005,
      information: { matrix, centre: [0, 0, 0], reachMetres: 1 },
      iterations: 1,
    },
    overlap,
    ownShare,
    seenRatio,
    cellsAcross: 64,
    slackCells: 0,
    covariance: matrix,
  }
}

describe('what is said of scans of one station', () => {
  const hidden = { ratio: 0.62, matched: 0.62, lesser: 0.51, overlap: 0.87 }

  it('believes a pose against which only what was hidden speaks', () => {
    expect(decide([hypothesis({ ...hidden, seenRatio: 0.995 })]).kind).toBe('accepted')
    expect(decide([hypothesis(hidden)]).kind).toBe('refused')
  })

  it('does not believe equal desks that stand one off, nor a scan laid behind the walls of the other', () => {
    expect(decide([hypothesis({ ...hidden, seenRatio: 0.946 })]).kind).toBe('refused')
    const behind = { ratio: 0.7, seenRatio: 1, matched: 0.136, lesser: 0.05 }
    expect(decide([hypothesis({ ...behind, overlap: 0.87 })]).kind).toBe('refused')
    expect(decide([hypothesis({ ...hidden, seenRatio: 1, overlap: 0.28 })]).kind).toBe('refused')
  })

  it('calls two ways round ambiguous of which one only hides more than the other', () => {
    const best = { ratio: 0.778, matched: 0.74, lesser: 0.74, overlap: 0.926, ownShare: 0.6 }
    const rival = { ratio: 0.613, matched: 0.576, lesser: 0.519, overlap: 0 }
    expect(decide([hypothesis(best), hypothesis(rival)]).kind).toBe('accepted')
    const seen = [hypothesis({ ...best, seenRatio: 1 }), hypothesis({ ...rival, seenRatio: 0.999 })]
    expect(decide(seen).kind).toBe('ambiguous')
  })
})
