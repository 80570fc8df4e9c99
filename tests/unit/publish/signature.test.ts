import { execFileSync } from 'node:child_process'
import { copyFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { expect, it } from 'vitest'
import {
  checkSignature,
  isSignature,
  manifestTypedData,
  signatureBytes,
  signaturePath,
} from '../../../electron/engine/publish/package/signature.ts'
import { allowedMessages } from '../../../electron/engine/chain/signer/typed-data-policy.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

it('a signature beside a package is of exactly this package and of the account that it names, or it is refused', async () => {
  const folder = await scratchFolder()
  const path = join(folder, 'take')
  const wallet = new Wallet(`0x${'11'.repeat(32)}`)
  const digests = { manifest: `0x${'aa'.repeat(32)}`, metadata: `0x${'bb'.repeat(32)}`, creator: null }
  const fields = {
    chain_id: 31_337,
    manifest_sha256: digests.manifest,
    metadata_sha256: digests.metadata,
    creator: wallet.address,
  }
  const { domain, message, primaryType } = manifestTypedData(fields)
  // The signer knows this message, field by field.
  const allowed = allowedMessages.find((each) => each.primaryType === primaryType)
  expect(allowed?.fields.map(({ name }) => name)).toEqual(Object.keys(message))
  const signature = await wallet.signTypedData(domain, { PackageManifest: [...(allowed?.fields ?? [])] }, message)
  expect(await checkSignature(path, digests)).toEqual({ signer: null, what: null })
  await writeFile(signaturePath(path), signatureBytes({ ...fields, signature }))
  expect(await checkSignature(path, digests)).toEqual({ signer: wallet.address, what: null })
  expect(await checkSignature(`${path}.car`, digests)).toEqual({ signer: wallet.address, what: null })

  await copyFile(signaturePath(path), signaturePath(join(folder, 'other')))
  const other = { ...digests, manifest: `0x${'ac'.repeat(32)}` }
  expect((await checkSignature(join(folder, 'other'), other)).what).toBe('is the signature of another package')
  for (const [change, what] of [
    [{ creator: `0x${'22'.repeat(20)}` }, /account that it names/],
    [{ chain_id: 1 }, /account that it names/],
    [{ signature: `0x${'00'.repeat(65)}` }, /nobody|anybody|account/],
    [{ signature: '0x12' }, /no signature of a package/],
  ] as const) {
    await writeFile(signaturePath(path), signatureBytes({ ...fields, signature, ...change }))
    expect((await checkSignature(path, digests)).what).toMatch(what)
  }
  // One that would still recover to the account, in other words: no byte of it may be changed.
  for (const text of [
    signatureBytes({ ...fields, signature: signature.toUpperCase().replace('0X', '0x') }).toString(),
    signatureBytes({ ...fields, creator: wallet.address.toLowerCase(), signature }).toString(),
    signatureBytes({ ...fields, signature: signature.replace(/1(.)$/, '5$1') }).toString(),
    signatureBytes({ ...fields, signature })
      .toString()
      .replaceAll('  ', '\t'),
  ]) {
    await writeFile(signaturePath(path), text)
    expect((await checkSignature(path, digests)).what, text).toMatch(/not written|no signature|account that it names/)
  }
  await writeFile(signaturePath(path), '{')
  expect((await checkSignature(path, digests)).what).toBe('is not JSON')
  // What lies there may be no file, or have no end.
  const pipe = signaturePath(join(folder, 'pipe'))
  execFileSync('mkfifo', [pipe])
  await symlink('/dev/zero', signaturePath(join(folder, 'endless')))
  for (const name of ['pipe', 'endless']) {
    expect((await checkSignature(join(folder, name), digests)).what).toBe('is no signature of a package')
    expect(await isSignature(signaturePath(join(folder, name)))).toBe(false)
  }
})
