import type { JobInput } from '../../../shared/contract/jobs.ts'
import { changePending } from '../chain/pending.ts'
import { openSessionSigner } from './open-signer.ts'
import type { Work } from './registry.ts'

/** Never starts again by itself: it signs. */
export const pendingChangeWork: Work<'pendingChange', JobInput<'pendingChange'>> = {
  kind: 'pendingChange',
  lane: 'main',
  resumesByItself: false,
  prepare: (input) => input,
  title: ({ change, network }) =>
    change === 'bump' ? `Pay more for a transaction on ${network}` : `Cancel a transaction on ${network}`,
  about: ({ network }) => ({ subject: network }),
  async run({ network, account, hash, change }, session, { signal, progress }) {
    const signer = await openSessionSigner(session, network, account)
    try {
      const { home } = session.options
      const onStage = (stage: string): void => progress(0.5, stage)
      return await changePending({ home, networkId: network, signer, hash, change, signal, onStage })
    } finally {
      await signer.close()
    }
  },
}
