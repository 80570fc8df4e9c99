/** The words of the confirmation page. What is signed is stated by the signer (confirm-statements.ts). */
import type { Complaint } from '../engine/chain/wallet-questions.ts'
import type { Language } from '../../shared/language.ts'

interface Step {
  readonly title: string
  readonly note: string
  readonly yes: string
  readonly no: string
}

export interface ConfirmWords {
  readonly window: string
  readonly practice: string
  readonly real: string
  readonly network: string
  readonly account: string
  /** Heading above the terms from chain and metadata. */
  readonly told: string
  /** Before and after the text that must be typed. */
  readonly type: readonly [string, string]
  readonly sign: string
  readonly doNotSign: string
  readonly passphrase: string
  readonly newPassphrase: string
  readonly again: string
  readonly secret: string
  readonly keyFile: string
  /** Label of the quorum. */
  readonly nodesAgree: readonly [of: string, mustAgree: string]
  readonly nodesOf: string
  readonly mainNodes: string
  /** Label of the position of a recovery word. */
  readonly word: string
  readonly save: string
  readonly steps: Readonly<
    Record<
      | 'unlock'
      | 'openForWords'
      | 'openFile'
      | 'openForAccount'
      | 'make'
      | 'seal'
      | 'secret'
      | 'keyFile'
      | 'words'
      | 'wordsAgain'
      | 'saveFile'
      | 'nodes',
      Step
    >
  >
  readonly complaints: Readonly<Record<Complaint, string>>
  readonly nothing: string
  readonly nothingNote: string
  readonly agreed: string
  readonly notAgreed: string
  readonly more: string
  readonly over: string
  readonly overNote: string
  readonly elsewhere: string
  readonly close: string
  readonly here: string
}

const en: ConfirmWords = {
  window: 'Asterism: confirm',
  practice: 'Practice network: nothing of value moves.',
  real: 'This is a real network: what is sent cannot be taken back.',
  network: 'network',
  account: 'account',
  told: 'What the chain says of it',
  type: ['Type', 'to agree:'],
  sign: 'Sign',
  doNotSign: 'Do not sign',
  passphrase: 'Pass phrase of',
  newPassphrase: 'New pass phrase',
  again: 'The same again',
  secret: 'Words of the wallet, in their order, or its private key',
  keyFile: 'Key file (keystore version 3)',
  nodesAgree: ['Of these,', 'must say the same:'],
  nodesOf: 'Nodes of',
  mainNodes:
    'Money of value moves on this network. Take several nodes of different people, so that none of them alone can deceive you.',
  word: 'Word',
  save: 'Save the key file',
  steps: {
    unlock: {
      title: 'Unlock the wallet',
      note: 'The pass phrase goes to the process that holds keys and nowhere else. What is signed is shown after this.',
      yes: 'Unlock',
      no: 'Not now',
    },
    openForWords: {
      title: 'Back the wallet up',
      note: 'Its words are shown after this. Look whether anybody is watching your screen.',
      yes: 'Show the words',
      no: 'Not now',
    },
    openFile: {
      title: 'Bring a wallet from a file',
      note: 'The pass phrase of the file opens it, and will be the one of the wallet here.',
      yes: 'Import',
      no: 'Not now',
    },
    openForAccount: {
      title: 'Another account of the same words',
      note: 'The next account that follows from the words of this wallet, under the same pass phrase. A backup of the words holds it too.',
      yes: 'Make the account',
      no: 'Not now',
    },
    make: {
      title: 'A new wallet',
      note: 'Choose a pass phrase of 12 characters or more: several words that belong together only for you. It encrypts the key on this machine; nobody can reset it.',
      yes: 'Make the wallet',
      no: 'Not now',
    },
    seal: {
      title: 'A pass phrase for the wallet',
      note: 'It encrypts the key on this machine from now on: 12 characters or more, and nobody can reset it.',
      yes: 'Import',
      no: 'Not now',
    },
    secret: {
      title: 'Bring a wallet by its words',
      note: 'Twelve to twenty-four words, or a private key. Only type them if they are yours: whoever knows them owns what the wallet holds.',
      yes: 'Go on',
      no: 'Not now',
    },
    keyFile: {
      title: 'Bring a wallet from a file',
      note: 'A keystore file of this or another program. It is read by this page only; the studio never sees it.',
      yes: 'Go on',
      no: 'Not now',
    },
    words: {
      title: 'The words of your wallet',
      note: 'Write them on paper, in this order. Whoever has them has the wallet; without them it is lost with this machine. They are not copied anywhere.',
      yes: 'I have written them down',
      no: 'Later',
    },
    wordsAgain: {
      title: 'Some of the words again',
      note: 'Read them from your paper. Before this is done the wallet signs on no main network.',
      yes: 'Check',
      no: 'Later',
    },
    nodes: {
      title: 'Take the word of other nodes',
      note: 'From now on, what is on this network is what these servers say: whose a work is, what it costs, who leases it. They learn your address. They can sign nothing.',
      yes: 'Take their word',
      no: 'Leave it as it was',
    },
    saveFile: {
      title: 'Take the key file with you',
      note: 'The file is encrypted by the pass phrase of the wallet, and opens in every Ethereum wallet. Keep the pass phrase elsewhere.',
      yes: 'Done',
      no: 'Not now',
    },
  },
  complaints: {
    different: 'The two are not the same.',
    short: 'This is too short: 12 characters at least.',
    simple: 'This is easily guessed: it is a row of keys, or a few characters over and over.',
    wrongPassphrase: 'This is not its pass phrase.',
    wrongWords: 'These are not the words of this wallet. Look at your paper again.',
    noKey: 'This is neither a private key nor a whole phrase of words, spelt as it was given.',
    noKeyFile: 'This is not a keystore of version 3, with scrypt or PBKDF2.',
    wrongName: 'This is not what was to be typed.',
  },
  nothing: 'Nothing to confirm now',
  nothingNote:
    'This page shows what is to be signed as soon as there is something. When the studio says that it is done you can close it.',
  agreed: 'Agreed.',
  notAgreed: 'Not agreed.',
  more: 'Looking whether there is more…',
  over: 'This is no longer asked',
  overNote: 'It was answered before, was given up, or had waited too long. The studio says what became of it.',
  elsewhere: 'This goes on in a newer window',
  close: 'You can close this one.',
  here: 'Go on here instead',
}

