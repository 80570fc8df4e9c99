import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asEngineError, runJob } from '../../shared/contract/client.ts'
import { hasEnded } from '../../shared/contract/jobs.ts'
import type { DocumentEvent } from '../../shared/contract/contract.ts'
import { edit, type Document } from '../../shared/document/document.ts'
import { applyPatches, type Patch } from '../../shared/document/patches.ts'
import { TRANSPORTS, type Connection } from '../fixtures/contract/transports.ts'

const TRIANGLE = `ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n`

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (error) {
    return asEngineError(error).code
  }
  return 'no error'
}

/** Reads document events until one is as wanted; leaving a `for await` would end the iterator for good. */
async function until(
  events: AsyncIterator<DocumentEvent>,
  wanted: (event: DocumentEvent) => boolean,
): Promise<DocumentEvent> {
  for (;;) {
    const { value, done } = await events.next()
    if (done) throw new Error('the events ended')
    if (wanted(value)) return value
  }
}

describe.each(Object.entries(TRANSPORTS))('the contract over %s', (transport, open) => {
  let connection: Connection
  beforeEach(async () => {
    connection = await open()
  })
  afterEach(async () => await connection.close())

  test('says who it is', async () => {
    const info = await connection.client.app.info()
    expect(info.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(info.project).toBeNull()
  })

  test('creates, lists, closes and opens projects without showing a path', async () => {
    const { client, home } = connection
    const created = await client.projects.create({ title: 'Räume / test' })
    expect(created).toMatchObject({ title: 'Räume / test', open: true })
    expect(await client.projects.close()).toEqual({ closed: true })
    const [listed] = await client.projects.list()
    expect(listed).toMatchObject({ title: 'Räume / test', open: false })
    expect(JSON.stringify(listed)).not.toContain(home)
    expect(await client.projects.open({ id: listed!.id })).toMatchObject({ title: 'Räume / test', open: true })
    expect(await codeOf(client.projects.open({ id: '0'.repeat(32) }))).toBe('not_found')
  })

  test('keeps what a person set for themselves, project or none', async () => {
    const { client } = connection
    expect(await client.preferences.get()).toEqual({ value: null })
    await client.preferences.set({ value: { language: 'de' } })
    await client.projects.create({ title: 'Other' })
    expect(await client.preferences.get()).toEqual({ value: { language: 'de' } })
  })

  test('refuses what needs a project while none is open, with a reason and a way out', async () => {
    const { client } = connection
    try {
      await client.document.undo()
      expect.unreachable()
    } catch (error) {
      expect(asEngineError(error)).toMatchObject({ code: 'not_found', fix: 'Open or create one first.' })
    }
  })

  test('commits, replicates, undoes and redoes', async () => {
    const { client } = connection
    await client.projects.create({ title: 'Replica' })
    const stopping = new AbortController()
    const events = await client.document.watch(undefined, { signal: stopping.signal })
    const snapshot = await until(events, (event) => event.type === 'snapshot')
    if (snapshot.type !== 'snapshot') throw new Error('no snapshot')
    let replica: Document = new Map(snapshot.records.map((record) => [record.id, record]))
    expect(snapshot.records.some((record) => record.kind === 'location')).toBe(false)

    const { forward } = edit(replica, (draft) => {
      const project = draft.get('project')
      if (project?.kind === 'project') project.title = 'Renamed'
    })
    const { revision } = await client.document.commit({
      label: 'Rename',
      patches: forward as never,
      baseRevision: snapshot.revision,
    })
    const change = await until(events, (event) => event.type === 'change')
    if (change.type !== 'change') throw new Error('no change')
    expect(change).toMatchObject({ revision, label: 'Rename', history: { canUndo: true, undoLabel: 'Rename' } })
    replica = applyPatches(replica, change.patches as Patch[])
    expect(replica.get('project')).toMatchObject({ title: 'Renamed' })

    expect(await client.document.undo()).toEqual({ label: 'Rename' })
    const undone = await until(events, (event) => event.type === 'change')
    if (undone.type === 'change') replica = applyPatches(replica, undone.patches as Patch[])
    expect(replica.get('project')).toMatchObject({ title: 'Replica' })
    expect(await client.document.redo()).toEqual({ label: 'Rename' })
    stopping.abort()
  })

  test("refuses an invalid gesture, a stale one, and one that touches what is not the window's", async () => {
    const { client } = connection
    await client.projects.create({ title: 'Guarded' })
    const commit = (path: (string | number)[], value: unknown, baseRevision: number): Promise<unknown> =>
      client.document.commit({ label: 'x', patches: [{ op: 'replace', path, value }], baseRevision })
    expect(await codeOf(commit(['rights', 'royaltyBasisPoints'], 'many', 0))).toBe('bad_input')
    await commit(['rights', 'creatorName'], 'A', 0)
    expect(await codeOf(commit(['rights', 'creatorName'], 'B', 0))).toBe('conflict')
    expect(await codeOf(commit(['location:x'], { kind: 'location' }, 1))).toBe('bad_input')
    expect(await codeOf(commit(['nothing', 'here', 'at', 'all'], 1, 1))).toBe('conflict')
  })

  test('remembers the view outside the history', async () => {
    const { client } = connection
    await client.projects.create({ title: 'View' })
    await client.view.set({ key: 'layout', value: { zoom: 2 } })
    expect(await client.view.get({ key: 'layout' })).toEqual({ value: { zoom: 2 } })
    expect(await client.view.get({ key: 'other' })).toEqual({ value: null })
    expect(await client.document.undo()).toEqual({ label: null })
  })

  test('runs jobs to an answer, refuses malformed ones and forged tokens', async () => {
    const { client, engine, home } = connection
    const path = join(home, 'points.ply')
    writeFileSync(path, TRIANGLE)
    const answer = await runJob(client, 'probe', { files: [engine.grantFile(path)] })
    expect(answer.items[0]).toMatchObject({ format: 'ply', kind: 'scan' })
    writeFileSync(join(home, 'words.srt'), '1\n00:00:00,000 --> 00:00:01,000\nhello\n')
    const edits = await runJob(client, 'probe', { files: [engine.grantFile(join(home, 'words.srt'))] })
    expect(edits).toMatchObject({ items: [{ format: 'srt', kind: 'edit', streams: [] }], refused: [] })
    expect(await codeOf(runJob(client, 'probe', { files: ['/etc/passwd'] }))).toBe('bad_input')
    expect(await codeOf(runJob(client, 'probe', { files: [`file-${'0'.repeat(32)}`] }))).toBe('not_found')
    expect(await codeOf(client.jobs.start({ kind: 'nonsense' as never, input: {} }))).toBe('bad_input')
  })

  test('imports once and remembers it; a job that was not there is not found', async () => {
    const { client, engine, home } = connection
    const path = join(home, 'points.ply')
    writeFileSync(path, TRIANGLE)
    await client.projects.create({ title: 'Import' })
    const first = await runJob(client, 'import', { files: [engine.grantFile(path)] })
    const second = await runJob(client, 'import', { files: [engine.grantFile(path)] })
    expect(first.assets[0]).toMatchObject({ already_imported: false, format: 'ply' })
    expect(second.assets[0]).toMatchObject({ already_imported: true, id: first.assets[0]!.id })
    expect(await codeOf(client.jobs.cancel({ jobId: 'job-none' }))).toBe('not_found')
  })

  test('gives recordings of one name titles that tell them apart', async () => {
    const { client, engine, home } = connection
    const names = ['a.ply', 'a.PLY', 'deep/a.ply', 'take 1.2/b.ply']
    for (const [at, name] of names.entries()) {
      mkdirSync(dirname(join(home, 'card', name)), { recursive: true })
      writeFileSync(join(home, 'card', name), TRIANGLE.replace('1 0 0', `${at} 0 0`))
    }
    await client.projects.create({ title: 'Card' })
    const { assets } = await runJob(client, 'import', { files: [engine.grantFile(join(home, 'card'))] })
    const event = await until(await client.document.watch(), ({ type }) => type === 'snapshot')
    const records = event.type === 'snapshot' ? event.records : []
    const titles = records.flatMap((record) => (record.kind === 'asset' ? [record.title] : []))
    expect(assets).toHaveLength(4)
    expect(titles.toSorted()).toEqual(['a', 'a.ply', 'a.ply (2)', 'b'])
  })

  test('a recording whose file was moved gets it back, and no other file for it', async () => {
    const { client, engine, home } = connection
    const [here, there, longer, changed] = ['a.ply', 'moved.ply', 'longer.ply', 'changed.ply'].map((name) =>
      join(home, name),
    ) as [string, string, string, string]
    writeFileSync(here, TRIANGLE)
    const project = await client.projects.create({ title: 'Moved' })
    const { assets } = await runJob(client, 'import', { files: [engine.grantFile(here)] })
    await client.projects.close()
    renameSync(here, there)
    writeFileSync(longer, `${TRIANGLE} `)
    writeFileSync(changed, TRIANGLE.replace('1 0 0', '2 0 0'))
    await client.projects.open({ id: project.id })
    const assetId = assets[0]!.id
    const wrong = await client.media.relinkFiles({
      files: [longer, changed].map((path) => engine.grantFile(path)),
      assetId,
    })
    expect(wrong.relinked).toEqual([])
    expect(wrong.refused.map(({ name }) => name)).toEqual(['longer.ply', 'changed.ply'])
    expect(wrong.refused[0]!.reason).toContain(`${TRIANGLE.length + 1} bytes`)
    expect(wrong.refused[1]!.reason).toContain('its content is another')
    expect(await client.media.relinkFiles({ files: [engine.grantFile(there)], assetId: null })).toEqual({
      relinked: [assetId],
      refused: [],
    })
    const event = await until(await client.document.watch(), ({ type }) => type === 'snapshot')
    const records = event.type === 'snapshot' ? event.records : []
    expect(records.find((record) => record.id === assetId)).toMatchObject({ missing: false, fileName: 'moved.ply' })
  })

  test('takes recordings out as one gesture that undo takes back, and leaves their files alone', async () => {
    const { client, engine, home } = connection
    await client.projects.create({ title: 'Fewer' })
    const paths = ['one.ply', 'other.ply'].map((name) => join(home, name))
    for (const [n, path] of paths.entries()) writeFileSync(path, TRIANGLE.replace('1 0 0', `${n + 1} 0 0`))
    const { assets } = await runJob(client, 'import', { files: paths.map((path) => engine.grantFile(path)) })
    const ids = assets.map(({ id }) => id)
    const records = async () => {
      const event = await until(await client.document.watch(), ({ type }) => type === 'snapshot')
      return event.type === 'snapshot' ? event : null
    }
    const before = await records()
    const following = await client.document.watch()
    expect(await until(following, ({ type }) => type === 'snapshot')).toEqual(before)
    expect(await codeOf(client.media.remove({ assetIds: [ids[0]!, 'asset-nothing'], label: 'Remove' }))).toBe(
      'not_found',
    )
    expect(await client.media.remove({ assetIds: [ids[0]!], label: 'Remove one' })).toEqual({ removed: 1 })
    const without = await records()
    expect(without?.records.filter(({ id }) => id.startsWith(ids[0]!))).toEqual([])
    expect(without?.history.undoLabel).toBe('Remove one')
    expect(readFileSync(paths[0]!, 'utf8')).toContain('ply')
    // What it was imported from may be imported again, as another recording.
    const again = await runJob(client, 'import', { files: [engine.grantFile(paths[0]!)] })
    expect(again.assets[0]).toMatchObject({ already_imported: false })
    expect(await client.document.undo()).toMatchObject({ label: 'Import one' })
    expect(await client.document.undo()).toEqual({ label: 'Remove one' })
    const back = await records()
    expect(back?.records).toEqual(before?.records)
    let replica: Document = new Map(before?.records.map((record) => [record.id, record]))
    await until(following, (event) => {
      if (event.type === 'change') replica = applyPatches(replica, event.patches as Patch[])
      return event.type === 'change' && event.revision === back?.revision
    })
    expect([...replica.values()]).toEqual(before?.records)
    // Its file is known where it was.
    expect(await client.media.look()).toEqual({ missing: 0, changed: 0 })
  })

  test('a file that went, or became another, while the project is open is noticed, and so is that it is back', async () => {
    const { client, engine, home } = connection
    await client.projects.create({ title: 'Watched' })
    const path = join(home, 'watched.ply')
    writeFileSync(path, TRIANGLE)
    const imported = await runJob(client, 'import', { files: [engine.grantFile(path)] })
    const assetId = imported.assets[0]!.id
    const marks = async () => {
      const { missing, changed } = await client.media.look()
      const snapshot = await until(await client.document.watch(), (event) => event.type === 'snapshot')
      const asset = snapshot.type === 'snapshot' ? snapshot.records.find((record) => record.id === assetId) : undefined
      return { missing, changed, asset: asset?.kind === 'asset' && [asset.missing, asset.changed ?? false] }
    }
    const fine = { missing: 0, changed: 0, asset: [false, false] }
    expect(await marks()).toEqual(fine)
    // As long as before, and written anew: only its content tells.
    writeFileSync(path, TRIANGLE.replace('0 0 1', '0 0 2'))
    utimesSync(path, 1, 1)
    expect(await marks()).toEqual({ missing: 0, changed: 1, asset: [true, true] })
    expect(await codeOf(client.space.floor({ assetId }))).toBe('not_found')
    writeFileSync(path, `${TRIANGLE}\n`)
    expect(await marks()).toEqual({ missing: 0, changed: 1, asset: [true, true] })
    rmSync(path)
    expect(await marks()).toEqual({ missing: 1, changed: 0, asset: [true, false] })
    // Whoever is about to open a file would wait at a pipe that took its place in between.
    await expect.poll(async () => (await client.jobs.list()).every(hasEnded), { timeout: 30_000 }).toBe(true)
    for (const other of [
      ['mkfifo', path],
      ['mkdir', path],
      ['ln', '-s', 'watched.ply', path],
    ]) {
      execFileSync(other[0]!, other.slice(1))
      const isLost = other[0] === 'ln'
      const mark = { missing: Number(isLost), changed: Number(!isLost), asset: [true, !isLost] }
      expect(await marks(), other[0]).toEqual(mark)
      rmSync(path, { recursive: true })
    }
    writeFileSync(path, TRIANGLE)
    utimesSync(path, 2, 2)
    expect(await marks()).toEqual(fine)
    // Looking is no gesture: nothing of it can be taken back.
    expect((await client.document.undo()).label).toMatch(/import/i)
  })

  test('a cancelled job says so', async () => {
    const { client, engine, home } = connection
    const stop = new AbortController()
    stop.abort()
    const folder = join(home, 'many')
    mkdirSync(folder)
    const files = Array.from({ length: 30 }, (_, n) => {
      const path = join(folder, `${n}.ply`)
      writeFileSync(path, TRIANGLE)
      return engine.grantFile(path)
    })
    expect(await codeOf(runJob(client, 'probe', { files }, { signal: stop.signal }))).toBe('cancelled')
  })

  test('says of an error where it was to commands alone', async () => {
    const { client, engine, home } = connection
    writeFileSync(join(home, 'networks.json'), 'none')
    writeFileSync(join(home, 'broken.asterism'), 'none')
    const missing = engine.grantFile(join(home, 'no such folder', 'x'))
    const failures = await Promise.all(
      [
        client.chain.networks(),
        client.projects.openFile({ file: engine.grantFile(join(home, 'broken.asterism')), create: false }),
        client.projects.openFile({ file: missing, create: true }),
        client.files.browse({ folder: missing }),
        runJob(client, 'verify', { package: missing }),
      ].map(async (asked) => {
        const error = await asked.then(() => null, asEngineError)
        expect(error?.path, error?.message).toBeTruthy()
        return JSON.stringify([error, error?.message, error?.cause])
      }),
    )
    for (const told of failures) expect(told.includes(home), told).toBe(transport === 'direct call')
    const jobs = JSON.stringify(await client.jobs.list())
    expect(jobs.includes(home)).toBe(transport === 'direct call')
  })

  test('browses by tokens', async () => {
    const { client, engine, home } = connection
    writeFileSync(join(home, 'a.ply'), TRIANGLE)
    const listing = await client.files.browse({ folder: engine.grantFile(home) })
    expect(listing.entries.map((entry) => entry.name)).toContain('a.ply')
    expect(`/${listing.names.join('/')}`).toBe(realpathSync(home))
    expect(await codeOf(client.files.browse({ folder: `file-${'f'.repeat(32)}` }))).toBe('not_found')
  })

  test('knows the practice network and the wallets without starting either', async () => {
    const { client } = connection
    expect(await client.chain.practice()).toMatchObject({ running: false, rpc_url: null })
    expect(await client.wallets.list()).toEqual({ accounts: [], refused: [] })
  })
})

test('takes nothing out that a locked track shows, nor while work goes through the recordings', async () => {
  const { client, engine, home, close } = await TRANSPORTS['direct call']!()
  await client.projects.create({ title: 'Held' })
  const paths = Array.from({ length: 20 }, (_, n) => join(home, `${n}.ply`))
  for (const [n, path] of paths.entries()) writeFileSync(path, TRIANGLE.replace('1 0 0', `${n + 1} 0 0`))
  const { assets } = await runJob(client, 'import', { files: [engine.grantFile(paths[0]!)] })
  const assetIds = [assets[0]!.id]
  const remove = { assetIds, label: 'Remove' }
  const clip = { id: 'clip', assetId: assetIds[0]!, streamId: `${assetIds[0]}.0`, startTicks: 0, durationTicks: 1 }
  const look = { title: 'Held', sensor: 'video', order: 0, muted: false }
  const hold = async (locked: boolean): Promise<unknown> => {
    const event = await until(await client.document.watch(), ({ type }) => type === 'snapshot')
    const clips = [{ ...clip, sourceStartTicks: 0, linkId: null }]
    const value = { kind: 'track', id: 'track', ...look, locked, clips }
    const baseRevision = event.type === 'snapshot' ? event.revision : 0
    return await client.document.commit({
      label: 'Lock',
      patches: [{ op: 'replace', path: ['track'], value }],
      baseRevision,
    })
  }
  await hold(true)
  expect(await codeOf(client.media.remove(remove))).toBe('conflict')
  await hold(false)
  const importing = runJob(client, 'import', { files: paths.map((path) => engine.grantFile(path)) })
  while ((await client.jobs.list()).every(({ kind, state }) => kind !== 'import' || state === 'done'))
    await client.app.info()
  expect(await codeOf(client.media.remove(remove))).toBe('conflict')
  await importing
  expect(await client.media.remove(remove)).toEqual({ removed: 1 })
  await close()
})
