/** What of the timeline is drawn anew: the rows that an edit changed, and nothing while nothing changes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Document } from '../../../shared/document/document.ts'
import type { Caption, Clip, DocumentRecord, Marker, Track } from '../../../shared/document/records.ts'
import type { Scene, TimelineModel } from './timeline-modules.ts'
import { loadFromWindow } from './window-modules.ts'

const { timelineModeller } = await loadFromWindow('timeline/rows')
const { changesOf } = await loadFromWindow('timeline/scene')
const { fittedText } = await loadFromWindow('timeline/fitted-text')
const { everyFrame, everyFrameAndSeek, wakeFrames } = await loadFromWindow('state/frames')
const { useTransport } = await loadFromWindow('state/transport')
const { dismissNotice, useSession } = await loadFromWindow('state/session-store')

/** Of the window, which Node has not. */
const frames = globalThis as unknown as { requestAnimationFrame: ((callback: () => void) => number) | undefined }

const track = (order: number, muted = false): Track => ({
  kind: 'track',
  id: `track-${order}`,
  title: 't',
  sensor: 'audio',
  order,
  muted,
  locked: false,
  clips: [],
})
const caption: Caption = {
  kind: 'caption',
  id: 'said',
  assetId: null,
  startTicks: 0,
  endTicks: 9,
  text: 'said',
  source: 'typed',
}
const marker: Marker = { kind: 'marker', id: 'm', title: 'm', color: 'red', note: '', atTicks: 5, durationTicks: 0 }

const documentOf = (...records: DocumentRecord[]): Document => new Map(records.map((record) => [record.id, record]))

describe('what an edit draws anew', () => {
  const first = track(0)
  const before = documentOf(first, track(1), caption)
  const SHOWN = { startSeconds: 0, pixelsPerSecond: 1 }
  const still = { window: SHOWN, openSpans: new Map<string, number>(), playheadSeconds: 0 }
  const scene = (model: TimelineModel, other: Partial<Scene> = {}): Scene => ({ model, ...still, ...other })
  const modelsOf = (after: Document): [TimelineModel, TimelineModel] => {
    const modelOf = timelineModeller()
    return [modelOf(before, []), modelOf(after, [])]
  }

  test('the row of the track that it changed', () => {
    const [was, is] = modelsOf(documentOf(first, track(1, true), caption))
    expect(changesOf(scene(was), scene(is))).toEqual([{ row: is.rows[2], span: null }])
  })
  test('of that row only where its clips are others, unless they go by another name or anything else of it changed', () => {
    const clip = (id: string, startTicks: number, durationTicks: number, assetId = 'a'): Clip => ({
      id,
      assetId,
      streamId: 's',
      startTicks,
      durationTicks,
      sourceStartTicks: 0,
      linkId: null,
    })
    const [one, two, three] = [clip('1', 0, 10), clip('2', 20, 10), clip('3', 40, 10)]
    const changesBetween = (from: readonly Clip[], to: readonly Clip[], muted = false) => {
      const modelOf = timelineModeller()
      const [was, is] = [
        { ...first, clips: [...from] },
        { ...first, clips: [...to], muted },
      ].map((each) => modelOf(documentOf(each), []))
      return (changesOf(scene(was!), scene(is!)) as { span: unknown }[]).map(({ span }) => span)
    }
    const halves = [clip('2', 20, 4), clip('4', 24, 6)]
    expect(changesBetween([one, two, three], [one, ...halves, three])).toEqual([[20, 30]])
    expect(changesBetween([one, ...halves, three], [one, two, three])).toEqual([[20, 30]])
    expect(changesBetween([one, two, three], [one, three])).toEqual([[20, 30]])
    expect(changesBetween([one, two], [one, two, three])).toEqual([[40, 50]])
    expect(changesBetween([one, two, three], [one, clip('2', 22, 10), clip('3', 50, 10)])).toEqual([[20, 60]])
    expect(changesBetween([one, two], [clip('0', 0, 5, 'other'), one, two])).toEqual([null])
    expect(changesBetween([one, two], [one, ...halves], true)).toEqual([null])
  })
  test('all where a marker crosses every row, a row goes, or the view moves', () => {
    const [was, marked] = modelsOf(documentOf(first, track(1), caption, marker))
    expect(changesOf(scene(was), scene(marked))).toBe('all')
    const [, fewer] = modelsOf(documentOf(first, caption))
    expect(changesOf(scene(was), scene(fewer))).toBe('all')
    expect(changesOf(scene(was), scene(was, { window: { ...SHOWN } }))).toBe('all')
  })
  test('nothing where the playhead moves, unless a span is being marked', () => {
    const [was] = modelsOf(before)
    expect(changesOf(scene(was), scene(was, { playheadSeconds: 1 }))).toEqual([])
    const openSpans = new Map([['label', 0]])
    expect(changesOf(scene(was, { openSpans }), scene(was, { openSpans, playheadSeconds: 1 }))).toBe('all')
  })
})

