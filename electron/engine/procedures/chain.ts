import { policyNamed } from '../chain/chain-policies.ts'
import { fileMintJournal } from '../chain/mint-journal.ts'
import { listPending } from '../chain/pending.ts'
import { listNetworks } from '../chain/networks.ts'
import { practiceStatus, stopPracticeNetwork, type PracticeStatus } from '../chain/practice-network.ts'
import type { PracticeAnswer } from '../../../shared/contract/answers.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

const asAnswer = (status: PracticeStatus): PracticeAnswer => ({ ...status, contracts: { ...status.contracts } })

export function chainProcedures(session: Session) {
  const home = session.options.home
  return {
    practice: implementer.chain.practice.handler(async () => asAnswer(await practiceStatus(home))),
    practiceStop: implementer.chain.practiceStop.handler(async ({ signal }) =>
      asAnswer(await stopPracticeNetwork({ home, signal })),
    ),
    networks: implementer.chain.networks.handler(async () => ({ networks: await listNetworks(home) })),
    pending: implementer.chain.pending.handler(async ({ input }) => ({
      pending: await listPending(fileMintJournal(home), policyNamed(input.network).chainId),
    })),
  }
}
