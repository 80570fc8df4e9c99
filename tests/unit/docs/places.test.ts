/** What the pages name is there: source files, scripts, benches, and a row for whatever runs in a process or thread of its own. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string): string => readFileSync(ROOT + path, 'utf8')
const under = (folder: string): string[] =>
  readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)
const pages = ['README.md', 'CONTRIBUTING.md', ...under('docs').filter((name) => name.endsWith('.md'))]

/** All that stands in the pages and fits, with the page that it stands in. */
const named = (pattern: RegExp): (readonly [what: string, page: string])[] =>
  pages.flatMap((page) => [...read(page).matchAll(pattern)].map(([, what]) => [what!, page] as const))

it('every source file that a page names is there', () => {
  const files = ['electron', 'renderer', 'resources', 'shared', 'tests', 'tools'].flatMap(under)
  const places = named(/`([\w./-]+\/[\w.-]+\.(?:tsx?|mjs|sol))`/g)
  expect(places.length).toBeGreaterThan(50)
  // Pages leave out the beginning that all of their files share.
  const gone = places.filter(([place]) => !files.some((file) => `/${file}`.endsWith(`/${place}`)))
  expect(gone).toEqual([])
})

it('every script and every bench that a page names can be run', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const benches = under('tests/bench').flatMap((name) => /^tests\/bench\/([\w-]+)\.bench\.ts$/.exec(name)?.[1] ?? [])
  const run = named(/npm run (?:-s )?([\w:-]+)/g)
  expect(run.filter(([script]) => !(script in scripts))).toEqual([])
  const areas = named(/npm run bench -- ([\w-]+)/g)
  expect(areas.length).toBeGreaterThan(10)
  expect(areas.filter(([area]) => !benches.includes(area))).toEqual([])
})

it('the table of processes has a row for every worker', () => {
  const rows = [...read('docs/architecture.md').matchAll(/^\| ([\w-]+)/gm)].map(([, name]) => name)
  const workers = readdirSync(`${ROOT}electron/workers`).map((name) => name.replace(/\.ts$/, ''))
  // One finds the code of the others, one looks after the model's process from within.
  for (const worker of workers.filter((name) => name !== 'locate' && name !== 'memory-watch'))
    expect(rows, worker).toContain(worker)
})
