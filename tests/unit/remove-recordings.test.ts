/** Recordings that are taken out of a project, over documents that are made up. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertValid, edit, type Document } from '../../shared/document/document.ts'
import { newProjectRecords } from '../../shared/document/new-project.ts'
import { applyPatches } from '../../shared/document/patches.ts'
import type { Clip, DocumentRecord, Track } from '../../shared/document/records.ts'
import { removeRecordings, trackThatHolds, whatGoesWith } from '../../shared/document/remove-recordings.ts'

fc.configureGlobal({ seed: 20_261_128, numRuns: 60 })

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

interface Spec {
  readonly assets: number
  /** Pairs of assets that something says something of, and of which tracks and cuts show which. */
  readonly pairs: readonly (readonly [a: number, b: number])[]
  readonly tracks: readonly { readonly locked: boolean; readonly shown: readonly number[] }[]
  readonly cuts: readonly (readonly (readonly number[])[] | null)[]
  readonly captions: readonly (number | null)[]
  readonly takes: readonly number[]
  readonly reference: number | null
  readonly world: number | null
}

const MOST = 5
const index = fc.nat(MOST - 1)
const shownBy = fc.array(index, { maxLength: 5 })

const specs: fc.Arbitrary<Spec> = fc.record({
  assets: fc.integer({ min: 1, max: MOST }),
  pairs: fc.uniqueArray(fc.tuple(index, index), { maxLength: 6, selector: ([a, b]) => `${a} ${b}` }),
  tracks: fc.array(fc.record({ locked: fc.boolean(), shown: shownBy }), { maxLength: 4 }),
  cuts: fc.array(fc.option(fc.array(shownBy, { maxLength: 3 })), { maxLength: 3 }),
  captions: fc.array(fc.option(index), { maxLength: 4 }),
  takes: fc.array(index, { maxLength: 2 }),
  reference: fc.option(index),
  world: fc.option(index),
})

function clipsOf(shown: readonly number[], prefix: string, assets: number): Clip[] {
  return shown.map((n, at) => ({
    id: `${prefix}-clip-${at}`,
    assetId: `asset-${n % assets}`,
    streamId: `asset-${n % assets}.0`,
    startTicks: at * 100,
    durationTicks: 60,
    sourceStartTicks: 0,
    linkId: `asset-${n % assets}`,
  }))
}

function trackOf(id: string, clips: Clip[], locked = false): Track {
  return { kind: 'track', id, title: id, sensor: 'video', order: 0, muted: false, locked, clips }
}

/** One asset with a record of every kind that an asset may have by itself. */
function recording(n: number, evidenceIds: readonly string[]): DocumentRecord[] {
  const assetId = `asset-${n}`
  const clockId = `${assetId}.clock0`
  const map = { offsetSeconds: 0, ratePpm: 0, sigmaOffsetSeconds: 0, sigmaRatePpm: 0, covariance: [0, 0, 0] }
  const found = { confidence: 1, method: 'audio', evidenceIds: [...evidenceIds], manual: false }
  return [
    {
      kind: 'asset',
      id: assetId,
      title: assetId,
      fileName: `${n}.mp4`,
      format: 'mp4',
      assetKind: 'recording',
      byteLength: 1,
      sha256: '0'.repeat(64),
      durationSeconds: 1,
      importedAt: '2026-11-28T00:00:00Z',
      take: null,
      warnings: [],
      metadata: {},
      missing: false,
    },
    { kind: 'location', id: `location:${assetId}`, assetId, path: `/${n}.mp4`, modifiedAtMilliseconds: 0 },
    { kind: 'clock', id: clockId, assetId, title: '', source: 'container', epochUtcNanoseconds: null, timecode: null },
    {
      kind: 'stream',
      id: `${assetId}.0`,
      assetId,
      clockId,
      index: 0,
      sensor: 'video',
      startSeconds: 0,
      durationSeconds: 1,
    },
    { kind: 'timeMap', id: `timeMap:${clockId}`, clockId, ...map, ...found },
    {
      kind: 'transform',
      id: `transform:${assetId}`,
      assetId,
      worldFromAsset: IDENTITY,
      scale: 1,
      covariance: null,
      rmseMetres: null,
      overlap: null,
      ...found,
    },
    {
      kind: 'pathCorrection',
      id: `pathCorrection:${assetId}`,
      assetId,
      knots: [{ clockSeconds: 0, correctedFromRecorded: IDENTITY }],
      largestCorrectionMetres: 0,
    },
  ]
}

