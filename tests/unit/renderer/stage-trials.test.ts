/** Poses on trial and boxes on scans: what the stage shows without a change of the document. */
import { Box3, Matrix4, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import type { Document } from '../../../shared/document/document.ts'
import type { SpaceEvidence } from '../../../shared/document/records.ts'
import { projectRecord } from '../../fixtures/publish/project.ts'
import { loadFromWindow } from './window-modules.ts'

const { offeredCandidates, openPair, pairsOf, withCandidate } = await loadFromWindow('stage/candidate-preview')
const { boxAt, boxPlanes, placeBoxPlanes } = await loadFromWindow('stage/scan-boxes')

const moved = (x: number, y: number, z: number): number[] => new Matrix4().makeTranslation(x, y, z).toArray()

function pair(id: string, different: Partial<SpaceEvidence> = {}): SpaceEvidence {
  return {
    kind: 'spaceEvidence',
    id,
    targetAssetId: 'room',
    sourceAssetId: 'part',
    targetFromSource: moved(0, 0, 0),
    scale: 1,
    covariance: null,
    rmseMetres: null,
    overlap: null,
    confidence: 0.5,
    method: 'scan-to-scan',
    accepted: false,
    verdict: null,
    unresolved: true,
    candidates: [
      { targetFromSource: moved(1, 0, 0), confidence: 0.5 },
      { targetFromSource: moved(0, 0, 2), confidence: 0.4 },
      { targetFromSource: moved(9, 9, 9), confidence: 0.001 },
    ],
    ...different,
  }
}

function documentOf(world: string, ...pieces: SpaceEvidence[]): Document {
  return new Map([projectRecord({ worldAssetId: world }), ...pieces].map((record) => [record.id, record]))
}

const placements = new Map([
  ['room', { matrix: moved(10, 0, 0), isPlaced: true }],
  ['part', { matrix: moved(20, 0, 0), isPlaced: false }],
])

describe('candidates on trial', () => {
  it('are those that may be right, until one was taken', () => {
    expect(offeredCandidates(pair('a'))).toEqual([0, 1])
    expect(offeredCandidates(pair('a', { verdict: 'accept' }))).toEqual([])
  })

  it('belong to the pair that is looked at, else to the first that is open', () => {
    const document = documentOf('room', pair('settled', { candidates: [] }), pair('first'), pair('second'))
    expect(openPair(document, null)?.id).toBe('first')
    expect(openPair(document, { evidenceId: 'second', candidate: 0 })?.id).toBe('second')
    // One that cannot be told apart comes before one that shows different places.
    const different = pair('different', { reason: 'the scans do not agree' })
    const waits = pair('waits', { reason: 'ambiguous: 4 poses explain the scans' })
    const used = pair('used', { accepted: true, unresolved: false, candidates: [] })
    const all = documentOf('room', different, used, waits)
    expect(pairsOf(all).map(({ id }) => id)).toEqual(['waits', 'used', 'different'])
    expect(openPair(all, null)?.id).toBe('waits')
  })

  it('move the source against the target, or the target where the source is the world', () => {
    const preview = { evidenceId: 'a', candidate: 1 }
    const shown = withCandidate(documentOf('room', pair('a')), placements, preview)
    expect(shown.get('part')).toEqual({ matrix: moved(10, 0, 2), isPlaced: true })
    expect(shown.get('room')).toEqual(placements.get('room'))
    const other = withCandidate(documentOf('part', pair('a')), placements, preview)
    expect(other.get('room')?.matrix).toEqual(moved(20, 0, -2))
    expect(other.get('part')).toEqual(placements.get('part'))
    expect(withCandidate(documentOf('room', pair('a')), placements, null)).toBe(placements)
  })
})

describe('boxes on scans', () => {
  const bounds = new Box3(new Vector3(0, 0, 0), new Vector3(4, 2, 4))

  it('are put about the place, one a recording and two in all; the last clicked is worked on', () => {
    const one = boxAt([], 'room', [2, 1, 2], bounds)
    expect(one).toEqual([{ assetId: 'room', min: [1, 0.5, 1], max: [3, 1.5, 3] }])
    const two = boxAt(one, 'part', [0, 0, 0], bounds)
    expect(boxAt(two, 'room', [0, 0, 0], bounds)).toEqual([two[1], one[0]])
    expect(boxAt(two, 'third', [0, 0, 0], bounds).map(({ assetId }) => assetId)).toEqual(['part', 'third'])
  })

  it('cut away what lies outside, wherever the scan stands', () => {
    const [box] = boxAt([], 'room', [2, 1, 2], bounds)
    const turned = new Matrix4().makeRotationY(Math.PI / 2).setPosition(5, 0, 0)
    const isShown = (x: number, y: number, z: number): boolean => {
      const place = new Vector3(x, y, z).applyMatrix4(turned)
      return boxPlanes.every((plane) => plane.distanceToPoint(place) >= 0)
    }
    placeBoxPlanes(box!, turned)
    expect([isShown(2, 1, 2), isShown(1.1, 0.6, 2.9), isShown(0.9, 1, 2), isShown(2, 1.6, 2)]).toEqual([
      true,
      true,
      false,
      false,
    ])
    placeBoxPlanes(null, turned)
    expect(isShown(900, 900, 900)).toBe(true)
  })
})
