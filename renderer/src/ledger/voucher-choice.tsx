import { FileUp } from 'lucide-react'
import { signedVoucher, type SignedVoucher } from '../../../shared/contract/vouchers.ts'
import { dateWords, t } from '../i18n/text.ts'
import { notify } from '../state/session-store.ts'
import { FileChoice } from '../ui/file-choice.tsx'
import { shortened } from '../ui/format.ts'
import { etherWords } from './ether.ts'
import { signedIn } from './signed-in.ts'
import { networkTitle } from '../wallets/network-choice.tsx'
import { useWallets } from '../wallets/wallets-store.ts'

interface VoucherChoiceProps {
  readonly voucher: SignedVoucher | null
  readonly disabled: boolean
  readonly onChoose: (voucher: SignedVoucher) => void
}

/** Takes a voucher from a file and says what it is for; whether its signature holds is for the engine to say. */
export function VoucherChoice({ voucher, disabled, onChoose }: VoucherChoiceProps) {
  const known = useWallets(({ networks }) => networks.find(({ id }) => id === voucher?.network))
  const take = async (file: File): Promise<void> => {
    const chosen = await signedIn(file, signedVoucher)
    if (chosen) onChoose(chosen)
    else notify({ kind: 'error', title: t('ledger.noVoucher', { file: file.name }) })
  }
  return (
    <>
      {voucher ? (
        <dl className="facts card">
          <dt>{t('mint.token')}</dt>
          <dd className="mono" title={voucher.voucher.tokenId}>
            {shortened(voucher.voucher.tokenId, 10)}
          </dd>
          <dt>{t('mint.collection')}</dt>
          <dd className="mono" title={voucher.collection}>
            {shortened(voucher.collection, 8)}
          </dd>
          <dt>{t('voucher.price')}</dt>
          <dd className="num">{etherWords(voucher.voucher.price)}</dd>
          <dt>{t('voucher.until')}</dt>
          <dd>{dateWords(new Date(voucher.voucher.validUntil * 1000))}</dd>
          <dt>{t('mint.network')}</dt>
          <dd>{known ? networkTitle(known) : voucher.network}</dd>
        </dl>
      ) : null}
      <FileChoice words={t('ledger.voucherFile')} Icon={FileUp} accept=".json" disabled={disabled} onChoose={take} />
    </>
  )
}