/** What is said of two assets, in time and in space, measured and by hand. */
function between(a: number, b: number): DocumentRecord[] {
  const [clockA, clockB] = [`asset-${a}.clock0`, `asset-${b}.clock0`]
  const pair = { targetAssetId: `asset-${a}`, sourceAssetId: `asset-${b}` }
  const point = { target: [0, 0, 0], source: [0, 0, 0] }
  return [
    {
      kind: 'timeEvidence',
      id: `timeEvidence:${a}:${b}`,
      clockA,
      clockB,
      offsetSeconds: 0,
      ratePpm: 0,
      sigmaOffsetSeconds: 0,
      sigmaRatePpm: 0,
      covariance: [0, 0, 0],
      confidence: 1,
      method: 'audio',
      overlapSeconds: 1,
      accepted: true,
      verdict: null,
      curves: [],
    },
    { kind: 'syncPoint', id: `syncPoint:${a}:${b}`, clockA, secondsA: 0, clockB, secondsB: 0 },
    {
      kind: 'spaceEvidence',
      id: `spaceEvidence:${a}:${b}`,
      ...pair,
      targetFromSource: IDENTITY,
      scale: 1,
      covariance: null,
      rmseMetres: null,
      overlap: null,
      confidence: 1,
      method: 'scan-to-scan',
      accepted: true,
      verdict: null,
      candidates: [],
    },
    { kind: 'landmarks', id: `landmarks:${a}:${b}`, ...pair, points: [point, point, point], withScale: false },
  ]
}

function documentOf(spec: Spec): Document {
  const { assets } = spec
  const pairs = spec.pairs.map(([a, b]) => [a % assets, b % assets] as const)
  const evidenceIds = pairs.flatMap(([a, b]) => [`timeEvidence:${a}:${b}`, `spaceEvidence:${a}:${b}`])
  const all: DocumentRecord[] = [
    ...newProjectRecords('Made up', '2026-11-28T00:00:00Z'),
    ...Array.from({ length: assets }, (_, n) => recording(n, evidenceIds)).flat(),
    ...pairs.flatMap(([a, b]) => between(a, b)),
    ...spec.tracks.map(({ locked, shown }, n) => trackOf(`track-${n}`, clipsOf(shown, `t${n}`, assets), locked)),
    ...spec.cuts.map((tracks, n): DocumentRecord => ({
      kind: 'cut',
      id: `cut-${n}`,
      title: 'Cut',
      createdAt: '2026-11-28T00:00:00Z',
      editKey: `${n}`,
      stars: {},
      tracks: tracks?.map((shown, at) => trackOf(`track-${at}`, clipsOf(shown, `c${n}${at}`, assets))) ?? null,
    })),
    ...spec.captions.map((n, at): DocumentRecord => ({
      kind: 'caption',
      id: `caption-${at}`,
      assetId: n === null ? null : `asset-${n % assets}`,
      startTicks: 0,
      endTicks: 1,
      text: 'word',
      source: n === null ? 'typed' : 'transcribed',
    })),
    ...spec.takes.map((n, at): DocumentRecord => ({
      kind: 'commentaryTake',
      id: `take-${at}`,
      assetId: `asset-${n % assets}`,
      number: at + 1,
      recordedAt: '2026-11-28T00:00:00Z',
      microphone: '',
      span: { startSeconds: 0, endSeconds: null },
      interrupted: false,
    })),
  ]
  const document = new Map(all.map((record) => [record.id, record]))
  const project = document.get('project') as Extract<DocumentRecord, { kind: 'project' }>
  document.set('project', {
    ...project,
    referenceClockId: spec.reference === null ? null : `asset-${spec.reference % assets}.clock0`,
    worldAssetId: spec.world === null ? null : `asset-${spec.world % assets}`,
  })
  assertValid(document, document.keys())
  return document
}

