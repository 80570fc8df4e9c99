/**
 * Whether the tests would notice: each rule that keeps what is signed, sent and told in bounds is taken out of a copy of
 * the program, one at a time, and the test that holds it is run. Every one must fail. `rules:PART` tries those whose
 * file or test has PART in its path, `rules:N/M` the Nth of M portions, `rules:PART:N/M` the Nth of those.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { stopPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import type { RemovedRule } from './removed-rule.ts'
import { removedRules } from './removed-rules.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const COPIED = ['electron', 'shared', 'tests', 'tools', 'resources', 'docs', 'package.json', 'vitest.config.ts']
const CONFIGURATION = ['tsconfig.json', 'tsconfig.base.json', 'tsconfig.node.json', 'tsconfig.web.json']
const LONGEST_TEST_MILLISECONDS = 120_000
const MOST_AT_ONCE = 12

type Print = (line: string) => void

export async function run(print: Print, parts: readonly string[] = []): Promise<void> {
  const wanted = parts.length === 0 ? removedRules : [...new Set(parts.flatMap(portion))]
  const queue = [...byTest(wanted)]
  const found: Finding[] = []
  const copies = Math.min(availableParallelism(), queue.length)
  await Promise.all(Array.from({ length: copies }, () => work(queue, found, print)))
  const survived = found.filter((each) => each === 'not noticed').length
  const withheld = found.filter((each) => each === 'could not be tried').length
  print(
    `rules: ${found.length} of ${removedRules.length} taken out one at a time, ${survived} not noticed (goal: 0), ` +
      `${withheld} could not be tried (goal: 0)`,
  )
}

function portion(part: string): readonly RemovedRule[] {
  const [, room, nth, of] = /^(.*?):?(?:(\d+)\/(\d+))?$/.exec(part)!
  const chosen = removedRules
    .filter(({ file, test }) => file.includes(room!) || test.includes(room!))
    .filter((_rule, n) => nth === undefined || n % Number(of) === Number(nth) - 1)
  if (chosen.length === 0) throw new Error(`no rule belongs to ${part}`)
  return chosen
}

/** The rules that one and the same run of tests holds, the longest runs first; many are shared out among the copies. */
function byTest(rules: readonly RemovedRule[]): RemovedRule[][] {
  const groups = Map.groupBy(rules, ({ test, title }) => `${test} ${title ?? ''}`)
  const shares = [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / MOST_AT_ONCE) }, (_, n) =>
      group.slice(n * MOST_AT_ONCE, (n + 1) * MOST_AT_ONCE),
    ),
  )
  return shares.sort((a, b) => Number(isQuick(a[0]!)) - Number(isQuick(b[0]!)))
}

const isQuick = ({ test }: RemovedRule): boolean => test.startsWith('unit/')

type Finding = 'noticed' | 'not noticed' | 'could not be tried'

/** Takes groups from the queue until none is left, in a copy of the program of its own. */
async function work(queue: RemovedRule[][], found: Finding[], print: Print): Promise<void> {
  const copy = copyOfProgram()
  try {
    for (let rules = queue.shift(); rules; rules = queue.shift()) {
      const findings = await tryAll(copy, rules, print)
      found.push(...findings)
      print(`  ${findings.length} of ${rules[0]!.test} ${rules[0]!.title ?? ''}`)
    }
  } finally {
    // A run that was ended for its length leaves practice networks behind.
    const left = readdirSync(temporaryIn(copy)).map((name) => join(temporaryIn(copy), name))
    await Promise.allSettled(left.map((home) => stopPracticeNetwork({ home })))
    rmSync(copy, { recursive: true, force: true })
  }
}

const temporaryIn = (copy: string): string => join(copy, 'tmp')

function copyOfProgram(): string {
  const copy = mkdtempSync(join(tmpdir(), 'asterism-rules-'))
  for (const name of [...COPIED, ...CONFIGURATION]) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  mkdirSync(temporaryIn(copy))
  return copy
}

async function tryAll(copy: string, rules: readonly RemovedRule[], print: Print): Promise<Finding[]> {
  const [first] = rules
  if (!(await passes(copy, first!))) {
    print(`rules: ${first!.test} ${first!.title ?? ''} fails with all rules in place`)
    return rules.map(() => 'could not be tried')
  }
  const findings: Finding[] = []
  for (const rule of rules) findings.push(await tryWithout(copy, rule, print))
  return findings
}

async function tryWithout(copy: string, rule: RemovedRule, print: Print): Promise<Finding> {
  const path = join(copy, 'electron', rule.file)
  const text = readFileSync(path, 'utf8')
  if (text.split(rule.line).length !== 2) {
    print(`rules: ${rule.file} has not exactly one "${rule.line}"`)
    return 'could not be tried'
  }
  writeFileSync(
    path,
    text.replace(rule.line, () => rule.becomes),
  )
  try {
    if (!(await passes(copy, rule))) return 'noticed'
    print(`rules: NOT NOTICED by ${rule.test}: ${rule.name} (${rule.file})`)
    return 'not noticed'
  } finally {
    writeFileSync(path, text)
  }
}

/** Whether the test passes on the copy as it stands; one that is not done in time does not. */
async function passes(copy: string, { test, title }: RemovedRule): Promise<boolean> {
  const ring = test.split('/')[0]!
  const args = ['run', '--project', ring, '--bail', '1', '--reporter', 'dot', `tests/${test}`]
  const only = title === undefined ? [] : ['-t', title]
  const child = spawn(process.execPath, [join(copy, 'node_modules', 'vitest', 'vitest.mjs'), ...args, ...only], {
    cwd: copy,
    env: { ...process.env, TMPDIR: temporaryIn(copy) },
    timeout: LONGEST_TEST_MILLISECONDS,
    stdio: 'ignore',
  })
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code === 0))
  })
}
