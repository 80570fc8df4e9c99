/** Packages that were changed and described anew, so that every digest fits: what else tells is named. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPackage } from '../../../electron/engine/publish/package/build.ts'
import { verifyPackage } from '../../../electron/engine/publish/package/verify.ts'
import { workKey } from '../../../electron/engine/publish/sealed/work-key.ts'
import { forge, signPackage } from '../../fixtures/publish/forge.ts'
import { packageInput, scanProject } from '../../fixtures/publish/project.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

const creator = new Wallet(`0x${'11'.repeat(32)}`)
const other = new Wallet(`0x${'22'.repeat(32)}`)
const secret = new Uint8Array(32).fill(9)
let good: string
let recipient: string

const folder = mkdtempSync(join(tmpdir(), 'publish-forged-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeAll(async () => {
  const input = packageInput(await scanProject(join(folder, 'in')), {
    creatorAddress: creator.address,
    sealingSecret: secret,
  })
  const built = await buildPackage(input, join(folder, 'out'))
  good = built.path
  recipient = built.sealed_for!
})

async function copy(): Promise<string> {
  const path = join(await scratchFolder(), 'work')
  await cp(good, path, { recursive: true })
  return path
}

async function faults(path: string): Promise<string[]> {
  return (await verifyPackage(path)).failures.map((failure) => `${failure.path} ${failure.what}`)
}

describe('a package that was changed and described anew', () => {
  it.each([
    [
      'rights.json',
      '"CC-BY-4.0"',
      '"CC0-1.0"',
      /^rights\.json names "CC0-1\.0" as the licence, and metadata\.json "CC-BY/,
    ],
    ['rights.json', '"use": "allowed"', '"use": "notAllowed"', /^rights\.json names "notAllowed" as what cawg\./],
    ['rights.json', '"Ada"', '"Eve"', /^rights\.json names "Eve" as the creator,/],
    ['rights.json', creator.address, other.address, /^rights\.json names "0x.*" as the creator’s account/],
    [
      'rights.json',
      '"declared": true',
      '"declared": false',
      /^rights\.json does not declare what the check "original"/,
    ],
    ['metadata.json', '"bytes":', '"bytes":1', /^metadata\.json names .* by another content$/],
    ['croissant.json', '"name": "Kitchen', '"name": "Cellar', /^croissant\.json names "Cellar.*" as the title/],
    ['alignment.json', '"scale": 1', '"scale": -1', /^alignment\.json is not an alignment/],
    [
      'alignment.json',
      '"path": "media/room',
      '"path": "media/x',
      /^alignment\.json names media\/x.* not in the package/,
    ],
    ['alignment.json', '"asset": "b"', '"asset": "z"', /^alignment\.json names a recording "z", which/],
    [
      'croissant.json',
      '/by/4.0/',
      '/by-sa/4.0/',
      /^croissant\.json names ".*by-sa.*" as the licence, and rights\.json/,
    ],
    ['rights.json', '"training_mining"', '"training"', /^rights\.json does not state rights/],
  ])('in %s: %s', async (file, from, to, expected) => {
    const path = await copy()
    await forge(path, file, from, to)
    const named = await faults(path)
    expect(named.length).toBeGreaterThan(0)
    for (const fault of named) expect(fault).toMatch(expected)
  })

  it('to be opened by another key, or not to be sealed', async () => {
    const path = await copy()
    const stranger = workKey(new Uint8Array(32).fill(1), ['ab'.repeat(32)]).recipient
    await forge(path, 'sealed.json', recipient, stranger)
    expect(await faults(path)).toEqual([
      `sealed.json names "${stranger}" as the key of the recordings, and metadata.json "${recipient}"`,
    ])
    await forge(path, 'manifest.json', '"path":"sealed.json"', '"path":"sealed.txt"')
    await rm(join(path, 'sealed.json'))
    expect(await faults(path)).toContain(
      `sealed.json names none as the key of the recordings, and metadata.json "${recipient}"`,
    )
  })
})

it('the signature of another account than the creator that the package names is no signature of it', async () => {
  const path = await copy()
  await signPackage(path, other)
  const verified = await verifyPackage(path)
  expect(verified).toMatchObject({ ok: false, signer: null })
  expect(verified.failures).toEqual([
    {
      path: 'work.signature.json',
      what: `was made by ${other.address}, and the package names ${creator.address} as its creator`,
    },
  ])
  await signPackage(path, creator)
  expect(await verifyPackage(path)).toMatchObject({ ok: true, signer: creator.address })
  // Rights that were widened after that: the signature is of another package, whatever was described anew.
  await forge(path, 'rights.json', '"use": "allowed"', '"use": "allowed" ')
  expect(await faults(path)).toEqual(['work.signature.json is the signature of another package'])
})

it('a file with holes that claims gigabytes beyond what the manifest lists is refused before it is read', async () => {
  for (const file of ['media/room-scan.ply.age', 'media/more.bin', 'manifest.json']) {
    const path = await copy()
    const handle = await open(join(path, file), 'a')
    await handle.truncate(3 * 2 ** 30)
    await handle.close()
    await expect(verifyPackage(path), file).rejects.toMatchObject({ code: 'corrupt_file', path: file })
  }
})
