/** What the tests and the start script need of the machine besides npm: installed through apt when that is possible. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Need {
  readonly program: string
  readonly package: string
  readonly why: string
  /** What needs it is left out where it cannot be had. */
  readonly isOptional?: boolean
}

const NEEDS: readonly Need[] = [
  { program: 'ffmpeg', package: 'ffmpeg', why: 'to read, decode and write media' },
  { program: 'ffprobe', package: 'ffmpeg', why: 'to look into media' },
  { program: 'chromium', package: 'chromium', why: 'to show the window' },
  {
    program: 'chromium-headless-shell',
    package: 'chromium-headless-shell',
    why: 'to test the window sooner than with chromium',
    isOptional: true,
  },
  { program: 'redis-server', package: 'redis-server', why: 'to test work on several machines', isOptional: true },
]

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

/** Whether it did its work shows in what is on the path afterwards. */
function aptGet(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((done) => {
    const child = spawn('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
    child.once('error', () => done())
    child.once('close', () => done())
  })
}

/**
 * Installs what is missing where that can be done (Debian, root), else says what to install.
 *
 * @param programs all of them unless given
 * @returns what is still missing and cannot be done without
 */
export async function provideMachine(
  say: (line: string) => void,
  programs: readonly string[] = NEEDS.map((need) => need.program),
): Promise<Need[]> {
  const needs = NEEDS.filter((need) => programs.includes(need.program))
  const missing = needs.filter((need) => !isOnPath(need.program))
  if (missing.length === 0) return []
  const packagesOf = (isOptional: boolean): string[] => [
    ...new Set(missing.filter((need) => (need.isOptional ?? false) === isOptional).map((need) => need.package)),
  ]
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && isOnPath('apt-get')
  if (canInstall) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await aptGet(['update', '-qq'], env)
    // One package that is not to be had keeps all that are asked for with it away.
    for (const packages of [packagesOf(false), packagesOf(true)]) {
      if (packages.length === 0) continue
      say(`Installing ${packages.join(', ')} through apt.`)
      await aptGet(['install', '-y', '-qq', '--no-install-recommends', ...packages], env)
    }
  }
  const still = needs.filter((need) => !isOnPath(need.program))
  for (const need of still)
    say(`Missing: ${need.program}, ${need.why}. Install it (Debian: apt-get install ${need.package}).`)
  return still.filter((need) => !need.isOptional)
}
