import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { UploadAnswer, VerifyAnswer } from '../../shared/contract/package-answers.ts'
import { uploadPackage } from '../../electron/engine/publish/upload/index.ts'
import { runCli, runJson, startCli } from '../fixtures/cli/run-cli.ts'
import { packageOf } from '../fixtures/publish/large-package.ts'
import { child, line } from '../fixtures/publish/sending.ts'
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
    // What others wrote neither steers the terminal nor turns round what stands beside it.
    await writeFile(join(copied.answer.location, 'media', 'of \u202e4pm.exe'), 'x')
    const manifest = join(copied.answer.location, 'manifest.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('media/room-scan', '\\u001b[2J\\nroom'))
    const damaged = await runCli(home, ['verify', copied.answer.location])
    expect(damaged.code).toBe(1)
    const told = ['NOT whole', 'media/large.bin: ', 'rights.json: ', 'of \\u202e4pm.exe: ', '\\u001b[2J\\u000aroom']
    for (const each of told) expect(damaged.stdout).toContain(each)
    expect(damaged.stdout).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
    const car = join(disk, 'Kitchen-take-1.car')
    await writeFile(car, (await readFile(car)).subarray(0, 500_000))
    const cut = await runJson<VerifyAnswer>(home, ['verify', car])
    expect(cut).toMatchObject({ code: 1, answer: { ok: false, root_cid: null } })
    expect(cut.answer.failures[0]!.what).toMatch(/ends in the middle/)
  })

  test('Ctrl-C is exit 130; nothing half-sent has a final name, and what was taken is not sent again', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 9_000_000)
    const [home, kept, disk] = [join(folder, 'home'), join(folder, 'server'), join(folder, 'disk')]
    await mkdir(kept)
    // Whoever runs it may have Node write a report of itself, and has keys of stores where every program looks for them.
    const options = `--report-on-signal --report-directory=${folder} --no-deprecation`
    const environment = { NODE_OPTIONS: options, AWS_SECRET_ACCESS_KEY: 'planted 31337', ASTERISM_PLANTED: '31337' }
    const reports = async (): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.startsWith('report.') && name.endsWith('.json'))
    const server = child(TUS, [kept, '0'])
    const url = `http://127.0.0.1:${await line(server, (text) => /^\d+$/.test(text))}/files`
    const bytesIn = async (place: string): Promise<number> => {
      const names = await readdir(place, { recursive: true }).catch(() => [])
      const sizes = await Promise.all(names.map(async (name) => await stat(join(place, name)).catch(() => null)))
      return sizes.reduce((sum, status) => sum + (status?.isFile() ? status.size : 0), 0)
    }
    await Promise.all(
      [[url, kept] as const, [disk, disk] as const].map(async ([to, place]) => {
        const cli = startCli(home, ['upload', built.path, '--to', to, '--limit', '1M', '--json'], environment)
        await expect.poll(async () => await bytesIn(place), { timeout: 60_000, interval: 50 }).toBeGreaterThan(3 << 19)
        cli.kill('SIGUSR2')
        await expect.poll(async () => (await reports()).length, { timeout: 30_000 }).toBeGreaterThan(0)
        cli.kill('SIGINT')
        expect(await cli.result, to).toMatchObject({ code: 130, signal: null, stdout: '' })
      }),
    )
    expect(await readdir(disk)).toEqual(['.Kitchen-take-1.incoming'])
    for (const report of await reports()) expect(await readFile(join(folder, report), 'utf8')).not.toContain('31337')
    for (const [to, place, all] of [
      [url, kept, built.car_bytes],
      [disk, disk, built.bytes + built.car_bytes],
    ] as const) {
      const there = await bytesIn(place)
      const resumed = await uploadPackage(built.path, to, { stateDirectory: join(home, 'uploads') })
      expect(resumed.verified).toBe(true)
      expect(resumed.bytes_skipped, to).toBeGreaterThan(there - (1 << 20))
      expect(resumed.bytes_sent + resumed.bytes_skipped).toBe(all)
    }
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
    const { code, stderr } = await runCli(join(folder, 'home'), ['upload', built.path, '--to', join(folder, 'out')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/lies there itself/)
  })
})
