import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HDNodeWallet, Mnemonic } from 'ethers'
import { afterEach, describe, expect, test } from 'vitest'
import { ensurePracticeAccount } from '../../electron/engine/chain/practice-account.ts'
import { PRACTICE_CHAIN_ID } from '../../electron/engine/chain/chain-policies.ts'
import type { ChainSigner } from '../../electron/engine/chain/chain-signer.ts'
import { allowedMessages } from '../../electron/engine/chain/signer/typed-data-policy.ts'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import { openSigner } from '../../electron/engine/chain/wallet.ts'
import { manifestTypedData, sha256Hex, signatureBytes } from '../../electron/engine/publish/package/signature.ts'
import { uploadPackage } from '../../electron/engine/publish/upload/index.ts'
import { signIn } from '../../electron/engine/publish/upload/sign-in.ts'
import { signerInThisProcess } from '../fixtures/chain/signer-here.ts'
import { packageOf } from '../fixtures/publish/large-package.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'
import { signInServer, type SignInServer } from '../fixtures/publish/sign-in-server.ts'

const signal = new AbortController().signal
let server: SignInServer | null = null
afterEach(async () => await server?.close())

async function signerOf(home: string, shown: SigningDescription[], agrees = true): Promise<ChainSigner> {
  await ensurePracticeAccount(home)
  return await openSigner({
    home,
    networkId: 'practice',
    spawn: signerInThisProcess,
    confirmSigning: (description) => {
      shown.push(description)
      return Promise.resolve(agrees)
    },
    askPassphrase: () => Promise.reject(new Error('there is no pass phrase')),
  })
}

describe('an upload server that asks who is there (EIP-4361)', () => {
  test.each(['token', 'cookie'] as const)(
    'lets in who signed in, by a %s, and keeps the signature of the package',
    async (kind) => {
      const folder = await scratchFolder()
      const maker = HDNodeWallet.fromMnemonic(Mnemonic.fromEntropy(new Uint8Array(16).fill(1)))
      const built = await packageOf(folder, 1000, maker.address)
      const fields = {
        chain_id: PRACTICE_CHAIN_ID,
        manifest_sha256: sha256Hex(await readFile(join(built.path, 'manifest.json'))),
        metadata_sha256: sha256Hex(await readFile(join(built.path, 'metadata.json'))),
        creator: maker.address,
      }
      const { domain, message } = manifestTypedData(fields)
      const types = {
        PackageManifest: [...allowedMessages.find((each) => each.primaryType === 'PackageManifest')!.fields],
      }
      const signature = await maker.signTypedData(domain, types, message)
      await writeFile(`${built.path}.signature.json`, signatureBytes({ ...fields, signature }))

      const uploads = join(folder, 'uploads')
      await mkdir(uploads)
      server = await signInServer(uploads, kind)
      const destination = `${server.origin}/files`
      const state = { stateDirectory: join(folder, 'state'), signal }
      await expect(uploadPackage(built.path, destination, state)).rejects.toThrow('does not let you in (401)')
      const shown: SigningDescription[] = []
      const signer = await signerOf(folder, shown)
      const entry = { destination, address: `${server.origin}/auth`, chainId: PRACTICE_CHAIN_ID, signer, signal }
      const headers = await signIn(entry)
      expect(server.signedIn).toEqual([signer.address])
      expect(shown).toHaveLength(1)
      expect(shown[0]!.title).toBe(`Sign in to ${new URL(server.origin).host}`)
      expect(shown[0]!.fields.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['server', 'nonce', 'issued', 'expires', 'chain id']),
      )
      const sent = await uploadPackage(built.path, destination, { ...state, headers })
      expect(sent).toMatchObject({ target: 'tus', verified: true })
      const info = (await readdir(uploads)).find((name) => name.endsWith('.json'))!
      const { metadata } = JSON.parse(await readFile(join(uploads, info), 'utf8')) as {
        metadata: Record<string, string>
      }
      expect(metadata).toMatchObject({ creator: maker.address, signature, 'manifest-sha256': fields.manifest_sha256 })
      for (const name of await readdir(join(folder, 'state'))) {
        const kept = await readFile(join(folder, 'state', name), 'utf8')
        for (const secret of Object.values(headers)) expect(kept).not.toContain(secret.split(/[ =]/)[1])
      }
      await signer.close()
    },
  )

  test('gets no signature for another server, with a nonce that is words, or when the person says no', async () => {
    const folder = await scratchFolder()
    server = await signInServer(folder, 'token')
    const shown: SigningDescription[] = []
    const signer = await signerOf(folder, shown, false)
    const entry = {
      destination: `${server.origin}/files`,
      address: `${server.origin}/auth`,
      chainId: PRACTICE_CHAIN_ID,
      signer,
      signal,
    }
    await expect(signIn({ ...entry, destination: 'https://elsewhere.example/files' })).rejects.toThrow(
      'not of the server',
    )
    server.nonce = () => 'abcdefgh\nURI: https://bank.example'
    await expect(signIn(entry)).rejects.toThrow('no nonce')
    expect(shown).toEqual([])
    server.nonce = () => 'abcdefgh1'
    await expect(signIn(entry)).rejects.toMatchObject({ code: 'signing_refused' })
    expect(shown).toHaveLength(1)
    expect(server.signedIn).toEqual([])
    await signer.close()
  })
})
