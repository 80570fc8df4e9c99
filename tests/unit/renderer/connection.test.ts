import { expect, test } from 'vitest'
import type { DocumentEvent } from '../../../shared/contract/contract.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { loadFromWindow } from './window-modules.ts'

const { EngineLine, EngineGone, LinkWanted } = await loadFromWindow('state/engine-line')
const { stayConnected, useConnection } = await loadFromWindow('state/connection')
const { commit, followDocument, useDocument } = await loadFromWindow('state/document-store')
const { engineAccess } = await loadFromWindow('state/engine-context')
const { useSession } = await loadFromWindow('state/session-store')

const project = (title: string): DocumentRecord => ({ id: 'project', kind: 'project', title }) as DocumentRecord
const NO_HISTORY = { canUndo: false, canRedo: false, undoLabel: null, redoLabel: null }

/** An engine that opens documents as told and never answers a commit, on a connection that can be broken. */
class Engine {
  title = 'before'
  #break: () => void = () => undefined

  carry(): object {
    let isBroken = false
    let letGo: (error: Error) => void = () => undefined
    const calledOff = new Promise<never>((_resolve, reject) => (letGo = reject))
    calledOff.catch(() => undefined)
    const broken = new Promise<void>((resolve) => {
      this.#break = () => {
        isBroken = true
        resolve()
        letGo(Object.assign(new Error('aborted'), { name: 'AbortError' }))
      }
    })
    const watch = async function* (title: string): AsyncGenerator<DocumentEvent> {
      yield { type: 'snapshot', revision: 1, records: [project(title)], history: NO_HISTORY }
      await calledOff
    }
    const call = async (path: readonly string[]): Promise<unknown> =>
      path[1] === 'watch' ? watch(this.title) : await calledOff
    return { link: { call }, broken, isBroken: () => isBroken }
  }
  break(): void {
    this.#break()
  }
}

/** Connected, with a document; what it takes to be so again is in `tries`: `gone` and `locked` fail. */
async function connected(tries: ('gone' | 'locked')[]) {
  const engine = new Engine()
  const phases: string[] = []
  const off = useConnection.subscribe(({ phase }) => {
    if (phases.at(-1) !== phase) phases.push(phase)
  })
  let isFirst = true
  const line = new EngineLine(async () => {
    const failure = isFirst ? undefined : tries.shift()
    isFirst = false
    if (failure) throw failure === 'locked' ? new LinkWanted() : new Error('refused')
    return engine.carry()
  })
  const stopping = new AbortController()
  const follow = async (): Promise<void> =>
    await new Promise((resolve) => {
      followDocument(line.newClient(), stopping.signal, resolve).catch(() => undefined)
    })
  void stayConnected(line, { begin: follow, lose: () => 2, resume: follow }, stopping.signal)
  await expect.poll(() => useConnection.getState().phase).toBe('here')
  const stop = (): void => {
    stopping.abort()
    engine.break()
    off()
    useConnection.setState({ phase: 'opening', returns: 0, refused: null })
  }
  return { engine, client: line.newClient(), phases, stop }
}

const rename = (title: string) => (draft: Map<string, DocumentRecord>) => {
  draft.set('project', project(title))
}
const shownTitle = (): string => (useDocument.getState().document.get('project') as { title: string }).title

test('a window finds its engine again by itself and says whether the engine wants its link', async () => {
  const { engine, phases, stop } = await connected(['gone', 'locked'])
  engine.break()
  await expect.poll(() => useConnection.getState().returns).toBe(1)
  expect(phases).toEqual(['here', 'gone', 'locked', 'returning', 'here'])
  expect(useConnection.getState().interrupted).toBe(2)
  stop()
})

test.each([
  ['reached the disk', 'after', []],
  ['did not reach the disk', 'before', ['Rename']],
])('a gesture that was on its way when the engine went and %s', async (_what, titleOnDisk, lost) => {
  const { engine, client, stop } = await connected([])
  const sent = commit(client, 'Rename', rename('after'))
  expect(shownTitle()).toBe('after')
  engine.break()
  // Nobody called it off: that it failed must not pass for the person's own doing.
  await expect(sent).rejects.toBeInstanceOf(EngineGone)
  expect(useDocument.getState().unsure).toEqual(['Rename'])
  engine.title = titleOnDisk
  await expect.poll(() => useConnection.getState().phase).toBe('here')
  expect(useDocument.getState().unsure).toEqual(lost)
  expect(shownTitle()).toBe(titleOnDisk)
  stop()
})

test('a gesture without an engine shows nothing as done, and its name is said in the one place for that', async () => {
  const { engine, client, stop } = await connected(['gone'])
  engine.break()
  await expect.poll(() => useConnection.getState().phase).toBe('gone')
  engineAccess({ client }).commit('Rename', rename('never'))
  expect(shownTitle()).toBe('before')
  await expect.poll(() => useConnection.getState().refused).toBe('Rename')
  expect(useSession.getState().notices).toEqual([])
  stop()
})
