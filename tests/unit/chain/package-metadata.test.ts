import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readPackageMetadata, requireOwnWork } from '../../../electron/engine/chain/package-metadata.ts'
import { PLANTED_ADDRESS } from '../../fixtures/chain/signing.ts'

it('a work is minted by the creator whom its metadata name; a rehearsal only says so', () => {
  const own = { creator: PLANTED_ADDRESS.toLowerCase() }
  const others = { creator: `0x${'12'.repeat(20)}` }
  for (const practice of [true, false]) {
    expect(requireOwnWork(own, PLANTED_ADDRESS, practice)).toEqual([])
    expect(requireOwnWork({ creator: null }, PLANTED_ADDRESS, practice)).toEqual([])
  }
  expect(requireOwnWork(others, PLANTED_ADDRESS, true)).toHaveLength(1)
  expect(() => requireOwnWork(others, PLANTED_ADDRESS, false)).toThrow(expect.objectContaining({ code: 'conflict' }))
})

it('a package that was written anew since it was looked at is another work: nothing is signed for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-metadata-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'metadata.json'), '{"name":"one"}')
  const { tokenId } = await readPackageMetadata(folder)
  expect((await readPackageMetadata(folder, tokenId)).tokenId).toBe(tokenId)
  writeFileSync(join(folder, 'metadata.json'), '{"name":"other"}')
  await expect(readPackageMetadata(folder, tokenId)).rejects.toMatchObject({ code: 'conflict' })
})

it('metadata that are no file are refused at once, also where they would keep their reader for ever', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-metadata-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await expect(readPackageMetadata(folder)).rejects.toMatchObject({ code: 'not_found' })
  execFileSync('mkfifo', [join(folder, 'metadata.json')])
  await expect(readPackageMetadata(folder)).rejects.toMatchObject({ code: 'corrupt_file' })
  rmSync(join(folder, 'metadata.json'))
  writeFileSync(join(folder, 'metadata.json'), Buffer.alloc((1 << 20) + 1))
  await expect(readPackageMetadata(folder)).rejects.toMatchObject({ code: 'too_large' })
})
