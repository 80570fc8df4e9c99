import { say } from '../../../shared/sayings/saying.ts'
import type { JobInput } from '../../../shared/contract/jobs.ts'
import { DEFAULT_ROYALTY_BASIS_POINTS } from '../chain/contracts.ts'
import { performAct } from '../chain/act.ts'
import { readPackageMetadata, requireOwnWork, type PackageMetadata } from '../chain/package-metadata.ts'
import { startPracticeNetwork } from '../chain/practice-network.ts'
import { policyNamed } from '../chain/chain-policies.ts'
import { markMinted } from '../originality/index.ts'
import { assertMintable } from './mintable.ts'
import { openSessionSigner } from './open-signer.ts'
import type { Work } from './registry.ts'

interface Prepared extends Omit<JobInput<'mintBatch'>, 'packages'> {
  readonly packages: readonly string[]
}

/** Mints several packages in one transaction: all of them, or none. Never starts again by itself: it signs. */
export const mintBatchWork: Work<'mintBatch', Prepared> = {
  kind: 'mintBatch',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({ ...input, packages: input.packages.map((each) => session.files.resolve(each)) }),
  title: ({ packages, network }) => `Mint ${packages.length} works on ${network}`,
  about: ({ packages, network }) => ({ subject: `${packages.length}, ${network}` }),
  async run(
    { packages, network, dryRun, account, royaltyBasisPoints = DEFAULT_ROYALTY_BASIS_POINTS },
    session,
    { signal, progress, log },
  ) {
    const { home } = session.options
    const { practice } = policyNamed(network)
    const works: { package: string; token_id: string }[] = []
    const found: PackageMetadata[] = []
    for (const [n, path] of packages.entries()) {
      progress((0.5 * n) / packages.length, say('work.checkingPackages'))
      const { tokenId, warnings } = await assertMintable(path, practice, signal)
      for (const warning of warnings) log(warning)
      const metadata = await readPackageMetadata(path, tokenId)
      found.push(metadata)
      works.push({ package: path, token_id: metadata.tokenId })
    }
    if (practice) await startPracticeNetwork({ home, signal })
    const signer = await openSessionSigner(session, network, account)
    try {
      for (const each of found) for (const warning of requireOwnWork(each, signer.address, practice)) log(warning)
      const tokenIds = works.map((work) => work.token_id)
      const answer = await performAct({
        home,
        networkId: network,
        signer,
        act: { act: 'mintBatch', tokenIds, royaltyBasisPoints },
        dryRun,
        signal,
        onProgress: (fraction, stage) => progress(0.5 + 0.5 * fraction, stage),
      })
      if (!dryRun) for (const tokenId of tokenIds) markMinted(home, tokenId)
      const { transaction, gas_used, fee_wei, already_done } = answer
      return {
        network,
        contract: answer.contract!,
        transaction,
        gas_used,
        fee_wei,
        already_minted: already_done,
        works,
      }
    } finally {
      await signer.close()
    }
  },
}
