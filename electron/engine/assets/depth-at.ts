/** What a capture with depth measured at one moment: a single depth picture as points in the capture's own frame. */
import type { Stream } from '../../../shared/document/records.ts'
import type { DepthFrame, PosePath } from '../../../shared/geometry/data.ts'
import { encodeScan } from '../../../shared/geometry/scan-blob.ts'
import { streamsOf } from '../../../shared/document/document.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { cloudFromDepth } from '../align/space/index.ts'
import { correctionOf, openAsset, type OpenAsset } from './asset-location.ts'
import type { Session } from '../session.ts'
import { loadPath } from './surface.ts'

/** Every pixel of the small pictures that phones measure, not of larger ones. */
const CELL_METRES = 0.015
/** Pictures come at a nearly even rate: the first guess is mostly right, a few more find it in an uneven row. */
const MOST_GUESSES = 6

interface Opened extends OpenAsset {
  readonly key: string
  readonly path: PosePath | null
}

/** Answers for the capture that was asked for last without reading its tables again. */
export function createDepthFrames(session: Session) {
  let last: Opened | null = null

  async function opened(stream: Stream, signal: AbortSignal): Promise<Opened> {
    const key = JSON.stringify([stream.id, correctionOf(session.document, stream.assetId)?.knots ?? null])
    const fresh = await openAsset(session, stream.assetId)
    if (last?.key === key && last.source.path === fresh.source.path) return last
    const context = { tools: await session.tools(), signal }
    const streams = streamsOf(session.document, stream.assetId)
    const path = await loadPath(fresh.importer, fresh.source, { streams }, context)
    last = { ...fresh, key, path }
    return last
  }

  /**
   * @param afterStartMilliseconds on the stream's clock, from its first picture on
   * @returns a scan blob of points; of none where the device has no pose at that moment
   */
  return async (stream: Stream, afterStartMilliseconds: number, signal: AbortSignal): Promise<Uint8Array> => {
    const { importer, source, path } = await opened(stream, signal)
    if (stream.sensor !== 'depth' || !importer.loadDepthFrame)
      throw new AsterismError('not_found', say('broken.streamNoDepth'), { path: source.path })
    const context = { tools: await session.tools(), signal }
    const load = (index: number): Promise<DepthFrame> => importer.loadDepthFrame!(source, stream.index, index, context)
    const frame = await nearestFrame(stream, stream.startSeconds + afterStartMilliseconds / 1000, load)
    const poses = path ?? NO_PATH
    const points = await cloudFromDepth([frame], poses, { cellMetres: CELL_METRES, signal })
    return encodeScan({ kind: 'points', points })
  }
}

const NO_PATH: PosePath = {
  count: 0,
  timesNanoseconds: new BigInt64Array(),
  positions: new Float64Array(),
  rotations: new Float64Array(),
}

/** The picture nearest to a moment, without reading them all: guessed from the mean interval, then stepped to. */
export async function nearestFrame(
  stream: Pick<Stream, 'startSeconds' | 'durationSeconds' | 'sampleCount'>,
  seconds: number,
  load: (index: number) => Promise<DepthFrame>,
): Promise<DepthFrame> {
  const count = Math.max(1, stream.sampleCount ?? 1)
  const interval = Math.max(1e-3, (stream.durationSeconds ?? 0) / count)
  const within = (index: number): number => Math.min(count - 1, Math.max(0, index))
  const late = (frame: DepthFrame): number => Number(frame.timeNanoseconds) / 1e9 - seconds
  let index = within(Math.round((seconds - stream.startSeconds) / interval))
  let best = await load(index)
  for (let guess = 1; guess < MOST_GUESSES; guess++) {
    const next = within(index - Math.round(late(best) / interval))
    if (next === index) break
    const frame = await load(next)
    if (Math.abs(late(frame)) >= Math.abs(late(best))) break
    ;[index, best] = [next, frame]
  }
  return best
}
