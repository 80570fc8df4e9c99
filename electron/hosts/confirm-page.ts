/**
 * The confirmation page. It has its own origin without any other code, so nothing in the studio's window can press its
 * button or see what is typed and shown there. It is built from text only; every value is escaped.
 */
import type { SigningDescription, StatedField } from '../engine/chain/signer/description.ts'
import type { WalletQuestion } from '../engine/chain/wallet-questions.ts'
import type { Language } from '../../shared/language.ts'
import { amountWords, type Decimals } from '../../shared/sayings/amounts.ts'
import { wordingIn, type Wording } from '../../shared/sayings/saying.ts'
import { visibleText } from '../../shared/visible-text.ts'
import { STATEMENTS_IN } from './confirm-statements.ts'
import { CONFIRM_STYLE } from './confirm-style.ts'
import { CONFIRM_WORDS, type ConfirmWords } from './confirm-words.ts'
import type { Question } from './question.ts'

export const CONFIRM_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
}

/**
 * What a page requests, relative to its own address. An answered page requests the next question; it gets it as soon as
 * there is one, or a page that waits.
 */
export const ANSWER = 'answer'
export const NEXT = 'next'
const refresh = (afterSeconds: number, path: string): string =>
  `<meta http-equiv="refresh" content="${afterSeconds}; url=${path}">`

