import type { Translation } from '../catalogue.ts'
import type { stars } from '../../../../shared/sayings/stars.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** Why a work has the stars it has, and what would raise them. */
export const saidOfStars: Translation<SayingsOf<typeof stars>> = {
  'said.stars.noneSeen': 'Keine der Aufnahmen ließ sich ansehen: {why}',
  'said.stars.nothingThere': 'Im Projekt gibt es nichts, dem sich Sterne geben ließen.',
  'said.stars.wordsAlone': 'Im Projekt gibt es Worte, aber keine Aufnahme, von der sie etwas sagen.',
  'said.stars.nothingThereFix': 'Importieren Sie eine Aufnahme mit Bild, Ton, Bewegung oder einem Scan.',
  'said.stars.noneSeenFix': 'Legen Sie die Dateien zurück, oder wählen Sie sie in der Bibliothek neu.',
  'said.stars.anyRecording': 'Damit fängt jede Aufnahme an.',
  'said.stars.none.picture': 'Es gibt kein Bild.',
  'said.stars.none.sound': 'Es gibt keinen Ton.',
  'said.stars.none.motion': 'Von der Bewegung des Geräts wurde nichts aufgenommen.',
  'said.stars.there.picture': '{time} Bild sind da, so viel wert wie {good} neues und sauberes Bild.',
  'said.stars.there.sound': '{time} Ton sind da, so viel wert wie {good} neuer und sauberer Ton.',
  'said.stars.there.motion': '{time} Bewegung sind da, so viel wert wie {good} neue und saubere Bewegung.',
  'said.stars.lookedAtEvery': 'Es ist lang: Hingesehen wurde alle {time}.',
  'said.stars.listenedTo': 'Es ist lang: Gehört wurden {time} davon.',
  'said.stars.noWords':
    'Auf der Aufnahme liegen keine Worte: kein Kommentar, keine Untertitel und nichts Mitgeschriebenes.',
  'said.stars.unwritten':
    'Eine Stimme spricht {time} lang, und nichts davon ist aufgeschrieben: Es ließe sich mitschreiben.',
  'said.stars.wordsCover': 'Auf {time} liegen Worte, mit {variety} der Vielfalt, die zählt.',
  'said.stars.moreUnwritten': 'Weitere {time} lang spricht eine Stimme, ohne dass es jemand aufgeschrieben hat.',
  'said.stars.fewCaptions':
    'Zu wenige Untertitel, um zu sagen, ob die Worte dem folgen, was zu sehen und zu hören ist.',
  'said.stars.wordsByChance':
    'Die Worte folgen dem, was zu sehen und zu hören ist, nicht besser als durcheinandergewürfelte.',
  'said.stars.wordsFollow': 'Die Worte folgen dem, was zu sehen und zu hören ist, über das hinaus, was Zufall wäre.',
  'said.stars.wordsFollowByModel':
    'Die Worte folgen dem, was zu sehen ist, über das hinaus, was Zufall wäre; ein Modell hält beides aneinander.',
  'said.stars.apart': 'Keine zwei Sinne wurden zur selben Zeit aufgenommen, oder nichts verbindet sie miteinander.',
  'said.stars.together': '{time} lang liegen mehrere Sinne beieinander; sicher und sauber {tied} lang.',
  'said.stars.nothingToTell': 'Es gibt nichts, was sich unterscheiden ließe.',
  'said.stars.varied': 'Die Augenblicke sind so vielfältig wie {moments}, die nichts gemeinsam haben.',
  'said.stars.noScan': 'Vom Ort gibt es keinen Scan.',
  'said.stars.surfacesPlaced': '{placed} von {all} Oberflächen (Scans, Filme mit Tiefe) haben ihren Platz in der Welt.',
  'said.stars.scansPlaced': '{placed} von {all} Scans haben ihren Platz in der Welt.',

  'said.stars.allNew': 'Nichts darin war schon einmal da.',
  'said.stars.seenBefore': '{share} davon war schon einmal da und zählt nicht.',
  'said.stars.nothingAgain': 'Kein Abschnitt zeigt noch einmal, was ein anderer zeigt.',
  'said.stars.again':
    '{again} von {all} Abschnitten zeigen verändert noch einmal, was ein anderer zeigt: Sie zählen nicht.',
  'said.stars.minted': '{seen} liegen in Werken, die schon geprägt wurden: Sie zählen nicht.',
  'said.stars.againAndMinted':
    '{again} von {all} Abschnitten zeigen verändert noch einmal, was ein anderer zeigt; {seen} liegen in Werken, die schon geprägt wurden: Sie zählen nicht.',
  'said.stars.nothingJudged': 'Nichts davon ließ sich beurteilen.',
  'said.stars.cleanest.picture': 'Der sauberste Sinn, das Bild, erreicht {share}.',
  'said.stars.cleanest.sound': 'Der sauberste Sinn, der Ton, erreicht {share}.',
  'said.stars.cleanest.motion': 'Der sauberste Sinn, die Bewegung, erreicht {share}.',
  'said.stars.cleanest.scan': 'Der sauberste Sinn, der Scan, erreicht {share}.',
  'said.stars.noTraining': 'Training damit ist nicht erlaubt: Kein Labor kann es verwenden.',
  'said.stars.noLicence': 'Noch ist keine Lizenz gewählt: Ein Labor weiß nicht sicher, was es darf.',
  'said.stars.licence': 'Die Lizenz ist {licence}.',

  'said.stars.task.unnamed':
    'Keine Worte auf den {pictures} Bildern nennen genau eine Klasse, nach der „{task}“ fragt ({classes}).',
  'said.stars.task.raises':
    '{named} von {pictures} Abschnitten nennen eine Klasse von „{task}“; damit neu trainiert, stiege das Ergebnis um {points} Punkte, zu {samples} Beispielen, die schon da sind.',
  'said.stars.task.lowers':
    '{named} von {pictures} Abschnitten nennen eine Klasse von „{task}“; damit neu trainiert, fiele das Ergebnis um {points} Punkte, zu {samples} Beispielen, die schon da sind. Dass es schadet, ist wahrscheinlicher als nicht.',
  'said.stars.task.unnamedSound':
    'Keine Worte auf den {sounds} Klängen nennen genau eine Klasse, nach der „{task}“ fragt ({classes}).',
  'said.stars.task.wordless':
    'Auf den {pictures} Bildern liegen keine Worte, aus denen „{task}“ lernen könnte, was sie zeigen.',
  'said.stars.task.saysMore':
    'Auf {named} von {pictures} Abschnitten liegen Worte; damit neu trainiert, käme „{task}“ den Beschreibungen seiner Bilder um {points} Punkte näher, zu {samples} Beispielen, die schon da sind.',
  'said.stars.task.saysLess':
    'Auf {named} von {pictures} Abschnitten liegen Worte; damit neu trainiert, bliebe „{task}“ um {points} Punkte weiter hinter den Beschreibungen seiner Bilder zurück, zu {samples} Beispielen, die schon da sind. Dass es schadet, ist wahrscheinlicher als nicht.',

  'said.stars.task.ofProbe': {
    one: '{count} Abschnitt ist ein Stück, an dem „{task}“ gemessen wird: Er zählt nicht.',
    other: '{count} Abschnitte sind Stücke, an denen „{task}“ gemessen wird: Sie zählen nicht.',
  },

  'said.stars.pack.worse':
    'An {samples} Beispielen, die es nicht gesehen hatte, ordnete das Paket {creators} nachgestellte Urheber schlechter als der Zufall (Rangkorrelation {correlation}): Verlassen Sie sich nicht auf seine Reihenfolge.',
  'said.stars.pack.chance':
    'An {samples} Beispielen, die es nicht gesehen hatte, ordnete das Paket {creators} nachgestellte Urheber nicht besser, als es der Zufall kann (Rangkorrelation {correlation}): Verlassen Sie sich nicht auf seine Reihenfolge.',
  'said.stars.pack.unlearned':
    'An {samples} Beispielen, die es nicht gesehen hatte, erreicht das Modell des Pakets {current}; wer von jedem dasselbe sagt, erreicht {chance}.',

  'said.stars.wanted.met': 'Die besten Abschnitte decken {met} der {time}, nach denen gefragt ist.',
  'said.stars.wanted.lacks': 'Gefragt ist auch nach {lacks}: Das fehlt.',
  'said.stars.wanted.unsaid': 'Noch ist nichts dazu gesagt: Gefunden würde, was mitgeschrieben oder kommentiert ist.',
  'said.stars.wanted.by': 'Gesucht von {of}: stimmt zu {match} überein („{need}“). {why}',
  'said.stars.wanted.nothing': 'Nichts, was gesagt oder gezeigt wird, erfüllt einen der {needs} Wünsche von {of}.',
  'said.stars.wanted.sense.picture': 'Bild',
  'said.stars.wanted.sense.sound': 'Ton',
  'said.stars.wanted.sense.words': 'Worten',
  'said.stars.wanted.sense.motion': 'Bewegung',
  'said.stars.wanted.sense.scan': 'einem Scan',

  'said.stars.do.align': '„{title}“ in der Zeit ausrichten',
  'said.stars.looseInTime': 'Die Stelle in der Zeit ist auf {time} bekannt, mit einer Sicherheit von {confidence}.',
  'said.stars.notInTime': 'Auf der Zeitleiste hat es noch keine Stelle: Seine Sinne stehen für sich.',
  'said.stars.do.comment': 'Von {from} bis {to} einen Kommentar sprechen',
  'said.stars.wordless': 'Niemand sagt dort, was zu sehen oder zu hören ist.',
  'said.stars.do.transcribe': 'Das Gesprochene mitschreiben',
  'said.stars.unwrittenSpeech': 'Eine Stimme spricht {time} lang, und nichts davon ist aufgeschrieben.',
  'said.stars.do.leaveOut': '„{title}“ weglassen',
  'said.stars.inLibrary': 'In der Bibliothek liegt genau dieselbe Datei.',
  'said.stars.twice': 'Im Projekt liegt genau dieselbe Datei zweimal.',
  'said.stars.do.cutRepeats': 'Herausschneiden, was zweimal da ist',
  'said.stars.repeats': '{time} wiederholen, was schon vorher kam.',
  'said.stars.do.register': '„{title}“ im Raum einpassen',
  'said.stars.notInSpace': 'Es hat noch keinen Platz in der Welt.',
  'said.stars.looseInSpace': 'Sein Platz ist mit einer Sicherheit von {confidence} bekannt.',
  'said.stars.do.licence': 'Eine Lizenz wählen',
  'said.stars.knownUse': 'Ein Labor kauft nur, wovon es weiß, dass es das verwenden darf.',
  'said.stars.manyWindows': '{windows} Fenster sind mehr als die {most}, die auf einmal beurteilt werden.',
}
