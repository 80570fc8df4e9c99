import { createHash } from 'node:crypto'
import { z } from 'zod'
import { because, inEnglish, partOf, say, type Reason, type Why } from '../../../shared/sayings/saying.ts'
import type { SyncAnswer } from '../../../shared/contract/answers.ts'
import { recordsOf, reportId, requireRecord, streamsOf, timeMapId } from '../../../shared/document/document.ts'
import type { Asset, Clock, DocumentRecord, Stream, TimeEvidence, TimeMap } from '../../../shared/document/records.ts'
import { followClock } from '../../../shared/document/place-clock.ts'
import { wordsOnClock } from '../../../shared/document/transcript.ts'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import type { TimedWord } from '../../../shared/signal/match-words.ts'
import { handMadeEdges } from '../align/time/by-hand.ts'
import { solveSyncGraph, type GraphEdge, type SyncGraphSolution, type TimedSource } from '../align/time/index.ts'
import { wayNamed } from '../align/time/way.ts'
import { isBesideFilm } from '../align/time/sidecar.ts'
import { measurePair, type DigestedSource } from '../align/time/measured-pairs.ts'
import { openAsset, pathsOfAssets } from '../assets/asset-location.ts'
import { folderCache } from '../folder-cache.ts'
import type { Session } from '../session.ts'
import { SoundShelf } from '../assets/sound-shelf.ts'
import { timedSource } from '../assets/timed-source.ts'
import type { Work } from './registry.ts'
import { beginningOffset } from '../../../shared/signal/time-map.ts'
import { reportRecord } from './reports.ts'

const prepared = z.strictObject({ referenceAssetId: z.string().nullable(), method: z.string() })
type Prepared = z.infer<typeof prepared>

interface Measured {
  readonly evidence: TimeEvidence
  readonly edge: GraphEdge
}

/** Puts every clock of the project on one time line: one gesture; what the person set by hand stays. */
export const syncWork: Work<'sync', Prepared> = {
  kind: 'sync',
  lane: 'main',
  resumesByItself: true,
  prepare: (input) => ({ referenceAssetId: input.referenceAssetId, method: input.method }),
  title: () => 'Align in time',
  elsewhere: {
    prepared,
    files: (_, session) => pathsOfAssets(session),
    changes: ['timeEvidence', 'timeMap', 'track', 'caption', 'project', 'report'],
  },
  async run({ referenceAssetId, method }, session, { signal, progress, log }) {
    if (referenceAssetId) requireRecord(session.document, 'asset', referenceAssetId)
    const unreadable = new Map<string, Why>()
    const digested = await timedSources(session, unreadable, signal)
    const sources = digested.map(({ source }) => source)
    const refusals = new Map<string, Reason[]>()
    const measured: Measured[] = []
    // What goes by one name is held together first, so that what it says comes before what is said of strangers.
    const pairs = digested
      .flatMap((one, n) => digested.slice(n + 1).map((two) => [one, two] as const))
      .sort((one, two) => Number(goByOneName(two)) - Number(goByOneName(one)))
    const cache = folderCache(session.cacheFolder(), 'time')
    let kept = 0
    for (const [n, [each, other]] of pairs.entries()) {
      throwIfCancelled(signal)
      const [a, b] = [each.source, other.source]
      const stage = say('work.against', { one: b.title, other: a.title })
      const context = {
        signal,
        onProgress: (fraction: number) => progress(0.05 + (0.9 * (n + fraction)) / pairs.length, stage),
      }
      const { gathering: gathered, isKept } = await measurePair(each, other, method, context, cache)
      if (isKept) kept++
      for (const refusal of gathered.refusals) {
        log(`${inEnglish(stage)}: ${refusal.reason}`)
        const why = because('time.byMethod', { method: wayNamed(refusal.method), why: partOf(refusal) })
        for (const clockId of [a.clockId, b.clockId]) refusals.set(clockId, [...(refusals.get(clockId) ?? []), why])
      }
      for (const found of gathered.evidence) measured.push(measuredPair(session, a, b, found.method, found.map))
    }
    log(`${pairs.length - kept} of ${pairs.length} pairs were measured, the others had been before.`)
    const reference = referenceClock(session, referenceAssetId, sources)
    const hand = handMadeEdges(recordsOf(session.document, 'syncPoint'), handMaps(session), reference)
    const believed = measured.filter(({ evidence }) => evidence.verdict !== 'reject')
    const solution = solveSyncGraph(
      sources.map(({ clockId, title, durationSeconds }) => ({ clockId, title, durationSeconds })),
      [...hand, ...believed.map(({ edge }) => edge)],
      reference,
    )
    const answer = answerOf(session, solution, measured, refusals, unreadable)
    keep(session, solution, measured, answer)
    return answer
  },
}

