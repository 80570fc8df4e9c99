import { useState } from 'react'
import { FileUp, ShieldCheck } from 'lucide-react'
import {
  signedAttestation,
  type Attestation,
  type SignedAttestation,
  type WorkReference,
} from '../../../shared/contract/chain-acts.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { useEngine } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FileChoice } from '../ui/file-choice.tsx'
import { shortened, withoutDots } from '../ui/format.ts'
import { TextField } from '../ui/text-field.tsx'
import { typedNumber } from '../ui/typed-number.ts'
import { referenceOf } from './acts.ts'
import { SignedFileLink } from './signed-file-link.tsx'
import { signedIn } from './signed-in.ts'

interface AttestDialogProps {
  readonly network: string
  readonly account: string | null
  readonly onClose: () => void
  readonly onDone: () => void
}

const NOBODY = `0x${'00'.repeat(20)}`
const NOTHING = `0x${'00'.repeat(32)}`

/** A lab says what a work did for a model; a creator publishes what a lab handed over as a file. */
export function AttestDialog({ network, account, onClose, onDone }: AttestDialogProps) {
  const { host, run } = useEngine()
  const [work, setWork] = useState('')
  const [percent, setPercent] = useState('')
  const [model, setModel] = useState('')
  const [benchmark, setBenchmark] = useState('')
  const [taken, setTaken] = useState<SignedAttestation | null>(null)
  const running = useRunning('attest', 'chainAct')
  const reference = referenceOf(work)
  const partsPerMillion = partsOf(percent)
  const attestation =
    reference && partsPerMillion !== null && model.trim() && benchmark.trim()
      ? contribution(reference, partsPerMillion, model.trim(), benchmark.trim())
      : null

  const publish = async (signed: SignedAttestation): Promise<void> => {
    const answer = await run('chainAct', { network, account, act: { act: 'publish', signed }, dryRun: false })
    if (!answer) return
    notify({ kind: 'info', title: withoutDots(t('ledger.attest')), detail: t('ledger.done') })
    onClose()
    onDone()
  }
  const goOn = async (): Promise<void> => {
    host.openConfirmation()
    const signed = taken ?? (attestation ? await run('attest', { network, account, attestation }) : null)
    if (signed) await publish(signed)
  }
  /** For a creator to publish: the lab signs, sends nothing and pays nothing. */
  const signOnly = async (): Promise<void> => {
    if (!attestation) return
    host.openConfirmation()
    const signed = await run('attest', { network, account, attestation })
    if (signed) setTaken(signed)
  }
  const take = async (file: File): Promise<void> => {
    const signed = await signedIn(file, signedAttestation)
    setTaken(signed)
    if (!signed) notify({ kind: 'error', title: t('ledger.noAttestation', { file: file.name }) })
  }

  return (
    <Dialog open title={withoutDots(t('ledger.attest'))} className="act" onClose={onClose}>
      <p className="muted">{t('ledger.note.attest')}</p>
      {taken ? (
        <div className="card stack">
          <span>{t('ledger.taken', { issuer: shortened(taken.attestation.issuer, 8) })}</span>
          <SignedFileLink name="attestation.json" signed={taken} />
        </div>
      ) : (
        <>
          <TextField label={t('ledger.field.work')} text={work} isWrong={!reference} onText={setWork} />
          <TextField
            label={t('ledger.field.percent')}
            text={percent}
            isWrong={partsPerMillion === null}
            onText={setPercent}
          />
          <TextField label={t('ledger.field.model')} text={model} isWrong={false} onText={setModel} />
          <TextField label={t('ledger.field.benchmark')} text={benchmark} isWrong={false} onText={setBenchmark} />
        </>
      )}
      {running ? <RunningJob job={running} /> : null}
      <div className="row ledger__foot">
        <FileChoice
          words={t('ledger.takeFile')}
          Icon={FileUp}
          accept=".json"
          disabled={running !== undefined}
          onChoose={take}
        />
        <span className="spacer" />
        {taken ? null : (
          <button className="button" disabled={!attestation || running !== undefined} onClick={() => void signOnly()}>
            {t('ledger.signOnly')}
          </button>
        )}
        <button
          className="button button--primary"
          disabled={(!taken && !attestation) || running !== undefined}
          onClick={() => void goOn()}
        >
          <ShieldCheck size={15} aria-hidden /> {t(taken ? 'ledger.publishNow' : 'ledger.attestNow')}
        </button>
      </div>
    </Dialog>
  )
}

/** Percent as typed, in parts per million; below zero where a work did harm. */
function partsOf(text: string): number | null {
  const percent = typedNumber(text)
  if (percent === null || Math.abs(percent) > 100) return null
  return Math.round(percent * 10_000)
}

function contribution(
  { collection, tokenId }: WorkReference,
  partsPerMillion: number,
  model: string,
  benchmark: string,
): Attestation {
  const issuedAt = Math.floor(Date.now() / 1000)
  // The engine puts the account that signs in the place of nobody.
  const about = { issuer: NOBODY, collection: collection!, tokenId }
  return { kind: 'contribution', ...about, partsPerMillion, model, benchmark, evidence: NOTHING, issuedAt }
}
