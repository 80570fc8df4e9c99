import type { starpacks } from '../../../../shared/sayings/starpacks.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** Why valuation packs, wanted lists and pictures of a take are not taken. */
export const saidOfStarpacks: Translation<SayingsOf<typeof starpacks>> = {
  'said.starpack.onlyEd25519': 'Packs werden nur mit Schlüsseln nach ed25519 signiert.',
  'said.starpack.malformed': 'Das Pack ist nicht wohlgeformt: {what}.',
  'said.starpack.noNumber': 'Das Pack ist nicht wohlgeformt: {where} von „{task}“ enthält etwas, das keine Zahl ist.',
  'said.starpack.noJson': 'Das Pack ist kein JSON-Dokument.',
  'said.starpack.tooLong': 'Das Pack hat {bytes} Bytes; {most} sind die Grenze.',
  'said.starpack.none': 'Das ist kein Bewertungs-Pack.',
  'said.starpack.otherVersion': 'Das Pack hat die Version {version}; bekannt sind {known}.',
  'said.starpack.changed': 'Das Pack wurde geändert, nachdem es gemacht war: Seine Prüfsumme stimmt nicht.',
  'said.starpack.unsigned': 'Das Pack ist nicht signiert.',
  'said.starpack.fix.signed': 'Bitten Sie den, der es gemacht hat, um ein signiertes.',
  'said.starpack.wrongSignature': 'Die Signatur des Packs ist falsch.',
  'said.starpack.otherEncoder':
    'Das Pack bewertet {of} des Encoders „{id}“ ({digest}…), und den gibt es auf diesem Rechner nicht.',
  'said.starpack.fix.bring': 'Bringen Sie genau dieses Modell mit (`asterism models`), oder schätzen Sie ohne Pack.',
  'said.wanted.noJson': 'Die Wunschliste ist kein JSON-Dokument in UTF-8.',
  'said.wanted.elsewhere': 'Das Beispiel „{name}“ liegt nicht neben der Wunschliste.',
  'said.wanted.noPicture': 'Das Beispiel „{name}“ der Wunschliste ist nicht als Bild zu lesen.',
  'said.wanted.unknownEncoder': 'Ein Beispiel von „{need}“ ist ein Vektor eines unbekannten Encoders.',
  'said.wanted.fix.picture': 'Geben Sie das Bild selbst an oder seinen Text.',
  'said.microscope.noSuchPicture': 'Die Aufnahme hat kein solches Bild.',
  'said.microscope.noPictureNow': 'In diesem Augenblick gibt es kein Bild.',
  'said.recording.noPicture': 'Die Aufnahme enthält kein Bild, das sich dekodieren lässt.',
  'said.microscope.noSuchUnit': 'Das Netz hat {units} Einheiten.',
  'said.recording.noAudioStream': 'Die Aufnahme hat keine Tonspur {rank}.',
  'said.recording.noSamples': 'Dateien des Formats {format} geben keine Messwerte von {sensor}.',
  'said.recording.noSize': 'Das Bild hat keine Größe.',
  'said.recording.noVideoStream': 'Die Aufnahme hat keine Bildspur {rank}.',
  'said.recording.otherModel':
    'Eine Datei des Programms gehört zu einem anderen gelernten Modell als dem, das hier liegt.',
  'said.starpack.fix.notInstalled': 'asterism packs list zeigt sie.',
  'said.starpack.notInstalled': 'Kein installiertes Pack hat diese Prüfsumme.',
  'said.wanted.malformed': 'Die Wunschliste ist nicht wohlgeformt: {what}.',
  'said.wanted.malformedAt': 'Die Wunschliste ist bei {place} nicht wohlgeformt: {what}.',
  'said.wanted.none': 'Das ist keine Wunschliste.',
  'said.wanted.otherVersion': 'Die Wunschliste hat die Version {version}, nicht 1.',
  'said.wanted.sameId': 'Zwei Bedürfnisse der Wunschliste haben dieselbe id.',
}
