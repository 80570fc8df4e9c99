import { useEffect, useState } from 'react'
import { Wallet } from 'lucide-react'
import type { PracticeAnswer } from '../../../shared/contract/answers.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useJobs } from '../state/jobs-store.ts'
import { t } from '../i18n/text.ts'

/** Which network the window is on, and whether it runs. */
export function WalletPill() {
  const { client } = useEngine()
  const [practice, setPractice] = useState<PracticeAnswer | null>(null)
  const chainJobs = useJobs(
    (state) =>
      [...state.jobs.values()].filter(
        (job) => (job.kind === 'mint' || job.kind === 'practiceStart') && job.state !== 'running',
      ).length,
  )
  useEffect(() => {
    client.chain.practice().then(setPractice, showFailure)
  }, [client, chainJobs])
  return (
    <span className="badge wallet" title={t('wallet.hint')}>
      <Wallet size={13} aria-hidden /> {t(practice?.running ? 'wallet.running' : 'wallet.ready')}
    </span>
  )
}
