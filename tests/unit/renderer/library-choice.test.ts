/** Which recordings are chosen in the library, and why they cannot be removed. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DocumentRecord, Track } from '../../../shared/document/records.ts'
import { loadFromWindow } from './window-modules.ts'

const { actions } = await loadFromWindow('actions/actions')
const { chosenRecordings, chooseRecordingsUpTo, isChosenRecording, toggleRecording } =
  await loadFromWindow('state/chosen-recordings')
const { useDocument } = await loadFromWindow('state/document-store')
const { useJobs } = await loadFromWindow('state/jobs-store')
const { dropWhatIsGone } = await loadFromWindow('state/selection')
const { takeWords } = await loadFromWindow('library/take-words')
const { useSession } = await loadFromWindow('state/session-store')

vi.stubGlobal('requestAnimationFrame', () => 1)

const chosen = (): string[] => [...chosenRecordings(useSession.getState())].sort()
const asset = (id: string): DocumentRecord => ({ kind: 'asset', id, title: id }) as DocumentRecord

afterEach(() => {
  useSession.setState({ selectedAssetId: null, libraryChoice: null, dialog: null })
  useJobs.setState({ jobs: new Map() })
})

test('a take is called a take once', () => {
  const said = ['Take 1', 'take-2', 'TAKE3', '7', 'Takeaway', null].map(takeWords)
  expect(said).toEqual(['Take 1', 'take-2', 'TAKE3', 'Take 7', 'Take Takeaway', 'Without a take'])
})

describe('recordings in the library', () => {
  test('are chosen one, one more, and all between', () => {
    const order = ['a', 'b', 'c', 'd']
    expect(chosen()).toEqual([])
    chooseRecordingsUpTo('b', order)
    expect(chosen()).toEqual(['b'])
    chooseRecordingsUpTo('d', order)
    expect(chosen()).toEqual(['b', 'c', 'd'])
    chooseRecordingsUpTo('a', order)
    expect(chosen()).toEqual(['a', 'b'])
    toggleRecording('d')
    expect(chosen()).toEqual(['a', 'b', 'd'])
    toggleRecording('d')
    expect(chosen()).toEqual(['a', 'b'])
    expect(order.filter((id) => isChosenRecording(useSession.getState(), id))).toEqual(['a', 'b'])
    // Another one that is selected anywhere is chosen alone.
    useSession.setState({ selectedAssetId: 'c' })
    expect(chosen()).toEqual(['c'])
    toggleRecording('c')
    expect(chosen()).toEqual(['c'])
  })

  test('are chosen no longer once they are gone, and no question about them stays', () => {
    useDocument.setState({ document: new Map(['a', 'b'].map((id) => [id, asset(id)])) })
    const stop = dropWhatIsGone()
    useSession.setState({ selectedAssetId: 'a', dialog: 'removeRecordings' })
    useDocument.setState({ document: new Map([['b', asset('b')]]) })
    stop()
    expect(useSession.getState()).toMatchObject({ selectedAssetId: null, dialog: null })
  })

  test('stay where none is chosen, a locked track shows them or work goes through them, which is said', () => {
    const reason = (): string | null => actions.find(({ id }) => id === 'removeRecordings')!.disabledReason!()
    const clip = { id: 'clip', assetId: 'a', streamId: 's', startTicks: 0, durationTicks: 1, sourceStartTicks: 0 }
    const look = { id: 't', title: 'Wide', sensor: 'video', order: 0, muted: false } as const
    const track = (locked: boolean): Track => ({ kind: 'track', ...look, locked, clips: [{ ...clip, linkId: null }] })
    const open = (locked: boolean): void =>
      useDocument.setState({
        open: true,
        document: new Map<string, DocumentRecord>([
          ['a', asset('a')],
          ['t', track(locked)],
        ]),
      })
    open(false)
    expect(reason()).toBe('Select a recording in the library first.')
    useSession.setState({ selectedAssetId: 'a' })
    expect(reason()).toBeNull()
    open(true)
    expect(reason()).toBe('Wide is locked')
    open(false)
    useJobs.setState({ jobs: new Map([['j', { kind: 'derive', state: 'running' }]]) })
    expect(reason()).toBeNull()
    useJobs.setState({ jobs: new Map([['j', { kind: 'sync', state: 'running' }]]) })
    expect(reason()).toMatch(/goes through the recordings/)
    useJobs.setState({ jobs: new Map([['j', { kind: 'sync', state: 'done' }]]) })
    expect(reason()).toBeNull()
  })
})
