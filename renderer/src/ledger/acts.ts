/** What can be done with a work, as data: when it is offered, what it asks for, and the act it becomes. */
import type { ChainAct, LedgerAnswer, WorkReference } from '../../../shared/contract/chain-acts.ts'
import type { PlainKey } from '../i18n/text.ts'
import { typedNumber } from '../ui/typed-number.ts'
import { weiOf } from './ether.ts'

export type LedgerWork = LedgerAnswer['works'][number]

/** `optionalAddress` may be left empty. */
type FieldKind = 'ether' | 'amount' | 'percent' | 'count' | 'address' | 'optionalAddress'

export interface ActField {
  readonly name: string
  readonly label: PlainKey
  readonly kind: FieldKind
  readonly initial?: string
}

type ActValues = Readonly<Record<string, string>>

export interface ActForm {
  readonly id: string
  readonly title: PlainKey
  readonly note: PlainKey
  readonly fields: readonly ActField[]
  /** Whoever pays to own the work would know its licence, which stands in its metadata alone. */
  readonly buys?: true
  /** What fields hold at first because of the work. */
  given?(work: LedgerWork): ActValues
  /** Whether it can be done with a work as the ledger knows it. */
  offered(work: LedgerWork, account: string, nowMilliseconds: number): boolean
  act(work: WorkReference, values: ActValues): ChainAct
}

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600

/** What a field holds, ready for its act; null when it is not what it should be. */
export function valueOf({ kind }: ActField, text: string): string | null {
  const trimmed = text.trim()
  switch (kind) {
    case 'ether':
      return weiOf(trimmed)
    case 'amount': {
      const amount = typedNumber(trimmed)
      return amount !== null && amount > 0 ? String(amount) : null
    }
    case 'percent':
      // In hundredths, as a collection keeps it: 0 to 10 %.
      return /^(?:\d(?:[.,]\d{1,2})?|10(?:[.,]0{1,2})?)$/.test(trimmed)
        ? String(Math.round(typedNumber(trimmed)! * 100))
        : null
    case 'count':
      return /^[1-9]\d{0,4}$/.test(trimmed) && Number(trimmed) <= 65_535 ? trimmed : null
    case 'optionalAddress':
      return trimmed === '' || isAddress(trimmed) ? trimmed : null
    case 'address':
      return isAddress(trimmed) ? trimmed : null
  }
}

const isAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text)
const seconds = (amount: string | undefined, unit: number): number => Math.round(Number(amount) * unit)
/** Whole minutes: asked twice within one it is the same call. */
const daysFromNow = (days: string | undefined): number =>
  Math.floor(Date.now() / 60_000) * 60 + seconds(days, DAY_SECONDS)

const isFree = ({ owner, offer }: LedgerWork, account: string): boolean => owner === account && offer === null
const isOfferedBy = ({ offer }: LedgerWork, account: string): boolean => offer?.seller === account
const isOver = ({ offer }: LedgerWork, now: number): boolean =>
  offer?.kind === 'auction' && offer.ends !== null && Date.parse(offer.ends) <= now

const PRICE: ActField = { name: 'price', label: 'ledger.field.price', kind: 'ether', initial: '0.1' }
const ONLY: ActField = { name: 'only', label: 'ledger.field.only', kind: 'optionalAddress' }

