import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { lastLine, refuseFailure, runTool } from '../../../electron/engine/media/run-tool.ts'
import type { RunToolOptions } from '../../../electron/engine/media/run-tool.ts'
import { StderrReader } from '../../../electron/engine/media/stderr-reader.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { withMediaFolder } from '../../fixtures/media/clips.ts'

/** Node itself stands in for ffmpeg: what counts here is how a child is treated, not what it does. */
const tool = { path: process.execPath, version: process.version, origin: 'test' }

function run(script: string, options: Partial<RunToolOptions> = {}): ReturnType<typeof runTool> {
  return runTool(tool, ['-e', script], {
    signal: new AbortController().signal,
    timeoutMilliseconds: 30_000,
    ...options,
  })
}

const FOREVER = 'setInterval(() => {}, 1000)'

describe('running a tool', () => {
  test('collects output, log and exit code', async () => {
    const result = await run(`process.stdout.write('out'); process.stderr.write('one\\ntwo'); process.exitCode = 3`)
    expect(result).toEqual({ stdout: Buffer.from('out'), stderrTail: 'one\ntwo', exitCode: 3 })
  })

  test('hands over its input', async () => {
    const result = await run('process.stdin.pipe(process.stdout)', { input: Buffer.from('abc') })
    expect(result.stdout.toString()).toBe('abc')
  })

  test('arguments reach the tool as they are, and of the environment what it needs to run, never what lets in', async () => {
    const secrets = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'ASTERISM_REDIS_URL', 'NODE_OPTIONS', 'HF_TOKEN']
    for (const name of secrets) vi.stubEnv(name, name === 'NODE_OPTIONS' ? '--no-deprecation' : 'planted 31337')
    onTestFinished(() => void vi.unstubAllEnvs())
    const told = 'console.log(JSON.stringify([process.argv.slice(1), process.env]))'
    const args = ['-e', told, '--', '$(id)', '; rm x', '%PATH%', 'a b']
    const result = await runTool(tool, args, { signal: new AbortController().signal, timeoutMilliseconds: 30_000 })
    const [words, environment] = JSON.parse(result.stdout.toString()) as [string[], Record<string, string>]
    expect(words).toEqual(args.slice(3))
    expect(environment).toMatchObject({ PATH: process.env['PATH'] })
    expect(Object.keys(environment).filter((name) => secrets.includes(name))).toEqual([])
    expect(JSON.stringify(environment)).not.toContain('planted')
  })

  test('is cancelled, together with what it started itself', async () => {
    await withMediaFolder(async (folder) => {
      const pidFile = join(folder, 'pid')
      const wrapper = join(folder, 'wrapper.sh')
      await writeFile(
        wrapper,
        `#!/bin/sh\n"${process.execPath}" -e '${FOREVER}' &\necho $! > "${pidFile}"\necho up\nwait\n`,
      )
      await chmod(wrapper, 0o755)
      const controller = new AbortController()
      const running = runTool({ ...tool, path: wrapper }, [], {
        signal: controller.signal,
        timeoutMilliseconds: 30_000,
        onStdout: () => controller.abort(),
      })
      await expect(running).rejects.toMatchObject({ code: 'cancelled' })
      const grandchild = Number(await readFile(pidFile, 'utf8'))
      // A dead process that nobody has waited for yet still has its number; its state says that it is dead.
      await expect.poll(() => isAlive(grandchild), { timeout: 10_000 }).toBe(false)
    })
  })

  test('does not start when it is cancelled already', async () => {
    await expect(run(FOREVER, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('is stopped at its time limit', async () => {
    await expect(run(FOREVER, { timeoutMilliseconds: 300 })).rejects.toMatchObject({ code: 'timeout' })
  })

  test('is killed when it ignores the request to end', async () => {
    const deaf = `process.on('SIGTERM', () => {}); console.log('up'); ${FOREVER}`
    const controller = new AbortController()
    const running = run(deaf, { signal: controller.signal, onStdout: () => controller.abort() })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  })

  describe('by a clock that goes on only when told, however long a program takes to start', () => {
    const STALL = { stallMilliseconds: 1_000 }
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }))
    afterEach(() => void vi.useRealTimers())
    const printing = (line: string): string => `let n = 0; setInterval(() => n++ < 9 ? ${line} : process.exit(), 5)`

    test('is stopped when it stalls, also while it repeats itself', async () => {
      const repeating = printing("console.error('out_time_us=5000\\nspeed=' + Math.random())")
      const onStderrLine = (): void => void vi.advanceTimersByTime(200)
      await expect(run(repeating, { ...STALL, onStderrLine })).rejects.toMatchObject({ code: 'timeout' })
    })

    test('is not stopped while it makes progress', async () => {
      const onStderrLine = (): void => void vi.advanceTimersByTime(700)
      const working = run(printing("console.error('out_time_us=' + n)"), { ...STALL, onStderrLine })
      await expect(working).resolves.toMatchObject({ exitCode: 0 })
    })

    test('waits for a slow reader and does not take its slowness for a stall', async () => {
      let taken = 0
      const result = await run(`process.stdout.write(Buffer.alloc(400_000))`, {
        ...STALL,
        onStdout: async (chunk) => {
          if (taken === 0) await vi.advanceTimersByTimeAsync(3_000)
          taken += chunk.length
        },
      })
      expect([result.exitCode, taken, result.stdout.length]).toEqual([0, 400_000, 0])
    })
  })

  test('a reader that throws ends it, and its error comes out', async () => {
    const onStdout = (): never => {
      throw new Error('enough')
    }
    await expect(run(`console.log('x'); ${FOREVER}`, { onStdout })).rejects.toThrow('enough')
  })

  test('output beyond the limit is refused', async () => {
    const flood = 'const b = Buffer.alloc(65536); const f = () => process.stdout.write(b, f); f()'
    await expect(run(flood, { maxOutputBytes: 1_000_000 })).rejects.toMatchObject({ code: 'too_large' })
  })

  test('a full disk is told from other failures', async () => {
    const full = `console.error('av_interleaved_write_frame(): No space left on device'); process.exitCode = 1`
    await expect(run(full)).rejects.toMatchObject({ code: 'disk_full' })
  })

  test('a tool that is not there is missing', async () => {
    const gone = runTool({ ...tool, path: '/nowhere/ffmpeg' }, [], {
      signal: new AbortController().signal,
      timeoutMilliseconds: 1_000,
    })
    await expect(gone).rejects.toMatchObject({ code: 'tool_missing' })
  })
})

