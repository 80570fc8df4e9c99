/**
 * Whether the tests would notice: each rule that keeps what is signed, sent and told in bounds is taken out of a copy of
 * the program, one at a time, and the test that holds it is run. Every one must fail.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removedRules, type RemovedRule } from './removed-rules.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const COPIED = ['electron', 'shared', 'tests', 'resources', 'docs', 'package.json', 'vitest.config.ts']
const CONFIGURATION = ['tsconfig.json', 'tsconfig.base.json', 'tsconfig.node.json', 'tsconfig.web.json']
const LONGEST_TEST_MILLISECONDS = 120_000

function copyOfProgram(): string {
  const copy = mkdtempSync(join(tmpdir(), 'asterism-rules-'))
  for (const name of [...COPIED, ...CONFIGURATION]) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** Whether the test passes on the copy as it is. */
function passes(copy: string, { test, title }: RemovedRule): boolean {
  const ring = test.split('/')[0]!
  const args = ['run', '--project', ring, '--bail', '1', '--reporter', 'dot', `tests/${test}`]
  const only = title === undefined ? [] : ['-t', title]
  const run = spawnSync(process.execPath, [join(copy, 'node_modules', 'vitest', 'vitest.mjs'), ...args, ...only], {
    cwd: copy,
    timeout: LONGEST_TEST_MILLISECONDS,
    encoding: 'utf8',
  })
  return run.status === 0
}

export async function run(print: (line: string) => void): Promise<void> {
  const copy = copyOfProgram()
  let survived = 0
  try {
    const tests = new Map(removedRules.map((rule) => [`${rule.test} ${rule.title ?? ''}`, rule]))
    for (const [name, rule] of tests) if (!passes(copy, rule)) throw new Error(`${name} fails with all rules in place`)
    for (const rule of removedRules) {
      const path = join(copy, 'electron', rule.file)
      const text = readFileSync(path, 'utf8')
      if (text.split(rule.line).length !== 2) throw new Error(`${rule.file} has not exactly one "${rule.line}"`)
      writeFileSync(
        path,
        text.replace(rule.line, () => rule.becomes),
      )
      try {
        if (!passes(copy, rule)) continue
        survived += 1
        print(`rules: NOT NOTICED by ${rule.test}: ${rule.name} (${rule.file})`)
      } finally {
        writeFileSync(path, text)
      }
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  print(`rules: ${removedRules.length} taken out one at a time, ${survived} not noticed (goal: 0)`)
}
