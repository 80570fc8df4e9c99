/** What the chain says of it, told before signing: in the window and on the page of the confirmation. */
export const beforeSigning = {
  'chain.terms.sale':
    'Price: {price}, paid now. {royalty} of it is the royalty of {receiver}, the rest goes to {seller}.',
  'chain.terms.saleWithoutRoyalty': 'Price: {price}, paid now, all of it to {seller}.',
  'chain.terms.bid':
    'Bid: {price}, held by the market until somebody bids more. If it wins, {royalty} of it is the royalty of {receiver}, the rest goes to {seller}.',
  'chain.terms.bidWithoutRoyalty':
    'Bid: {price}, held by the market until somebody bids more. If it wins, all of it goes to {seller}.',
  'chain.terms.ends': 'Bids are taken until {until} at least.',
  'chain.terms.resale':
    'When you sell it on, {percent} % of the price goes to {receiver}. Who owns the collection can change that, to 10 % at most.',
  'chain.terms.noResale':
    'When you sell it on, no royalty is asked for now. Who owns the collection can change that, to 10 % at most.',
  'chain.terms.free': 'No lease outlives the sale: nobody else may use it then.',
  'chain.terms.licence': 'Licence, by its metadata: {licence}. Training of models: {training}.',
  'chain.terms.noLicence': 'Its metadata name no licence. Training of models: {training}.',
  'chain.terms.licenceElsewhere':
    'Its licence stands in its metadata, which no chain tells: ask for its package, or metadata.json alone, and look into it before you pay.',
  'chain.terms.training.allowed': 'allowed',
  'chain.terms.training.constrained': 'constrained',
  'chain.terms.training.notAllowed': 'not allowed',
  'chain.terms.training.unsaid': 'not said',
  'chain.buyer.seller': '{user}, who sells it,',
  'chain.buyer.lease': 'A lease outlives the sale: {user} may use the work until {until}, and you cannot end it.',
  'chain.buyer.endless': 'A lease outlives the sale: {user} may use the work without end, and you cannot end it.',
  'chain.buyer.rent': 'Rent that is paid already goes to {lessor}, not to you.',
  'chain.buyer.revoked': '{issuer} has taken back an attestation of this work.',
  'chain.buyer.ownWords': 'Some of what is attested of this work is by whoever sells it.',
  'chain.buyer.royalty': 'The royalty of this collection was {before} % when the work was minted, and is {now} % now.',
  'chain.buyer.unread':
    'This node does not tell of events that old: attestations and royalties before this sale could not be looked at.',
  'chain.refusedBefore':
    'This was signed and sent before; one node alone says that the contract refused it. If that is not so, it happens twice.',
  'chain.owed': 'The market owes you {owed}.',
  'chain.rent.due': '{due} of the rent goes to {lessor}, for periods that have begun; it can be withdrawn then.',
  'chain.rent.back': '{rest} of the rent goes back to {user}, for periods that had not begun.',
  'chain.royalty.now': 'Now {percent} % are asked for, paid to {receiver}.',
  'chain.royalty.counts':
    'It counts for all works of your collection, whoever has them, also for those that are offered already. Buyers are told that it changed.',
} as const
