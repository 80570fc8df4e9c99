import type { beforeSigning } from './before-signing.ts'
import type { Translation } from './saying.ts'

/** The same in German, for the window and for the page of the confirmation, which know nothing of each other. */
export const beforeSigningInGerman: Translation<typeof beforeSigning> = {
  'chain.terms.sale':
    'Preis: {price}, jetzt zu zahlen. Davon sind {royalty} die Beteiligung von {receiver}, den Rest bekommt {seller}.',
  'chain.terms.saleWithoutRoyalty': 'Preis: {price}, jetzt zu zahlen; {seller} bekommt alles.',
  'chain.terms.bid':
    'Gebot: {price}; der Markt verwahrt es, bis jemand mehr bietet. Gewinnt es, sind davon {royalty} die Beteiligung von {receiver}, den Rest bekommt {seller}.',
  'chain.terms.bidWithoutRoyalty':
    'Gebot: {price}; der Markt verwahrt es, bis jemand mehr bietet. Gewinnt es, bekommt {seller} alles.',
  'chain.terms.ends': 'Gebote werden mindestens bis {until} angenommen.',
  'chain.terms.resale':
    'Verkaufen Sie es weiter, gehen {percent} % des Preises an {receiver}. Wem die Sammlung gehört, kann das ändern, auf höchstens 10 %.',
  'chain.terms.noResale':
    'Verkaufen Sie es weiter, wird zurzeit keine Beteiligung verlangt. Wem die Sammlung gehört, kann das ändern, auf höchstens 10 %.',
  'chain.terms.free': 'Keine Pacht überdauert den Verkauf: Niemand sonst darf es dann nutzen.',
  'chain.terms.licence': 'Lizenz nach seinen Metadaten: {licence}. Training von Modellen: {training}.',
  'chain.terms.noLicence': 'Seine Metadaten nennen keine Lizenz. Training von Modellen: {training}.',
  'chain.terms.licenceElsewhere':
    'Seine Lizenz steht in seinen Metadaten, und die kennt keine Kette: Lassen Sie sich das Paket oder die metadata.json geben und sehen Sie hinein, bevor Sie zahlen.',
  'chain.terms.training.allowed': 'erlaubt',
  'chain.terms.training.constrained': 'eingeschränkt',
  'chain.terms.training.notAllowed': 'nicht erlaubt',
  'chain.terms.training.unsaid': 'nicht gesagt',
  'chain.buyer.seller': '{user} (verkauft das Werk)',
  'chain.buyer.lease':
    'Eine Pacht überdauert den Verkauf: {user} darf das Werk bis {until} nutzen, und Sie können das nicht beenden.',
  'chain.buyer.endless':
    'Eine Pacht überdauert den Verkauf: {user} darf das Werk ohne Ende nutzen, und Sie können das nicht beenden.',
  'chain.buyer.rent': 'Schon bezahlte Pacht geht an {lessor}, nicht an Sie.',
  'chain.buyer.revoked': '{issuer} hat eine Bescheinigung dieses Werks widerrufen.',
  'chain.buyer.ownWords': 'Manches, was diesem Werk bescheinigt ist, stammt von dem Konto, das es verkauft.',
  'chain.buyer.royalty':
    'Die Beteiligung dieser Sammlung war {before} %, als das Werk geprägt wurde, und ist jetzt {now} %.',
  'chain.buyer.unread':
    'Dieser Knoten nennt so alte Ereignisse nicht: Bescheinigungen und Beteiligung vor diesem Verkauf waren nicht zu sehen.',
  'chain.refusedBefore':
    'Das wurde schon signiert und gesendet; ein einziger Knoten sagt, der Vertrag habe es abgelehnt. Stimmt das nicht, so geschieht es zweimal.',
  'chain.owed': 'Der Markt schuldet Ihnen {owed}.',
  'chain.rent.due': '{due} der Pacht gehen an {lessor}, für begonnene Zeiträume; dann sind sie abzuheben.',
  'chain.rent.back': '{rest} der Pacht gehen an {user} zurück, für nicht begonnene Zeiträume.',
  'chain.royalty.now': 'Jetzt sind es {percent} % an {receiver}.',
  'chain.royalty.counts':
    'Es gilt für alle Werke Ihrer Sammlung, wer sie auch hat, auch für schon angebotene. Wer kauft, erfährt, dass es sich geändert hat.',
}
