import type { windowRooms } from '../../../../shared/sayings/window-rooms.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** What the rooms of the window refuse: takes, places, pages, chosen files. */
export const saidOfWindowRooms: Translation<SayingsOf<typeof windowRooms>> = {
  'said.elsewhere.notSigned': 'Das ist nichts von Asterism, das anderswo signiert wurde.',
  'said.nodes.noPage': 'Hier gibt es keine Seite, auf der man dem zustimmen könnte.',
  'said.nodes.fix.byHand': 'Schreiben Sie die Adressen in networks.json.',
  'said.microscope.nothingSeen': 'Noch kein Bild dieses Projekts wurde von einem gelernten Modell angesehen.',
  'said.microscope.fix.predict': 'Sagen Sie zuerst die Sterne voraus.',
  'said.microscope.noPicture': '„{title}“ hat hier kein Bild.',
  'said.space.twoNeeded': 'Zwei verschiedene Aufnahmen sind nötig.',
  'said.space.noCandidate': 'Eine solche Lage, die man annehmen könnte, gibt es nicht.',
  'said.wallet.noPage': 'Hier gibt es keine Seite für den Umgang mit Wallets.',
  'said.wallet.fix.byCommand': 'Tun Sie es auf der Kommandozeile: asterism wallet.',
  'said.take.recorderClosed': 'Das Aufnahmefenster wurde geschlossen.',
  'said.take.fix.openAgain': 'Öffnen Sie es noch einmal.',
  'said.take.already': 'Hier wird schon aufgenommen.',
  'said.take.fix.stop': 'Halten Sie die Aufnahme zuerst an.',
  'said.take.pieceMissing': 'Ein Stück der Aufnahme fehlt.',
  'said.take.notUnderWay': 'Diese Aufnahme läuft nicht mehr.',
  'said.take.kept': 'Was bis dahin gekommen war, ist als Versuch aufbewahrt.',
  'said.space.fewPlaces': 'Drei Stellen oder mehr sind nötig, es sind {count}.',
  'said.space.fix.morePlaces': 'Markieren Sie weitere Stellen in beiden Scans.',
  'said.space.inOneLine': 'Die Stellen liegen auf einer Geraden; wie weit um sie gedreht wird, bleibt offen.',
  'said.space.fix.offLine': 'Markieren Sie eine Stelle abseits dieser Geraden.',
  'said.file.notOpened': 'Diese Datei wurde in dieser Sitzung nicht geöffnet.',
  'said.file.fix.chooseAgain': 'Wählen Sie sie noch einmal.',
  'said.space.noSurface': 'Diese Aufnahme enthält keinen Scan und keine Tiefe mit Posen.',
  'said.space.noDepthPose': 'Kein Tiefenbild hat zu seiner Zeit eine Pose.',
  'said.space.noFloor': 'Kein Boden wurde gefunden: {why}.',
  'said.space.noFlatSurface': 'der Scan hat keine ebene Fläche, die ein Boden sein könnte',
  'said.space.noDistances': 'Es gibt keine Abstände zu zeigen: {why}.',
  'said.wallet.noneFor': 'Für {address} gibt es keine Wallet.',
  'said.relink.noneMissing': 'Keine Aufnahme fehlt.',
  'said.relink.noneOfThem': 'Ihr Inhalt ist der von keiner der Aufnahmen, die fehlen.',
  'said.relink.otherLength': 'Sie hat {bytes} Bytes; {name} hatte {before}, als sie importiert wurde.',
  'said.relink.otherContent':
    'Sie ist so lang wie {name}, aber ihr Inhalt ist ein anderer (SHA-256 {digest}…, nicht {before}…).',
}
