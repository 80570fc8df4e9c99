import type { JobInput } from '../../../shared/contract/jobs.ts'
import { changePending, listPending } from '../chain/pending.ts'
import { openSessionSigner } from './open-signer.ts'
import type { ChainSigner } from '../chain/chain-signer.ts'
import { policyNamed } from '../chain/chain-policies.ts'
import { fileMintJournal } from '../chain/mint-journal.ts'
import { WatchedAccount } from '../chain/offline-signing.ts'
import type { Session } from '../session.ts'
import type { Work } from './registry.ts'

const TITLES = { bump: 'Pay more for', cancel: 'Cancel', send: 'Send' } as const

/** Never starts again by itself: it signs. */
export const pendingChangeWork: Work<'pendingChange', JobInput<'pendingChange'>> = {
  kind: 'pendingChange',
  lane: 'main',
  resumesByItself: false,
  prepare: (input) => input,
  title: ({ change, network }) => `${TITLES[change]} a transaction on ${network}`,
  about: ({ network }) => ({ subject: network }),
  async run({ network, account, hash, change }, session, { signal, progress }) {
    const { home } = session.options
    const signer = await signerFor(session, { network, account, hash, change })
    try {
      const onStage = (stage: string): void => progress(0.5, stage)
      return await changePending({ home, networkId: network, signer, hash, change, signal, onStage })
    } finally {
      await signer.close()
    }
  },
}

/** To send what is signed needs no key: whose it is stands in the journal. */
async function signerFor(
  session: Session,
  { network, account, hash, change }: JobInput<'pendingChange'>,
): Promise<ChainSigner> {
  if (change !== 'send') return await openSessionSigner(session, network, account)
  const { home } = session.options
  const waiting = await listPending(fileMintJournal(home), policyNamed(network).chainId)
  const sender = waiting.find(({ transaction }) => transaction === hash)?.account ?? account
  return sender === null ? await openSessionSigner(session, network) : new WatchedAccount(home, sender)
}
