import type { Translation } from '../catalogue.ts'
import type { words as english } from '../en/words.ts'

export const words: Translation<typeof english> = {
  'words.title': 'Worte',
  'words.atPlayhead': 'Worte am Abspielkopf',
  'words.add': 'Hinzufügen',
  'words.addWords': 'Worte hinzufügen',
  'words.removeWords': 'Worte entfernen',
  'words.editWords': 'Worte ändern',
  'words.cutWords': 'Nach Worten schneiden',
  'words.remove': '„{text}“ entfernen',
  'words.removeHint': 'Diese Worte entfernen; geschnitten wird nichts',
  'words.edit': '„{text}“ ändern',
  'words.editHint': 'Den Text verbessern (F2)',
  'words.goTo': 'Zu „{text}“',
  'words.none':
    'Noch keine Worte. Lassen Sie die Sprache mitschreiben, holen Sie Untertitel herein, oder schreiben Sie, was Sie zu einem Augenblick sagen möchten.',
  'words.transcribe': 'Mitschreiben',
  'words.transcribeOne': '{title} mitschreiben',
  'words.export': 'Untertitel als Datei',
  'words.transcript': 'Mitschrift',
  'words.search': 'Im Gesagten suchen',
  'words.found': { one: '{count} Stelle', other: '{count} Stellen' },
  'words.foundAt': '{place} von {all}',
  'words.previous': 'Vorige Stelle',
  'words.next': 'Nächste Stelle',
  'words.hint':
    'Ein Druck auf ein Wort führt dorthin. Mit der Umschalttaste wählen Sie mehr; Entf schneidet sie aus allen Spuren.',
  'words.chosen': { one: '{count} Wort, {seconds} s', other: '{count} Worte, {seconds} s' },
  'words.cut': 'Aus der Zeitleiste schneiden',
  'words.deadWood': 'Pausen und Füllwörter',
  'words.deadWoodCount': { one: '{count} Stelle, {seconds} s', other: '{count} Stellen, {seconds} s' },
  'words.longerThan': 'Pausen länger als',
  'words.pause': 'Pause',
  'words.noDeadWood': 'Nichts dergleichen steht in der Mitschrift.',
  'words.more': { one: 'und {count} weitere', other: 'und {count} weitere' },
  'words.cutAll': { one: '{count} Stelle schneiden ({seconds} s)', other: '{count} Stellen schneiden ({seconds} s)' },
}
