/** The chain of the practice network: one anvil process on loopback whose state is kept from run to run. */
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { startProgram } from '../programs.ts'
import { resourceFolder } from '../resources.ts'
import { PRACTICE_CHAIN_ID } from './chain-policies.ts'

const START_TIMEOUT_MILLISECONDS = 20_000
const STOP_TIMEOUT_MILLISECONDS = 4_000
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'anvil-linux-amd64',
  'linux-arm64': 'anvil-linux-arm64',
  'darwin-x64': 'anvil-darwin-amd64',
  'darwin-arm64': 'anvil-darwin-arm64',
  'win32-x64': 'anvil-win32-amd64',
}

export interface AnvilProcess {
  readonly pid: number
  readonly port: number
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  stop(): Promise<void>
  /** Kills it at once, in whatever state. */
  kill(): void
}

export interface AnvilOptions {
  /** Scratch files of anvil go here; also marks the process as ours. */
  readonly folder: string
  /** 0: any free port. */
  readonly port: number
  readonly log: (line: string) => void
  /** Of the practice network, where none is given: tests play other networks. */
  readonly chainId?: number
}

/** The program: packaged beside the application, otherwise from the npm package of this platform. */
export function anvilPath(): string {
  const name = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  const packaged = join(resourceFolder('anvil'), name)
  if (existsSync(packaged)) return packaged
  const platform = PACKAGES[`${process.platform}-${process.arch}`]
  const require = createRequire(import.meta.url)
  // The package of a platform is a dependency of @foundry-rs/anvil, so it is looked for from there as well.
  for (const folder of platform ? packageFolders(require, `@foundry-rs/${platform}`) : []) {
    const path = join(folder, 'bin', name)
    if (existsSync(path)) return path
  }
  throw new AsterismError('tool_missing', say('practice.noAnvil', { system: `${process.platform} ${process.arch}` }), {
    fix: say('practice.fix.anvil'),
  })
}

function packageFolders(require: NodeJS.Require, packageName: string): string[] {
  return (require.resolve.paths(packageName) ?? []).flatMap((folder) => [
    join(folder, packageName),
    join(folder, '@foundry-rs', 'anvil', 'node_modules', packageName),
  ])
}

/** Identifies a process of ours by its command line. */
export const anvilMarker = (folder: string): string => join(folder, 'anvil-cache')

export async function startAnvil(options: AnvilOptions): Promise<AnvilProcess> {
  const marker = anvilMarker(options.folder)
  await mkdir(marker, { recursive: true })
  const words = [
    '--host',
    '127.0.0.1',
    '--port',
    String(options.port),
    '--chain-id',
    String(options.chainId ?? PRACTICE_CHAIN_ID),
  ]
  // No CORS headers: a web page that finds the port cannot read from it. One unlocked account, for deployment.
  words.push('--hardfork', 'prague', '--accounts', '1', '--no-cors', '--disable-console-log', '--cache-path', marker)
  const path = anvilPath()
  const child = startProgram(path, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.folder,
    environment: {
      PATH: process.env['PATH'] ?? dirname(path),
      HOME: marker,
      USERPROFILE: marker,
      TMPDIR: marker,
      TEMP: marker,
    },
  })
  // However this process ends, short of being killed, anvil ends with it.
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  }).then(() => void process.off('exit', endWithUs))
  createInterface({ input: child.stderr! }).on('line', options.log)
  try {
    const port = await listeningPort(child)
    return { pid: child.pid!, port, ended, stop: () => stop(child, ended), kill: endWithUs }
  } catch (error) {
    await stop(child, ended)
    throw error
  }
}

async function listeningPort(child: ChildProcess): Promise<number> {
  return await new Promise((resolve, reject) => {
    const fail = (code: 'tool_failed' | 'timeout', what: Saying, cause?: unknown): void => {
      clearTimeout(timer)
      reject(new AsterismError(code, what, { fix: say('practice.fix.log'), cause }))
    }
    const timer = setTimeout(() => fail('timeout', say('practice.late')), START_TIMEOUT_MILLISECONDS)
    child.once('error', (cause) => fail('tool_failed', say('practice.notStarted'), cause))
    child.once('exit', (code) => fail('tool_failed', say('practice.endedAtOnce', { code: String(code) })))
    // Read to the end of its life, since a full pipe would stop anvil; kept nowhere, since it has a line per request.
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const port = /^Listening on .*:(\d+)$/.exec(line)?.[1]
      if (!port) return
      clearTimeout(timer)
      resolve(Number(port))
    })
  })
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MILLISECONDS)
  await ended
  clearTimeout(timer)
}
