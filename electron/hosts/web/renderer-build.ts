/** The built window. It is rebuilt, with a message, when the sources are newer. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AsterismError } from '../../../shared/errors.ts'
import { startProgram } from '../../engine/programs.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const SOURCES = ['renderer', 'shared', 'package.json', 'electron.vite.config.ts'] as const

function newest(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/** True if there is no build or a source has changed since. */
function isBuildStale(root: string = ROOT): boolean {
  const page = join(root, 'out/renderer/index.html')
  if (!existsSync(page)) return true
  const built = statSync(page).mtimeMs
  return SOURCES.some((source) => existsSync(join(root, source)) && newest(join(root, source)) > built)
}

/** The folder of the built window. @throws AsterismError tool_failed when the build fails. */
export async function builtRenderer(say: (line: string) => void): Promise<string> {
  const packaged = join(dirname(fileURLToPath(import.meta.url)), '../renderer')
  if (existsSync(join(packaged, 'index.html'))) return packaged
  if (isBuildStale()) {
    say('Building the window first: it is older than its sources.')
    await build()
  }
  return join(ROOT, 'out/renderer')
}

async function build(): Promise<void> {
  const script = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js')
  const child = startProgram(process.execPath, [script, 'build'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) {
    throw new AsterismError(
      'tool_failed',
      `The window could not be built:\n${Buffer.concat(output).toString('utf8').slice(-3000)}`,
    )
  }
}