function escape(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

function page(language: Language, body: string, head = ''): string {
  const title = CONFIRM_WORDS[language].window
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>${title}</title><style>${CONFIRM_STYLE}</style></head><body><main>${body}</main></body></html>`
}

interface Buttons {
  readonly yes: string
  readonly no: string
  /** What the user fills in before agreeing. */
  readonly fields?: string
}

/**
 * Two forms of one button each, side by side. The focus starts in a field or on the refusing button, never on the
 * agreeing one.
 */
function buttons(nonce: string, { yes, no, fields }: Buttons): string {
  const form = (verdict: 'sign' | 'refuse', inside: string): string =>
    `<form id="${verdict}" method="post" action="${ANSWER}" enctype="multipart/form-data" autocomplete="off"><input type="hidden" name="nonce" value="${nonce}"><input type="hidden" name="verdict" value="${verdict}">${inside}</form>`
  const button = (verdict: 'sign' | 'refuse', label: string, focus = ''): string =>
    `<button class="${verdict}" form="${verdict}"${focus}>${label}</button>`
  return `${form('sign', fields ?? '')}${form('refuse', '')}<div class="verdicts">${button('sign', yes)}${button('refuse', no, fields ? '' : ' autofocus')}</div>`
}

/** The browser must not remember, correct or complete anything typed here. */
const PRIVATE = 'autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" required'

const field = (label: string, input: string): string => `<label class="field"><span>${label}</span>${input}</label>`
const secretField = (label: string, name: string, focus = ''): string =>
  field(label, `<input type="password" name="${name}" ${PRIVATE}${focus}>`)

/** Slots that are amounts; the others are names, shown exactly as signed. */
const AMOUNTS: ReadonlySet<string> = new Set([
  'percent',
  'stars',
  'low',
  'high',
  'fees',
  'value',
  'price',
  'owed',
  'due',
  'rest',
  'royalty',
  'whole',
])

/** Amounts as the language writes them: to a German reader 1.409 % is more than a thousand. */
function withDecimals(wording: Wording, language: Language): Wording {
  if (language !== 'de') return wording
  const comma = (text: string): string => text.replace(/^\d+\.\d+/, (number) => number.replace('.', ','))
  if (typeof wording === 'string') return /^[\d.]+ (ETH|gwei)$/.test(wording) ? comma(wording) : wording
  const amount = amountWords(wording, germanDecimals)
  if (amount !== undefined) return amount
  const slots = Object.entries(wording.slots ?? {}).map(([name, value]) => {
    if (typeof value === 'object') return [name, withDecimals(value, language)] as const
    return [name, typeof value === 'string' && AMOUNTS.has(name) ? comma(value) : value] as const
  })
  return { ...wording, slots: Object.fromEntries(slots) }
}

const germanDecimals: Decimals = (value, digits) => value.toFixed(digits).replace('.', ',')

function signingBody({ stated, told = [], ...request }: SigningDescription, nonce: string, language: Language): string {
  const words = CONFIRM_WORDS[language]
  const say = (wording: Wording): string => escape(wordingIn(STATEMENTS_IN[language], withDecimals(wording, language)))
  const lines = stated.words.map((line) => `<li>${say(line)}</li>`).join('')
  const besides = told.map(({ said }) => `<li>${say(said)}</li>`).join('')
  const saidBesides = besides && `<h2>${words.told}</h2><ul>${besides}</ul>`
  const valueOf = ({ name, value }: StatedField): string =>
    // Lines named after a contract argument are shown verbatim.
    typeof name === 'string' && typeof value === 'string' ? escape(value) : say(value)
  const facts = stated.fields.map((field) => `<dt>${say(field.name)}</dt><dd>${valueOf(field)}</dd>`).join('')
  const { toBeTyped } = request
  const [before, after] = words.type
  const fields =
    toBeTyped === undefined
      ? undefined
      : field(`${before} <strong>${escape(toBeTyped)}</strong> ${after}`, `<input name="typed" ${PRIVATE} autofocus>`)
  return `<h1>${say(stated.title)}</h1><p class="note ${request.practice ? 'practice' : 'real'}">${request.practice ? words.practice : words.real}</p><ul>${lines}</ul>${saidBesides}
     <dl><dt>${words.network}</dt><dd>${say(stated.network)}</dd><dt>${words.account}</dt><dd>${escape(request.account)}</dd>${facts}</dl>
     ${buttons(nonce, { yes: words.sign, no: words.doNotSign, ...(fields ? { fields } : {}) })}`
}

type StepName = keyof ConfirmWords['steps']

/** The words of a question, what is shown below them, and what is filled in. */
function stepOf(question: WalletQuestion, words: ConfirmWords): { step: StepName; shown?: string; fields?: string } {
  switch (question.kind) {
    case 'passphrase': {
      const step = ({ unlock: 'unlock', words: 'openForWords', file: 'openFile', derive: 'openForAccount' } as const)[
        question.purpose
      ]
      const label = `${words.passphrase} <span class="address">${escape(question.address)}</span>`
      return { step, fields: secretField(label, 'passphrase', ' autofocus') }
    }
    case 'newPassphrase': {
      const first = secretField(words.newPassphrase, 'passphrase', ' autofocus')
      return { step: question.purpose === 'new' ? 'make' : 'seal', fields: first + secretField(words.again, 'again') }
    }
    case 'secret':
      return {
        step: 'secret',
        fields: field(words.secret, `<textarea name="secret" rows="4" ${PRIVATE} autofocus></textarea>`),
      }
    case 'keyFile':
      return {
        step: 'keyFile',
        fields: field(
          words.keyFile,
          '<input type="file" name="file" accept=".json,application/json" required autofocus>',
        ),
      }
    case 'words': {
      const items = question.words.map((word) => `<li>${escape(word)}</li>`).join('')
      return {
        step: 'words',
        shown: `<p class="address">${escape(question.address)}</p><ol class="words">${items}</ol>`,
      }
    }
    case 'wordsAgain': {
      const fields = question.places.map((place, n) =>
        field(`${words.word} ${place}`, `<input name="word-${place}" ${PRIVATE}${n === 0 ? ' autofocus' : ''}>`),
      )
      return { step: 'wordsAgain', fields: `<div class="grid">${fields.join('')}</div>` }
    }
    case 'nodes': {
      const [of, mustAgree] = words.nodesAgree
      const origins = question.origins.map((origin) => `<li class="address">${escape(origin)}</li>`).join('')
      const main = question.isMain ? `<p class="note real">${words.mainNodes}</p>` : ''
      const head = `<h2>${words.nodesOf} ${escape(question.network)}</h2><p>${of} ${question.quorum} ${mustAgree}</p>`
      return { step: 'nodes', shown: `${main}${head}<ul>${origins}</ul>` }
    }
    case 'saveFile': {
      // A link that contains its file: nothing is requested, and no other page can get it.
      const href = `data:application/json;base64,${Buffer.from(question.json).toString('base64')}`
      const link = `<a class="save" download="${escape(question.fileName)}" href="${href}">${words.save}</a>`
      return { step: 'saveFile', shown: `<p class="address">${escape(question.address)}</p><p>${link}</p>` }
    }
  }
}

function walletBody(question: WalletQuestion, nonce: string, words: ConfirmWords): string {
  const { step, shown = '', fields } = stepOf(question, words)
  const { title, note, yes, no } = words.steps[step]
  return `<h1>${title}</h1><p class="note">${note}</p>${shown}${buttons(nonce, { yes, no, ...(fields ? { fields } : {}) })}`
}

/** @param nonce ties the answer to exactly what is shown here */
export function questionPage(question: Question, nonce: string, language: Language): string {
  const words = CONFIRM_WORDS[language]
  const { complaint } = question
  const said = complaint === undefined ? '' : `<p class="complaint" role="alert">${words.complaints[complaint]}</p>`
  const body =
    question.kind === 'sign' ? signingBody(question.request, nonce, language) : walletBody(question, nonce, words)
  return page(language, said + body)
}

export function waitingPage(language: Language): string {
  const { nothing, nothingNote } = CONFIRM_WORDS[language]
  return page(language, `<h1>${nothing}</h1><p class="note">${nothingNote}</p>`, refresh(1, './'))
}

/** The same window then requests the next question, since a job may have several. */
export function answeredPage(agreed: boolean, language: Language): string {
  const words = CONFIRM_WORDS[language]
  return page(
    language,
    `<h1>${agreed ? words.agreed : words.notAgreed}</h1><p class="note">${words.more}</p>`,
    refresh(0, NEXT),
  )
}

/** Shown when nobody waits for the answer any more: it was answered before, given up, or timed out. */
export function overPage(language: Language): string {
  const { over, overNote } = CONFIRM_WORDS[language]
  return page(language, `<h1>${over}</h1><p class="note">${overNote}</p>`, refresh(4, NEXT))
}

/**
 * The end of a question page for the case that a newer window opened while it was sent: it asks again and learns of it.
 */
export const NEWER_WINDOW = refresh(0, './')

/** Shown in a window that a newer one replaced: a question is shown only where the user looks. */
export function elsewherePage(language: Language): string {
  const { elsewhere, close, here } = CONFIRM_WORDS[language]
  return page(language, `<h1>${elsewhere}</h1><p class="note">${close}</p><p><a href="/">${here}</a></p>`)
}
