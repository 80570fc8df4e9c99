/** What the actions of editing make of the document, on the same stores as in the window. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { edit, recordsOf, type Document, type Recipe } from '../../../shared/document/document.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { loadFromWindow } from './window-modules.ts'

const { actions } = await loadFromWindow('actions/actions')
const { useDocument } = await loadFromWindow('state/document-store')
const { useSession } = await loadFromWindow('state/session-store')
const { dropWhatIsGone } = await loadFromWindow('state/selection')
const { now, seek, useTransport, setTransportBounds } = await loadFromWindow('state/transport')

// What changes asks for a frame, which nothing is drawn in here.
vi.stubGlobal('requestAnimationFrame', () => 1)

/** A clip from one second to another. */
function clip(id: string, from: number, to: number, linkId: string | null = null): Clip {
  return {
    id,
    assetId: 'asset',
    streamId: 'stream',
    startTicks: ticksFromSeconds(from),
    durationTicks: ticksFromSeconds(to - from),
    sourceStartTicks: 0,
    linkId,
  }
}

function track(id: string, order: number, clips: Clip[], locked = false): Track {
  return { kind: 'track', id, title: id, sensor: 'video', order, muted: false, locked, clips }
}

function open(...tracks: Track[]): void {
  useDocument.setState({ document: new Map(tracks.map((each) => [each.id, each])) })
  setTransportBounds(0, 100)
  useTransport.setState({ inSeconds: 4, outSeconds: 6 })
}

/** Runs an action as a key would; answers what it is called in the history, null where it cannot be done now. */
function press(id: string): string | null {
  const action = actions.find((each) => each.id === id)!
  if (action.disabledReason?.()) return null
  let said: string | null = null
  void action.run({
    commit: (label: string, recipe: Recipe) => {
      said = label
      useDocument.setState({ document: edit(useDocument.getState().document, recipe).document })
    },
  })
  return said
}

/** Start and end of every clip of a track, seconds. */
function spans(id: string): number[][] {
  const document: Document = useDocument.getState().document
  const own = recordsOf(document, 'track').find((each) => each.id === id)!
  return own.clips.map(({ startTicks, durationTicks }) =>
    [startTicks, startTicks + durationTicks].map((ticks) => ticks / ticksFromSeconds(1)),
  )
}

afterEach(() => {
  useSession.setState({ selectedClipIds: new Set() })
  useTransport.setState({ inSeconds: null, outSeconds: null })
})

test('which camera is shown is said to those who hear the window', () => {
  open(track('front', 0, [clip('a', 0, 10)]), track('side', 1, [{ ...clip('b', 0, 10), streamId: 'other' }]))
  press('camera2')
  expect(useSession.getState()).toMatchObject({
    viewedStreamId: 'other',
    announcement: 'Camera 2 is shown: side',
  })
})

test('a cut between cameras begins with the frame on screen, wherever between frames the key was pressed', () => {
  open(track('front', 0, [clip('a', 0, 10)]), track('side', 1, [{ ...clip('b', 0, 10), streamId: 'other' }]))
  useSession.setState({ cutting: true, viewedStreamId: 'stream' })
  for (const [at, key] of [
    [3.019, 'camera2'],
    [6, 'camera1'],
  ] as const) {
    seek(at)
    press(key)
    useSession.setState({ viewedStreamId: key === 'camera2' ? 'other' : 'stream' })
  }
  useSession.setState({ cutting: false, viewedStreamId: null })
  // Without a known rate the edit has 30 frames a second.
  expect(spans('track:program')).toEqual([
    [0, 3],
    [3, 6],
    [6, 10],
  ])
})

test('why a camera is not cut to is said: it is shown already, or recorded nothing there', () => {
  open(track('front', 0, [clip('a', 0, 10)]), track('side', 1, [{ ...clip('b', 6, 10), streamId: 'other' }]))
  useSession.setState({ cutting: true, viewedStreamId: 'stream' })
  const told = (at: number, key: string): string | undefined => {
    seek(at)
    press(key)
    return useSession.getState().notices.at(-1)?.title
  }
  expect(told(3, 'camera2')).toBe('side recorded nothing at this moment.')
  press('camera1')
  expect(told(4, 'camera1')).toBe('front is shown here already.')
  useSession.setState({ cutting: false, viewedStreamId: null })
})

