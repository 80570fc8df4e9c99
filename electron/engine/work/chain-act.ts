import { stat } from 'node:fs/promises'
import type { ChainAct } from '../../../shared/contract/chain-acts.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { performAct } from '../chain/act.ts'
import { policyNamed } from '../chain/chain-policies.ts'
import { readMetadata, readPackageMetadata, requireOwnWork, type PackageMetadata } from '../chain/package-metadata.ts'
import { signVoucher, verifyVoucher } from '../chain/voucher.ts'
import { signAttestation, verifyAttestation } from '../chain/attest.ts'
import type { JobInput } from '../../../shared/contract/jobs.ts'
import { assertMintable } from './mintable.ts'
import { ownPackage } from './own-package.ts'
import { openSessionSigner } from './open-signer.ts'
import type { Work } from './registry.ts'

const TITLES: Readonly<Record<ChainAct['act'], string>> = {
  offer: 'Offer a work',
  cancel: 'Take a work back',
  buy: 'Buy a work',
  bid: 'Bid for a work',
  settle: 'Settle an auction',
  withdraw: 'Withdraw money from the market',
  grant: 'Lease a work',
  rent: 'Rent a work',
  collect: 'Hand on rent',
  endLease: 'Give back a leased work',
  transfer: 'Give a work away',
  publish: 'Publish an attestation',
  revoke: 'Revoke an attestation',
  deploy: 'Deploy the contracts',
  openCollection: 'Make a collection',
  mintBatch: 'Mint several works',
  redeem: 'Mint a work with a voucher',
  withdrawVouchers: 'Withdraw all vouchers',
  setRoyalty: 'Change the royalty',
}

/** Never starts again by itself: it signs. Started again by a person it goes on where it was. */
export const chainActWork: Work<'chainAct', Omit<JobInput<'chainAct'>, 'metadata'> & { metadata: string | null }> = {
  kind: 'chainAct',
  lane: 'main',
  resumesByItself: false,
  prepare(input, session) {
    if (input.act.act === 'publish') verifyAttestation(input.act.signed)
    if (input.act.act === 'redeem') verifyVoucher(input.act.signed)
    return { ...input, metadata: input.metadata ? session.files.resolve(input.metadata) : null }
  },
  title: ({ act, network }) => `${TITLES[act.act]} on ${network}`,
  about: ({ act, network }) => ({ subject: network, task: act.act }),
  async run({ act, network, account, dryRun, metadata }, session, { signal, progress, log }) {
    const signer = await openSessionSigner(session, network, account)
    try {
      return await performAct({
        home: session.options.home,
        networkId: network,
        signer,
        act,
        dryRun,
        metadata: metadata === null ? null : await metadataAt(metadata),
        signal,
        onProgress: progress,
        onWarning: log,
      })
    } finally {
      await signer.close()
    }
  },
}

const metadataAt = async (path: string): Promise<PackageMetadata> =>
  (await stat(path).catch(() => null))?.isDirectory() ? await readPackageMetadata(path) : await readMetadata(path)

/** Signs what a lab attests; publishes nothing. */
export const attestWork: Work<'attest', JobInput<'attest'>> = {
  kind: 'attest',
  lane: 'main',
  resumesByItself: false,
  prepare: (input) => input,
  title: ({ attestation }) => `Attest ${attestation.kind === 'stars' ? 'stars' : 'a contribution'}`,
  async run({ attestation, network, account }, session, { signal }) {
    const signer = await openSessionSigner(session, network, account)
    try {
      return await signAttestation({ ...attestation, issuer: signer.address }, network, signer, signal)
    } finally {
      await signer.close()
    }
  },
}

/** Signs a voucher; nothing is sent. */
export const voucherWork: Work<'voucher', Omit<JobInput<'voucher'>, 'package'> & { readonly package: string | null }> =
  {
    kind: 'voucher',
    lane: 'main',
    resumesByItself: false,
    prepare({ package: named, ...input }, session) {
      if (named !== null) return { ...input, package: session.files.resolve(named) }
      return { ...input, package: input.tokenId === null ? ownPackage(session) : null }
    },
    title: ({ network }) => `Sign a voucher for ${network}`,
    about: ({ network }) => ({ subject: network }),
    async run({ network, account, package: path, tokenId, ...request }, session, { signal, log }) {
      const { practice } = policyNamed(network)
      // Whoever buys mints: what would not be minted here is not offered either.
      const found = path !== null && !practice ? await assertMintable(path, practice, signal) : undefined
      const signer = await openSessionSigner(session, network, account)
      try {
        const metadata =
          path === null ? { creator: null, tokenId: tokenId! } : await readPackageMetadata(path, found?.tokenId)
        if (tokenId !== null && tokenId !== metadata.tokenId) {
          throw new AsterismError('conflict', say('chain.otherMetadata'), { kept: say('kept.nothingSigned') })
        }
        for (const warning of requireOwnWork(metadata, signer.address, practice)) log(warning)
        return await signVoucher(
          session.options.home,
          network,
          { ...request, tokenId: metadata.tokenId },
          signer,
          signal,
        )
      } finally {
        await signer.close()
      }
    },
  }
