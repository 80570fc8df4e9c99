import type { steps } from '../../../../shared/sayings/steps.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** What the history calls the gestures of the engine. */
export const saidOfSteps: Translation<SayingsOf<typeof steps>> = {
  'said.step.import': '{title} importieren',
  'said.step.importSeveral': '{count} Aufnahmen importieren',
  'said.step.importEdit': 'Den Schnitt {name} importieren',
  'said.step.importCaptions': 'Die Untertitel {name} importieren',
  'said.step.importLabels': 'Die Labels {name} importieren',
  'said.step.relink': '{count} Datei(en) neu verknüpfen',
  'said.step.alignTime': 'Zeitlich ausrichten',
  'said.step.alignSpace': 'Räumlich ausrichten',
  'said.step.alignPair': 'Ein Paar räumlich ausrichten',
  'said.step.landmarks': 'Nach Landmarken platzieren',
  'said.step.acceptPair': 'Ein Paar annehmen',
  'said.step.rejectPair': 'Ein Paar ablehnen',
  'said.step.leavePairOpen': 'Ein Paar offen lassen',
  'said.step.levelWorld': 'Die Welt waagerecht stellen',
  'said.step.levelRecording': 'Eine Aufnahme waagerecht stellen',
  'said.step.predictStars': 'Sterne vorhersagen',
  'said.step.transcribe': 'Sprache verschriften',
  'said.step.recordCommentary': 'Kommentar aufnehmen',
  'said.step.makePackage': 'Paket machen',
  'said.step.mint': 'Prägen',
}
