/** The key of a sealed work, from whoever sealed it to whoever leases it. Nothing of a key is in inputs or answers. */
import { say } from '../../../shared/sayings/saying.ts'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { getAddress } from 'ethers'
import { releasedKey, type KeyRequest, type ReleasedKey } from '../../../shared/contract/lease-keys.ts'
import type { WorkReference } from '../../../shared/contract/chain-acts.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { policyNamed } from '../chain/chain-policies.ts'
import { collectionAddress } from '../chain/contracts.ts'
import { listWallets } from '../chain/wallet.ts'
import { requireLease, requireMeantNetwork, signKeyRequest, verifyKeyRequest } from '../chain/key-request.ts'
import { writeNewFile } from '../publish/export/whole-file.ts'
import { readNamedFile } from '../named-file.ts'
import { verifyPackage, type VerifiedPackage } from '../publish/package/verify.ts'
import { openSealedPackage, readSealed } from '../publish/sealed/open-package.ts'
import { lesseeKey, receiveWorkKey, releaseWorkKey } from '../publish/sealed/release.ts'
import { sealingSecret } from '../publish/sealed/work-key.ts'
import { openSessionSigner } from './open-signer.ts'
import { ownPackage } from './own-package.ts'
import type { Work } from './registry.ts'

const LARGEST_FILE_BYTES = 64 << 10

async function jsonIn(path: string): Promise<unknown> {
  const text = (await readNamedFile(path, LARGEST_FILE_BYTES, say('file.longKind'))).toString('utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('leaseKey.notOurs'), { path, cause })
  }
}

const writeJson = async (path: string, value: object): Promise<void> =>
  await writeNewFile(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`))

interface RequestPrepared {
  network: string
  account: string | null
  work: WorkReference
  out: string
}

/** As a lessee: asks for the key of a work, with the signature of the account that leases it. */
export const keyRequestWork: Work<'keyRequest', RequestPrepared> = {
  kind: 'keyRequest',
  lane: 'main',
  resumesByItself: false,
  prepare: ({ out, ...input }, session) => ({ ...input, out: session.files.resolve(out) }),
  title: ({ network }) => `Ask for the key of a work on ${network}`,
  about: ({ network }) => ({ subject: network }),
  async run({ network, account, work, out }, session, { signal }) {
    const signer = await openSessionSigner(session, network, account)
    try {
      const request = await signKeyRequest(
        {
          network,
          chain_id: policyNamed(network).chainId,
          collection: getAddress(work.collection ?? collectionAddress(signer.address)),
          token_id: work.tokenId,
          recipient: (await lesseeKey(session.options.home, signer.address)).recipient,
          issued_at: Math.floor(Date.now() / 1000),
        },
        signer,
        signal,
      )
      await writeJson(out, request)
      return { path: out, ...request }
    } finally {
      await signer.close()
    }
  },
}

interface ReleasePrepared {
  request: string
  package: string
  network: string | null
  out: string | null
}

/** As the creator: gives the key to whoever the chain shows as the lessee, and to nobody else. */
export const keyReleaseWork: Work<'keyRelease', ReleasePrepared> = {
  kind: 'keyRelease',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({
    request: session.files.resolve(input.request),
    package: input.package ? session.files.resolve(input.package) : ownPackage(session),
    network: input.network,
    out: input.out && session.files.resolve(input.out),
  }),
  title: () => 'Release the key of a work',
  async run(prepared, session, { signal, progress }) {
    const { home } = session.options
    const request = verifyKeyRequest(await jsonIn(prepared.request))
    requireMeantNetwork(request, prepared.network)
    progress(0.1, say('work.checkingPackage'))
    const { creator } = await requireToken(prepared.package, request.token_id, signal)
    await requireOwnCollection(home, creator, request)
    progress(0.7, say('work.askingLessees'))
    const expires = await requireLease(home, request, signal)
    const sealed = await readSealed(prepared.package, signal)
    const key = await releaseWorkKey(await sealingSecret(home), sealed, request.recipient)
    const { signature: _signature, issued_at: _issued, ...asked } = request
    const released: ReleasedKey = {
      ...asked,
      format: 'asterism-released-key-1',
      work: sealed.recipient,
      expires,
      key,
    }
    const path = prepared.out ?? besidePackage(prepared.package, request.user)
    await writeJson(path, released)
    return { ...asked, path, expires }
  },
}

/** A name that is free: a key that was released before may be on its way to somebody. */
function besidePackage(packagePath: string, user: string): string {
  const stem = `${packagePath}.key-for-${user.toLowerCase().slice(0, 10)}`
  for (let count = 1; ; count++) {
    const path = `${stem}${count === 1 ? '' : `-${count}`}.json`
    if (!existsSync(path)) return path
  }
}

interface OpenPrepared {
  package: string
  key: string
  out: string
}

/** As a lessee: the recordings of a sealed package, with the key that was released. */
export const keyOpenWork: Work<'keyOpen', OpenPrepared> = {
  kind: 'keyOpen',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({
    package: session.files.resolve(input.package),
    key: session.files.resolve(input.key),
    out: session.files.resolve(input.out),
  }),
  title: (prepared) => `Open ${basename(prepared.package)}`,
  about: (prepared) => ({ subject: basename(prepared.package) }),
  async run({ package: path, key, out }, session, { signal, progress }) {
    const parsed = releasedKey.safeParse(await jsonIn(key))
    if (!parsed.success) throw new AsterismError('corrupt_file', say('leaseKey.notReleased'), { path: key })
    const released = parsed.data
    progress(0, say('work.checkingPackage'))
    await requireToken(path, released.token_id, signal)
    const mine = await lesseeKey(session.options.home, released.user)
    const workKey = await receiveWorkKey(released.key, mine, (await readSealed(path, signal)).recipient)
    const opened = await openSealedPackage(path, workKey, out, {
      signal,
      onBytes: (done, total) => progress(done / Math.max(1, total), say('work.opening')),
    })
    return { path: out, token_id: released.token_id, expires: released.expires, ...opened }
  },
}

/**
 * Anybody mints any id into a collection of their own, and leases it there to themselves: only a lease in the collection
 * of the work's creator is one of the work.
 */
async function requireOwnCollection(home: string, creator: string | null, request: KeyRequest): Promise<void> {
  const { practice } = policyNamed(request.network)
  const { wallets } = await listWallets(home)
  const own = wallets.filter(({ kind }) => creator === null || (practice && kind === 'practice'))
  const creators = [...(creator === null ? [] : [creator]), ...own.map(({ address }) => address)]
  if (creators.some((each) => collectionAddress(getAddress(each)) === getAddress(request.collection))) return
  throw new AsterismError('conflict', say('leaseKey.otherCollection', { collection: request.collection }), {
    kept: say('kept.noKeyReleased'),
    fix: say('leaseKey.fix.right'),
  })
}

/** The package of exactly this work, whole. */
async function requireToken(path: string, tokenId: string, signal: AbortSignal): Promise<VerifiedPackage> {
  const verified = await verifyPackage(path, { signal })
  const { ok, failures, token_id: token } = verified
  const kept = say('kept.nothingOpened')
  if (!ok) {
    const [failure] = failures
    throw new AsterismError(
      'corrupt_file',
      say('leaseKey.notWhole', { path: failure?.path ?? '', what: failure?.what ?? '' }),
      {
        path,
        kept,
      },
    )
  }
  if (token !== tokenId.toLowerCase()) {
    throw new AsterismError('conflict', say('leaseKey.otherWork'), { path, kept })
  }
  return verified
}