describe('judging a run', () => {
  const what = say('tool.pictureDecoded')
  const ended = (exitCode: number): Parameters<typeof refuseFailure>[0] => ({
    exitCode,
    stdout: Buffer.alloc(0),
    stderrTail: '[mov,mp4 @ 0x55] moov atom not found\nfile:/a/b.mp4: Invalid data found when processing input',
  })

  test('some lost packets with output are a warning, without output a failure', () => {
    expect(refuseFailure(ended(0), what, { path: 'p' })).toBe(false)
    expect(refuseFailure(ended(69), what, { path: 'p', hasOutput: true })).toBe(true)
    expect(() => refuseFailure(ended(69), what, { path: 'p' })).toThrow(
      'The picture cannot be decoded: Invalid data found when processing input.',
    )
    expect(() => refuseFailure(ended(1), what, { path: 'p', hasOutput: true })).toThrow(/cannot be decoded/)
  })

  test('a recording that went away while it was read is not called damaged', () => {
    const failure = { path: '/nowhere/front.mp4', code: 'corrupt_file' } as const
    expect(() => refuseFailure(ended(1), what, failure)).toThrow(
      expect.objectContaining({ code: 'not_found', message: '"front.mp4" is not where it was.' }),
    )
    expect(() => refuseFailure(ended(1), what, { ...failure, path: import.meta.filename })).toThrow(/Invalid data/)
  })

  test('the last line that says something', () => {
    expect(lastLine('[a @ 0x1] first\nConversion failed!\nframe=12')).toBe('first')
    expect(lastLine('')).toBe('')
  })
})

describe('reading a log', () => {
  test('its tail stays bounded, lines are cut and progress is left out', () => {
    const lines: string[] = []
    const reader = new StderrReader(
      (line) => lines.push(line),
      () => {},
    )
    for (let index = 0; index < 5_000; index++) reader.push(Buffer.from(`line ${index}\rframe=${index}\n`))
    reader.push(Buffer.from('x'.repeat(100_000)))
    reader.end()
    expect(lines.length).toBe(10_001)
    expect(lines.every((line) => line.length <= 4_096)).toBe(true)
    expect(reader.tail.length).toBeLessThanOrEqual(16_384)
    expect(reader.tail).toContain('line 4999')
    expect(reader.tail).not.toContain('frame=')
  })
})

async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (status === null) return false
  return !/\) [ZX] /.test(status)
}
