import type { Translation } from '../catalogue.ts'
import type { models as english } from '../en/models.ts'

export const models: Translation<typeof english> = {
  'models.title': 'Modelle auf diesem Rechner',
  'models.what':
    'Gelernte Modelle laufen hier und senden nichts. Die mitgelieferten sind einfach; bringen Sie ein besseres als Ordner mit, oder holen Sie eines, nachdem Sie gesehen haben, woher, wie groß und zu welchen Bedingungen.',
  'models.origin.built-in': 'liegt bei',
  'models.origin.folder': 'Ihr Ordner',
  'models.origin.downloaded': 'geholt',
  'models.origin.offered': 'zu haben',
  'models.get': 'Holen …',
  'models.remove': '{title} entfernen',
  'models.removeHint': 'Löscht seine Dateien',
  'models.forgetHint': 'Ihr Ordner bleibt, wie er ist',
  'models.consent': '{title} holen?',
  'models.from': 'Woher',
  'models.size': 'Größe',
  'models.about': 'etwa {size}',
  'models.licence': 'Lizenz',
  'models.agree': 'Zustimmen und holen',
  'models.leave': 'Lassen',
  'models.addFolder': 'Einen eigenen Ordner nehmen …',
  'models.yourLicence': 'Unter welcher Lizenz haben Sie es?',
  'models.pickFolder': 'Den Ordner wählen',
}
