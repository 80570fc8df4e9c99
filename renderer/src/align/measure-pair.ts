import type { JobInput } from '../../../shared/contract/jobs.ts'
import { decimalWords, t } from '../i18n/text.ts'
import type { EngineAccess } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'

/** One pair measured anew, everything placed by it as one gesture; what came of it is said. */
export async function measurePair({ run }: EngineAccess, input: JobInput<'registerPair'>): Promise<void> {
  const answer = await run('registerPair', input)
  if (!answer) return
  if ('unregistered' in answer) notify({ kind: 'info', title: t('align.pairOpen'), detail: answer.unregistered.reason })
  else
    notify({ kind: 'success', title: t('align.pairFound', { residual: decimalWords((answer.rmse_m ?? 0) * 1000, 1) }) })
}
