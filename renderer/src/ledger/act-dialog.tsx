import { useState } from 'react'
import { ShieldCheck, TriangleAlert } from 'lucide-react'
import type { ActAnswer, ChainAct } from '../../../shared/contract/chain-acts.ts'
import type { SignedVoucher } from '../../../shared/contract/vouchers.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { useEngine } from '../state/engine-context.ts'
import { usePreferences, type EtherRate } from '../state/preferences.ts'
import { notify } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { shortened, withoutDots } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { TextField } from '../ui/text-field.tsx'
import { referenceOf, referenceWords, valueOf, type ActField, type ActForm, type LedgerWork } from './acts.ts'
import { etherWords, feeWords, moneyWords } from './ether.ts'
import { MetadataChoice } from './metadata-choice.tsx'
import { VoucherChoice } from './voucher-choice.tsx'
import { PRACTICE } from '../wallets/wallets-store.ts'
import { ShowConfirmation } from '../wallets/show-confirmation.tsx'

export type ActRequest =
  | { readonly kind: 'withdraw' }
  /** Of the account's own collection. */
  | { readonly kind: 'withdrawVouchers' }
  /** The contracts of all creators, where nobody has put them yet. */
  | { readonly kind: 'deploy' }
  /** A voucher that somebody handed over, as a file. */
  | { readonly kind: 'redeem' }
  /** Without a work it asks which. */
  | { readonly kind: 'form'; readonly form: ActForm; readonly work: LedgerWork | null }

interface ActDialogProps {
  readonly request: ActRequest
  readonly network: string
  readonly account: string | null
  readonly onClose: () => void
  /** The chain is another than before. */
  readonly onDone: () => void
}

type Typed = Readonly<Record<string, string>>

const WORK = 'work'

/**
 * Asks for what an act needs, then says what it would cost and what else to know of it; only what was looked at goes on
 * to the window of the confirmation, where it is signed.
 */
export function ActDialog({ request, network, account, onClose, onDone }: ActDialogProps) {
  const { host, run } = useEngine()
  const fields = request.kind === 'form' ? request.form.fields : []
  const [typed, setTyped] = useState<Typed>(() => ({
    ...Object.fromEntries(fields.map(({ name, initial = '' }) => [name, initial])),
    ...(request.kind === 'form' && request.work ? request.form.given?.(request.work) : {}),
  }))
  const [price, setPrice] = useState<ActAnswer | null>(null)
  const [metadata, setMetadata] = useState<{ readonly name: string; readonly token: string } | null>(null)
  const running = useRunning('chainAct')
  const [voucher, setVoucher] = useState<SignedVoucher | null>(null)
  const act = actOf(request, typed, voucher)
  const title = withoutDots(t(request.kind === 'form' ? request.form.title : `ledger.act.${request.kind}`))

  const type = (name: string, text: string): void => {
    setTyped({ ...typed, [name]: text })
    setPrice(null)
  }
  const start = async (dryRun: boolean): Promise<void> => {
    if (!act) return
    // A browser opens the window of the confirmation only inside a click.
    if (!dryRun) host.openConfirmation()
    const answer = await run('chainAct', { network, account, act, dryRun, metadata: metadata?.token ?? null })
    if (dryRun) return setPrice(answer)
    if (!answer) return
    notify({ kind: 'info', title, detail: doneWords(answer) })
    onClose()
    onDone()
  }

  return (
    <Dialog open title={title} className="act" onClose={onClose}>
      <p className="muted">{t(request.kind === 'form' ? request.form.note : `ledger.note.${request.kind}`)}</p>
      {request.kind === 'form' ? (
        <WorkOfAct work={request.work} text={typed[WORK] ?? ''} onText={(text) => type(WORK, text)} />
      ) : null}
      {fields.map((field) => (
        <TextField
          key={field.name}
          label={t(field.label)}
          text={typed[field.name] ?? ''}
          isWrong={valueOf(field, typed[field.name] ?? '') === null}
          onText={(text) => type(field.name, text)}
        />
      ))}
      {request.kind === 'redeem' ? (
        <VoucherChoice
          voucher={voucher}
          disabled={running !== undefined}
          onChoose={(chosen) => {
            setVoucher(chosen)
            setPrice(null)
          }}
        />
      ) : null}
      {request.kind === 'redeem' || (request.kind === 'form' && request.form.buys) ? (
        <MetadataChoice
          name={metadata?.name ?? null}
          disabled={running !== undefined}
          onChoose={(name, token) => {
            setMetadata({ name, token })
            setPrice(null)
          }}
        />
      ) : null}
      {price ? <WhatToKnow price={price} isPractice={network === PRACTICE} /> : null}
      {running ? <RunningJob job={running} /> : null}
      <div className="row ledger__foot">
        <button
          className={price ? 'button' : 'button button--primary'}
          disabled={!act || running !== undefined}
          onClick={() => void start(true)}
        >
          {t('mint.cost')}
        </button>
        <span className="spacer" />
        {running ? (
          <ShowConfirmation />
        ) : (
          <button
            className={price ? 'button button--primary' : 'button'}
            disabled={!act || !price || price.already_done}
            onClick={() => void start(false)}
          >
            <ShieldCheck size={15} aria-hidden /> {t('ledger.goOn')}
          </button>
        )}
      </div>
    </Dialog>
  )
}

