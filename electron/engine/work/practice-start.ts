import { say } from '../../../shared/sayings/saying.ts'
import { startPracticeNetwork } from '../chain/practice-network.ts'
import type { Work } from './registry.ts'

export const practiceStartWork: Work<'practiceStart', Record<string, never>> = {
  kind: 'practiceStart',
  lane: 'main',
  resumesByItself: false,
  prepare: () => ({}),
  title: () => 'Start the practice network',
  async run(_prepared, session, { signal, progress }) {
    progress(0.1, say('work.startingChain'))
    const status = await startPracticeNetwork({ home: session.options.home, signal })
    return { ...status, contracts: { ...status.contracts } }
  },
}
