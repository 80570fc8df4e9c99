#!/usr/bin/env node
/** The compiler of npm (WebAssembly) behind the command line of the native one, as far as forge speaks it. */
import { readFileSync } from 'node:fs'
import solc from 'solc'

if (process.argv.includes('--version')) {
  // Forge reads the platform out of it and knows no Emscripten.
  process.stdout.write(`Version: ${solc.version().replace('.Emscripten.clang', '.Linux.g++')}\n`)
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
} else {
  process.stderr.write('only --version and --standard-json\n')
  process.exitCode = 2
}
