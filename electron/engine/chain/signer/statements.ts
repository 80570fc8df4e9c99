/**
 * The statements of the signer about a request, as codes with slots. Answers, logs and the terminal have the English
 * texts; the confirmation page translates them (hosts/confirm-statements.ts).
 */
import { sayingOf, wordingIn, type Saying, type Wording } from '../../../../shared/sayings/saying.ts'

export const STATEMENTS = {
  'network.practice': 'Practice network on this machine',
  'network.sepolia': 'Sepolia test network',
  'network.baseSepolia': 'Base Sepolia test network',

  'time.seconds': '{count} s',
  'time.minutes': '{count} min',
  'time.hours': '{count} h',
  'time.days': { one: '{count} day', other: '{count} days' },

  'fees.only': 'Costs at most {fees} in fees.',
  'fees.besides': 'Pays {value}, and at most {fees} in fees.',

  'collection.make.title': 'Make your collection',
  'collection.make.own': 'Makes a collection of your own, in which only you can mint.',
  'collection.make.royalty': 'Asks for a royalty of {percent} % of later sales, paid to you. You can change it later.',
  'collection.royalty.title': 'Change the royalty of your collection',
  'collection.royalty': 'From now on {percent} % of later sales are asked for, paid to {receiver}.',
  'collection.royalty.yours': 'That is your own account.',
  'collection.royalty.anothers': 'That is not the account that signs this: compare the address letter by letter.',
  'mint.title': 'Mint one work',
  'mint.own': 'Mints one work into your own collection; it will be yours.',
  'mint.digest': 'The sha-256 of its metadata is {work}. This can never be changed.',
  'mint.several.title': 'Mint several works',
  'mint.several': {
    one: 'Mints {count} work into your own collection; it will be yours.',
    other: 'Mints {count} works into your own collection; they will be yours.',
  },
  'mint.one': '{work}',
  'use.title': 'Lease a work',
  'use.until': 'Lets {user} use the work {work} until {date}.',
  'use.firm': 'You cannot end this lease before that time.',
  'voucher.withdraw.title': 'Withdraw all vouchers',
  'voucher.withdraw': 'Makes every mint voucher that you signed so far worthless.',
  'refresh.title': 'Ask market places to read a work again',
  refresh: 'Announces that the metadata of the work {work} should be read again.',
  'redeem.title': 'Mint a work with a voucher',
  'redeem.work': 'Mints the work {work} of another creator; it will be yours.',
  'redeem.price': 'They get {price} for it.',
  'return.title': 'Give back a leased work',
  'return.now': 'Ends your lease of the work {work} now. You may not use it any more.',
  'return.rent': 'Rent of periods that have not begun is owed to you once the lease is closed in the market.',
  'give.title': 'Give a work away',
  'give.to': 'Gives the work {work} to {receiver}, for nothing.',
  'give.forGood': 'It will be theirs. You cannot take it back.',

  'offer.title': 'Offer a work in the market',
  'offer.anybody': 'Anybody',
  'offer.only': 'Only {address}',
  'offer.sale': 'Hands the work {work} to the market, which holds it for you until it is sold.',
  'offer.sale.price': '{who} may buy it for {price}. You can take it back before.',
  'offer.auction': 'Hands the work {work} to the market, which holds it for you and sells it to the highest bidder.',
  'offer.auction.bids': 'Bids begin at {price}, for {span} from now; late bids lengthen it.',
  'offer.auction.firm': 'You can take it back until somebody has bid. After that it is sold.',
  'offer.lease': 'Hands the work {work} to the market, which holds it for you and lets it.',
  'offer.lease.rent': '{who} may rent it for {price} each {span}, at most {periods} of them ahead.',
  'offer.lease.firm': 'You can take it back at any time, but not end a lease that has begun.',

  'work.ofCollection': 'the work {work} of the collection {collection}',
  'buy.title': 'Buy a work',
  buy: 'Buys {work} for {price}. It will be yours.',
  'bid.title': 'Bid for a work',
  bid: 'Bids {price} for {work}.',
  'bid.kept': 'The market keeps it until the auction is over, or until somebody bids more: then you can withdraw it.',
  'settle.title': 'Settle an auction',
  settle: 'Ends the auction of {work}: to the highest bidder, or back to its seller.',
  'takeBack.title': 'Take a work back from the market',
  takeBack: 'Takes {work} back from the market.',
  'rent.title': 'Rent a work',
  rent: 'Rents {work} for {whole} ({periods} times {span}).',
  'rent.paid':
    'Pays {value}, which the market hands on period by period. Who gives the work back early gets back the rent of periods that have not begun.',
  'collect.title': 'Hand on rent',
  collect: 'Credits the rent of {work} that has fallen due; of a lease that is over, also what is to be given back.',
  'withdraw.title': 'Withdraw your money from the market',
  withdraw: 'Pays out to you all that the market owes you.',

  'stars.title': 'Attest the stars of a work',
  'stars.publish.title': 'Publish attested stars',
  stars: 'Attests {stars} stars ({low} to {high}) for {work}.',
  'stars.pack': 'Valued by the pack {pack} on {date}.',
  'contribution.title': 'Attest what a work contributed to a model',
  'contribution.publish.title': 'Publish an attested contribution',
  contribution: 'Attests: contributed {percent} % to the score of "{model}" on "{benchmark}" for {work}.',
  'attest.public': 'Anybody can read this. You can revoke it, but not make it unsaid.',
  'attest.own': 'It is your own word.',
  'attest.of': 'It is the word of {issuer}, who signed it.',
  'revoke.title': 'Revoke an attestation',
  revoke: 'Takes back for ever what you attested under {attestation}.',

  'cancel.title': 'Cancel a transaction that waits',
  cancel:
    'Takes the place of your transaction number {nonce}, which then does nothing, unless it is in a block already.',
  'deploy.title': 'Deploy a contract of Asterism',
  deploy: 'Puts the contract {name} of Asterism onto this chain, at {address}, for everybody.',
  'deploy.nobody': 'It will belong to nobody, and nobody can change it.',

  'voucher.title': 'Offer a work for minting by its buyer',
  'voucher.anybody': 'Whoever holds this voucher may mint this work and own it.',
  'voucher.only': 'Whoever holds this voucher and is {buyer} may mint this work and own it.',
  'voucher.price': 'They pay you {price} for it. The voucher counts until {date}.',
  'voucher.firm': 'You can withdraw it only together with all your other vouchers, which costs a fee.',
  'package.title': 'Sign a package as its maker',
  package: 'States that you made this package. It moves nothing and costs nothing.',
  'key.title': 'Ask for the key of a leased work',
  'key.asks': 'Asks the owner of a work for the key of its recordings, as the account that leases it.',
  'key.for':
    'The key will be encrypted for {recipient}, which is to be a key of this machine. It moves nothing and costs nothing.',
  'list.title': 'Sign a list as its issuer',
  list: 'States "{title}": {what}. It moves nothing and binds nobody to buy.',
  'list.wanted': 'what you want and what you would pay',
  'list.fingerprints': 'which works you know',
  'signIn.title': 'Sign in to {server}',
  signIn: 'Sign in to send works packed with Asterism. This moves nothing and costs nothing.',
  'signIn.until': 'Until {date} whoever has the answer of {server} may send there in your name.',

  'whom.named': '{address} ({whom})',
  'whom.factory': 'the factory of Asterism',
  'whom.market': 'the market of Asterism',
  'whom.starRegistry': 'the star registry of Asterism',
  'whom.collection': 'the collection of the work',
  'whom.ownCollection': 'your own collection',
  'whom.own': 'own collection',
  'whom.stars': 'star registry',
  'whom.yourself': 'yourself',
  'whom.deployer': 'the deployer of contracts',

  'field.chainId': 'chain id',
  'field.from': 'from',
  'field.to': 'to',
  'field.function': 'function',
  'field.value': 'value',
  'field.nonce': 'nonce',
  'field.gasLimit': 'gas limit',
  'field.highestFeePerGas': 'highest fee per gas',
  'field.tipPerGas': 'tip per gas',
  'field.highestFee': 'highest fee',
  'field.data': 'data',
  'field.kind': 'kind',
  'field.contract': 'contract',
  'field.server': 'server',
  'field.address': 'address',
  'field.statement': 'statement',
  'field.issued': 'issued',
  'field.expires': 'expires',
  'field.signIn': 'EIP-4361 sign-in',
} as const
export type Statement = Saying & { readonly code: keyof typeof STATEMENTS }

export const state = sayingOf<typeof STATEMENTS>()
export const inEnglish = (words: Wording): string => wordingIn(STATEMENTS, words)

/** The longest unit that measures a span exactly. */
export function spanWords(seconds: number): Statement {
  for (const [unit, code] of [
    [86_400, 'time.days'],
    [3_600, 'time.hours'],
    [60, 'time.minutes'],
  ] as const) {
    if (seconds % unit === 0) return state(code, { count: seconds / unit })
  }
  return state('time.seconds', { count: seconds })
}