const de: ConfirmWords = {
  window: 'Asterism: bestätigen',
  practice: 'Übungsnetz: nichts von Wert wird bewegt.',
  real: 'Dies ist ein echtes Netz: Was gesendet ist, lässt sich nicht zurücknehmen.',
  network: 'Netz',
  account: 'Konto',
  told: 'Was die Kette dazu sagt',
  type: ['Zum Zustimmen', 'eintippen:'],
  sign: 'Signieren',
  doNotSign: 'Nicht signieren',
  passphrase: 'Passphrase von',
  newPassphrase: 'Neue Passphrase',
  again: 'Noch einmal dieselbe',
  secret: 'Wörter der Wallet in ihrer Reihenfolge, oder ihr privater Schlüssel',
  nodesAgree: ['Von diesen müssen', 'dasselbe sagen:'],
  nodesOf: 'Knoten von',
  mainNodes:
    'In diesem Netz bewegt sich Geld. Nehmen Sie mehrere Knoten verschiedener Betreiber, damit keiner allein Sie täuschen kann.',
  keyFile: 'Schlüsseldatei (Keystore Version 3)',
  word: 'Wort',
  save: 'Schlüsseldatei sichern',
  steps: {
    unlock: {
      title: 'Wallet entsperren',
      note: 'Die Passphrase geht an den Prozess, der die Schlüssel hält, und nirgends sonst hin. Was signiert wird, ist danach zu sehen.',
      yes: 'Entsperren',
      no: 'Jetzt nicht',
    },
    openForWords: {
      title: 'Wallet sichern',
      note: 'Danach werden ihre Wörter gezeigt. Achten Sie darauf, ob jemand auf Ihren Bildschirm sieht.',
      yes: 'Wörter zeigen',
      no: 'Jetzt nicht',
    },
    openFile: {
      title: 'Wallet aus einer Datei holen',
      note: 'Die Passphrase der Datei öffnet sie und wird hier die der Wallet.',
      yes: 'Holen',
      no: 'Jetzt nicht',
    },
    openForAccount: {
      title: 'Ein weiteres Konto derselben Wörter',
      note: 'Das nächste Konto, das aus den Wörtern dieser Wallet folgt, unter derselben Passphrase. Wer die Wörter gesichert hat, hat auch dieses gesichert.',
      yes: 'Konto anlegen',
      no: 'Jetzt nicht',
    },
    make: {
      title: 'Eine neue Wallet',
      note: 'Wählen Sie eine Passphrase von mindestens 12 Zeichen: mehrere Wörter, die nur für Sie zusammengehören. Sie verschlüsselt den Schlüssel auf diesem Rechner; niemand kann sie zurücksetzen.',
      yes: 'Wallet anlegen',
      no: 'Jetzt nicht',
    },
    seal: {
      title: 'Eine Passphrase für die Wallet',
      note: 'Sie verschlüsselt den Schlüssel von nun an auf diesem Rechner: mindestens 12 Zeichen, und niemand kann sie zurücksetzen.',
      yes: 'Holen',
      no: 'Jetzt nicht',
    },
    secret: {
      title: 'Wallet mit ihren Wörtern holen',
      note: 'Zwölf bis vierundzwanzig Wörter oder ein privater Schlüssel. Tippen Sie nur Ihre eigenen ein: Wer sie kennt, dem gehört, was die Wallet hält.',
      yes: 'Weiter',
      no: 'Jetzt nicht',
    },
    keyFile: {
      title: 'Wallet aus einer Datei holen',
      note: 'Eine Keystore-Datei dieses oder eines anderen Programms. Nur diese Seite liest sie; das Studio sieht sie nie.',
      yes: 'Weiter',
      no: 'Jetzt nicht',
    },
    words: {
      title: 'Die Wörter Ihrer Wallet',
      note: 'Schreiben Sie sie in dieser Reihenfolge auf Papier. Wer sie hat, hat die Wallet; ohne sie ist sie mit diesem Rechner verloren. Sie werden nirgendwohin kopiert.',
      yes: 'Ich habe sie aufgeschrieben',
      no: 'Später',
    },
    wordsAgain: {
      title: 'Einige der Wörter noch einmal',
      note: 'Lesen Sie sie von Ihrem Papier ab. Vorher signiert die Wallet in keinem Hauptnetz.',
      yes: 'Prüfen',
      no: 'Später',
    },
    nodes: {
      title: 'Anderen Knoten glauben',
      note: 'Von jetzt an gilt in diesem Netz, was diese Server sagen: wem ein Werk gehört, was es kostet, wer es mietet. Sie erfahren Ihre Adresse. Signieren können sie nichts.',
      yes: 'Ihnen glauben',
      no: 'Lassen, wie es war',
    },
    saveFile: {
      title: 'Schlüsseldatei mitnehmen',
      note: 'Die Datei ist mit der Passphrase der Wallet verschlüsselt und lässt sich in jeder Ethereum-Wallet öffnen. Bewahren Sie die Passphrase woanders auf.',
      yes: 'Fertig',
      no: 'Jetzt nicht',
    },
  },
  complaints: {
    different: 'Die beiden sind nicht gleich.',
    short: 'Das ist zu kurz: mindestens 12 Zeichen.',
    simple: 'Das ist leicht zu erraten: eine Reihe von Tasten, oder wenige Zeichen immer wieder.',
    wrongPassphrase: 'Das ist nicht ihre Passphrase.',
    wrongWords: 'Das sind nicht die Wörter dieser Wallet. Sehen Sie noch einmal auf Ihr Papier.',
    noKey: 'Das ist weder ein privater Schlüssel noch eine vollständige Folge von Wörtern in ihrer Schreibweise.',
    noKeyFile: 'Das ist kein Keystore der Version 3 mit scrypt oder PBKDF2.',
    wrongName: 'Das ist nicht, was einzutippen war.',
  },
  nothing: 'Gerade ist nichts zu bestätigen',
  nothingNote:
    'Diese Seite zeigt, was zu signieren ist, sobald es etwas gibt. Wenn das Studio meldet, dass es fertig ist, können Sie sie schließen.',
  agreed: 'Zugestimmt.',
  notAgreed: 'Nicht zugestimmt.',
  more: 'Es wird nachgesehen, ob noch etwas kommt…',
  over: 'Das wird nicht mehr gefragt',
  overNote:
    'Es wurde schon beantwortet, aufgegeben oder hat zu lange gewartet. Das Studio sagt, was daraus geworden ist.',
  elsewhere: 'Das geht in einem neueren Fenster weiter',
  close: 'Dieses hier können Sie schließen.',
  here: 'Stattdessen hier weitermachen',
}

export const CONFIRM_WORDS: Readonly<Record<Language, ConfirmWords>> = { en, de }
