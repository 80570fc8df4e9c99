import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../electron/engine/engine.ts'
import { keepReport } from '../../electron/engine/work/reports.ts'
import { jobForWindow } from '../../electron/engine/window/window-view.ts'
import { runJob, type EngineClient } from '../../shared/contract/client.ts'
import { say } from '../../shared/sayings/saying.ts'

const packed = (folder: string) => ({
  path: join(folder, 'Kitchen'),
  car: join(folder, 'Kitchen.car'),
  root_cid: 'bafy',
})

test('the window is told names, commands are told where things lie', async () => {
  const home = mkdtempSync(join(tmpdir(), 'asterism-view-'))
  const engine = await createEngine({ home, resumeJobs: false, host: {} })
  onTestFinished(async () => {
    await engine.close()
    rmSync(home, { recursive: true, force: true })
  })
  const window = createRouterClient(engine.router) as EngineClient
  await engine.client.projects.openFile({ file: engine.grantFile(join(home, 'one.asterism')), create: true })
  keepReport(engine.session, 'package', say('step.makePackage'), packed(join(home, 'out')))
  const told: unknown[] = []
  const changes = await window.document.watch()
  told.push((await changes.next()).value)
  const next = changes.next()
  keepReport(engine.session, 'package', say('step.makePackage'), packed(join(home, 'again')))
  told.push((await next).value)
  await changes.return?.()
  const missing = engine.grantFile(join(home, 'no', 'package'))
  await expect(runJob(engine.client, 'verify', { package: missing })).rejects.toMatchObject({
    path: join(home, 'no', 'package'),
  })
  told.push(await window.jobs.list())
  expect(JSON.stringify(told)).toContain('Kitchen.car')
  expect(JSON.stringify(told)).not.toContain(home)
  expect(JSON.stringify(await engine.client.jobs.list())).toContain(home)
})

test('an absolute path of either kind becomes its name; addresses, words and fractions stay', () => {
  const result = {
    path: '/home/ada/takes/Kitchen',
    files: [{ path: String.raw`C:\Users\ada\one.mp4` }],
    location: 'https://up.example.org/files/7',
    root: 'ipfs://bafy/media/a b.mp4',
    inside: 'media/room.ply',
    words: '/s and words\n/with/lines',
    fraction: 0.5,
  }
  expect(jobForWindow({ result } as never)).toEqual({
    result: { ...result, path: 'Kitchen', files: [{ path: 'one.mp4' }] },
  })
})

test('of sentences about a failure names are left, with spaces too; addresses and what is no path stay', () => {
  const path = '/home/ada/My takes/one.mp4'
  const failure = {
    code: 'not_found' as const,
    message: `There is no ${path} or /srv/takes/two.mp4.`,
    path,
    fix: String.raw`Ask https://up.example.org/a/b, m/44'/60'/0'/0/0, and/or C:\Users\ada\three.mp4 at 5 m/s.`,
    kept: '"/home/ada/x/four.mp4" is as it was.',
    said: {
      what: { code: 'broken.gltfDecode', slots: { reason: `In ${path} is nothing.` } },
      fix: { code: 'a', slots: { n: 1 } },
    },
  }
  const told = jobForWindow({
    failure,
    log: ['read /var/tmp/x/five.mp4'],
    result: { warnings: ['no /a/b/six'] },
  } as never)
  expect(told).toEqual({
    failure: {
      code: 'not_found',
      message: 'There is no one.mp4 or two.mp4.',
      path: 'one.mp4',
      fix: "Ask https://up.example.org/a/b, m/44'/60'/0'/0/0, and/or three.mp4 at 5 m/s.",
      kept: '"four.mp4" is as it was.',
      said: { what: { code: 'broken.gltfDecode', slots: { reason: 'In one.mp4 is nothing.' } }, fix: failure.said.fix },
    },
    log: ['read five.mp4'],
    result: { warnings: ['no six'] },
  })
})
