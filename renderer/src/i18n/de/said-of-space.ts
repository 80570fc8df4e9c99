import type { space } from '../../../../shared/sayings/space.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** Why recordings could not be put into one world, and what pictures say of a scan. */
export const saidOfSpace: Translation<SayingsOf<typeof space>> = {
  'said.space.noPose': 'keine Lage bringt die beiden Scans zusammen',
  'said.space.disagree':
    'die Scans stimmen nicht überein: In der besten Lage, die gefunden wurde, passt {percent} % von dem, was beide sehen müssten; vielleicht zeigen sie verschiedene Orte oder überlappen zu wenig',
  'said.space.slides':
    'mehrdeutig: Der eine Scan kann auf dem anderen gleiten oder sich drehen, ohne dass sich etwas ändert',
  'said.space.thin':
    'die Scans haben etwa {percent} % ihrer Oberfläche gemeinsam, zu wenig, um bei ihrer Dichte sicher zu sein; dichtere Scans oder mehr Überlappung würden helfen',
  'said.space.rows':
    'mehrdeutig: Was übereinstimmt, täte es auch verschoben oder gedreht, wie Reihen gleicher Dinge, und was nur einmal da ist, tut es nicht; vielleicht ist es ein anderer, gleich eingerichteter Ort',
  'said.space.rivals':
    'mehrdeutig: {poses} Lagen erklären die Scans etwa gleich gut, wie in einem Raum, der nach einer Drehung gleich aussieht',
  'said.space.targetBad': 'das Ziel lässt sich nicht ausrichten: {why}',
  'said.space.sourceBad': 'die Quelle lässt sich nicht ausrichten: {why}',
  'said.space.targetLarge':
    'die Größen sind um den Faktor {factor} verschieden: Das Ziel ist vielleicht in {unit} angegeben; versuchen Sie es mit einem Maßstab (register-files --scale)',
  'said.space.sourceLarge':
    'die Größen sind um den Faktor {factor} verschieden: Die Quelle ist vielleicht in {unit} angegeben; versuchen Sie es mit einem Maßstab (register-files --scale)',
  'said.space.millimetres': 'Millimetern',
  'said.space.centimetres': 'Zentimetern',
  'said.space.inches': 'Zoll',
  'said.space.otherUnits': 'anderen Einheiten',
  'said.space.unitless':
    '{why}; die Längeneinheit von {name} ist unbekannt: Lassen Sie auch den Maßstab suchen (--scale)',
  'said.space.incomparable':
    'nichts zu vergleichen: beide brauchen eine Oberfläche oder beide einen Weg auf einer bekannten Uhr',
  'said.space.nothingToCompare': 'es gibt keine Oberfläche zu vergleichen',

  'said.space.meshEmpty': 'das Netz hat keine Oberfläche',
  'said.space.scanEmpty': 'der Scan ist leer',
  'said.space.fewPoints': 'der Scan hat nur {count} brauchbare Punkte, mindestens {least} sind nötig',
  'said.space.notFinite': 'kein Punkt des Scans hat endliche Koordinaten',
  'said.space.coincide': 'alle Punkte des Scans liegen an einer Stelle',
  'said.space.rounded':
    'seine Koordinaten sind Zahlen einfacher Genauigkeit weit von ihrem Ursprung, was sie auf {centimetres} cm rundet; exportieren Sie ihn mit einem Ursprung in der Nähe oder in doppelter Genauigkeit',
  'said.space.line': 'alle Punkte des Scans liegen auf einer Linie',
  'said.space.plane': 'alle Punkte des Scans liegen in einer Ebene',

  'said.space.pathNumbers': 'ein Weg enthält Zahlen, die nicht endlich sind',
  'said.space.pathsShare': 'die Wege haben {seconds} s gemeinsam, mindestens {least} s sind nötig',
  'said.space.hardlyTurned':
    'die Geräte haben sich kaum gedreht, so dass sich nicht finden lässt, wie sie zueinander gehalten wurden',
  'said.space.oneAxis':
    'mehrdeutig: Die Geräte haben sich nur um eine Achse gedreht; sie um eine zweite zu drehen würde es entscheiden',
  'said.space.notAsOne': 'die Geräte haben sich nicht als eines bewegt: {degrees} Grad und {metres} m bleiben übrig',
  'said.space.noPath': 'es gibt keinen Weg zu vergleichen',

  'said.space.rejected': 'von Hand abgelehnt',
  'said.space.notTwo': 'verbindet nicht zwei Aufnahmen dieses Projekts',
  'said.space.badTransform': 'ihre Lage besteht nicht aus Drehung, Verschiebung und Maßstab',
  'said.space.noUncertainty': 'ihre Unsicherheit ist nicht bekannt',
  'said.space.againstHand': 'widerspricht dem, was von Hand platziert wurde, um {metres} m und {degrees} Grad',
  'said.space.againstCycle': 'widerspricht dem Kreis {way} um {metres} m und {degrees} Grad über {pairs} Paare',
  'said.space.alone': 'es gibt nichts, womit sie sich vergleichen ließe',
  'said.space.joinedLoose': 'sie hängt nur an Aufnahmen, die selbst keinen Platz in der Welt haben',

  'said.space.fewPictures': 'nur {pictures} von {all} Bildern sehen genug vom Scan',
  'said.space.linesFit': 'die Linien des Scans sind dort, wo die Bilder ihre haben',
  'said.space.fitBeside': 'die Bilder passen {centimetres} cm daneben etwa ebenso gut zum Scan',
  'said.space.linesBeside': 'die Linien des Scans liegen neben der Stelle, an der sie sein müssten',
  'said.space.depthFits': 'die Tiefe der Kamera selbst passt zu ihren Bildern, der Scan nicht',
  'said.space.nearlyFit': 'die Bilder zeigen den Scan, aber seine Linien liegen ein wenig neben ihren',
  'said.space.fewLines': 'die Bilder zeigen zu wenig von den Linien, die der Scan hat',
}