test('what a key has nothing to go to is said', () => {
  open(track('picture', 0, [clip('a', 0, 4), clip('b', 5, 10)]))
  const reason = (id: string): string | null => actions.find((each) => each.id === id)!.disabledReason!()
  expect(['rollToPlayhead', 'previousMarker', 'nextMarker'].map(reason)).toEqual([
    'There is no cut here: no two clips meet on these tracks.',
    'There is no marker before the playhead.',
    'There is no marker behind the playhead.',
  ])
})

test('a cut where a camera begins between two frames begins with that camera', () => {
  open(track('front', 0, [clip('a', 0, 10)]), track('side', 1, [{ ...clip('b', 3.02, 10), streamId: 'other' }]))
  useSession.setState({ cutting: true, viewedStreamId: 'stream' })
  seek(3.02)
  press('camera2')
  useSession.setState({ cutting: false, viewedStreamId: null })
  expect(spans('track:program')).toEqual([
    [0, 3.02],
    [3.02, 10],
  ])
})

describe('what is selected', () => {
  test('stays on a locked track, which is named', () => {
    open(track('held', 0, [clip('a', 0, 10)], true), track('free', 1, [clip('b', 0, 10)]))
    useSession.setState({ selectedClipIds: new Set(['a']) })
    expect(press('lift')).toBeNull()
    expect(useSession.getState().notices.at(-1)?.title).toBe('held is locked')
    useSession.setState({ selectedClipIds: new Set(['a', 'b']) })
    expect(press('lift')).toBe('Lift')
    expect(spans('held')).toEqual([[0, 10]])
    expect(spans('free')).toEqual([])
  })

  const LINKED = [
    track('picture', 0, [clip('a', 0, 4, 'one'), clip('b', 4, 10, 'two')]),
    // Of one recording, which its sensors do not fill to the last moment.
    track('sound', 1, [clip('c', 0, 3.5, 'one'), clip('d', 4, 10, 'two')]),
    track('other', 2, [clip('e', 0, 10)]),
  ]

  test('goes with what it is linked to, and what follows stays in step though others lie beside it', () => {
    open(...LINKED)
    useSession.setState({ selectedClipIds: new Set(['a']) })
    press('lift')
    expect(spans('sound')).toEqual([[4, 10]])
    open(...LINKED)
    useSession.setState({ selectedClipIds: new Set(['a']) })
    press('rippleDelete')
    expect([spans('picture'), spans('sound'), spans('other')]).toEqual([[[0, 6]], [[0, 6]], [[0, 10]]])
  })

  test('closes up no further than there is room on each track', () => {
    open(
      track('picture', 0, [clip('a', 2, 6, 'one'), clip('b', 6, 10)]),
      track('sound', 1, [clip('c', 0, 3), clip('d', 3, 5, 'one'), clip('e', 5.5, 7), clip('f', 7, 9)]),
    )
    useSession.setState({ selectedClipIds: new Set(['d']) })
    press('rippleDelete')
    expect(spans('picture')).toEqual([[2, 6]])
    expect(spans('sound')).toEqual([
      [0, 3],
      [3, 4.5],
      [4.5, 6.5],
    ])
  })

  test('goes alone where it was taken alone, until something else is selected', () => {
    open(...LINKED)
    const aloneClipIds = new Set(['a'])
    useSession.setState({ selectedClipIds: aloneClipIds, aloneClipIds })
    press('lift')
    expect([spans('picture'), spans('sound').length]).toEqual([[[4, 10]], 2])
    useSession.setState({ selectedClipIds: new Set(['b']) })
    press('lift')
    expect([spans('picture'), spans('sound')]).toEqual([[], [[0, 3.5]]])
  })

  test('is no longer selected once it is gone, so that keys take what is marked or chosen next', () => {
    const stop = dropWhatIsGone()
    open(track('picture', 0, [clip('a', 0, 10), clip('b', 10, 12)]))
    useSession.setState({ selectedClipIds: new Set(['a', 'b']) })
    open(track('picture', 0, [clip('b', 10, 12)]))
    expect([...useSession.getState().selectedClipIds]).toEqual(['b'])
    useSession.setState({ selectedMarkerId: 'gone' })
    open()
    expect(useSession.getState()).toMatchObject({ selectedMarkerId: null, selectedClipIds: new Set() })
    stop()
  })

  test('is selected again once what went is put back, where nothing else is selected by then', () => {
    const stop = dropWhatIsGone()
    const clips = [clip('a', 0, 10), clip('b', 10, 12), clip('c', 12, 13)]
    const keep = (...ids: string[]): void =>
      open(
        track(
          'picture',
          0,
          clips.filter(({ id }) => ids.includes(id)),
        ),
      )
    const selected = (): string[] => [...useSession.getState().selectedClipIds]
    keep('a', 'b', 'c')
    useSession.setState({ selectedClipIds: new Set(['a', 'b']) })
    press('lift')
    expect(selected()).toEqual([])
    useSession.setState({ selectedClipIds: new Set(['c']) })
    press('lift')
    keep('c')
    expect(selected()).toEqual(['c'])
    keep('a', 'b', 'c')
    expect(selected(), 'c is held').toEqual(['c'])
    useSession.setState({ selectedClipIds: new Set() })
    keep('a', 'b')
    expect(selected(), 'a and b came back long ago').toEqual([])
    useSession.setState({ selectedClipIds: new Set(['a', 'b']) })
    press('lift')
    keep('a', 'b')
    expect(selected()).toEqual(['a', 'b'])
    stop()
  })

  test('is copied and heard alone with a word for those who do not see it', () => {
    open(track('picture', 0, [clip('a', 0, 10, 'take')]), track('sound', 1, [clip('b', 0, 10, 'take')]))
    useSession.setState({ selectedClipIds: new Set(['a']) })
    const said = (id: string): string | undefined => {
      press(id)
      return actions.find((each) => each.id === id)!.said?.()
    }
    expect(said('copy')).toBe('2 clips copied')
    expect(said('soloTracks')).toBe('Heard alone: picture')
    expect(said('soloTracks')).toBe('All tracks are heard')
    for (const id of ['loop', 'snapping', 'cutaway', 'theme']) expect(said(id), id).not.toBe(said(id))
  })
})

