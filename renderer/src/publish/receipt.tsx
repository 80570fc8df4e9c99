import type { MintAnswer } from '../../../shared/contract/answers.ts'
import { numberWords, t } from '../i18n/text.ts'
import { ExplorerLink } from '../ledger/explorer-link.tsx'
import { shortened } from '../ui/format.ts'
import { networkTitle } from '../wallets/network-choice.tsx'
import { useWallets } from '../wallets/wallets-store.ts'

interface ReceiptProps {
  readonly minted: MintAnswer
  /** Where the network is looked at in a browser. */
  readonly explorer: string | null
}

/** What was minted, where, and by which transaction. */
export function Receipt({ minted, explorer }: ReceiptProps) {
  const { contract, token_id: tokenId, transaction } = minted
  const known = useWallets(({ networks }) => networks.find(({ id }) => id === minted.network))
  return (
    <div className="card stack">
      <strong>{minted.already_minted ? t('mint.found') : t('mint.minted')}</strong>
      <dl className="facts">
        <dt>{t('mint.network')}</dt>
        <dd>{known ? networkTitle(known) : minted.network}</dd>
        <dt>{t('mint.token')}</dt>
        <dd className="mono" title={tokenId}>
          {shortened(tokenId, 10)} <ExplorerLink explorer={explorer} shown={{ kind: 'work', contract, tokenId }} />
        </dd>
        <dt>{t('mint.collection')}</dt>
        <dd className="mono" title={contract}>
          {shortened(contract, 8)}
        </dd>
        {transaction ? (
          <>
            <dt>{t('mint.transaction')}</dt>
            <dd className="mono" title={transaction}>
              {shortened(transaction, 8)}{' '}
              <ExplorerLink explorer={explorer} shown={{ kind: 'transaction', hash: transaction }} />
            </dd>
          </>
        ) : null}
        <dt>{t('mint.gas')}</dt>
        <dd className="num">{numberWords(minted.gas_used)}</dd>
      </dl>
    </div>
  )
}
