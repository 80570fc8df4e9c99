import type { Translation } from '../catalogue.ts'
import type { stars as english } from '../en/stars.ts'

export const stars: Translation<typeof english> = {
  'stars.title': 'Sterne',
  'stars.predict': 'Sterne vorhersagen',
  'stars.again': 'Noch einmal vorhersagen',
  'stars.what':
    'Schätzt, auf diesem Rechner und ohne Netz, was der Take für das Training wert ist: wie viel Neues er zeigt, wie gut seine Sinne übereinstimmen und was ihn wertvoller machen würde.',
  'stars.alignFirst': 'Richten Sie den Take zuerst aus: Was sich nicht verbinden lässt, zählt wenig.',
  'stars.under': 'Nach {pack}. {note} Eine Vorhersage, nie ein Versprechen.',
  'stars.moments': 'Augenblick für Augenblick',
  'stars.perMoment': 'Sterne je Augenblick',
  'stars.moment': '{time}: {stars} Sterne',
  'stars.raise': 'Was sie heben würde',
  'stars.nothingRaises': 'Nichts, was sich hier versuchen ließe, würde sie heben.',
  'stars.originality': 'Eigenständigkeit',
  'stars.noMatch': 'Nichts in Ihrer Bibliothek ist dasselbe.',
  'stars.matches': { one: '{count} Treffer.', other: '{count} Treffer.' },
  'stars.contribution': 'Beitrag',
  'stars.share': '{percent} % ({low}–{high}) der Verbesserung bei {benchmark}, vorhergesagt.',
  'stars.scale': '{stars} Sterne, zwischen {low} und {high}',
  'stars.reasons': 'Gründe',
  'stars.together': 'zusammen',
}
