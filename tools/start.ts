/** Opens the desktop app where Electron's program is there or can be fetched; else says why and opens the browser host. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const FETCH_LIMIT_MILLISECONDS = 90_000

/** The desktop program, fetched when it is not there yet; null with the reason in one line. */
function electronProgram(): string | null {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('electron/package.json'))
  const marker = join(folder, 'path.txt')
  if (!existsSync(marker) && process.env['ASTERISM_NO_FETCH'] !== '1') {
    spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore', timeout: FETCH_LIMIT_MILLISECONDS })
  }
  if (!existsSync(marker)) return null
  return String(require('electron'))
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || !!process.env['DISPLAY'] || !!process.env['WAYLAND_DISPLAY']
}

function run(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { stdio: 'inherit' })
  child.once('exit', (code) => process.exit(code ?? 0))
  process.on('SIGINT', () => child.kill('SIGINT'))
}

const forceWeb = process.argv.includes('--web')
const electron = forceWeb || !hasDisplay() ? null : electronProgram()
if (electron) {
  const built = spawnSync(
    process.execPath,
    ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'],
    { stdio: 'inherit' },
  )
  if (built.status !== 0) process.exit(1)
  run(electron, ['.'])
} else {
  const why = forceWeb
    ? 'as asked'
    : hasDisplay()
      ? "since Electron's program could not be fetched (npm brings it without)"
      : 'since there is no display'
  say(`Opening the studio in the browser instead of the desktop app, ${why}.`)
  run(process.execPath, ['tools/run.mjs', 'electron/hosts/cli/main.ts', 'serve', ...(hasDisplay() ? ['--open'] : [])])
}
