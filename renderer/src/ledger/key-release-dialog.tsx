import { useState } from 'react'
import { Download, FileUp, FolderOpen, KeyRound } from 'lucide-react'
import type { Job } from '../../../shared/contract/jobs.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { tokenOfFile } from '../state/host.ts'
import { useJobs } from '../state/jobs-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FileChoice } from '../ui/file-choice.tsx'
import { shortened, withoutDots } from '../ui/format.ts'
import type { LedgerWork } from './acts.ts'
import { failureText } from '../ui/saying-words.ts'

interface KeyReleaseDialogProps {
  readonly work: LedgerWork
  /** Where the ledger was read. */
  readonly network: string
  readonly onClose: () => void
}

/** The owner of a sealed work answers the request of a lab that leases it with a file, encrypted for that lab alone. */
export function KeyReleaseDialog({ work, network, onClose }: KeyReleaseDialogProps) {
  const { client, host } = useEngine()
  const [jobId, setJobId] = useState<string | null>(null)
  const running = useRunning('keyRelease')
  const written = useJobs(({ jobs }) => (jobId === null ? undefined : jobs.get(jobId)))

  const release = async (file: File): Promise<void> => {
    const request = await tokenOfFile(host, file)
    if (request === undefined) return
    const started = await client.jobs.start({
      kind: 'keyRelease',
      input: { request, package: null, network, out: null },
    })
    setJobId(started.jobId)
  }

  return (
    <Dialog open title={withoutDots(t('ledger.release'))} className="act" onClose={onClose}>
      <p className="muted">{t('ledger.note.release')}</p>
      <p className="mono" title={work.token_id}>
        {work.title ?? shortened(work.token_id, 12)}
      </p>
      {running ? <RunningJob job={running} /> : null}
      {written?.state === 'done' ? <Released job={written} /> : null}
      {written?.state === 'failed' ? (
        <p className="bad" role="alert">
          {written.failure ? failureText(written.failure) : null}
        </p>
      ) : null}
      <FileChoice
        words={t('ledger.releaseFile')}
        Icon={FileUp}
        accept=".json"
        disabled={running !== undefined}
        onChoose={release}
      />
    </Dialog>
  )
}

function Released({ job }: { readonly job: Job }) {
  const { host } = useEngine()
  return (
    <div className="row" role="status">
      <KeyRound size={15} aria-hidden className="good" />
      <span>{t('ledger.released')}</span>
      <span className="spacer" />
      {host.showExport ? (
        <button className="button" onClick={() => void host.showExport?.(job.id).catch(showFailure)}>
          <FolderOpen size={14} aria-hidden /> {t('export.show')}
        </button>
      ) : (
        <a className="button" href={`/media/${job.id}/exported?file=0`} download="released-key.json">
          <Download size={14} aria-hidden /> {t('export.download')}
        </a>
      )}
    </div>
  )
}