const goByOneName = ([one, two]: readonly [DigestedSource, DigestedSource]): boolean =>
  isBesideFilm(one.source, two.source)

async function timedSources(
  session: Session,
  unreadable: Map<string, Why>,
  signal: AbortSignal,
): Promise<DigestedSource[]> {
  const tools = await session.tools()
  const shelf = new SoundShelf()
  const sources: DigestedSource[] = []
  for (const clock of recordsOf(session.document, 'clock')) {
    throwIfCancelled(signal)
    try {
      const { importer, source, asset } = await openAsset(session, clock.assetId)
      const streams = streamsOf(session.document, clock.assetId)
      const words = wordsOnClock(session.document, clock)
      const timed = timedSource(
        importer,
        source,
        {
          clockId: clock.id,
          title: asset.title,
          clock,
          words,
          durationSeconds: asset.durationSeconds,
          streams,
          isOnClock: (index) => streams[index]?.clockId === clock.id,
        },
        { tools, shelf },
      )
      const own = streams.filter((stream) => stream.clockId === clock.id)
      if (timed) sources.push({ source: timed, digest: digestOf(session, asset, clock, own, words) })
    } catch (error) {
      if (!(error instanceof AsterismError) || error.code === 'cancelled') throw error
      unreadable.set(clock.assetId, { reason: error.message, said: error.said?.what })
    }
  }
  return sources
}

/** Of all that alignment reads of a clock: the bytes of its recording, what the importer made of them, and the words. */
function digestOf(
  session: Session,
  asset: Asset,
  clock: Clock,
  streams: readonly Stream[],
  words: readonly TimedWord[],
): string {
  const { epochUtcNanoseconds, epochSource, timecode } = clock
  const read = streams.map(({ index, sensor, startSeconds, durationSeconds }) => [
    index,
    sensor,
    startSeconds,
    durationSeconds,
  ])
  // Their times are rounded anew whenever the recording is placed; the same words of the same bytes have the same times.
  const said = words.map(({ text }) => text)
  const all = [session.options.version, asset.sha256, read, epochUtcNanoseconds, epochSource, timecode, said]
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}

function measuredPair(
  session: Session,
  a: TimedSource,
  b: TimedSource,
  method: string,
  map: Omit<GraphEdge, 'id' | 'clockA' | 'clockB' | 'method' | 'manual'> & {
    curves: readonly TimeEvidence['curves'][number][]
  },
): Measured {
  const id = `timeEvidence:${method}:${a.clockId}:${b.clockId}`
  const before = session.document.get(id)
  const verdict = before?.kind === 'timeEvidence' ? before.verdict : null
  return {
    edge: { id, clockA: a.clockId, clockB: b.clockId, method, ...map, manual: verdict === 'accept' },
    evidence: {
      kind: 'timeEvidence',
      id,
      clockA: a.clockId,
      clockB: b.clockId,
      method,
      offsetSeconds: map.offsetSeconds,
      ratePpm: map.ratePpm,
      sigmaOffsetSeconds: Math.sqrt(map.covariance[0]),
      sigmaRatePpm: Math.sqrt(map.covariance[2]),
      covariance: [...map.covariance],
      confidence: map.confidence,
      overlapSeconds: map.overlapSeconds,
      accepted: verdict !== 'reject',
      verdict,
      curves: map.curves.map((curve) => ({ ...curve, x: [...curve.x], y: [...curve.y] })),
      knots: map.knots?.map((knot) => ({
        clockSeconds: knot.secondsB,
        projectSeconds: knot.secondsA,
        sigmaSeconds: knot.sigmaSeconds,
      })),
    },
  }
}

function referenceClock(
  session: Session,
  referenceAssetId: string | null,
  sources: readonly TimedSource[],
): string | null {
  if (referenceAssetId === null) return null
  const clocks = recordsOf(session.document, 'clock').filter((clock) => clock.assetId === referenceAssetId)
  const timed = clocks.find((clock) => sources.some((source) => source.clockId === clock.id))
  if (!timed) throw new AsterismError('bad_input', say('work.noReference'))
  return timed.id
}

function handMaps(session: Session): TimeMap[] {
  return recordsOf(session.document, 'timeMap').filter((map) => map.manual)
}

