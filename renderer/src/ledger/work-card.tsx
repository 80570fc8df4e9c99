import { Coins, Gavel, KeyRound, Star, TrendingUp } from 'lucide-react'
import { ENDLESS } from '../../../shared/contract/chain-acts.ts'
import { dateWords, decimalWords, figureWords, t } from '../i18n/text.ts'
import { shortened } from '../ui/format.ts'
import { ACT_FORMS, referenceWords, type ActForm, type LedgerWork } from './acts.ts'
import { etherWords } from './ether.ts'
import { ExplorerLink } from './explorer-link.tsx'

interface WorkCardProps {
  readonly work: LedgerWork
  /** Who looks; null: nobody who could act. */
  readonly account: string | null
  /** Now: what is offered is what is possible at this moment, as far as the ledger was read. */
  readonly atMilliseconds: number
  readonly onAct: (form: ActForm) => void
  /** Gives the lessee the key of the recordings. */
  readonly onRelease: () => void
  readonly explorer: string | null
}

/** A work with all that happened to it, and what can be done with it now. */
export function WorkCard({ work, account, atMilliseconds, onAct, onRelease, explorer }: WorkCardProps) {
  const name = work.title ?? shortened(work.token_id, 10)
  const forms = account === null ? [] : ACT_FORMS.filter((form) => form.offered(work, account, atMilliseconds))
  const mayRelease =
    work.lease !== null && work.lease.user !== account && Date.parse(work.lease.expires) > atMilliseconds
  return (
    <article className="card stack" aria-label={name}>
      <div className="row">
        <strong className="ledger__name">{name}</strong>
        <span className="spacer" />
        {work.came === 'minted' ? null : <span className="badge">{cameWords(work.came, work, account)}</span>}
        <StateBadge work={work} />
      </div>
      <dl className="facts">
        <dt>{t('mint.token')}</dt>
        <dd className="mono" title={work.token_id}>
          {shortened(work.token_id, 10)}{' '}
          <ExplorerLink explorer={explorer} shown={{ kind: 'work', contract: work.contract, tokenId: work.token_id }} />
        </dd>
        <dt>{t('ledger.minted')}</dt>
        <dd className="mono" title={work.minted_transaction}>
          {shortened(work.minted_transaction, 8)}{' '}
          <ExplorerLink explorer={explorer} shown={{ kind: 'transaction', hash: work.minted_transaction }} />
        </dd>
        <dt>{t('ledger.reference')}</dt>
        <dd>
          <details>
            <summary className="mono">{shortened(work.contract, 6)}/…</summary>
            <span className="mono ledger__reference">{referenceWords(work)}</span>
          </details>
        </dd>
        <dt>{t('ledger.owner')}</dt>
        <dd>{personWords(work.owner, account)}</dd>
        {work.replaced_by === null ? null : (
          <>
            <dt>{t('ledger.replacedBy')}</dt>
            <dd className="mono" title={work.replaced_by}>
              {shortened(work.replaced_by, 10)}
            </dd>
          </>
        )}
        {work.royalty ? (
          <>
            <dt>{t('ledger.royalty')}</dt>
            <dd title={work.royalty.receiver}>
              {t('ledger.royaltyTo', {
                percent: figureWords(String(work.royalty.percent)),
                receiver: personWords(work.royalty.receiver, account),
              })}
            </dd>
          </>
        ) : null}
      </dl>
      <Attested work={work} />
      <Dealings work={work} account={account} />
      {forms.length > 0 || mayRelease ? (
        <div className="ledger__acts">
          {forms.map((form) => (
            <button key={form.id} className="button" onClick={() => onAct(form)}>
              {t(form.title)}
            </button>
          ))}
          {mayRelease ? (
            <button className="button" onClick={onRelease}>
              <KeyRound size={14} aria-hidden /> {t('ledger.release')}
            </button>
          ) : null}
        </div>
      ) : null}
    </article>
  )
}

function cameWords(came: Exclude<LedgerWork['came'], 'minted'>, { offer }: LedgerWork, account: string | null): string {
  const isOutbid = came === 'bid' && offer !== null && offer.highest_bidder !== account
  return isOutbid ? t('ledger.outbid') : t(`ledger.came.${came}`)
}

