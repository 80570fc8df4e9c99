import { useState } from 'react'
import { PenLine, Stamp } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { useEngine } from '../state/engine-context.ts'
import { shortened } from '../ui/format.ts'
import { PRACTICE, useWallets } from '../wallets/wallets-store.ts'
import { ShowConfirmation } from '../wallets/show-confirmation.tsx'

/** What lies beside a package and says who made it: the maker's signature, and content credentials of every recording. */
export function VouchFor({ rootCid }: { readonly rootCid: string }) {
  const { host, run } = useEngine()
  const network = useWallets((state) => state.network)
  // Of exactly this package: made anew, it has neither.
  const [signed, setSigned] = useState<{ readonly of: string; readonly by: string } | null>(null)
  const [vouched, setVouched] = useState<{ readonly of: string; readonly count: number } | null>(null)
  const running = useRunning('sign', 'credentials', 'practiceStart')
  const sign = async (): Promise<void> => {
    // A browser opens the window of the confirmation only inside a click.
    host.openConfirmation()
    if (network === PRACTICE && !(await run('practiceStart', {}))) return
    const answer = await run('sign', { package: null, network })
    if (answer) setSigned({ of: rootCid, by: answer.signer })
  }
  const vouch = async (): Promise<void> => {
    const answer = await run('credentials', { package: null, embedIn: null })
    if (answer) setVouched({ of: rootCid, count: answer.files.length })
  }
  return (
    <>
      <h3>{t('vouch.title')}</h3>
      <p className="muted">{t('vouch.what')}</p>
      <div className="row">
        <button className="button" disabled={running !== undefined} onClick={() => void sign()}>
          <PenLine size={15} aria-hidden /> {t('vouch.sign')}
        </button>
        <button className="button" disabled={running !== undefined} onClick={() => void vouch()}>
          <Stamp size={15} aria-hidden /> {t('vouch.credentials')}
        </button>
      </div>
      {running ? (
        <>
          <RunningJob job={running} />
          <ShowConfirmation />
        </>
      ) : null}
      {signed?.of === rootCid ? (
        <p role="status" title={signed.by}>
          {t('vouch.signed', { account: shortened(signed.by) })}
        </p>
      ) : null}
      {vouched?.of === rootCid ? <p role="status">{t('vouch.vouched', { count: vouched.count })}</p> : null}
    </>
  )
}
