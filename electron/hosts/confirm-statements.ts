/** What the signer states, in every language of the program. */
import { STATEMENTS } from '../engine/chain/signer/statements.ts'
import type { Language } from '../../shared/language.ts'
import { beforeSigning } from '../../shared/sayings/before-signing.ts'
import { beforeSigningInGerman } from '../../shared/sayings/before-signing-de.ts'
import type { Translation } from '../../shared/sayings/saying.ts'

const de: Translation<typeof STATEMENTS> = {
  'network.practice': 'Übungsnetz auf diesem Rechner',
  'network.sepolia': 'Testnetz Sepolia',
  'network.baseSepolia': 'Testnetz Base Sepolia',

  'time.seconds': '{count} Sek.',
  'time.minutes': '{count} Min.',
  'time.hours': '{count} Std.',
  'time.days': { one: '{count} Tag', other: '{count} Tage' },

  'fees.only': 'Kostet höchstens {fees} an Gebühren.',
  'fees.besides': 'Zahlt {value} und dazu höchstens {fees} an Gebühren.',

  'collection.make.title': 'Ihre Sammlung anlegen',
  'collection.make.own': 'Legt eine eigene Sammlung an, in der nur Sie prägen können.',
  'collection.make.royalty':
    'Verlangt {percent} % Tantiemen vom Preis späterer Verkäufe, zu zahlen an Sie. Das können Sie später ändern.',
  'collection.royalty.title': 'Die Tantiemen Ihrer Sammlung ändern',
  'collection.royalty':
    'Von nun an werden {percent} % Tantiemen vom Preis späterer Verkäufe verlangt, zu zahlen an {receiver}.',
  'collection.royalty.yours': 'Das ist Ihr eigenes Konto.',
  'collection.royalty.anothers':
    'Das ist nicht das Konto, das dies signiert: Vergleichen Sie die Adresse Buchstabe für Buchstabe.',
  'mint.title': 'Ein Werk prägen',
  'mint.own': 'Prägt ein Werk in Ihre eigene Sammlung; es wird Ihnen gehören.',
  'mint.digest': 'Die SHA-256 seiner Metadaten ist {work}. Das lässt sich nie mehr ändern.',
  'mint.several.title': 'Mehrere Werke prägen',
  'mint.several': {
    one: 'Prägt {count} Werk in Ihre eigene Sammlung; es wird Ihnen gehören.',
    other: 'Prägt {count} Werke in Ihre eigene Sammlung; sie werden Ihnen gehören.',
  },
  'mint.one': '{work}',
  'use.title': 'Ein Werk verpachten',
  'use.until': 'Lässt {user} das Werk {work} nutzen bis {date}.',
  'use.firm': 'Sie können diese Pacht nicht vorher beenden.',
  'voucher.withdraw.title': 'Alle Gutscheine zurückziehen',
  'voucher.withdraw': 'Macht jeden Gutschein zum Prägen wertlos, den Sie bisher signiert haben.',
  'refresh.title': 'Marktplätze bitten, ein Werk neu zu lesen',
  refresh: 'Gibt bekannt, dass die Metadaten des Werks {work} neu gelesen werden sollen.',
  'redeem.title': 'Ein Werk mit einem Gutschein prägen',
  'redeem.work': 'Prägt das Werk {work} einer anderen Person; es wird Ihnen gehören.',
  'redeem.price': 'Sie erhält dafür {price}.',
  'return.title': 'Ein gepachtetes Werk zurückgeben',
  'return.now': 'Beendet jetzt Ihre Pacht des Werks {work}. Sie dürfen es dann nicht mehr nutzen.',
  'return.rent':
    'Pacht für Zeiträume, die noch nicht begonnen haben, steht Ihnen zu, sobald sie im Markt abgerechnet ist.',
  'give.title': 'Ein Werk verschenken',
  'give.to': 'Gibt das Werk {work} an {receiver}, ohne Gegenleistung.',
  'give.forGood': 'Es gehört dann dem anderen Konto. Sie können es nicht zurückholen.',

  'offer.title': 'Ein Werk im Markt anbieten',
  'offer.anybody': 'Jedes Konto',
  'offer.only': 'Nur {address}',
  'offer.sale': 'Übergibt das Werk {work} dem Markt, der es für Sie verwahrt, bis es verkauft ist.',
  'offer.sale.price': '{who} darf es für {price} kaufen. Vorher können Sie es zurücknehmen.',
  'offer.auction': 'Übergibt das Werk {work} dem Markt, der es für Sie verwahrt und an das höchste Gebot verkauft.',
  'offer.auction.bids':
    'Gebote beginnen bei {price}; die Auktion dauert von jetzt an {span}, und späte Gebote verlängern sie.',
  'offer.auction.firm': 'Sie können es zurücknehmen, bis jemand geboten hat. Danach ist es verkauft.',
  'offer.lease': 'Übergibt das Werk {work} dem Markt, der es für Sie verwahrt und verpachtet.',
  'offer.lease.rent':
    '{who} darf es pachten, für {price} je Zeitraum von {span}. Zeiträume, die im Voraus bezahlt werden dürfen: {periods}.',
  'offer.lease.firm': 'Sie können es jederzeit zurücknehmen, aber keine Pacht beenden, die begonnen hat.',

  'work.ofCollection': 'das Werk {work} der Sammlung {collection}',
  'buy.title': 'Ein Werk kaufen',
  buy: 'Kauft {work} für {price}. Es wird Ihnen gehören.',
  'bid.title': 'Auf ein Werk bieten',
  bid: 'Bietet {price} für {work}.',
  'bid.kept':
    'Der Markt verwahrt das Geld, bis die Auktion vorbei ist oder jemand mehr bietet: Dann können Sie es abheben.',
  'settle.title': 'Eine Auktion abschließen',
  settle: 'Beendet die Auktion für {work}: Es geht an das höchste Gebot oder zurück an das Konto, das es anbot.',
  'takeBack.title': 'Ein Werk vom Markt zurücknehmen',
  takeBack: 'Nimmt {work} vom Markt zurück.',
  'rent.title': 'Ein Werk pachten',
  rent: 'Pachtet {work} für {whole} ({periods} mal {span}).',
  'rent.paid':
    'Zahlt {value}, die der Markt Zeitraum für Zeitraum weitergibt. Wer das Werk früher zurückgibt, erhält die Pacht der Zeiträume zurück, die noch nicht begonnen haben.',
  'collect.title': 'Pacht weitergeben',
  collect: 'Schreibt die fällige Pacht für {work} gut; bei einer abgelaufenen auch, was zurückzuzahlen ist.',
  'withdraw.title': 'Ihr Geld vom Markt abheben',
  withdraw: 'Zahlt Ihnen alles aus, was der Markt Ihnen schuldet.',

  'stars.title': 'Die Sterne eines Werks bescheinigen',
  'stars.publish.title': 'Bescheinigte Sterne veröffentlichen',
  stars: 'Bescheinigt {stars} Sterne ({low} bis {high}) für {work}.',
  'stars.pack': 'Bewertet mit dem Paket {pack} am {date}.',
  'contribution.title': 'Bescheinigen, was ein Werk zu einem Modell beitrug',
  'contribution.publish.title': 'Einen bescheinigten Beitrag veröffentlichen',
  contribution: 'Bescheinigt: trug {percent} % zum Ergebnis von „{model}“ bei „{benchmark}“ bei; gilt für {work}.',
  'attest.public': 'Alle können das lesen. Sie können es widerrufen, aber nicht ungesagt machen.',
  'attest.own': 'Es ist Ihr eigenes Wort.',
  'attest.of': 'Es ist das Wort von {issuer}, von dort signiert.',
  'revoke.title': 'Eine Bescheinigung widerrufen',
  revoke: 'Nimmt für immer zurück, was Sie unter {attestation} bescheinigt haben.',

  'cancel.title': 'Eine wartende Transaktion abbrechen',
  cancel:
    'Tritt an die Stelle Ihrer Transaktion Nummer {nonce}; diese bewirkt dann nichts, sofern sie nicht schon in einem Block steht.',
  'deploy.title': 'Einen Vertrag von Asterism einrichten',
  deploy: 'Setzt den Vertrag {name} von Asterism auf diese Kette, unter {address}, für alle.',
  'deploy.nobody': 'Er wird niemandem gehören, und niemand kann ihn ändern.',

  'voucher.title': 'Ein Werk anbieten, das beim Kauf geprägt wird',
  'voucher.anybody': 'Wer diesen Gutschein hat, darf dieses Werk prägen und besitzen.',
  'voucher.only': 'Wer diesen Gutschein hat und {buyer} ist, darf dieses Werk prägen und besitzen.',
  'voucher.price': 'Dafür werden Ihnen {price} gezahlt. Der Gutschein gilt bis {date}.',
  'voucher.firm':
    'Sie können ihn nur zusammen mit allen Ihren anderen Gutscheinen zurückziehen, und das kostet eine Gebühr.',
  'package.title': 'Ein Paket als Urheber signieren',
  package: 'Erklärt, dass Sie dieses Paket gemacht haben. Das bewegt nichts und kostet nichts.',
  'key.title': 'Um den Schlüssel eines gepachteten Werks bitten',
  'key.asks': 'Bittet den Eigentümer eines Werks um den Schlüssel der Aufnahmen, als das Konto, das es pachtet.',
  'key.for':
    'Der Schlüssel wird für {recipient} verschlüsselt; das soll ein Schlüssel dieses Rechners sein. Das bewegt nichts und kostet nichts.',
  'list.title': 'Eine Liste als ihr Herausgeber signieren',
  list: 'Erklärt „{title}“: {what}. Das bewegt nichts und verpflichtet niemanden zum Kauf.',
  'list.wanted': 'was Sie suchen und was Sie dafür zahlen würden',
  'list.fingerprints': 'welche Werke Sie kennen',
  'signIn.title': 'Anmelden bei {server}',
  signIn: 'Anmeldung, um Werke zu senden, die mit Asterism gepackt sind. Das bewegt nichts und kostet nichts.',
  'signIn.until': 'Wer die Antwort von {server} hat, darf dort bis {date} in Ihrem Namen senden.',

  'whom.named': '{address} ({whom})',
  'whom.factory': 'die Fabrik von Asterism',
  'whom.market': 'der Markt von Asterism',
  'whom.starRegistry': 'das Sternregister von Asterism',
  'whom.collection': 'die Sammlung des Werks',
  'whom.ownCollection': 'Ihre eigene Sammlung',
  'whom.own': 'eigene Sammlung',
  'whom.stars': 'Sternregister',
  'whom.yourself': 'Sie selbst',
  'whom.deployer': 'die Stelle, die Verträge einrichtet',

  'field.chainId': 'Nummer der Kette',
  'field.from': 'von',
  'field.to': 'an',
  'field.function': 'Funktion',
  'field.value': 'Betrag',
  'field.nonce': 'Nonce',
  'field.gasLimit': 'Gas-Obergrenze',
  'field.highestFeePerGas': 'höchste Gebühr je Gas',
  'field.tipPerGas': 'Trinkgeld je Gas',
  'field.highestFee': 'höchste Gebühr',
  'field.data': 'Daten',
  'field.kind': 'Art',
  'field.contract': 'Vertrag',
  'field.server': 'Server',
  'field.address': 'Adresse',
  'field.statement': 'Wortlaut',
  'field.issued': 'ausgestellt',
  'field.expires': 'läuft ab',
  'field.signIn': 'Anmeldung nach EIP-4361',
}

export const STATEMENTS_IN: Readonly<Record<Language, Translation<typeof STATEMENTS & typeof beforeSigning>>> = {
  en: { ...STATEMENTS, ...beforeSigning },
  de: { ...de, ...beforeSigningInGerman },
}
