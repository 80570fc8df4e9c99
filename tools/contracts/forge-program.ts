/** Forge as npm ships it. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const SOLIDITY_TESTS = fileURLToPath(new URL('../../tests/solidity/', import.meta.url))
const TIMEOUT_MILLISECONDS = 300_000

/** The program inside the npm package of this platform. */
function forgePath(): string {
  const require = createRequire(import.meta.url)
  const launcher = dirname(require.resolve('@foundry-rs/forge/package.json'))
  const platform = process.platform === 'win32' ? 'win32' : process.platform
  const name = `forge-${platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const binary = join('bin', process.platform === 'win32' ? 'forge.exe' : 'forge')
  for (const folder of [join(launcher, '..', name), join(launcher, 'node_modules', '@foundry-rs', name)]) {
    if (existsSync(join(folder, binary))) return join(folder, binary)
  }
  throw new Error(`no forge for ${process.platform} ${process.arch}`)
}

/** @param root folder of the foundry.toml that counts */
export function forge(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  root = SOLIDITY_TESTS,
): Promise<{ stdout: string; stderr: string }> {
  const options = {
    cwd: root,
    timeout: TIMEOUT_MILLISECONDS,
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, FOUNDRY_DISABLE_NIGHTLY_WARNING: '1', ...env },
  }
  // A test that fails is no error of the run: what forge printed says so.
  return new Promise((done) =>
    execFile(forgePath(), [...args, '--root', root], options, (_, stdout, stderr) => done({ stdout, stderr })),
  )
}
