import { say } from '../../../shared/sayings/saying.ts'
import type { MintAnswer } from '../../../shared/contract/answers.ts'
import type { JobInput } from '../../../shared/contract/jobs.ts'
import { policyNamed } from '../chain/chain-policies.ts'
import { mintPackage } from '../chain/mint.ts'
import { markMinted } from '../originality/index.ts'
import { startPracticeNetwork } from '../chain/practice-network.ts'
import { assertMintable } from './mintable.ts'
import { ownPackage } from './own-package.ts'
import { openSessionSigner } from './open-signer.ts'
import type { Session } from '../session.ts'
import type { Work } from './registry.ts'
import { keepReport } from './reports.ts'

interface Prepared extends Omit<JobInput<'mint'>, 'package'> {
  packageDirectory: string
  /** True when the package is the open project's own, so that the receipt goes into the project. */
  own: boolean
}

/** Mints a package once, whatever happens in between. Never starts again by itself: it signs. */
export const mintWork: Work<'mint', Prepared> = {
  kind: 'mint',
  lane: 'main',
  resumesByItself: false,
  prepare: ({ package: named, ...terms }, session) => ({
    packageDirectory: named ? session.files.resolve(named) : ownPackage(session),
    own: named === null,
    ...terms,
  }),
  title: ({ network, dryRun }) => (dryRun ? `What a mint on ${network} would cost` : `Mint on ${network}`),
  about: ({ network, dryRun }) => ({ subject: network, ...(dryRun && { task: 'cost' }) }),
  async run(
    { packageDirectory, own, network, dryRun, account, royaltyBasisPoints },
    session,
    { signal, progress, log },
  ) {
    const { home } = session.options
    const { practice } = policyNamed(network)
    const { tokenId, warnings } = await assertMintable(packageDirectory, practice, signal)
    for (const warning of warnings) log(warning)
    if (practice) {
      progress(0.02, say('work.startingPractice'))
      await startPracticeNetwork({ home, signal })
    }
    const signer = await openSessionSigner(session, network, account)
    try {
      const result = await mintPackage({
        home,
        packageDirectory,
        tokenId,
        networkId: network,
        signer,
        dryRun,
        royaltyBasisPoints: royaltyBasisPoints ?? royaltyOf(session),
        signal,
        onProgress: (fraction, stage) => progress(0.1 + 0.9 * fraction, stage),
      })
      for (const warning of result.warnings) log(warning)
      const answer: MintAnswer = {
        network: result.network,
        contract: result.contract,
        token_id: result.token_id,
        transaction: result.transaction,
        gas_used: result.gas_used,
        fee_wei: result.fee_wei,
        already_minted: result.already_minted,
        ...(result.collection && {
          collection: { gas_used: result.collection.gas_used, fee_wei: result.collection.fee_wei },
        }),
      }
      if (!dryRun) markMinted(home, result.token_id)
      if (own && !dryRun) keepReport(session, 'mint', say('step.mint'), answer)
      return answer
    } finally {
      await signer.close()
    }
  },
}

function royaltyOf(session: Session): number | undefined {
  const rights = session.project?.document.get('rights')
  return rights?.kind === 'rights' ? rights.royaltyBasisPoints : undefined
}