function personWords(address: string, account: string | null): string {
  return address === account ? t('ledger.you') : shortened(address, 8)
}

function leaseWords({ user, expires }: NonNullable<LedgerWork['lease']>, account: string | null): string {
  const who = { user: personWords(user, account) }
  return expires === ENDLESS
    ? t('ledger.leasedEndless', who)
    : t('ledger.leasedTo', { ...who, date: dateWords(new Date(expires)) })
}

function StateBadge({ work: { came, offer, lease } }: { work: LedgerWork }) {
  if (offer) return <span className="badge badge--warn">{t(`ledger.offer.${offer.kind}`)}</span>
  return lease && came !== 'leased' ? <span className="badge badge--good">{t('ledger.leased')}</span> : null
}

/** What labs say of the work, each under its name. Whether to believe one is for the reader. */
function Attested({ work }: { work: LedgerWork }) {
  return (
    <>
      {work.stars.map((each) => (
        <p key={each.digest} className={each.revoked ? 'ledger__line ledger__line--revoked' : 'ledger__line'}>
          <Star size={14} aria-hidden className="ledger__star" />
          <span>
            <strong className="num">{t('ledger.stars', { stars: decimalWords(each.stars, 2) })}</strong>{' '}
            <span className="muted num">
              {t('ledger.between', { low: decimalWords(each.low, 2), high: decimalWords(each.high, 2) })}
            </span>{' '}
            <Issuer issuer={each.issuer} digest={each.digest} revoked={each.revoked} />
          </span>
        </p>
      ))}
      {work.contributions.map((each) => (
        <p key={each.digest} className={each.revoked ? 'ledger__line ledger__line--revoked' : 'ledger__line'}>
          <TrendingUp size={14} aria-hidden className="good" />
          <span>
            <strong>
              {t('ledger.contributed', {
                percent: figureWords(String(each.percent)),
                model: each.model,
                benchmark: each.benchmark,
              })}
            </strong>{' '}
            <Issuer issuer={each.issuer} digest={each.digest} revoked={each.revoked} />
          </span>
        </p>
      ))}
    </>
  )
}

function Issuer({ issuer, digest, revoked }: { issuer: string; digest: string; revoked: boolean }) {
  return (
    <span className="muted" title={digest}>
      {t('ledger.attestedBy', { issuer: shortened(issuer, 8) })}
      {revoked ? <span className="bad"> {t('ledger.revoked')}</span> : null}
    </span>
  )
}

function Dealings({ work, account }: { work: LedgerWork; account: string | null }) {
  const { offer, lease, rent } = work
  return (
    <>
      {lease ? (
        <p className="ledger__line">
          <KeyRound size={14} aria-hidden />
          {leaseWords(lease, account)}
        </p>
      ) : null}
      {rent ? (
        <p className="ledger__line">
          <Coins size={14} aria-hidden />
          {t('ledger.rentHeld', { held: etherWords(rent.held_wei) })}
        </p>
      ) : null}
      {offer ? (
        <p className="ledger__line">
          <Gavel size={14} aria-hidden />
          <span>
            {t(`ledger.offered.${offer.kind}`, { price: etherWords(offer.price_wei) })}
            {offer.ends === null ? '' : ` ${t('ledger.ends', { date: dateWords(new Date(offer.ends)) })}`}
          </span>
        </p>
      ) : null}
      {work.bids.length > 0 || work.sales.length > 0 ? (
        <table className="table">
          <tbody>
            {work.bids.map((bid, n) => (
              <tr key={`${bid.transaction}:${n}`}>
                <td>{t('ledger.bidBy', { bidder: personWords(bid.bidder, account) })}</td>
                <td className="num">{etherWords(bid.amount_wei)}</td>
              </tr>
            ))}
            {work.sales.map((sale) => (
              <tr key={sale.transaction}>
                <td>
                  <strong>{t('ledger.soldTo', { buyer: personWords(sale.buyer, account) })}</strong>
                </td>
                <td className="num">{etherWords(sale.price_wei)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </>
  )
}
