import type { Translation } from '../catalogue.ts'
import type { labels as english } from '../en/labels.ts'

export const labels: Translation<typeof english> = {
  'labels.title': 'Labels',
  'labels.none':
    'Labels sagen, was von einem Moment bis zu einem anderen zu sehen oder zu hören ist. Geben Sie einem einen Namen und zeichnen Sie Spannen mit seiner Zifferntaste aus, während die Aufnahme läuft.',
  'labels.new': 'Name des neuen Labels',
  'labels.add': 'Anlegen',
  'labels.byKeys': 'Mit Tasten auszeichnen',
  'labels.how':
    'Eine Zifferntaste beginnt am Abspielkopf eine Spanne, dieselbe beendet sie. Sind In und Out gesetzt, gilt sie von In bis Out.',
  'labels.on': 'Auszeichnen ist an: Zifferntasten beginnen und beenden Spannen',
  'labels.off': 'Auszeichnen ist aus',
  'labels.began': '{name} hat begonnen',
  'labels.list': 'Labels des Projekts',
  'labels.keyOf': 'Taste von {name}',
  'labels.noKey': '–',
  'labels.colorOf': 'Farbe von {name}',
  'labels.nameOf': 'Name von {name}',
  'labels.attributesOf': 'Attribute von {name}',
  'labels.attributesHint': 'Hand = links, rechts; Gegenstand',
  'labels.total': { one: '{count} Spanne, {seconds} s', other: '{count} Spannen, {seconds} s' },
  'labels.remove': '{name} und seine Spannen entfernen',
  'labels.search': 'In Labels und Notizen suchen',
  'labels.spans': 'Spannen',
  'labels.removeSpan': 'Diese Spanne von {name} entfernen',
  'labels.import': 'Labels aus einer Datei …',
  'labels.importHint':
    'Labels und ihre Spannen: CSV, JSON oder WebVTT. Eine Datei ohne Spannen bringt nur ihre Labels.',
  'labels.export': 'Labels in eine Datei',
  'labels.rowHint': 'Mit {name} ausgezeichnete Spannen',
  'labels.span': 'Spanne',
  'labels.answer': 'keine Antwort',
  'edit.addSpan': 'Auszeichnen',
  'edit.moveSpan': 'Spanne verschieben',
  'edit.trimSpan': 'Spanne trimmen',
  'edit.removeSpan': 'Spanne entfernen',
  'edit.addLabel': 'Label anlegen',
  'edit.changeLabel': 'Label ändern',
  'edit.removeLabel': 'Label entfernen',
  'needs.labels': 'Das Projekt hat noch keine Labels: legen Sie eines im Reiter Labels an',
  'needs.label': 'Kein Label hat die Taste {key}',
}
