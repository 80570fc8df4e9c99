import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Says where code is kept that this thread has compiled, and that a thread of its own has. */
const SAYING = `
import module from 'node:module'
import { Worker } from 'node:worker_threads'
const where = "const { parentPort } = require('node:worker_threads'); parentPort.postMessage(require('node:module').getCompileCacheDir())"
const ofThread = await new Promise((said) => new Worker(where, { eval: true }).once('message', said))
console.log(JSON.stringify([module.getCompileCacheDir(), ofThread]))
`

test('compiled code lies beside the program, and nowhere where others may have put it first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-compiled-'))
  try {
    const script = join(folder, 'say.mjs')
    writeFileSync(script, SAYING)
    const { NODE_COMPILE_CACHE: _, ...env } = process.env
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'tools/run.mjs'), script], { encoding: 'utf8', env })
    const [ofProgram, ofThread] = JSON.parse(stdout) as string[]
    expect(ofProgram).toContain(join(ROOT, 'node_modules') + sep)
    expect(ofThread).toBe(ofProgram)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
