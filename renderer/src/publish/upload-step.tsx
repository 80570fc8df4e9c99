import { useState } from 'react'
import { CircleCheck, CircleX, FolderDown, UploadCloud } from 'lucide-react'
import { uploadAnswer, type UploadAnswer } from '../../../shared/contract/package-answers.ts'
import type { PackAnswer } from '../../../shared/contract/answers.ts'
import type { JobInput } from '../../../shared/contract/jobs.ts'
import { DESTINATION_SCHEMES, schemeOf } from '../../../shared/publish/destination.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useKeptAnswer } from '../state/kept-answer.ts'
import { useWallets } from '../wallets/wallets-store.ts'
import { byteWords } from '../ui/format.ts'
import { typedNumber } from '../ui/typed-number.ts'
import { HeadersChoice, type HeadersFile } from './headers-choice.tsx'
import { reasonWords } from '../ui/saying-words.ts'

const EXAMPLES = DESTINATION_SCHEMES.map((scheme) => `${scheme}://…`).join(', ')
const BYTES_PER_MEGABYTE = 1_000_000

interface UploadStepProps {
  readonly packed: PackAnswer | null
  /** What became of it the last time. */
  readonly sent: UploadAnswer | null
  readonly onSent: (answer: UploadAnswer) => void
  readonly onNext: () => void
}

/** What was sent of this project last. */
export const useSent = () => useKeptAnswer('upload', uploadAnswer)

/** Sends the package where the person says; it is called sent only when it was read back. */
export function UploadStep({ packed, sent, onSent, onNext }: UploadStepProps) {
  const { host, run } = useEngine()
  const [address, setAddress] = useState('')
  const [limit, setLimit] = useState('')
  const [signInAt, setSignInAt] = useState('')
  const [letIn, setLetIn] = useState<HeadersFile | null>(null)
  const network = useWallets((state) => state.network)
  const running = useRunning('upload', 'practiceStart')
  if (!packed) return <p className="muted">{t('mint.packageFirst')}</p>

  const megabytes = typedNumber(limit)
  const isLimitWrong = limit.trim() !== '' && !(megabytes !== null && megabytes > 0)
  /** @param headers go to the server whose address was typed, to no other place */
  const send = async (to: JobInput<'upload'>['to'], at = '', headers: string | null = null): Promise<void> => {
    const bytesPerSecond = megabytes === null ? null : megabytes * BYTES_PER_MEGABYTE
    const signIn = at === '' ? {} : { signIn: { at, network, account: null } }
    // Signing in is agreed to in the window of the confirmation, which a browser opens inside a click only.
    if (at !== '') host.openConfirmation()
    const answer = await run('upload', { package: null, to, headers, bytesPerSecond, ...signIn })
    if (answer) onSent(answer)
  }
  const sendToPractice = async (): Promise<void> => {
    const practice = await run('practiceStart', {})
    if (practice?.upload_url) await send({ address: practice.upload_url })
  }
  const sendToFolder = async (): Promise<void> => {
    const [folder] = (await host.pickFiles?.('folder', t('upload.folder'))) ?? []
    if (folder !== undefined) await send({ folder })
  }
  return (
    <>
      <p className="muted">{t('upload.what')}</p>
      <label className="field">
        <span>{t('upload.address')}</span>
        <input type="text" className="input" value={address} onChange={(event) => setAddress(event.target.value)} />
        <small className="faint">{EXAMPLES}</small>
      </label>
      <label className="field">
        <span>{t('upload.signIn')}</span>
        <input type="text" className="input" value={signInAt} onChange={(event) => setSignInAt(event.target.value)} />
      </label>
      <HeadersChoice file={letIn} disabled={running !== undefined} onChoose={setLetIn} />
      <label className="field">
        <span>{t('upload.limit')}</span>
        <input
          type="text"
          className="input"
          value={limit}
          aria-invalid={isLimitWrong}
          onChange={(event) => setLimit(event.target.value)}
        />
      </label>
      <div className="row consents__scopes">
        <button
          className="button button--primary"
          disabled={running !== undefined || schemeOf(address) === null || isLimitWrong}
          onClick={() => void send({ address: address.trim() }, signInAt.trim(), letIn?.token)}
        >
          <UploadCloud size={15} aria-hidden /> {t('upload.send')}
        </button>
        <button
          className="button"
          disabled={running !== undefined || isLimitWrong}
          onClick={() => void sendToPractice()}
        >
          {t('upload.practice')}
        </button>
        {host.pickFiles ? (
          <button
            className="button"
            disabled={running !== undefined}
            onClick={() => void sendToFolder().catch(showFailure)}
          >
            <FolderDown size={15} aria-hidden /> {t('upload.folder')}
          </button>
        ) : null}
      </div>
      {running ? <RunningJob job={running} /> : null}
      {sent ? <Sent answer={sent} /> : null}
      <button className="button button--primary" onClick={onNext}>
        {t('publish.nextMint')}
      </button>
    </>
  )
}

function Sent({ answer }: { answer: UploadAnswer }) {
  return (
    <div className="card stack" role="status">
      <span className="row">
        {answer.verified ? (
          <CircleCheck size={15} className="good" aria-hidden />
        ) : (
          <CircleX size={15} className="bad" aria-hidden />
        )}
        <strong>{t(answer.verified ? 'upload.verified' : 'upload.unverified')}</strong>
      </span>
      {answer.note ? <span className="muted">{reasonWords({ reason: answer.note, said: answer.said })}</span> : null}
      <span className="mono upload__location">{answer.location}</span>
      <span className="faint">
        {t('upload.bytes', { sent: byteWords(answer.bytes_sent), skipped: byteWords(answer.bytes_skipped) })}
      </span>
    </div>
  )
}
