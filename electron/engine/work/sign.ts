import { ownPackage } from './own-package.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { open, readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Signature } from 'ethers'
import { policyNamed } from '../chain/chain-policies.ts'
import { readPackageMetadata, requireOwnWork } from '../chain/package-metadata.ts'
import { startPracticeNetwork } from '../chain/practice-network.ts'
import { withFileErrors } from '../file-errors.ts'
import { requireWhole } from '../publish/package/require-whole.ts'
import { manifestTypedData, sha256Hex, signatureBytes, signaturePath } from '../publish/package/signature.ts'
import { verifyPackage } from '../publish/package/verify.ts'
import { openSessionSigner } from './open-signer.ts'
import type { Work } from './registry.ts'

interface Prepared {
  package: string
  network: string
}

async function digestIn(packageFolder: string, name: string): Promise<string> {
  const path = join(packageFolder, name)
  return sha256Hex(await withFileErrors(path, () => readFile(path)))
}

/** Signs a package, its folder, as its maker. It moves nothing and costs nothing. */
export const signWork: Work<'sign', Prepared> = {
  kind: 'sign',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({
    package: input.package ? session.files.resolve(input.package) : ownPackage(session),
    network: input.network,
  }),
  title: (prepared) => `Sign ${basename(prepared.package)}`,
  about: (prepared) => ({ subject: basename(prepared.package) }),
  async run({ package: path, network }, session, { signal, progress }) {
    const { home } = session.options
    const policy = policyNamed(network)
    progress(0, say('work.checkingPackage'))
    const verified = await verifyPackage(path, { signal })
    requireWhole(verified.failures, path, say('kept.nothingSigned'))
    if (policy.practice) await startPracticeNetwork({ home, signal })
    const signer = await openSessionSigner(session, network)
    try {
      // In rehearsal too: what is signed here says who made it, whatever network it is for.
      requireOwnWork(await readPackageMetadata(path), signer.address, false)
      const fields = {
        chain_id: policy.chainId,
        manifest_sha256: await digestIn(path, 'manifest.json'),
        metadata_sha256: await digestIn(path, 'metadata.json'),
        creator: signer.address,
      }
      // Devices and other wallets write a signature in several ways.
      const signature = Signature.from(await signer.signTypedData(manifestTypedData(fields), signal)).serialized
      const to = signaturePath(path)
      await withFileErrors(to, async () => {
        const handle = await open(`${to}.part`, 'w')
        try {
          await handle.writeFile(signatureBytes({ ...fields, signature }))
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(`${to}.part`, to)
      })
      return { path: to, signer: signer.address, manifest_sha256: fields.manifest_sha256, signature }
    } finally {
      await signer.close()
    }
  },
}