export const ACT_FORMS: readonly ActForm[] = [
  {
    id: 'auction',
    title: 'ledger.act.auction',
    note: 'ledger.note.auction',
    fields: [
      { ...PRICE, label: 'ledger.field.reserve' },
      { name: 'hours', label: 'ledger.field.hours', kind: 'amount', initial: '72' },
    ],
    offered: isFree,
    act: (work, { price, hours }) => ({
      act: 'offer',
      work,
      terms: {
        kind: 'auction',
        priceWei: price!,
        spanSeconds: seconds(hours, HOUR_SECONDS),
        mostPeriods: 0,
        only: null,
      },
    }),
  },
  {
    id: 'sell',
    title: 'ledger.act.sell',
    note: 'ledger.note.sell',
    fields: [PRICE, ONLY],
    offered: isFree,
    act: (work, { price, only }) => ({
      act: 'offer',
      work,
      terms: { kind: 'sale', priceWei: price!, spanSeconds: 0, mostPeriods: 0, only: only || null },
    }),
  },
  {
    id: 'leaseOut',
    title: 'ledger.act.leaseOut',
    note: 'ledger.note.leaseOut',
    fields: [
      { ...PRICE, label: 'ledger.field.rent', initial: '0.01' },
      { name: 'days', label: 'ledger.field.periodDays', kind: 'amount', initial: '30' },
      { name: 'most', label: 'ledger.field.most', kind: 'count', initial: '12' },
      ONLY,
    ],
    offered: isFree,
    act: (work, { price, days, most, only }) => ({
      act: 'offer',
      work,
      terms: {
        kind: 'lease',
        priceWei: price!,
        spanSeconds: seconds(days, DAY_SECONDS),
        mostPeriods: Number(most),
        only: only || null,
      },
    }),
  },
  {
    id: 'grant',
    title: 'ledger.act.grant',
    note: 'ledger.note.grant',
    fields: [
      { name: 'user', label: 'ledger.field.lab', kind: 'address' },
      { name: 'days', label: 'ledger.field.days', kind: 'amount', initial: '90' },
    ],
    offered: isFree,
    given: ({ lease }): ActValues => (lease ? { user: lease.user } : {}),
    act: (work, { user, days }) => ({ act: 'grant', work, user: user!, expires: daysFromNow(days) }),
  },
  {
    id: 'transfer',
    title: 'ledger.act.transfer',
    note: 'ledger.note.transfer',
    fields: [{ name: 'to', label: 'ledger.field.to', kind: 'address' }],
    offered: isFree,
    act: (work, { to }) => ({ act: 'transfer', work, to: to! }),
  },
  {
    id: 'setRoyalty',
    title: 'ledger.act.setRoyalty',
    note: 'ledger.note.setRoyalty',
    fields: [
      { name: 'percent', label: 'ledger.field.royalty', kind: 'percent' },
      { name: 'receiver', label: 'ledger.field.receiver', kind: 'optionalAddress' },
    ],
    given: ({ royalty }): ActValues =>
      royalty ? { percent: String(royalty.percent), receiver: royalty.receiver } : {},
    // Of all works of the collection, whoever has this one now.
    offered: ({ collection_owner: owner }, account) => owner === account,
    act: ({ collection }, { percent, receiver }) => ({
      act: 'setRoyalty',
      collection,
      receiver: receiver || null,
      royaltyBasisPoints: Number(percent),
    }),
  },
  {
    id: 'settle',
    title: 'ledger.act.settle',
    note: 'ledger.note.settle',
    fields: [],
    offered: (work, _account, now) => isOver(work, now),
    act: (work) => ({ act: 'settle', work }),
  },
  {
    id: 'cancel',
    title: 'ledger.act.cancel',
    note: 'ledger.note.cancel',
    fields: [],
    offered: (work, account) => isOfferedBy(work, account) && work.offer?.highest_bidder === null,
    act: (work) => ({ act: 'cancel', work }),
  },
  {
    id: 'bid',
    title: 'ledger.act.bid',
    note: 'ledger.note.bid',
    buys: true,
    fields: [{ ...PRICE, label: 'ledger.field.bid' }],
    offered: (work, account, now) =>
      work.offer?.kind === 'auction' && !isOfferedBy(work, account) && !isOver(work, now),
    act: (work, { price }) => ({ act: 'bid', work, amountWei: price! }),
  },
  {
    id: 'buy',
    title: 'ledger.act.buy',
    note: 'ledger.note.buy',
    buys: true,
    fields: [],
    offered: (work, account) => work.offer?.kind === 'sale' && !isOfferedBy(work, account),
    act: (work) => ({ act: 'buy', work }),
  },
  {
    id: 'rent',
    title: 'ledger.act.rent',
    note: 'ledger.note.rent',
    fields: [{ name: 'periods', label: 'ledger.field.periods', kind: 'count', initial: '1' }],
    offered: (work, account) => work.offer?.kind === 'lease' && !isOfferedBy(work, account),
    act: (work, { periods }) => ({ act: 'rent', work, periods: Number(periods) }),
  },
  {
    id: 'collect',
    title: 'ledger.act.collect',
    note: 'ledger.note.collect',
    fields: [],
    offered: ({ rent }, account) => rent?.lessor === account,
    act: (work) => ({ act: 'collect', work }),
  },
  {
    id: 'endLease',
    title: 'ledger.act.endLease',
    note: 'ledger.note.endLease',
    fields: [],
    offered: ({ lease }, account) => lease?.user === account,
    act: (work) => ({ act: 'endLease', work }),
  },
]

/** What a person can do with a work of somebody else, which the ledger may not list. */
export const FORMS_FOR_OTHERS = ACT_FORMS.filter(({ id }) => id === 'bid' || id === 'buy' || id === 'rent')

/** `0xCOLLECTION/0xTOKEN`; null when it is none. */
export function referenceOf(text: string): WorkReference | null {
  const found = /^(0x[0-9a-fA-F]{40})\/(0x[0-9a-fA-F]{64})$/.exec(text.trim())
  return found ? { collection: found[1]!, tokenId: found[2]!.toLowerCase() } : null
}

export const referenceWords = ({ contract, token_id: token }: LedgerWork): string => `${contract}/${token}`