describe('the loop of frames', () => {
  let asked: (() => void)[] = []
  const original = frames.requestAnimationFrame
  beforeAll(() => {
    frames.requestAnimationFrame = (callback) => asked.push(callback)
  })
  afterAll(() => {
    frames.requestAnimationFrame = original
  })
  const frame = (): void => {
    const callbacks = asked
    asked = []
    for (const callback of callbacks) callback()
  }

  test('rests while nothing moves, runs while the playhead does, and asks for one frame at a time', () => {
    let seen = 0
    const stop = everyFrame(() => (seen += 1))
    wakeFrames()
    frame()
    expect(seen).toBe(1)
    expect(asked).toEqual([])
    useTransport.setState({ rate: 1, anchorMilliseconds: performance.now() })
    // Nothing is on the timeline: the playhead is at its end at once, and that is shown too.
    frame()
    frame()
    expect(seen).toBe(3)
    expect(useTransport.getState().rate).toBe(0)
    expect(asked).toEqual([])
    stop()
  })

  test('what takes long to follow hears of a seek before the frame, and of the frame', () => {
    const heard: number[] = []
    const stop = everyFrameAndSeek((seconds) => heard.push(seconds))
    frame()
    useTransport.setState({ rate: 0, anchorSeconds: 2 })
    expect(heard).toEqual([0, 2])
    frame()
    expect(heard).toEqual([0, 2, 2])
    stop()
    useTransport.setState({ rate: 0, anchorSeconds: 0 })
    frame()
    expect(heard).toHaveLength(3)
  })

  test('goes on to the others where one fails, and says so once until it worked again', () => {
    const told = () => useSession.getState().notices.map(({ title }) => title)
    let fails = true
    let seen = 0
    const stops = [
      everyFrame(() => {
        if (fails) throw new Error('a strip without its curve')
      }),
      everyFrame(() => (seen += 1)),
    ]
    frame()
    wakeFrames()
    frame()
    expect(seen).toBe(2)
    expect(told()).toEqual(['a strip without its curve'])
    dismissNotice(useSession.getState().notices[0]!.id)
    wakeFrames()
    frame()
    expect(told()).toEqual([])
    for (const now of [false, true]) {
      fails = now
      wakeFrames()
      frame()
    }
    expect(told()).toEqual(['a strip without its curve'])
    for (const stop of stops) stop()
  })
})

describe('names where there is no room for all of them', () => {
  // Every letter is ten pixels wide.
  const pen = { font: 'f', context: { measureText: (text: string) => ({ width: text.length * 10 }) } }

  test('are whole where they fit, and keep their ends as long as there is room for both', () => {
    expect(fittedText(pen, 'Camera left', 110)).toBe('Camera left')
    expect(fittedText(pen, 'A recording, camera 1', 200)).toBe('A recording,…amera 1')
    expect(fittedText(pen, 'A recording, camera 2', 200)).toBe('A recording,…amera 2')
    expect(fittedText(pen, 'A recording, camera 2', 80)).toBe('A recor…')
    expect(fittedText(pen, 'A recording', 5)).toBe('…')
  })
})
