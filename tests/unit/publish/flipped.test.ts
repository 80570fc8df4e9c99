/** A single bit that is turned anywhere in a package, its archive or its signature is noticed. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Wallet } from 'ethers'
import { expect, it } from 'vitest'
import { buildPackage } from '../../../electron/engine/publish/package/build.ts'
import { signaturePath } from '../../../electron/engine/publish/package/signature.ts'
import { verifyPackage } from '../../../electron/engine/publish/package/verify.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { signPackage } from '../../fixtures/publish/forge.ts'
import { packageInput, scanProject } from '../../fixtures/publish/project.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

const random = seededRandom(83).next

/** Turned bits that verifying `target` does not notice, as places. */
async function unnoticed(path: string, target: string, flips: number): Promise<string[]> {
  const good = await readFile(path)
  const places: string[] = []
  for (let n = 0; n < flips; n += 1) {
    const [at, bit] = [Math.floor(random() * good.length), 1 << Math.floor(random() * 8)]
    const bad = Buffer.from(good)
    bad[at]! ^= bit
    await writeFile(path, bad)
    const whole = await verifyPackage(target).then(
      ({ ok }) => ok,
      () => false,
    )
    if (whole) places.push(`${path} ${at} ${bit}: ${good.subarray(Math.max(0, at - 10), at + 10).toString('latin1')}`)
  }
  await writeFile(path, good)
  return places
}

it('a bit that is turned anywhere in a package is noticed, from the folder and from the archive', async () => {
  const folder = await scratchFolder()
  const built = await buildPackage(packageInput(await scanProject(join(folder, 'in'))), join(folder, 'out'))
  const files = (await readdir(built.path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  expect(files.map((file) => relative(built.path, file))).toContain('manifest.json')
  const places = await unnoticed(built.car, built.car, 30)
  // Of the folder alone: nothing beside it speaks for the words of its manifest.
  await rm(built.car)
  for (const file of files) places.push(...(await unnoticed(file, built.path, file.endsWith('manifest.json') ? 24 : 2)))
  expect(places).toEqual([])
  expect((await verifyPackage(built.path)).ok).toBe(true)
})

it('a bit that is turned in its signature is noticed', async () => {
  const folder = await scratchFolder()
  const wallet = new Wallet(`0x${'11'.repeat(32)}`)
  const input = packageInput(await scanProject(join(folder, 'in')), { creatorAddress: wallet.address })
  const built = await buildPackage(input, join(folder, 'out'))
  await signPackage(built.path, wallet)
  expect(await verifyPackage(built.path)).toMatchObject({ ok: true, signer: wallet.address })
  expect(await unnoticed(signaturePath(built.path), built.path, 24)).toEqual([])
  // Made anew as it was it stays signed; what is another package is not called broken for the signature of the one before.
  await buildPackage(input, join(folder, 'out'))
  expect((await verifyPackage(built.path)).signer).toBe(wallet.address)
  const newer = await buildPackage({ ...input, supersedes: built.root_cid }, join(folder, 'out'))
  expect(newer.path).toBe(built.path)
  expect(await verifyPackage(newer.path)).toMatchObject({ ok: true, signer: null })
})
