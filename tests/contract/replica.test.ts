/** The window's replica of the document against the engine: what it shows before the engine has answered, and after. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EngineClient } from '../../shared/contract/client.ts'
import type { Marker } from '../../shared/document/records.ts'
import { TRANSPORTS, type Connection } from '../fixtures/contract/transports.ts'
import { loadFromWindow } from '../unit/renderer/window-modules.ts'

const { useDocument, followDocument, commit, travel } = await loadFromWindow('state/document-store')
const open = Object.values(TRANSPORTS)[0]!

const marker = (id: string, title: string): Marker => ({
  kind: 'marker',
  id,
  title,
  note: '',
  color: 'blue',
  atTicks: 0,
  durationTicks: 0,
})

describe('the replica of the window', () => {
  let connection: Connection
  let client: EngineClient
  const following = new AbortController()
  const put = (id: string, title: string, mergeKey?: string): Promise<boolean> =>
    commit(client, `Marker ${title}`, (draft) => void draft.set(id, marker(id, title)), mergeKey)
  const titles = (): string[] =>
    [...useDocument.getState().document.values()].flatMap((each) => (each.kind === 'marker' ? [each.title] : []))
  const settled = async (): Promise<void> =>
    await expect.poll(() => useDocument.getState().saving, { timeout: 10_000, interval: 5 }).toBe(false)
  /** What another window that opens now would see. */
  const onDisk = async (): Promise<unknown[]> => {
    for await (const event of await client.document.watch(undefined)) {
      if (event.type === 'snapshot') return event.records
    }
    return []
  }

  beforeEach(async () => {
    connection = await open()
    client = connection.client
    await client.projects.create({ title: 'Replica' })
    followDocument(client, following.signal).catch(() => undefined)
    await expect.poll(() => useDocument.getState().document.has('project')).toBe(true)
  })
  afterEach(async () => {
    await client.projects.close()
    await expect.poll(() => useDocument.getState().document.size).toBe(0)
    await connection.close()
  })

  test('a gesture, undo and redo are shown before the engine has answered', async () => {
    const saved = [put('m', 'one'), put('n', 'two')]
    expect(titles()).toEqual(['one', 'two'])
    const undone = travel(client, 'undo')
    expect(titles()).toEqual(['one'])
    expect(useDocument.getState().history).toEqual({
      canUndo: true,
      undoLabel: 'Marker one',
      canRedo: true,
      redoLabel: 'Marker two',
    })
    const redone = travel(client, 'redo')
    expect(titles()).toEqual(['one', 'two'])
    expect(useDocument.getState().history).toMatchObject({ undoLabel: 'Marker two', canRedo: false })
    await Promise.all(saved)
    expect(await undone).toBe('Marker two')
    expect(await redone).toBe('Marker two')
    await settled()
    expect(titles()).toEqual(['one', 'two'])
  })

  test('gestures that are one step of undo are taken back together', async () => {
    await put('m', 'first')
    for (const title of ['second', 'third']) await put('m', title, 'drag m')
    const undone = travel(client, 'undo')
    expect(titles()).toEqual(['first'])
    await undone
    await settled()
    expect(titles()).toEqual(['first'])
  })

  test('after a change from elsewhere the engine says what undo makes', async () => {
    await put('m', 'mine')
    await client.document.undo()
    await expect.poll(titles).toEqual([])
    await put('m', 'again')
    await client.document.commit({
      label: 'Elsewhere',
      patches: [{ op: 'add', path: ['n'], value: marker('n', 'theirs') }],
      baseRevision: 100,
    })
    await expect.poll(titles).toEqual(['again', 'theirs'])
    expect(await travel(client, 'undo')).toBe('Elsewhere')
    await expect.poll(titles).toEqual(['again'])
  })

  test('nothing to take back changes nothing', async () => {
    expect(await travel(client, 'undo')).toBeNull()
    expect(await travel(client, 'redo')).toBeNull()
    await settled()
    expect(useDocument.getState().history).toMatchObject({ canUndo: false, canRedo: false })
  })

  test('rows of gestures faster than the engine answers end at what is on disk', async () => {
    let state = 20_261_126
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const work: Promise<unknown>[] = []
    for (let n = 0; n < 120; n++) {
      const id = `m${random(5)}`
      const action = random(6)
      if (action <= 1) work.push(put(id, `${n}`))
      else if (action === 2) work.push(put(id, `${n}`, `drag ${id}`))
      else if (action <= 4) work.push(travel(client, 'undo'))
      else work.push(travel(client, 'redo'))
      if (random(20) === 0) await client.document.undo()
    }
    // A gesture on what another one has just taken away may be refused; nothing else may.
    for (const each of await Promise.allSettled(work))
      if (each.status === 'rejected') expect(String(each.reason)).toMatch(/changed elsewhere|does not fit/)
    await settled()
    const records = [...useDocument.getState().document.values()].sort((a, b) => a.id.localeCompare(b.id))
    const disk = (await onDisk()) as { id: string }[]
    expect(records).toEqual(disk.sort((a, b) => a.id.localeCompare(b.id)))
  })
})