interface WorkOfActProps {
  readonly work: LedgerWork | null
  readonly text: string
  readonly onText: (text: string) => void
}

/** The work that the act is about, or the question which it is. */
function WorkOfAct({ work, text, onText }: WorkOfActProps) {
  if (!work) {
    const isWrong = referenceOf(text) === null
    return <TextField label={t('ledger.field.work')} text={text} isWrong={isWrong} onText={onText} />
  }
  return (
    <p className="mono" title={referenceWords(work)}>
      {work.title ?? shortened(work.token_id, 12)}
    </p>
  )
}

/** What the act costs, what is agreed to with it, and what might be regretted. */
function WhatToKnow({ price, isPractice }: { readonly price: ActAnswer; readonly isPractice: boolean }) {
  // What is practised with is worth nothing.
  const rate = usePreferences(({ etherRate }) => (isPractice ? null : etherRate))
  return (
    <>
      <p className="num" role="status">
        {price.already_done ? t('ledger.doneBefore') : priceWords(price, rate)}
      </p>
      {price.terms.length > 0 ? (
        <ul className="ledger__terms" aria-label={t('ledger.terms')}>
          {price.terms.map((term) => (
            <li key={term.reason}>{reasonWords(term)}</li>
          ))}
        </ul>
      ) : null}
      {price.warnings.map((warning) => (
        <p key={warning.reason} className="ledger__line ledger__warning" role="alert">
          <TriangleAlert size={14} aria-hidden /> <span>{reasonWords(warning)}</span>
        </p>
      ))}
    </>
  )
}

function doneWords({ already_done: isBefore, paid_out_wei: paid }: ActAnswer): string {
  if (isBefore) return t('ledger.doneBefore')
  return paid === null ? t('ledger.done') : t('ledger.paidOut', { amount: etherWords(paid) })
}

function priceWords({ gas_used: gas, fee_wei: fee, value_wei: value }: ActAnswer, rate: EtherRate | null): string {
  const costs = { gas, fee: `${feeWords(fee)}${moneyWords(fee, rate)}` }
  if (value === '0') return t('ledger.fee', costs)
  return t('ledger.costs', { ...costs, value: `${etherWords(value)}${moneyWords(value, rate)}` })
}

/** Null while something is missing or wrong. */
function actOf(request: ActRequest, typed: Typed, voucher: SignedVoucher | null): ChainAct | null {
  if (request.kind === 'withdraw' || request.kind === 'withdrawVouchers' || request.kind === 'deploy') {
    return { act: request.kind }
  }
  if (request.kind === 'redeem') return voucher && { act: 'redeem', signed: voucher }
  const { form, work } = request
  const values = valuesOf(form.fields, typed)
  const reference = work ? { collection: work.contract, tokenId: work.token_id } : referenceOf(typed[WORK] ?? '')
  return values && reference ? form.act(reference, values) : null
}

function valuesOf(fields: readonly ActField[], typed: Typed): Typed | null {
  const values: Record<string, string> = {}
  for (const field of fields) {
    const value = valueOf(field, typed[field.name] ?? '')
    if (value === null) return null
    values[field.name] = value
  }
  return values
}