function assetOf(session: Session, clockId: string): string {
  const clock = session.document.get(clockId)
  return clock?.kind === 'clock' ? clock.assetId : clockId
}

function answerOf(
  session: Session,
  solution: SyncGraphSolution,
  measured: readonly Measured[],
  refusals: ReadonlyMap<string, readonly Reason[]>,
  unreadable: ReadonlyMap<string, Why>,
): SyncAnswer {
  const judged = new Map(solution.edges.map((edge) => [edge.id, edge]))
  const hasEvidence = new Set(measured.flatMap(({ edge }) => [edge.clockA, edge.clockB]))
  return {
    reference: solution.referenceClockId === null ? null : assetOf(session, solution.referenceClockId),
    assets: solution.maps.map((map) => ({
      asset: assetOf(session, map.clockId),
      offset_s: beginningOffset(map),
      rate_ppm: map.ratePpm,
      sigma_offset_s: Math.sqrt(map.covariance[0]),
      sigma_rate_ppm: Math.sqrt(map.covariance[2]),
      confidence: map.confidence,
      method: map.method,
      knots: map.knots?.map((knot) => ({
        t_asset_s: knot.clockSeconds,
        t_project_s: knot.projectSeconds,
        sigma_s: knot.sigmaSeconds,
      })),
    })),
    pairs: measured.map(({ evidence }) => {
      const verdict = judged.get(evidence.id)
      return {
        a: assetOf(session, evidence.clockA),
        b: assetOf(session, evidence.clockB),
        method: evidence.method,
        offset_s: evidence.offsetSeconds,
        rate_ppm: evidence.ratePpm,
        confidence: evidence.confidence,
        accepted: verdict?.accepted ?? false,
        ...(verdict ? { reason: verdict.reason, said: verdict.said } : because('time.youRejected')),
      }
    }),
    unsynced: [
      ...solution.unsynced.map(({ clockId, reason, said }) => ({
        asset: assetOf(session, clockId),
        // What was measured and not used says more than what was not found.
        ...((hasEvidence.has(clockId) ? undefined : refusals.get(clockId)?.[0]) ?? { reason, said }),
      })),
      ...[...unreadable].map(([asset, why]) => ({ asset, ...why })),
    ],
  }
}

/** Evidence, maps, clips that follow their clocks, and the report, as one gesture. */
function keep(session: Session, solution: SyncGraphSolution, measured: readonly Measured[], answer: SyncAnswer): void {
  const judged = new Map(solution.edges.map((edge) => [edge.id, edge]))
  session.requireProject().commit({ label: inEnglish(say('step.alignTime')) }, (draft) => {
    for (const record of Array.from(draft.values())) if (record.kind === 'timeEvidence') draft.delete(record.id)
    for (const { evidence } of measured) {
      const verdict = judged.get(evidence.id)
      draft.set(evidence.id, {
        ...evidence,
        accepted: verdict?.accepted ?? false,
        reason: verdict?.reason,
        said: verdict?.said,
      })
    }
    const solved = new Map(solution.maps.map((map) => [map.clockId, map]))
    for (const clock of recordsOf(draft, 'clock')) replaceMap(draft, clock, solved.get(clock.id))
    const project = draft.get('project')
    if (project?.kind === 'project') project.referenceClockId = solution.referenceClockId
    draft.set(reportId('sync'), reportRecord('sync', answer))
  })
}

type Solved = SyncGraphSolution['maps'][number]

function replaceMap(draft: Map<string, DocumentRecord>, clock: Clock, solved: Solved | undefined): void {
  const record = draft.get(timeMapId(clock.id))
  const before = record?.kind === 'timeMap' ? record : undefined
  if (before?.manual) return
  followClock(draft, clock, before, solved)
  if (!solved) {
    draft.delete(timeMapId(clock.id))
    return
  }
  draft.set(timeMapId(clock.id), {
    kind: 'timeMap',
    id: timeMapId(clock.id),
    clockId: clock.id,
    offsetSeconds: solved.offsetSeconds,
    ratePpm: solved.ratePpm,
    sigmaOffsetSeconds: Math.sqrt(solved.covariance[0]),
    sigmaRatePpm: Math.sqrt(solved.covariance[2]),
    covariance: [...solved.covariance],
    confidence: solved.confidence,
    method: solved.method,
    knots: solved.knots?.map((knot) => ({ ...knot })),
    evidenceIds: [...solved.evidenceIds],
    manual: false,
  })
}
