import type { Translation } from '../catalogue.ts'
import type { exporting as english } from '../en/exporting.ts'

export const exporting: Translation<typeof english> = {
  'export.title': 'Export',
  'export.format': 'Format',
  'export.preset': 'Voreinstellung',
  'export.name': 'Name',
  'export.besideProject': 'In den Ordner „.exports“ neben dem Projekt',
  'export.chosenFolder': 'In den gewählten Ordner',
  'export.chooseFolder': 'Ordner wählen …',
  'export.backBeside': 'Neben das Projekt',
  'export.willBe': 'Es wird {fileName}.',
  'export.there.ours': '{fileName} ist von einem früheren Export da.',
  'export.there.foreign':
    '{fileName} ist da und kam nicht von hier oder wurde seither geändert: Es wird nicht überschrieben.',
  'export.replace': 'Ersetzen',
  'export.useFree': '{name} nennen',
  'export.add': 'Exportieren',
  'export.queue': 'Warteschlange',
  'export.none':
    'Noch wurde nichts exportiert. Was läuft, läuft weiter, wenn dies geschlossen wird, und auch nach einem Neustart.',
  'export.total': 'Alle Exporte zusammen',
  'export.totalOf': '{done} von {all} fertig, {percent}',
  'export.verified': 'Zurückgelesen: {duration} s',
  'export.pictures': {
    one: '{codec} {width}×{height}, {count} Bild',
    other: '{codec} {width}×{height}, {count} Bilder',
  },
  'export.sound': '{codec} {rate} Hz, {channels} K',
  'export.samples': { one: '{count} Abtastwert', other: '{count} Abtastwerte' },
  'export.checksum': 'SHA-256 {sha256}',
}
