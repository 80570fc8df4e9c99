import { useMemo, useState } from 'react'
import { recordsOf, reportId, type Document } from '../../../shared/document/document.ts'
import { packedContentKey } from '../../../shared/document/packed-content.ts'
import { mintAnswer, packAnswer, type MintAnswer, type PackAnswer } from '../../../shared/contract/answers.ts'
import type { Report, Rights } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { ImportButton } from '../library/import-button.tsx'
import { MintStep } from './mint-step.tsx'
import { ChangedSince } from './changed-since.tsx'
import { PackageStep } from './package-step.tsx'
import { RightsStep } from './rights-step.tsx'
import { UploadStep, useSent } from './upload-step.tsx'
import './publish.css'
import { t } from '../i18n/text.ts'

const STEPS = ['publish.step.rights', 'publish.step.package', 'publish.step.upload', 'publish.step.mint'] as const

/** A stepper that can be left and taken up again: every step is read from the project. */
export function PublishPanel() {
  const document = useDocument((state) => state.document)
  const rights = document.get('rights')
  const packed = readReport(document, 'package', (data) => packAnswer.safeParse(data).data)
  const minted = readReport(document, 'mint', (data) => mintAnswer.safeParse(data).data)
  const hasChanged = useMemo(() => packed !== null && hasChangedSincePacked(document), [document, packed])
  const [sent, keepSent] = useSent()
  const done = [
    rights?.kind === 'rights' && isComplete(rights),
    packed !== null && !hasChanged && packed.checks.every((check) => check.ok),
    packed !== null && sent !== null,
    minted !== null,
  ]
  // Sending it is a choice: nothing waits for it.
  const firstOpen = done.findIndex((each, n) => !each && STEPS[n] !== 'publish.step.upload')
  const [step, setStep] = useState(firstOpen < 0 ? STEPS.length - 1 : firstOpen)
  const hasAssets = recordsOf(document, 'asset').length > 0
  if (!hasAssets || rights?.kind !== 'rights') {
    return (
      <section className="panel" aria-label={t('publish.title')}>
        <div className="panel__head">
          <h2>{t('publish.title')}</h2>
        </div>
        <div className="empty">
          <p>{t('publish.importFirst')}</p>
          <ImportButton />
        </div>
      </section>
    )
  }
  return (
    <section className="panel" aria-label={t('publish.title')}>
      <div className="panel__head">
        <h2>{t('publish.title')}</h2>
      </div>
      <ol className="steps">
        {STEPS.map((title, n) => (
          <li key={title}>
            <button className="steps__step" aria-current={n === step ? 'step' : undefined} onClick={() => setStep(n)}>
              <span className={`steps__mark ${done[n] ? 'steps__mark--done' : ''}`}>{done[n] ? '✓' : n + 1}</span>
              {t(title)}
            </button>
          </li>
        ))}
      </ol>
      <div className="panel__body stack">
        {step > 1 && hasChanged ? <ChangedSince onPack={() => setStep(1)} /> : null}
        {step === 0 ? <RightsStep rights={rights} onNext={() => setStep(1)} /> : null}
        {step === 1 ? (
          <PackageStep
            packed={packed}
            hasChanged={hasChanged}
            isMinted={minted !== null && !isOlder(document, 'mint', 'package')}
            onNext={() => setStep(2)}
          />
        ) : null}
        {step === 2 ? <UploadStep packed={packed} sent={sent} onSent={keepSent} onNext={() => setStep(3)} /> : null}
        {step === 3 ? (
          <MintStep
            packed={packed}
            minted={minted}
            isStale={isOlder(document, 'mint', 'package')}
            royaltyBasisPoints={rights.royaltyBasisPoints}
          />
        ) : null}
      </div>
    </section>
  )
}

/** True when the answer of one step was given before that of another, or not at all. */
function isOlder(document: Document, subject: Report['subject'], than: Report['subject']): boolean {
  const [report, other] = [document.get(reportId(subject)), document.get(reportId(than))]
  return report?.kind !== 'report' || (other?.kind === 'report' && report.createdAt < other.createdAt)
}

function hasChangedSincePacked(document: Document): boolean {
  const report = document.get(reportId('package'))
  if (report?.kind !== 'report' || report.contentKey === undefined) return false
  return report.contentKey !== packedContentKey(document)
}

function isComplete(rights: Rights): boolean {
  return rights.licence !== null && rights.declaresOriginal && rights.consentsComplete
}

type Read<T> = (data: unknown) => T | undefined

function readReport(document: Document, subject: 'package', read: Read<PackAnswer>): PackAnswer | null
function readReport(document: Document, subject: 'mint', read: Read<MintAnswer>): MintAnswer | null
function readReport(document: Document, subject: 'package' | 'mint', read: Read<unknown>): unknown {
  const report = document.get(reportId(subject))
  return report?.kind === 'report' ? (read(report.data) ?? null) : null
}
