import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { UploadAnswer, VerifyAnswer } from '../../shared/contract/package-answers.ts'
import { runCli, runJson } from '../fixtures/cli/run-cli.ts'
import { child, line, packageOf } from '../fixtures/publish/sending.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

const TUS = new URL('../fixtures/publish/tus-server-child.ts', import.meta.url)

describe('upload and verify on the command line', () => {
  test('a package goes to a tus server and into a folder; again nothing is sent; elsewhere it verifies', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 2_000_000)
    const home = join(folder, 'home')
    await mkdir(join(folder, 'server'))
    const server = child(TUS, [join(folder, 'server'), '0'])
    const to = `http://127.0.0.1:${await line(server, (text) => /^\d+$/.test(text))}/files`
    const sent = await runJson<UploadAnswer>(home, ['upload', built.path, '--to', to, '--limit', '20M'])
    expect(sent).toMatchObject({ code: 0, answer: { target: 'tus', bytes_sent: built.car_bytes, verified: true } })
    const again = await runJson<UploadAnswer>(home, ['upload', built.car, '--to', to])
    expect(again.answer).toEqual({ ...sent.answer, bytes_sent: 0, bytes_skipped: built.car_bytes })

    const disk = join(folder, 'disk')
    const copied = await runJson<UploadAnswer>(home, ['upload', built.path, '--to', disk])
    expect(copied).toMatchObject({ code: 0, answer: { target: 'folder', location: join(disk, 'Kitchen-take-1') } })
    const whole = await runJson<VerifyAnswer>(home, ['verify', copied.answer.location])
    expect(whole).toMatchObject({ code: 0, answer: { ok: true, root_cid: built.root_cid, failures: [] } })

    const scan = join(copied.answer.location, 'media', 'large.bin')
    const bytes = await readFile(scan)
    bytes[1000] ^= 1
    await writeFile(scan, bytes)
    await rm(join(copied.answer.location, 'rights.json'))
    const damaged = await runJson<VerifyAnswer>(home, ['verify', copied.answer.location])
    expect(damaged.code).toBe(1)
    expect(damaged.answer.ok).toBe(false)
    expect(damaged.answer.failures.map((failure) => failure.path)).toEqual(
      expect.arrayContaining(['media/large.bin', 'rights.json']),
    )
    const car = join(disk, 'Kitchen-take-1.car')
    await writeFile(car, (await readFile(car)).subarray(0, 500_000))
    const cut = await runJson<VerifyAnswer>(home, ['verify', car])
    expect(cut).toMatchObject({ code: 1, answer: { ok: false, root_cid: null } })
    expect(cut.answer.failures[0]!.what).toMatch(/ends in the middle/)
  })

  test('wrong words are exit 2, what cannot be sent is exit 1 with the reason', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 1000)
    for (const words of [
      ['upload', built.path],
      ['upload', built.path, '--to', folder, '--limit', 'fast'],
      ['verify'],
    ]) {
      expect((await runCli(join(folder, 'home'), words)).code, words.join(' ')).toBe(2)
    }
    for (const [to, reason] of [
      ['http://127.0.0.1:1/files', /cannot be reached|answered/],
      ['ftp://example.org/x', /upload to .* tus server/],
      [join(folder, 'out'), /lies there itself/],
    ] as const) {
      const { code, stderr } = await runCli(join(folder, 'home'), ['upload', built.path, '--to', to])
      expect(code, to).toBe(1)
      expect(stderr).toMatch(reason)
    }
  })
})
