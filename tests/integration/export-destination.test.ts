/** An export may take the place of an earlier export, and of nothing else. */
import { execFileSync } from 'node:child_process'
import { appendFile, link, lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { writeWholeBytes } from '../../electron/engine/publish/export/whole-file.ts'
import { runJob } from '../../shared/contract/client.ts'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { writeStrayCapture } from '../fixtures/import/stray-capture.ts'
import { plyText } from '../fixtures/publish/project.ts'

let folder: string
let capture: string
let engine: Engine
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asterism-destination-'))
  engine = await createEngine({ home: at('home'), host: {}, resumeJobs: false })
  await writeFile(at('scan.ply'), plyText(30))
  capture = await writeStrayCapture(folder, await resolveMediaTools(), 'g')
  await engine.client.projects.openFile({ file: engine.grantFile(at('p.asterism')), create: true, title: 'A take' })
  await runJob(engine.client, 'import', { files: [at('scan.ply'), capture].map((path) => engine.grantFile(path)) })
})

afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

const exportTo = (path: string) =>
  runJob(engine.client, 'export', { format: 'otio', out: engine.grantFile(path), preset: null })

it.each([
  ['a recording', 'scan.ply'],
  ['a recording by another link', 'hard.ply'],
  ['a recording behind a symbolic link', 'soft.ply'],
  ['the project', 'p.asterism'],
  ['the log of the project', 'p.asterism-wal'],
  ["what the project's cache holds", 'p.asterism.cache/exports/written.json'],
  ['a file of the person', 'notes.otio'],
])('%s is not written over', async (_what, name) => {
  await link(at('scan.ply'), at('hard.ply')).catch(() => undefined)
  await symlink(at('scan.ply'), at('soft.ply')).catch(() => undefined)
  await writeFile(at('notes.otio'), 'my own')
  const before = await readFile(at(name)).catch(() => null)
  await expect(exportTo(at(name))).rejects.toMatchObject({ code: 'conflict', kept: 'It was left as it is.' })
  const after = await readFile(at(name)).catch(() => null)
  if (name !== 'p.asterism' && name !== 'p.asterism-wal') expect(after).toEqual(before)
  expect(engine.session.requireProject().document.size).toBeGreaterThan(0)
})

it('a pipe, a device and a link to one are no files and stay what they are', async () => {
  execFileSync('mkfifo', [at('pipe.otio')])
  await symlink('pipe.otio', at('link.otio'))
  for (const name of ['pipe.otio', 'link.otio']) {
    await expect(exportTo(at(name)), name).rejects.toMatchObject({ code: 'bad_input', kept: 'It was left as it is.' })
  }
  expect((await lstat(at('pipe.otio'))).isFIFO()).toBe(true)
  expect((await lstat(at('link.otio'))).isSymbolicLink()).toBe(true)
  await expect(writeWholeBytes(at('pipe.otio'), Buffer.from('x'), undefined)).rejects.toMatchObject({
    code: 'bad_input',
  })
})

it('nothing appears inside a capture folder', async () => {
  await expect(exportTo(join(capture, 'edit.otio'))).rejects.toMatchObject({ code: 'conflict' })
  expect(await readdir(capture)).not.toContain('edit.otio')
})

it('an earlier export and an empty file give way; an export that was worked on does not', async () => {
  const path = at('edit.otio')
  await writeFile(path, '')
  await exportTo(path)
  const first = await readFile(path, 'utf8')
  expect(JSON.parse(first)).toMatchObject({ OTIO_SCHEMA: 'Timeline.1' })
  await exportTo(path)
  expect(await readFile(path, 'utf8')).toBe(first)
  await appendFile(path, '\n')
  await expect(exportTo(path)).rejects.toMatchObject({ code: 'conflict' })
  expect(await readFile(path, 'utf8')).toBe(`${first}\n`)
})
