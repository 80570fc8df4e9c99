import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const require = createRequire(import.meta.url)

interface BuilderConfig {
  readonly files: readonly string[]
  readonly extraResources: readonly { readonly from: string; readonly to: string }[]
  readonly electronFuses: Readonly<Record<string, boolean>>
  readonly linux: { readonly target: readonly string[] }
  readonly mac: { readonly target: readonly string[] }
  readonly win: { readonly target: readonly string[] }
}

const config = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as BuilderConfig
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
}

test('the configuration is what electron-builder itself accepts', () => {
  const schema = JSON.parse(
    readFileSync(
      createRequire(require.resolve('electron-builder/package.json')).resolve('app-builder-lib/scheme.json'),
      'utf8',
    ),
  ) as object
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema)
  expect(validate(config), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true)
  expect(validate({ ...config, linux: { target: 7 } })).toBe(false)
})

test('three systems are built', () => {
  expect(
    [config.linux.target.length, config.mac.target.length, config.win.target.length].every((count) => count > 0),
  ).toBe(true)
})

test('build-time programs stay out of the package', () => {
  for (const name of Object.keys(packageJson.optionalDependencies)) {
    // A scope is left out as a whole.
    const folder = name.startsWith('@') ? name.split('/')[0] : name
    expect(config.files, name).toContain(`!node_modules/${folder}/**`)
  }
  expect(packageJson.dependencies).not.toHaveProperty('ffmpeg-static')
  expect(packageJson.dependencies).not.toHaveProperty('electron')
})

test('ffmpeg and anvil lie outside the archive', () => {
  expect(config.extraResources.map((resource) => resource.to)).toEqual(
    expect.arrayContaining(['ffmpeg', 'anvil', 'sample', 'contracts']),
  )
})

test('every fuse that would let another program in is off', () => {
  const {
    runAsNode,
    enableNodeOptionsEnvironmentVariable,
    enableNodeCliInspectArguments,
    grantFileProtocolExtraPrivileges,
    ...guards
  } = config.electronFuses
  expect([
    runAsNode,
    enableNodeOptionsEnvironmentVariable,
    enableNodeCliInspectArguments,
    grantFileProtocolExtraPrivileges,
  ]).toEqual([false, false, false, false])
  expect(guards).toMatchObject({
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  })
})