describe('what lies between in and out', () => {
  test('is lifted by Delete: gaps are left, nothing moves, and what is locked stays', () => {
    open(
      track('picture', 0, [clip('a', 0, 10, 'take'), clip('b', 10, 12)]),
      track('sound', 1, [clip('c', 0, 10, 'take')]),
      track('locked', 2, [clip('d', 0, 10)], true),
    )
    expect(press('lift')).toBe('Lift what is marked')
    expect(spans('picture')).toEqual([
      [0, 4],
      [6, 10],
      [10, 12],
    ])
    expect(spans('sound')).toEqual([
      [0, 4],
      [6, 10],
    ])
    expect(spans('locked')).toEqual([[0, 10]])
    // What was linked is linked on each side.
    const links = ['picture', 'sound'].map((id) =>
      (useDocument.getState().document.get(id) as Track).clips.slice(0, 2).map(({ linkId }) => linkId),
    )
    expect(links[0]).toEqual(links[1])
    expect(links[0]![0]).not.toBe(links[0]![1])
    // Nothing is marked any more: the key pressed again does nothing.
    expect(press('lift')).toBeNull()
  })

  test('is cut out by Shift+Delete: every track moves up, and the playhead is where the cut is', () => {
    open(track('picture', 0, [clip('a', 0, 10), clip('b', 10, 12)]), track('sound', 1, [clip('c', 5, 9)]))
    expect(press('rippleDelete')).toBe('Cut out what is marked')
    expect(spans('picture')).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ])
    expect(spans('sound')).toEqual([[4, 7]])
    expect(useTransport.getState()).toMatchObject({ inSeconds: null, outSeconds: null, anchorSeconds: 4 })
  })

  test('is not cut out behind a locked track, which is named', () => {
    open(track('picture', 0, [clip('a', 0, 10)]), track('held', 1, [clip('b', 0, 10)], true))
    expect(press('rippleDelete')).toBeNull()
    expect(spans('picture')).toEqual([[0, 10]])
    expect(useSession.getState().notices.at(-1)?.title).toContain('held')
  })

  test('stays where clips are selected: those go', () => {
    open(track('picture', 0, [clip('a', 0, 10), clip('b', 10, 12)]))
    useSession.setState({ selectedClipIds: new Set(['b']) })
    expect(press('lift')).toBe('Lift')
    expect(spans('picture')).toEqual([[0, 10]])
    expect(useTransport.getState().inSeconds).toBe(4)
  })
})

