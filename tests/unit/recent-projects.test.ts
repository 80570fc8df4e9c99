import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { recentProjects, rememberProject, retitleProject } from '../../electron/engine/recent-projects.ts'

function scratchHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'asterism-recent-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

it('the latest stand first, each once, with the title of last time; what was never opened here gets none', () => {
  const home = scratchHome()
  rememberProject(home, { path: '/a', title: 'Untitled' })
  rememberProject(home, { path: '/b', title: 'B' })
  retitleProject(home, '/a', 'A drive at night')
  retitleProject(home, '/copy', 'Of another machine')
  expect(recentProjects(home)).toEqual([
    { path: '/b', title: 'B' },
    { path: '/a', title: 'A drive at night' },
  ])
  rememberProject(home, { path: '/a', title: 'A drive at night' })
  expect(recentProjects(home).map(({ path }) => path)).toEqual(['/a', '/b'])
})

it('older lists hold paths alone, and a damaged one is empty and no failure', () => {
  const home = scratchHome()
  const file = join(home, 'recent-projects.json')
  writeFileSync(file, '["/a", {"path": "/b", "title": "B"}]')
  expect(recentProjects(home)).toEqual([{ path: '/a' }, { path: '/b', title: 'B' }])
  for (const damaged of ['', '{"path": "/a"}', '[1]', '["/a"', '[{"title": "B"}]']) {
    writeFileSync(file, damaged)
    expect(recentProjects(home), damaged).toEqual([])
  }
})

it('a home that takes no list is no reason not to open a project, and nothing half-written stays in it', () => {
  const home = scratchHome()
  const file = join(home, 'a-file')
  writeFileSync(file, '')
  rememberProject(file, { path: '/a', title: 'A' })
  expect(recentProjects(file)).toEqual([])
  // A folder stands where the list would be put.
  mkdirSync(join(home, 'recent-projects.json'))
  rememberProject(home, { path: '/a', title: 'A' })
  expect(readdirSync(home).toSorted()).toEqual(['a-file', 'recent-projects.json'])
})
