import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ImportAnswer, ProbeAnswer } from '../../shared/contract/answers.ts'
import { ProjectStore } from '../../electron/engine/project/store.ts'
import { runCli, runJson, startCli } from '../fixtures/cli/run-cli.ts'

const POINTS = `ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n`

describe('the command line', () => {
  let folder: string
  let home: string
  let project: string
  let points: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asterism-cli-'))
    home = join(folder, 'home')
    project = join(folder, 'take.asterism')
    points = join(folder, 'corner.ply')
    writeFileSync(points, POINTS)
    expect((await runCli(home, ['init', project, '--title', 'From the terminal'])).code).toBe(0)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('wrong words are exit 2 and say the right ones', async () => {
    for (const words of [
      ['nonsense'],
      ['init'],
      ['init', 'untitled.asterism', '--title', ''],
      ['probe'],
      ['sync', project, '--method', 'magic'],
      ['pack', project],
      ['import', project, points, '--frobnicate'],
      ['practice', 'dance'],
      ['probe', ''],
      ['import', project, ''],
      ['stars', ''],
      [],
    ]) {
      const { code, stdout, stderr } = await runCli(home, words)
      expect(code, words.join(' ')).toBe(2)
      if (words.length > 0) expect(stderr).toMatch(/^error: /)
      if (words.length > 0) expect(stdout).toBe('')
    }
  })

  test('says its version', async () => {
    expect(await runCli(home, ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^asterism \d+\.\d+\.\d+\n$/),
    })
  })

  test('a file whose name begins with a dash is told how it is named, and so is a value', async () => {
    const dashed = '-asterism-dashed.ply'
    onTestFinished(() => rmSync(dashed, { force: true }))
    writeFileSync(dashed, POINTS)
    expect(await runCli(home, ['probe', dashed])).toMatchObject({ code: 2, stderr: expect.stringMatching(/ -- /) })
    const below = await runCli(home, ['export', project, '--to', 'still', '--at', '-3', '--out', 'x.png'])
    expect(below.stderr).toMatch(/^error: .* goes behind "="\. usage: .*\n$/)
    expect(await runCli(home, ['probe', '--', dashed])).toMatchObject({ code: 0 })
  })

  test('refused inputs are exit 3, each with its reason; the rest is done', async () => {
    const empty = join(folder, 'empty.mp4')
    const text = join(folder, 'text.mp4')
    writeFileSync(empty, '')
    writeFileSync(text, 'this is no film')
    const { code, answer } = await runJson<ProbeAnswer>(home, [
      'probe',
      points,
      empty,
      text,
      join(folder, 'nothing.wav'),
    ])
    expect(code).toBe(3)
    expect(answer.items.map((item) => [item.path, item.format])).toEqual([[points, 'ply']])
    expect(answer.refused.map((refusal) => refusal.code)).toEqual([
      'empty_file',
      expect.stringMatching(/corrupt_file|unsupported_format/),
      'not_found',
    ])
    for (const refusal of answer.refused) expect(refusal.reason.length).toBeGreaterThan(10)
  })

  test('import knows what it has, by content', async () => {
    const first = await runJson<ImportAnswer>(home, ['import', project, points])
    const again = await runJson<ImportAnswer>(home, ['import', project, points])
    expect(first).toMatchObject({ code: 0, answer: { assets: [{ already_imported: false, kind: 'scan' }] } })
    expect(again.answer.assets[0]).toMatchObject({ already_imported: true, id: first.answer.assets[0]!.id })
  })

  test('a foreign, a missing and an unwritable project are exit 1 with what to do', async () => {
    const foreign = join(folder, 'foreign.asterism')
    writeFileSync(foreign, 'x'.repeat(5000))
    const failed = async (words: string[]): Promise<string> => {
      const { code, stderr } = await runCli(home, words)
      expect(code, words.join(' ')).toBe(1)
      return stderr
    }
    expect(await failed(['import', foreign, points])).toMatch(/damaged|not an Asterism/)
    expect(await failed(['import', join(folder, 'none.asterism'), points])).toMatch(/no project file/)
    expect(await failed(['init', project])).toMatch(/already/)
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    expect(await failed(['init', join(file, 'p.asterism')])).toMatch(/cannot be written/)
    expect(readFileSync(foreign, 'utf8')).toBe('x'.repeat(5000))
  })

  test('a full disk fails cleanly and leaves the project sound', async () => {
    // /dev/full answers every write with "no space left".
    if (!existsSync('/dev/full')) throw new Error('this machine has no /dev/full')
    const { code, stderr } = await runCli(home, ['init', '/dev/full/p.asterism'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: /)
    const store = ProjectStore.open(project)
    expect(store.document.size).toBeGreaterThan(2)
    store.close()
  })

  test('an answer that finds no room is exit 1 in one sentence, and what was done stays done', async () => {
    const made = join(folder, 'made.asterism')
    const failed = (words: string): { status: number | null; stderr: string } =>
      spawnSync('sh', ['-c', `"$0" tools/run.mjs electron/hosts/cli/main.ts ${words}`, process.execPath], {
        env: { ...process.env, ASTERISM_HOME: home },
        encoding: 'utf8',
      })
    const full = failed(`init '${made}' > /dev/full`)
    expect(full.stderr).toMatch(/^error: There is no room left.*\n$/)
    expect(full.status).toBe(1)
    expect(existsSync(made)).toBe(true)
  })

  test('a home that cannot be written bars nobody from a project', async () => {
    const file = join(folder, 'no-home')
    writeFileSync(file, '')
    expect(await runCli(file, ['init', join(folder, 'homeless.asterism')])).toMatchObject({ code: 0, stderr: '' })
    const env = { ASTERISM_PASSPHRASE_FILE: join(folder, 'any') }
    writeFileSync(env.ASTERISM_PASSPHRASE_FILE, 'correct horse battery staple 7\n', { mode: 0o600 })
    const wallet = await runCli(file, ['wallet', 'new'], env)
    expect(wallet.code).toBe(1)
    expect(wallet.stderr).toMatch(/^error: .*\n$/)
  })

  test('a project that is open elsewhere is not touched', async () => {
    const store = ProjectStore.open(project)
    const { code, stderr } = await runCli(home, ['import', project, points])
    store.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(/Another Asterism has this project open/)
  })

  test.each([
    ['Ctrl-C', 'SIGINT', 2],
    ['a terminal that is closed', 'SIGHUP', 1002],
  ] as const)('%s is exit 130 and leaves nothing half-written', async (_, signal, first) => {
    const many = join(folder, signal)
    mkdirSync(many)
    const paths = Array.from({ length: 400 }, (_, n) => {
      const path = join(many, `${n}.ply`)
      writeFileSync(path, POINTS.replace('0 0 1', `0 0 ${n + first}`))
      return path
    })
    const before = ProjectStore.open(project)
    const records = before.document.size
    before.close()
    const running = startCli(home, ['import', project, ...paths])
    // Under way as soon as it holds the project.
    await expect.poll(() => existsSync(`${project}-wal`), { timeout: 30_000, interval: 20 }).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 150))
    running.kill(signal)
    const { code } = await running.result
    const after = ProjectStore.open(project)
    // Either it was quick enough to finish, or nothing of it is there.
    expect([records, records + 400 * 4]).toContain(after.document.size)
    expect(code).toBe(after.document.size === records ? 130 : 0)
    after.close()
  })

  test('kill -9 at any moment loses nothing acknowledged', async () => {
    const file = join(folder, 'killed.asterism')
    expect((await runCli(home, ['init', file])).code).toBe(0)
    const acknowledged = new Set<string>()
    for (let round = 0; round < 6; round++) {
      const path = join(folder, `k${round}.ply`)
      writeFileSync(path, POINTS.replace('0 0 1', `0 0 ${round + 2}`))
      const running = startCli(home, ['import', file, path, '--json'])
      const timer = setTimeout(() => running.kill('SIGKILL'), 500 + round * 160)
      const { code, stdout } = await running.result
      clearTimeout(timer)
      if (code === 0) acknowledged.add((JSON.parse(stdout) as ImportAnswer).assets[0]!.id)
      const store = ProjectStore.open(file)
      for (const id of acknowledged) expect(store.document.has(id), `round ${round}`).toBe(true)
      expect(store.repaired).toEqual([])
      store.close()
    }
  })

  test('answers are what their schemas say', async () => {
    const ajv = new Ajv2020({ strict: false })
    for (const [command, words] of [
      ['probe', ['probe', points]],
      ['doctor', ['doctor']],
      ['practice', ['practice', 'status']],
      ['wallet', ['wallet', 'list']],
    ] as const) {
      const schema = await runJson<object>(home, ['schema', command])
      const { answer } = await runJson(home, words)
      const validate = ajv.compile(schema.answer)
      expect(validate(answer), `${command}: ${JSON.stringify(validate.errors)}`).toBe(true)
    }
  })

  test('a wallet is made from a pass phrase file, and its phrase is nowhere else', async () => {
    const secret = 'correct horse battery staple 7'
    const file = join(folder, 'phrase')
    writeFileSync(file, `${secret}\n`)
    const { code, stdout, stderr } = await runCli(home, ['wallet', 'new', '--json'], { ASTERISM_PASSPHRASE_FILE: file })
    expect(code).toBe(0)
    const { address, path } = JSON.parse(stdout) as { address: string; path: string }
    expect(address).toMatch(/^0x[0-9a-fA-F]{40}$/)
    expect(`${stdout}${stderr}${readFileSync(path, 'utf8')}`).not.toContain(secret)
    expect((await runCli(home, ['wallet', 'new'])).stderr).toMatch(/ASTERISM_PASSPHRASE_FILE/)
  })
})
