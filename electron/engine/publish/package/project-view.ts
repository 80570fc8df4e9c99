/** The records of a project, sorted into what the writers of a package ask for. */
import type {
  Asset,
  Caption,
  Clock,
  DocumentRecord,
  Marker,
  ProjectRecord,
  RecordKind,
  RecordOf,
  Report,
  Rights,
  SpaceEvidence,
  Stream,
  TimeEvidence,
  TimeMap,
  Track,
  Transform,
} from '../../../../shared/document/records.ts'
import type { Label } from '../../../../shared/document/label-records.ts'
import type { Consent } from '../../../../shared/document/consent-records.ts'
import type { PathCorrection } from '../../../../shared/document/space-records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export interface ProjectView {
  readonly project: ProjectRecord
  readonly rights: Rights | null
  readonly consents: readonly Consent[]
  /** Sorted by file name, then digest, then id: an order that does not depend on when something was imported. */
  readonly assets: readonly Asset[]
  readonly timeEvidence: readonly TimeEvidence[]
  readonly spaceEvidence: readonly SpaceEvidence[]
  /** From top to bottom. */
  readonly tracks: readonly Track[]
  /** From the top of the timeline. */
  readonly labels: readonly Label[]
  readonly markers: readonly Marker[]
  readonly captions: readonly Caption[]
  /** Who speaks a caption; null where nobody said. */
  speakerName(caption: Caption): string | null
  asset(id: string): Asset | undefined
  /** In the order of the recording. */
  streamsOf(assetId: string): readonly Stream[]
  stream(id: string): Stream | undefined
  clocksOf(assetId: string): readonly Clock[]
  timeMapOf(clockId: string): TimeMap | undefined
  transformOf(assetId: string): Transform | undefined
  pathCorrectionOf(assetId: string): PathCorrection | undefined
  report(subject: Report['subject']): Report | undefined
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Groups values by a key, keeping their order. */
function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}

/** @throws AsterismError `bad_input` when the records hold no project. */
export function viewProject(records: Iterable<DocumentRecord>): ProjectView {
  const all = [...records]
  const of = <K extends RecordKind>(kind: K): RecordOf<K>[] =>
    all.filter((record): record is RecordOf<K> => record.kind === kind).sort((a, b) => compareText(a.id, b.id))

  const project = of('project').at(0)
  if (project === undefined) throw new AsterismError('bad_input', say('package.noProject'))
  const assets = of('asset').sort(
    (a, b) => compareText(a.fileName, b.fileName) || compareText(a.sha256, b.sha256) || compareText(a.id, b.id),
  )
  const streams = of('stream').sort((a, b) => a.index - b.index || compareText(a.id, b.id))
  const clocks = of('clock')
  const assetsById = new Map(assets.map((asset) => [asset.id, asset]))
  const streamsById = new Map(streams.map((stream) => [stream.id, stream]))
  const streamsByAsset = groupBy(streams, (stream) => stream.assetId)
  const clocksByAsset = groupBy(clocks, (clock) => clock.assetId)
  const mapsByClock = new Map(of('timeMap').map((map) => [map.clockId, map]))
  const transformsByAsset = new Map(of('transform').map((transform) => [transform.assetId, transform]))
  const correctionsByAsset = new Map(of('pathCorrection').map((correction) => [correction.assetId, correction]))
  const speakers = new Map(of('speaker').map((speaker) => [speaker.id, speaker.name]))
  const reports = new Map(of('report').map((report) => [report.subject, report]))

  return {
    project,
    rights: of('rights').at(0) ?? null,
    consents: of('consent'),
    assets,
    timeEvidence: of('timeEvidence'),
    spaceEvidence: of('spaceEvidence'),
    tracks: of('track').sort((a, b) => a.order - b.order || compareText(a.id, b.id)),
    labels: of('label').sort((a, b) => a.order - b.order || compareText(a.id, b.id)),
    markers: of('marker').sort((a, b) => a.atTicks - b.atTicks || compareText(a.id, b.id)),
    captions: of('caption').sort(
      (a, b) => a.startTicks - b.startTicks || a.endTicks - b.endTicks || compareText(a.id, b.id),
    ),
    speakerName: ({ speakerId }) => (speakerId === undefined ? null : (speakers.get(speakerId) ?? null)),
    asset: (id) => assetsById.get(id),
    streamsOf: (assetId) => streamsByAsset.get(assetId) ?? [],
    stream: (id) => streamsById.get(id),
    clocksOf: (assetId) => clocksByAsset.get(assetId) ?? [],
    timeMapOf: (clockId) => mapsByClock.get(clockId),
    transformOf: (assetId) => transformsByAsset.get(assetId),
    pathCorrectionOf: (assetId) => correctionsByAsset.get(assetId),
    report: (subject) => reports.get(subject),
  }
}

/** The day of the project, `yyyy-mm-dd` in UTC. @throws AsterismError `bad_input` when its date cannot be read. */
export function dayOf(view: ProjectView): string {
  const date = new Date(view.project.createdAt)
  if (Number.isNaN(date.getTime())) {
    throw new AsterismError('bad_input', say('package.noDate', { date: view.project.createdAt }))
  }
  return date.toISOString().slice(0, 10)
}
