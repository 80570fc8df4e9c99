import { PenLine, Stamp } from 'lucide-react'
import { z } from 'zod'
import { reportId } from '../../../shared/document/document.ts'
import { t } from '../i18n/text.ts'
import { useRunning } from '../jobs/running-job.tsx'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { useKeptAnswer } from '../state/kept-answer.ts'
import { shortened } from '../ui/format.ts'
import { PRACTICE, useWallets } from '../wallets/wallets-store.ts'
import { SigningJob } from '../wallets/signing-job.tsx'

const signedSchema = z.object({ of: z.string(), by: z.string() })
const vouchedSchema = z.object({ of: z.string(), count: z.number() })

/** What lies beside a package and says who made it: the maker's signature, and content credentials of every recording. */
export function VouchFor({ rootCid }: { readonly rootCid: string }) {
  const { host, run } = useEngine()
  const network = useWallets((state) => state.network)
  const madeAt = useDocument(({ document }) => {
    const report = document.get(reportId('package'))
    return report?.kind === 'report' ? report.createdAt : ''
  })
  // Of exactly this package: made anew, it has neither, also where it holds the same as before.
  const made = `${rootCid} ${madeAt}`
  const [signed, keepSigned] = useKeptAnswer('signed', signedSchema)
  const [vouched, keepVouched] = useKeptAnswer('vouched', vouchedSchema)
  const running = useRunning('sign', 'credentials', 'practiceStart')
  const sign = async (): Promise<void> => {
    // A browser opens the window of the confirmation only inside a click.
    host.openConfirmation()
    if (network === PRACTICE && !(await run('practiceStart', {}))) return
    const answer = await run('sign', { package: null, network })
    if (answer) keepSigned({ of: made, by: answer.signer })
  }
  const vouch = async (): Promise<void> => {
    const answer = await run('credentials', { package: null, embedIn: null })
    if (answer) keepVouched({ of: made, count: answer.files.length })
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
      {running ? <SigningJob job={running} /> : null}
      {signed?.of === made ? (
        <p role="status" title={signed.by}>
          {t('vouch.signed', { account: shortened(signed.by) })}
        </p>
      ) : null}
      {vouched?.of === made ? <p role="status">{t('vouch.vouched', { count: vouched.count })}</p> : null}
    </>
  )
}
