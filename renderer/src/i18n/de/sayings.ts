import { beforeSigningInGerman } from '../../../../shared/sayings/before-signing-de.ts'
import type { Translation } from '../catalogue.ts'
import { underSaid, type sayings as english } from '../en/sayings.ts'
import { saidOfAccounts } from './said-of-accounts.ts'
import { saidOfBrokenFiles } from './said-of-broken-files.ts'
import { saidOfCaptureDamage } from './said-of-capture-damage.ts'
import { saidOfChain } from './said-of-chain.ts'
import { saidOfChecks } from './said-of-checks.ts'
import { saidOfEdits } from './said-of-edits.ts'
import { saidOfExports } from './said-of-exports.ts'
import { saidOfFiles } from './said-of-files.ts'
import { saidOfImports } from './said-of-imports.ts'
import { saidOfLeaseKeys } from './said-of-lease-keys.ts'
import { saidOfLists } from './said-of-lists.ts'
import { saidOfSteps } from './said-of-steps.ts'
import { saidOfMisfits } from './said-of-misfits.ts'
import { saidOfModels } from './said-of-models.ts'
import { saidOfNodes } from './said-of-nodes.ts'
import { saidOfPackBuilding } from './said-of-pack-building.ts'
import { saidOfStarpacks } from './said-of-starpacks.ts'
import { saidOfWindowRooms } from './said-of-window-rooms.ts'
import { saidOfPackages } from './said-of-packages.ts'
import { saidOfScanDamage } from './said-of-scan-damage.ts'
import { saidOfReadableKinds } from './said-of-readable-kinds.ts'
import { saidOfSending } from './said-of-sending.ts'
import { saidOfSigning } from './said-of-signing.ts'
import { saidOfSpace } from './said-of-space.ts'
import { saidOfStars } from './said-of-stars.ts'
import { saidOfUnreadKinds } from './said-of-unread-kinds.ts'