describe('a gap', () => {
  const reason = (id: string): string | null => actions.find((each) => each.id === id)!.disabledReason!()

  test('is closed at the playhead, which goes to what follows; beside others where nothing lies', () => {
    open(track('one', 0, [clip('a', 0, 4), clip('b', 8, 10)]), track('other', 1, [clip('c', 0, 3), clip('d', 9, 10)]))
    seek(6)
    expect(press('closeGap')).toBe('Close gap')
    expect([spans('one'), spans('other'), now()]).toEqual([
      [
        [0, 4],
        [4, 6],
      ],
      [
        [0, 3],
        [5, 6],
      ],
      4,
    ])
    seek(3.5)
    expect(press('closeGap')).toBe('Close gap')
    expect([spans('one'), spans('other')]).toEqual([
      [
        [0, 4],
        [4, 6],
      ],
      [
        [0, 3],
        [3, 4],
      ],
    ])
    expect(press('closeGap')).toBeNull()
    expect(reason('closeGap')).toMatch(/no gap here/)
  })

  test('is the one that the menu was opened over, whatever is selected, and stays where its track is locked', () => {
    open(
      track('one', 0, [clip('a', 0, 4), clip('b', 8, 10)]),
      track('held', 1, [clip('c', 0, 1), clip('d', 2, 12)], true),
    )
    useSession.setState({
      selectedClipIds: new Set(['c']),
      pointedRow: { trackId: 'one', atTicks: ticksFromSeconds(5) },
    })
    expect(press('closeGap')).toBe('Close gap')
    expect([spans('one'), spans('held')]).toEqual([
      [
        [0, 4],
        [4, 6],
      ],
      [
        [0, 1],
        [2, 12],
      ],
    ])
    useSession.setState({ pointedRow: { trackId: 'held', atTicks: ticksFromSeconds(1.5) } })
    expect(reason('closeGap')).toBe('held is locked')
    expect(reason('closeGaps')).toBe('held is locked')
    useSession.setState({ pointedRow: null })
  })

  test('all are closed on the tracks of the selection, or where nothing lies at all', () => {
    const tracks = [
      track('one', 0, [clip('a', 0, 2), clip('b', 4, 5), clip('c', 8, 9)]),
      track('other', 1, [clip('d', 0, 7)]),
    ] as const
    open(...tracks)
    expect(press('closeGaps')).toBe('Close all gaps')
    expect([spans('one'), spans('other')]).toEqual([
      [
        [0, 2],
        [4, 5],
        [7, 8],
      ],
      [[0, 7]],
    ])
    useSession.setState({ selectedClipIds: new Set(['a']) })
    expect(press('closeGaps')).toBe('Close all gaps')
    expect([spans('one'), spans('other')]).toEqual([
      [
        [0, 2],
        [2, 3],
        [3, 4],
      ],
      [[0, 7]],
    ])
    expect(reason('closeGaps')).toMatch(/no gap to close/)
  })
})
