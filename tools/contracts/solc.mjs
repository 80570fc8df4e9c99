#!/usr/bin/env node
/** The compiler of npm (WebAssembly) behind the command line of the native one, as far as forge speaks it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const load = async () => (await import('solc')).default

/** Forge asks each time it is started, and to load the compiler takes a second: the answer is kept for each package. */
async function version() {
  const { version: ofPackage } = createRequire(import.meta.url)('solc/package.json')
  const folder = new URL('../../out/forge/', import.meta.url)
  const kept = new URL(`solc-${ofPackage}.txt`, folder)
  try {
    return readFileSync(kept, 'utf8')
  } catch {
    const asked = (await load()).version()
    mkdirSync(folder, { recursive: true })
    // Under another name first: two that are started at once must not read the half of it.
    const part = new URL(`solc-${process.pid}.part`, folder)
    writeFileSync(part, asked)
    renameSync(part, kept)
    return asked
  }
}

if (process.argv.includes('--version')) {
  // Forge reads the platform out of it and knows no Emscripten.
  process.stdout.write(`Version: ${(await version()).replace('.Emscripten.clang', '.Linux.g++')}\n`)
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write((await load()).compile(readFileSync(0, 'utf8')))
} else {
  process.stderr.write('only --version and --standard-json\n')
  process.exitCode = 2
}