export const sayings: Translation<typeof english> = {
  ...saidOfFiles,
  ...saidOfExports,
  ...saidOfEdits,
  ...saidOfSending,
  ...saidOfModels,
  ...saidOfSigning,
  ...saidOfChain,
  ...underSaid(beforeSigningInGerman),
  ...saidOfSpace,
  ...saidOfStars,
  ...saidOfChecks,
  ...saidOfImports,
  ...saidOfUnreadKinds,
  ...saidOfReadableKinds,
  ...saidOfBrokenFiles,
  ...saidOfMisfits,
  ...saidOfCaptureDamage,
  ...saidOfScanDamage,
  ...saidOfLists,
  ...saidOfSteps,
  ...saidOfLeaseKeys,
  ...saidOfNodes,
  ...saidOfAccounts,
  ...saidOfWindowRooms,
  ...saidOfPackBuilding,
  ...saidOfStarpacks,
  ...saidOfPackages,

  'said.time.sentences': '{one} {other}',
  'said.time.list': '{one}, {other}',
  'said.time.byMethod': '{method}: {why}',
  'said.time.way.audio': 'Ton',
  'said.time.way.motion': 'Bewegung',
  'said.time.way.timecode': 'Timecode und Daten',
  'said.time.way.event': 'Klatschen, Blitze, Wörter',
  'said.time.way.hand': 'von Hand',
  'said.time.firstRecording': 'Die erste Aufnahme',
  'said.time.secondRecording': 'Die zweite Aufnahme',
  'said.time.firstMotion': 'Die Bewegung der ersten',
  'said.time.secondMotion': 'Die Bewegung der zweiten',

  'said.time.empty': '{which} ist leer.',
  'said.time.tooShort': '{which} dauert {seconds} s, und unter {least} s ist nichts vom Zufall zu unterscheiden.',
  'said.time.notNumbers': '{which} enthält Werte, die keine Zahlen sind.',
  'said.time.silent': '{which} ist still.',
  'said.time.constant': '{which} ist konstant: Es ist kein Ton darin.',
  'said.time.hum': '{which} ist ein Dauerton oder Brummen, das in jedem Augenblick gleich klingt.',
  'said.time.nothingRises':
    'Nichts schwillt in beiden Aufnahmen gemeinsam an und ab. Prüfen Sie, ob sie zum selben Take gehören.',
  'said.time.noPlace':
    'Keine Stelle wurde gefunden, an der beide Aufnahmen denselben Ton enthalten: Die beste ist nicht besser als der Zufall (sie ragt {contrast} Abweichungen heraus, nötig sind {least}). Mehr Überlappung, ein Klatschen oder ein näheres Mikrofon würde helfen. Uhren, die um mehr als 0,14 % verschieden schnell laufen, werden nicht verglichen.',
  'said.time.blurred':
    'Beide scheinen denselben Ton zu enthalten, die zweite {offset} s nach Beginn der ersten, aber Hall, Rauschen oder ein Codec verwischen ihn zu sehr, um sie genau zu setzen. Ein Klatschen oder ein näheres Mikrofon würde helfen.',
  'said.time.repeats':
    'Der Ton wiederholt sich: Er passt bei {one} s und bei {other} s gleich gut. Eine längere Aufnahme, in der etwas nur einmal geschieht, würde es entscheiden.',
  'said.time.tooLittleSound': 'Zu wenig der Überlappung enthält Ton.',
  'said.time.cutUp':
    'Teile beider Aufnahmen enthalten denselben Ton, aber jeder an anderer Stelle ({one} s, {other} s): Aus einer von ihnen scheinen Stücke herausgeschnitten zu sein. Gleichen Sie die ungeschnittene Aufnahme ab.',
  'said.time.playedAnew':
    'Beide enthalten dieselben Stücke Ton, aber die Pausen dazwischen sind mal in der einen länger (um bis zu {forth} s), mal in der anderen (um bis zu {back} s), wie wenn Sätze oder Ansagen neu abgespielt wurden: Sie sind kein gemeinsamer Take.',
  'said.time.jingle':
    'Nur eine kurze Stelle ist in beiden Aufnahmen gleich und der Rest der Überlappung nicht, wie bei einem Jingle oder einer Ansage, die in beiden lief.',

  'said.time.fewSamples': '{which} hat zu wenige Messwerte.',
  'said.time.shortMotion': '{which} dauert nur {seconds} s.',
  'said.time.longMotion': '{which} ist länger als acht Stunden.',
  'said.time.slowMotion': '{which} wurde seltener als fünfmal in der Sekunde gemessen.',
  'said.time.still': '{which} dreht sich kaum: Es gibt nichts zu vergleichen.',
  'said.time.fewMoves':
    'Beide bewegten sich nur in wenigen Drehungen gleich, und das tun zwei beliebige Geräte, die ein- oder zweimal gedreht wurden. Beide gemeinsam mehrmals verschieden zu drehen würde helfen.',
  'said.time.notAlike':
    'Die beiden drehen sich nirgends gleich, oder an mehreren Stellen gleich. Beide zehn Sekunden lang gemeinsam zu bewegen würde helfen.',
  'said.time.roughlyAlike':
    'Die beiden drehen sich nur ungefähr gleich: Vermutlich wurden sie nicht zusammen getragen.',
  'said.time.noRotation': 'Eine der beiden enthält keine Drehung.',
  'said.time.picturesLeft': 'Ihre Bilder wurden nicht verglichen, da sie schon ausgerichtet waren.',

  'said.time.nothingSudden': 'In einer der beiden geschieht nichts Plötzliches: kein Klatschen, kein Blitz.',
  'said.time.fewEvents': {
    one: 'Nur {count} plötzliches Ereignis in einer der beiden, das jeder Versatz erklärt. Dreimal Klatschen in ungleichen Abständen würde es entscheiden; oder setzen Sie einen Sync-Punkt von Hand.',
    other:
      'Nur {count} plötzliche Ereignisse in einer der beiden, die jeder Versatz erklärt. Dreimal Klatschen in ungleichen Abständen würde es entscheiden; oder setzen Sie einen Sync-Punkt von Hand.',
  },
  'said.time.noPattern':
    'Die plötzlichen Ereignisse der beiden haben kein gemeinsames Muster, das der Zufall nicht ebenso gäbe.',
  'said.time.evenEvents':
    'Die Ereignisse wiederholen sich in gleichen Abständen und passen bei mehreren Versätzen gleich gut. Klatschen in ungleichen Abständen würde es entscheiden.',
  'said.time.eventsContradict': 'Klatschen und Blitze der beiden widersprechen einander.',
  'said.time.eventsLeft': 'Klatschen und Blitze wurden nicht verglichen, da sie schon ausgerichtet waren.',
  'said.time.noEvents': 'Es gibt keinen Ton und kein Licht zu vergleichen.',
  'said.time.fewWords': 'Die beiden Transkripte haben zu wenige Wörter in gleicher Folge gemeinsam.',
  'said.time.wordsRepeat': 'Dieselben Wörter fallen an mehreren Stellen, so dass ihre Folge nichts entscheidet.',

  'said.time.otherSpeeds':
    'Ihre Timecodes zählen verschieden schnell (29,97 oder 23,98 Bilder in der Sekunde ohne Drop-Frame).',
  'said.time.wholeHour':
    'Beide Timecodes beginnen bei derselben vollen Stunde, wie solche, die niemand nach der Uhr gestellt hat.',
  'said.time.codesApart': 'Ihrem Timecode nach liefen die beiden nicht zur gleichen Zeit.',
  'said.time.codeAgainstDay':
    'Ihrem Timecode nach liegt die zweite {code} nach der ersten, ihrer Uhrzeit nach {day}: Eine der Uhren wurde nicht gestellt, an einem anderen Tag gestellt oder zählt nur während der Aufnahme.',
  'said.time.sidecarLength':
    '{name} heißt wie {other}, dauert aber {own} s statt {film} s: Es gehört zu einer anderen Aufnahme.',
  'said.time.noClocks': 'Kein Timecode in beiden, weder in der Datei noch im Ton, und keine Uhrzeit in beiden.',
  'said.time.neverSet':
    'Die Uhr einer der beiden steht auf dem ersten Januar, wie bei Uhren, die niemand gestellt hat.',
  'said.time.noZone':
    'Ihre Uhrzeiten nennen keine Zeitzone, und die beiden sind so lang, dass {hours} h mehr oder weniger ebenso passen würden.',
  'said.time.daysApart': 'Ihrer Uhrzeit nach liefen die beiden nicht zur gleichen Zeit.',
  'said.time.zoneOff':
    'Sie täten es, wenn die Uhr der einen {hours} h falsch geht (Zeitzone, Sommerzeit): Ein Klatschen oder ein Sync-Punkt würde es klären.',

  'said.time.nothingInCommon':
    'Die beiden haben nichts gemeinsam, das sich vergleichen ließe: Ton in beiden, Bewegung in beiden oder Uhren, die beide nennen.',
  'said.time.nothingInCommonBy':
    'Die beiden haben nichts gemeinsam, das sich durch {method} vergleichen ließe: Ton in beiden, Bewegung in beiden oder Uhren, die beide nennen.',
  'said.time.noSuchWay': 'Es gibt keinen Weg namens „{method}“, sie auszurichten.',

  'said.time.chance': 'Es stimmt nur mit einer Wahrscheinlichkeit von {percent} %.',
  'said.time.between': '{a} und {b} ({method})',
  'said.time.contradicts': 'Es widerspricht dem Weg über {way}.',
  'said.time.eitherWrong':
    'Es und {a} zu {b} ({method}) widersprechen einander, und nichts sagt, welches von beiden stimmt.',
  'said.time.notUsable': 'Was gemessen wurde, war nicht zu gebrauchen. {why}',
  'said.time.noneLeads': 'Sie passt zu anderen Aufnahmen, aber keine von ihnen führt zum Bezug.',
  'said.time.foundNowhere':
    'Nichts daraus wurde in einer anderen Aufnahme gefunden. Ein Klatschen, das alle Geräte hören und sehen, würde helfen, oder ein Sync-Punkt von Hand.',
  'said.time.youRejected': 'Sie haben es abgelehnt.',

  'said.work.malformed': 'Die Anfrage war fehlerhaft.',
  'said.work.engineFailed': 'Im Studio auf diesem Rechner ist etwas gescheitert.',
  'said.work.engineStopped': 'Das Studio auf diesem Rechner hat aufgehört, bevor die Arbeit getan war.',
  'said.work.failed': 'Die Arbeit ist gescheitert.',
  'said.work.partOf': '{place} von {all}: {what}',
  'said.work.reading': '{name} wird gelesen',
  'said.work.fingerprinting': 'Fingerabdruck von {name}',
  'said.work.comparing': '{name} wird mit Früherem verglichen',
  'said.work.remembering': '{name} wird gemerkt',
  'said.work.lookingAt': '{name} wird angesehen',
  'said.work.weighing': 'Es wird abgewogen',
  'said.work.closingLoops': 'Die Schleifen von {name} werden geschlossen',
  'said.work.against': '{one} gegen {other}',
  'said.work.lookingAtPictures': 'Die Bilder werden angesehen',
  'said.work.lookingAtRecordings': 'Die Aufnahmen werden angesehen',
  'said.work.listening': '{name} wird angehört',
  'said.work.copying': '{name} wird kopiert',
  'said.work.sealing': 'Die Aufnahmen werden versiegelt',
  'said.work.preview': 'Eine Vorschau entsteht',
  'said.work.checking': 'Es wird geprüft',
  'said.work.archive': 'Das Archiv wird geschrieben',
  'said.work.checkingPackage': 'Das Paket wird geprüft',
  'said.work.checkingPackages': 'Die Pakete werden geprüft',
  'said.work.hashing': 'Prüfsummen aller Dateien',
  'said.work.sending': 'Wird gesendet',
  'said.work.readingBack': 'Gesendetes wird zurückgelesen',
  'said.work.writing': 'Wird geschrieben',
  'said.work.mixing': 'Der Ton wird gemischt',
  'said.work.rendering': 'Bild {place} von {all} entsteht',
  'said.work.joining': 'Bild und Ton kommen zusammen',
  'said.work.lookingAtFile': 'Die fertige Datei wird angesehen',
  'said.work.startingPractice': 'Das Übungsnetz startet',
  'said.work.startingChain': 'Eine Kette und ein Upload-Server auf diesem Rechner starten',
  'said.work.askingLessees': 'Die Kette wird gefragt, wer das Werk gemietet hat',
  'said.work.waveform': 'Wellenform',
  'said.work.thumbnails': 'Vorschaubilder',
  'said.work.proxy': 'Fassung zum Abspielen',
  'said.work.waitingForMachine': 'Wartet auf einen anderen Rechner des Studios',
  'said.work.opening': 'Die Aufnahmen werden geöffnet',
  'said.work.fetching': '{name} wird geholt',
  'said.work.failed.unforeseen': 'Etwas ist misslungen, was nicht misslingen sollte: {message}',
  'said.work.fix.report': 'Bitte melden Sie das mit dem Protokoll der Aufgabe.',
  'said.work.failed.closed': 'Das Projekt wurde geschlossen, bevor das begann.',
  'said.work.failed.notNeeded': 'Diese Aufgabe muss nicht wieder aufgenommen werden.',
  'said.work.failed.gone': 'Diese Aufgabe gibt es nicht.',
  'said.work.failed.forgotten': 'Redis kennt diese Aufgabe nicht mehr.',
  'said.work.fix.takeUp': 'Nehmen Sie sie wieder auf.',
  'said.work.failed.noMachine': 'Kein Rechner des Studios konnte es tun: {why}.',
  'said.work.failed.noneSaid': 'keiner hat gesagt, warum',
  'said.work.fix.machines':
    'Sehen Sie nach den Rechnern, auf denen „asterism worker“ läuft, und nehmen Sie die Aufgabe wieder auf.',
  'said.work.failed.redis': 'Redis bei {place} antwortet nicht, also kann kein anderer Rechner gefragt werden.',
  'said.work.fix.redis':
    'Starten Sie es wieder, und nehmen Sie die Aufgabe wieder auf, oder lassen Sie ASTERISM_REDIS_URL weg, um auf diesem Rechner allein zu arbeiten.',
  'said.work.failed.otherVersion': 'Asterism {other} hat geantwortet, und dies ist {own}.',
  'said.work.fix.sameVersion': 'Installieren Sie auf allen Rechnern dieselbe Version.',
  'said.work.failed.changed': 'Das wurde inzwischen geändert: {what}.',
  'said.work.kept.asLeft': 'Alles ist, wie Sie es verlassen haben.',
  'said.work.fix.takeJobUp': 'Nehmen Sie die Aufgabe wieder auf.',
  'said.work.failed.answer': 'Der Antwort des anderen Rechners wird nicht geglaubt: {why}.',
  'said.work.kept.nothingTaken': 'Nichts davon wurde übernommen.',
  'said.work.signing': 'Es wird gehasht und unterschrieben',
  'said.work.lookingAtSamples': 'Die Beispiele werden angesehen',
  'said.work.findingPose': 'Die Lage wird gesucht',
  'said.work.hearing': 'Es wird zugehört',
  'said.work.valuing': 'Die Bündel werden bewertet',
  'said.work.encodingEdges': 'Um die Schnitte herum wird kodiert',
  'said.work.copyingRest': 'Es wird kopiert',
  'said.work.takingPictures': 'Bilder werden aus {name} genommen',
}
