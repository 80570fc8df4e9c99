import type { leaseKeys } from '../../../../shared/sayings/lease-keys.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** Why the key of a sealed work is neither asked for, nor released, nor used. */
export const saidOfLeaseKeys: Translation<SayingsOf<typeof leaseKeys>> = {
  'said.leaseKey.notOurs': 'Das ist keine Datei von Asterism.',
  'said.leaseKey.noRequest': 'Das ist keine Bitte um den Schlüssel eines Werks.',
  'said.leaseKey.otherNetwork': 'Diese Bitte nennt ein Netz und die Nummer eines anderen.',
  'said.leaseKey.unreadable': 'Die Unterschrift dieser Bitte ist nicht zu lesen.',
  'said.leaseKey.changed': 'Diese Bitte wurde geändert oder ist nicht von dem Konto, das sie nennt.',
  'said.leaseKey.fix.askAgain': 'Lassen Sie den Mieter noch einmal darum bitten.',
  'said.leaseKey.otherCollection':
    'Diese Bitte betrifft die Sammlung {collection}, und die ist nicht die des Urhebers: Eine Miete dort ist keine dieses Werks.',
  'said.leaseKey.fix.right': 'Der Mieter bittet um das Werk in der Sammlung, in der es geprägt wurde.',
  'said.leaseKey.testNetwork': 'Diese Bitte nennt {network}, ein Testnetz, in dem eine Miete nichts kostet.',
  'said.leaseKey.leaseElsewhere': 'Diese Bitte nennt {network}; die Miete, die zählt, ist auf {meant}.',
  'said.leaseKey.fix.meant': 'Ist jene Miete trotzdem gemeint, so nennen Sie das Netz: im Register oder mit --network.',
  'said.leaseKey.nobodyLeases': 'Niemand hat dieses Werk zurzeit gemietet: {network}.',
  'said.leaseKey.leasedTo': 'Dieses Werk ist an {lessee} vermietet, nicht an {user}.',
  'said.leaseKey.fix.grant': 'Vermieten Sie es zuerst: asterism lease grant.',
  'said.leaseKey.notWhole': 'Das Paket ist nicht heil: {path} {what}.',
  'said.leaseKey.otherWork': 'Das ist das Paket eines anderen Werks als des erbetenen.',
  'said.leaseKey.notReleased': 'Das ist kein herausgegebener Schlüssel.',
  'said.leaseKey.forAnother': 'Dieser Schlüssel wurde für jemand anderen herausgegeben oder wurde geändert.',
  'said.leaseKey.ofAnother': 'Das ist der Schlüssel eines anderen Werks.',
  'said.leaseKey.noKey': 'Das ist nicht der Schlüssel eines versiegelten Werks.',
  'said.leaseKey.otherMachine': 'Dieses Werk wurde nicht mit dem Geheimnis dieses Rechners versiegelt.',
  'said.leaseKey.fix.otherMachine':
    'Geben Sie den Schlüssel auf dem Rechner heraus, der es gepackt hat, oder bringen Sie dessen sealing-secret.txt hierher.',
  'said.leaseKey.open': 'Dieses Paket ist nicht versiegelt: Seine Aufnahmen liegen offen.',
  'said.leaseKey.howSealed': 'Dieses Paket sagt nicht, wie seine Aufnahmen versiegelt sind.',
  'said.leaseKey.otherContent': 'Was versiegelt wurde, ist nicht, was das Paket davon sagt.',
  'said.leaseKey.badName': 'Eine Aufnahme dieses Pakets hat einen Namen, der keiner ist.',
  'said.kept.noKeyReleased': 'Kein Schlüssel wurde herausgegeben.',
  'said.kept.nothingOpened': 'Nichts wurde geöffnet und kein Schlüssel herausgegeben.',
}