/** Every text in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const removals = specs.chain((spec) =>
  fc.record({
    document: fc.constant(documentOf(spec)),
    going: fc
      .subarray(
        Array.from({ length: spec.assets }, (_, n) => `asset-${n}`),
        { minLength: 1 },
      )
      .map((ids) => new Set(ids)),
  }),
)

describe('recordings that are taken out', () => {
  test('leave nothing behind that names them or anything of theirs, and no empty track', () => {
    fc.assert(
      fc.property(removals, ({ document, going }) => {
        const { document: after } = edit(document, (draft) => removeRecordings(draft, going))
        assertValid(after, after.keys())
        const gone = [...document.keys()].filter((id) => !after.has(id) && document.get(id)?.kind !== 'track')
        for (const id of going) expect(gone).toContain(id)
        const named = new Set([...after.values()].flatMap(textsIn))
        expect(gone.filter((id) => named.has(id))).toEqual([])
        for (const record of after.values())
          if (record.kind === 'track' && record.clips.length === 0)
            expect(document.get(record.id)).toMatchObject({ clips: [] })
      }),
    )
  })

  test('take nothing of the others along', () => {
    fc.assert(
      fc.property(removals, ({ document, going }) => {
        const { document: after } = edit(document, (draft) => removeRecordings(draft, going))
        const isOf = (id: string): boolean =>
          [...going].some((assetId) => id === assetId || id.startsWith(`${assetId}.`))
        const clips = (of: Document): string[] =>
          [...of.values()].flatMap((each) => (each.kind === 'track' ? each.clips.map(({ id }) => id) : []))
        const staying = [...document.values()].flatMap((each) =>
          each.kind === 'track' ? each.clips.filter(({ assetId }) => !going.has(assetId)).map(({ id }) => id) : [],
        )
        expect(clips(after)).toEqual(staying)
        for (const record of document.values()) {
          if (record.kind === 'track' || textsIn({ ...record, evidenceIds: [] }).some(isOf)) continue
          expect(after.has(record.id)).toBe(true)
        }
      }),
    )
  })

  test('are all back, in their order, when that is taken back', () => {
    fc.assert(
      fc.property(removals, ({ document, going }) => {
        const { document: after, inverse } = edit(document, (draft) => removeRecordings(draft, going))
        expect([...applyPatches(after, inverse)]).toEqual([...document])
      }),
    )
  })

  test('are counted with what goes as it goes', () => {
    fc.assert(
      fc.property(removals, ({ document, going }) => {
        const { document: after } = edit(document, (draft) => removeRecordings(draft, going))
        const lost = (count: (record: DocumentRecord) => number): number =>
          [...document.values()].reduce((sum, each) => sum + count(each), 0) -
          [...after.values()].reduce((sum, each) => sum + count(each), 0)
        const ofKinds = (...kinds: DocumentRecord['kind'][]): number =>
          lost(({ kind }) => (kinds.includes(kind) ? 1 : 0))
        const told = whatGoesWith(document, going)
        expect(told).toMatchObject({
          clips: lost((each) => (each.kind === 'track' ? each.clips.length : 0)),
          takes: ofKinds('commentaryTake'),
          captions: ofKinds('caption'),
          timeMaps: ofKinds('timeMap'),
          transforms: ofKinds('transform'),
          handPoints: ofKinds('syncPoint', 'landmarks'),
        })
        expect(told.cuts).toBe(
          [...document].filter(([id, { kind }]) => kind === 'cut' && after.get(id) !== document.get(id)).length,
        )
      }),
    )
  })

  test('are held by a locked track that shows them, and by no other', () => {
    const held = trackOf('held', clipsOf([0], 'h', 2), true)
    const document: Document = new Map([held, trackOf('free', clipsOf([1], 'f', 2))].map((each) => [each.id, each]))
    expect(trackThatHolds(document, new Set(['asset-0']))).toBe(held)
    expect(trackThatHolds(document, new Set(['asset-1']))).toBeNull()
  })
})
