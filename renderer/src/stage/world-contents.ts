/** The contents of the world with their poses: scans, moving devices, people. */
import { useMemo } from 'react'
import { recordsOf, transformId, type Document } from '../../../shared/document/document.ts'
import { SCAN_SENSORS } from '../../../shared/document/seen-streams.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { useSession } from '../state/session-store.ts'
import { bodiesOf, isWholeBody } from './bodies-now.tsx'
import { asRecorded, withCandidate } from './candidate-preview.ts'
import { reasonNotToMove } from './place-by-hand.ts'
import { placementsOf, type Placement } from './placement.ts'
import { useStage } from './stage-store.ts'
import { useWorldDocument } from './world-document.ts'

const PATH_SENSORS = new Set(['pose'])
const IDENTITY: readonly number[] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

/** A stream whose samples have a place in the world; `matrix` is `world_from_asset`, column-major. */
export interface PlacedStream {
  readonly stream: Stream
  readonly matrix: readonly number[]
}

export interface WorldContents {
  readonly scans: readonly Stream[]
  /** By asset id, of everything that has a surface. */
  readonly placements: ReadonlyMap<string, Placement>
  readonly devices: readonly PlacedStream[]
  readonly people: readonly PlacedStream[]
  /** Every recording with something to show in the world, placed or not. */
  readonly assetIds: ReadonlySet<string>
  readonly withoutPlace: readonly string[]
  /** Captures of people in their own frame. */
  readonly ownFrame: readonly string[]
  /** Why the selected recording cannot be moved; null if it can. */
  readonly fixedBecause: string | null
}

export function useWorldContents(): WorldContents {
  const document = useWorldDocument()
  const selected = useSession((state) => state.selectedAssetId)
  const preview = useStage((state) => state.preview)
  const before = useStage((state) => state.asRecorded)
  return useMemo(() => {
    const scans = streamsWith(document, SCAN_SENSORS)
    const bodies = bodiesOf(document)
    const whole = new Set(bodies.drawn.filter(isWholeBody).map(({ assetId }) => assetId))
    const paths = streamsWith(document, PATH_SENSORS).filter(({ assetId }) => !whole.has(assetId))
    const after = placementsOf(document, scans)
    const placements = before ? asRecorded(after) : withCandidate(document, after, preview)

    const placeOf = ({ assetId }: Stream): readonly number[] | null => {
      if (before) return IDENTITY
      const tried = preview ? placements.get(assetId) : undefined
      if (tried?.isPlaced) return tried.matrix
      const transform = document.get(transformId(assetId))
      if (transform?.kind === 'transform') return transform.worldFromAsset
      // A path without a place would lead through rooms that it never saw.
      return scans.length === 0 ? IDENTITY : null
    }
    const placed = (streams: readonly Stream[]): PlacedStream[] =>
      streams.flatMap((stream) => {
        const matrix = placeOf(stream)
        return matrix ? [{ stream, matrix }] : []
      })

    const assetIds = new Set([...scans, ...paths, ...bodies.drawn].map((stream) => stream.assetId))
    return {
      scans,
      placements,
      devices: placed(paths),
      people: placed(bodies.drawn),
      assetIds,
      withoutPlace: [...assetIds].filter((assetId) => !document.has(transformId(assetId))),
      ownFrame: bodies.ownFrame,
      fixedBecause: reasonNotToMove(document, selected, { asRecorded: before, preview }),
    }
  }, [document, selected, preview, before])
}

function streamsWith(document: Document, sensors: ReadonlySet<string>): Stream[] {
  return recordsOf(document, 'stream').filter((stream) => sensors.has(stream.sensor))
}
