import type { packBuilding } from '../../../../shared/sayings/pack-building.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** Why a lab's pack is not built, and why a file of numbers is not read. */
export const saidOfPackBuilding: Translation<SayingsOf<typeof packBuilding>> = {
  'said.numbers.fix.notJson':
    'Sehen Sie nach, ob sie vollständig ist und Zahlen als Zahlen geschrieben sind: NaN und Infinity sind kein JSON.',
  'said.numbers.fix.notUtf8': 'Speichern Sie sie als UTF-8: Darin wird JSON geschrieben.',
  'said.numbers.fix.parts': 'Geben Sie sie in Teilen an.',
  'said.numbers.long': 'Die Datei hat {bytes} Bytes; {most} sind die Grenze.',
  'said.numbers.manyLists': 'Die Datei enthält mehr als {most} Listen.',
  'said.numbers.manyNumbers': 'Die Datei enthält mehr als {most} Zahlen.',
  'said.numbers.manyOthers': 'Neben ihren Zahlen enthält die Datei mehr als {most} Bytes.',
  'said.numbers.noFile': 'Es ist keine Datei.',
  'said.numbers.none': 'Diese Datei gibt es nicht.',
  'said.numbers.notJson': 'Die Datei ist kein JSON.',
  'said.numbers.notUtf8': 'Die Datei ist kein Text in UTF-8.',
  'said.numbers.unread': 'Die Datei ist nicht zu lesen.',
  'said.packBuild.cannotHear': 'Ein Modell von Bildern und Wörtern kann keinen Ton hören.',
  'said.packBuild.captionsShort': 'Es gibt {rows} Zeilen x, aber {captions} Bildtexte.',
  'said.packBuild.emptyClass':
    'Im Ordner der Klasse „{name}“ liegen keine Bilder, Filme oder Töne, die hier bekannt sind.',
  'said.packBuild.fewSamples': '{samples} Beispiele sind zu wenige für eine Aufgabe: Mindestens {least} sind nötig.',
  'said.packBuild.fix.cannotHear': 'Lassen Sie --encoder weg: Dann hört der mitgelieferte Encoder für Töne zu.',
  'said.packBuild.fix.folderUnread':
    'Sehen Sie nach, ob Sie ihn lesen dürfen und ob sein Name in UTF-8 geschrieben ist.',
  'said.packBuild.fix.malformed': 'Sie müssen {labelled} oder {captioned} sein.',
  'said.packBuild.fix.mixed': 'Machen Sie aus den Bildern ein Pack und aus den Tönen eines.',
  'said.packBuild.fix.neither': 'Bildtexte sind eine .txt neben jedem Bild, oder captions.jsonl oder captions.csv.',
  'said.packBuild.fix.noSentences':
    'Installieren Sie die Pakete des Programms neu, oder nennen Sie mit --encoder ein mitgebrachtes Modell.',
  'said.packBuild.fix.otherEncoder':
    'Nennen Sie mit --encoder das Modell, das sie gemacht hat, oder geben Sie die Bilder selbst an.',
  'said.packBuild.fix.rowLacks': 'Jede Zeile hat file_name und caption.',
  'said.packBuild.folderUnread': 'Der Ordner ist nicht zu lesen.',
  'said.packBuild.keyUnread': 'Der Schlüssel ist nicht zu lesen.',
  'said.packBuild.labels': 'Jede Zeile x braucht ein Label y, den Platz ihrer Klasse in classNames.',
  'said.packBuild.lineNoObject': 'Zeile {line} der Bildtexte ist kein JSON-Objekt.',
  'said.packBuild.longRows': 'Die Zeilen haben {numbers} Zahlen; {most} sind die Grenze.',
  'said.packBuild.malformed': 'Die Embeddings sind nicht wohlgeformt: {place}: {what}.',
  'said.packBuild.manyFiles': '{files} Dateien sind mehr als {most}.',
  'said.packBuild.mixed': 'Im Ordner liegen Töne neben Bildern oder Filmen: Eine Aufgabe gilt einem Sinn.',
  'said.packBuild.neither':
    'Im Ordner liegen weder Unterordner mit Bildern, Filmen oder Tönen für zwei oder mehr Klassen, noch Bilder mit Bildtexten.',
  'said.packBuild.noDecoder': 'Hier dekodiert nichts Filme und Ton.',
  'said.packBuild.noFolder': 'Den Ordner, in den das Pack geschrieben werden soll, gibt es nicht.',
  'said.packBuild.noKey': 'In der Datei liegt kein privater Schlüssel.',
  'said.packBuild.noSentences': 'Das Modell, das sagt, was Sätze bedeuten, ist nicht auf diesem Rechner.',
  'said.packBuild.noneRead': 'Nichts im Ordner war zu lesen.',
  'said.packBuild.noneReadAs': 'Nichts im Ordner war zu lesen: {name} ({why}).',
  'said.packBuild.notText': 'Die Datei ist nicht als Text in UTF-8 zu lesen.',
  'said.packBuild.nothing': 'Dort gibt es nichts, woraus ein Pack zu machen wäre.',
  'said.packBuild.oneRow': 'Alle Beispiele sind dieselbe Zeile: Kein Modell kann ihre Klassen auseinanderhalten.',
  'said.packBuild.otherEncoder': 'Bildtexte sind nur zu Vektoren von „{own}“ zu lesen, und diese sind von „{other}“.',
  'said.packBuild.rowLacks': 'Zeile {row} der Bildtexte nennt nicht ein Bild und seine Wörter.',
  'said.packBuild.rowOutside': 'Zeile {row} der Bildtexte nennt ein Bild außerhalb des Ordners.',
  'said.packBuild.sameCaptions': 'Alle Bildtexte sind gleich: Daraus ist nichts zu lernen.',
  'said.packBuild.samePictures': 'Alle Bilder sind gleich: Daraus ist nichts zu lernen.',
  'said.packBuild.smallClass': 'Die Klasse „{name}“ hat {own} Beispiele; mindestens {least} sind nötig.',
  'said.packBuild.taken': 'Unter diesem Namen liegt schon etwas, das kein Bewertungs-Pack ist.',
  'said.packBuild.tellsNothing': 'Es ist zu kurz, oder nichts darin ist zu erkennen.',
  'said.packBuild.title': 'Ein Titel hat 1 bis {most} Buchstaben.',
  'said.packBuild.tooLong': 'Das Pack hätte {bytes} Bytes; {most} sind die Grenze.',
}
