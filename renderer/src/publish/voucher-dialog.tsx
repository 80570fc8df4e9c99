import { useState } from 'react'
import { ShieldCheck } from 'lucide-react'
import type { SignedVoucher } from '../../../shared/contract/vouchers.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { valueOf, type ActField } from '../ledger/acts.ts'
import { SignedFileLink } from '../ledger/signed-file-link.tsx'
import { useEngine } from '../state/engine-context.ts'
import { Dialog } from '../ui/dialog.tsx'
import { withoutDots } from '../ui/format.ts'
import { TextField } from '../ui/text-field.tsx'
import { NetworkChoice } from '../wallets/network-choice.tsx'
import { accountOn, PRACTICE, useWallets } from '../wallets/wallets-store.ts'
import { ShowConfirmation } from '../wallets/show-confirmation.tsx'

const FIELDS: readonly ActField[] = [
  { name: 'price', label: 'ledger.field.price', kind: 'ether', initial: '0.1' },
  { name: 'days', label: 'voucher.days', kind: 'amount', initial: '30' },
  { name: 'buyer', label: 'ledger.field.only', kind: 'optionalAddress', initial: '' },
]
const DAY_SECONDS = 86_400

interface VoucherDialogProps {
  /** What later sales bring, of a collection that is made now. */
  readonly royaltyBasisPoints: number
  readonly onClose: () => void
}

/** The maker signs a file; whoever redeems it mints the work, pays its price and the fee, and owns it. */
export function VoucherDialog({ royaltyBasisPoints, onClose }: VoucherDialogProps) {
  const { host, run } = useEngine()
  const { network } = useWallets()
  const account = useWallets((state) => accountOn(state, network)?.address ?? null)
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(FIELDS.map(({ name, initial = '' }) => [name, initial])),
  )
  const [signed, setSigned] = useState<SignedVoucher | null>(null)
  const running = useRunning('voucher', 'chainAct', 'practiceStart')
  const [price, days, buyer] = FIELDS.map((field) => valueOf(field, typed[field.name] ?? ''))
  const isWhole = typeof price === 'string' && typeof days === 'string' && typeof buyer === 'string'

  const sign = async (): Promise<void> => {
    if (!isWhole) return
    // A browser opens the window of the confirmation only inside a click.
    host.openConfirmation()
    if (network === PRACTICE && !(await run('practiceStart', {}))) return
    // A voucher is of a collection, which stands on the chain from then on.
    const collection = { act: 'openCollection', royaltyBasisPoints } as const
    if (!(await run('chainAct', { network, account, act: collection, dryRun: false }))) return
    const validUntil = Math.floor(Date.now() / 1000) + Math.round(Number(days) * DAY_SECONDS)
    const request = { package: null, tokenId: null, priceWei: price, buyer: buyer || null, validUntil }
    setSigned(await run('voucher', { network, account, ...request }))
  }

  return (
    <Dialog open title={withoutDots(t('voucher.make'))} className="act" onClose={onClose}>
      <p className="muted">{t('voucher.note')}</p>
      <label className="field">
        <span>{t('mint.network')}</span>
        <NetworkChoice />
      </label>
      {FIELDS.map((field) => (
        <TextField
          key={field.name}
          label={t(field.label)}
          text={typed[field.name] ?? ''}
          isWrong={valueOf(field, typed[field.name] ?? '') === null}
          onText={(text) => {
            setTyped({ ...typed, [field.name]: text })
            setSigned(null)
          }}
        />
      ))}
      {running ? <RunningJob job={running} /> : null}
      {signed ? (
        <div className="row" role="status">
          <span>{t('voucher.signed')}</span>
          <span className="spacer" />
          <SignedFileLink name="voucher.json" signed={signed} />
        </div>
      ) : null}
      <div className="row ledger__foot">
        <span className="spacer" />
        {running ? (
          <ShowConfirmation />
        ) : (
          <button
            className={signed ? 'button' : 'button button--primary'}
            disabled={!isWhole}
            onClick={() => void sign()}
          >
            <ShieldCheck size={15} aria-hidden /> {t('voucher.sign')}
          </button>
        )}
      </div>
    </Dialog>
  )
}
