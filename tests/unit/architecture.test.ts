import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const DEPCRUISE = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
const LEAST_MODULES = 200

interface Cruise {
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly { readonly rule: { readonly name: string } }[]
  }
}

function cruise(folder: string, paths: readonly string[]): Cruise {
  const result = spawnSync(
    process.execPath,
    [DEPCRUISE, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 256 << 20,
    },
  )
  return JSON.parse(result.stdout) as Cruise
}

/** One file that breaks each rule, in a tree of the same shape. */
const PLANTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-circular': {
    'shared/a.ts': "import './b.ts'\nexport const a = 1\n",
    'shared/b.ts': "import './a.ts'\nexport const b = 1\n",
  },
  'shared-is-isomorphic': {
    'shared/c.ts': "import '../electron/engine/x.ts'\n",
    'electron/engine/x.ts': 'export const x = 1\n',
  },
  'shared-no-node': { 'shared/d.ts': "import 'node:fs'\n" },
  'renderer-only-shared': { 'renderer/src/e.ts': "import '../../electron/engine/x.ts'\n" },
  'renderer-no-node': { 'renderer/src/f.ts': "import 'node:path'\n" },
  'electron-only-in-desktop-host': { 'electron/engine/g.ts': "import 'electron'\n" },
  'engine-knows-no-host': {
    'electron/engine/h.ts': "import '../hosts/web/i.ts'\n",
    'electron/hosts/web/i.ts': 'export const i = 1\n',
  },
  'hosts-apart': { 'electron/hosts/desktop/j.ts': "import '../web/i.ts'\n" },
  'commands-load-when-used': {
    'electron/hosts/cli/main.ts': "import './commands/index.ts'\nimport './commands/k.ts'\n",
    'electron/hosts/cli/commands/index.ts': "export const k = (): Promise<unknown> => import('./k.ts')\n",
    'electron/hosts/cli/commands/k.ts': 'export const k = 1\n',
  },
  'work-loads-when-used': {
    'electron/engine/engine.ts': "import './work/l.ts'\n",
    'electron/engine/work/l.ts': 'export const l = 1\n',
  },
  'programs-start-in-one-place': { 'electron/engine/m.ts': "import 'node:child_process'\n" },
  'preload-is-tiny': { 'electron/hosts/desktop/preload.ts': "import '../../engine/x.ts'\n" },
}

describe('layers', () => {
  // The code itself is held to them by the check `boundaries`, with the same settings.
  test('every planted violation is caught', () => {
    const folder = mkdtempSync(join(ROOT, '.planted-'))
    try {
      writeFileSync(join(folder, '.dependency-cruiser.cjs'), readFileSync(join(ROOT, '.dependency-cruiser.cjs')))
      writeFileSync(join(folder, 'tsconfig.base.json'), readFileSync(join(ROOT, 'tsconfig.base.json')))
      writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "electron": "*" } }')
      for (const files of Object.values(PLANTED)) {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(join(folder, path, '..'), { recursive: true })
          writeFileSync(join(folder, path), text)
        }
      }
      const { summary } = cruise(folder, ['electron', 'renderer', 'shared'])
      const caught = new Set(summary.violations.map((violation) => violation.rule.name))
      expect(Object.keys(PLANTED).filter((rule) => !caught.has(rule))).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('no source file is over 400 lines', () => {
    const files = execFileSync('git', ['ls-files', 'electron', 'renderer', 'shared', 'tests', 'tools', 'resources'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
      .split('\n')
      .filter((path) => /\.(ts|tsx|css|mjs|sol)$/.test(path))
    const long = files.filter((path) => {
      try {
        return readFileSync(join(ROOT, path), 'utf8').split('\n').length > 401
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
        throw error
      }
    })
    expect(files.length).toBeGreaterThan(LEAST_MODULES)
    expect(long).toEqual([])
  })
})
