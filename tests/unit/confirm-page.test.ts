/** What the page of the confirmation says: of itself, in the languages of the program, whatever the window would like. */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { preferencesPath, preferredLanguage } from '../../electron/engine/preferred-language.ts'
import {
  answeredPage,
  CONFIRM_HEADERS,
  elsewherePage,
  overPage,
  questionPage,
  waitingPage,
} from '../../electron/hosts/confirm-page.ts'
import { judgeTransaction } from '../../electron/engine/chain/signer/transaction-policy.ts'
import { state } from '../../electron/engine/chain/signer/statements.ts'
import { STATEMENTS_IN } from '../../electron/hosts/confirm-statements.ts'
import { CONFIRM_WORDS } from '../../electron/hosts/confirm-words.ts'
import type { Question } from '../../electron/hosts/question.ts'
import { LANGUAGES } from '../../shared/language.ts'
import { fixedAmount } from '../../shared/sayings/amounts.ts'
import { because, type Message } from '../../shared/sayings/saying.ts'
import { mintTransaction, PLANTED_ADDRESS, TOKEN_ID } from '../fixtures/chain/signing.ts'

const HOSTILE = '"><script>alert(1)</script>\u202eHTE 1\u001b'
const questions: readonly Question[] = [
  {
    kind: 'sign',
    request: {
      title: HOSTILE,
      words: [HOSTILE],
      fields: [{ name: HOSTILE, value: HOSTILE }],
      network: HOSTILE,
      account: HOSTILE,
      practice: false,
      toBeTyped: HOSTILE,
      stated: {
        title: state('signIn.title', { server: HOSTILE }),
        words: [state('list', { title: HOSTILE, what: state('mint.one', { work: HOSTILE }) })],
        fields: [{ name: HOSTILE, value: HOSTILE }],
        network: HOSTILE,
      },
      told: [because('chain.terms.licence', { licence: HOSTILE, training: HOSTILE })],
    },
  },
  { kind: 'passphrase', address: HOSTILE, purpose: 'unlock', complaint: 'wrongPassphrase' },
  { kind: 'newPassphrase', purpose: 'new', complaint: 'short' },
  { kind: 'newPassphrase', purpose: 'import' },
  { kind: 'secret', complaint: 'noKey' },
  { kind: 'keyFile' },
  { kind: 'words', address: HOSTILE, words: [HOSTILE] },
  { kind: 'wordsAgain', address: HOSTILE, places: [2, 7] },
  { kind: 'nodes', network: HOSTILE, origins: [HOSTILE], quorum: 2, isMain: true },
  { kind: 'saveFile', address: HOSTILE, fileName: HOSTILE, json: HOSTILE },
]

describe('the page of the confirmation', () => {
  it.each(questions)('shows text as text, of a question $kind', (question) => {
    for (const language of LANGUAGES) {
      const page = questionPage(question, 'nonce', language)
      expect(page).not.toContain('<script')
      // What turns round what stands beside it would make another amount of it.
      expect(page).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
      expect(page).toContain(`<html lang="${language}">`)
      // What is typed is remembered by no browser: of every field that a person fills in.
      for (const [field] of page.matchAll(/<(?:input|textarea)[^>]*>/g))
        expect(field).toMatch(/type="(hidden|file)"|autocomplete="off"/)
    }
  })

  it('speaks the language of the window, with words of its own for everything', () => {
    expect(questionPage(questions[1]!, '', 'de')).toContain('Wallet entsperren')
    expect(questionPage(questions[1]!, '', 'de')).toContain('Das ist nicht ihre Passphrase.')
    expect(waitingPage('de') + answeredPage(true, 'de')).not.toMatch(/Nothing|Agreed/)
    expect(overPage('de') + elsewherePage('de')).not.toMatch(/window|asked/)
    const wordsOf = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : Object.values(value as object).flatMap(wordsOf)
    const [english, german] = [CONFIRM_WORDS.en, CONFIRM_WORDS.de].map(wordsOf)
    expect(german).toHaveLength(english!.length)
    german!.forEach((text, n) => expect(text).not.toBe(english![n]))
  })

  it('states what is signed in the language of the person, every value of it', () => {
    const { description } = judgeTransaction(mintTransaction(PLANTED_ADDRESS), {
      address: PLANTED_ADDRESS,
      practiceOnly: false,
    })
    const german = questionPage({ kind: 'sign', request: description }, 'nonce', 'de')
    expect(german).toContain(`<li>Die SHA-256 seiner Metadaten ist ${TOKEN_ID.slice(2)}.`)
    expect(german).toContain('<dt>höchste Gebühr je Gas</dt><dd>3,0 gwei</dd>')
    expect(german).toContain('<dd>Übungsnetz auf diesem Rechner</dd>')
    // A point would make a thousand of it; a name is what is signed.
    const stated = {
      ...description.stated,
      words: [state('contribution', { percent: '1.409', model: '3.5', benchmark: '1.5 ETH', work: 'w' })],
      fields: [{ name: 'model', value: '1.5 ETH' }],
    }
    const amounts = questionPage({ kind: 'sign', request: { ...description, stated } }, 'nonce', 'de')
    expect(amounts).toContain('1,409 % zum Ergebnis von „3.5“ bei „1.5 ETH“')
    expect(amounts).toContain('<dd>1.5 ETH</dd>')
    // What is known besides the bytes stands apart from what the signer states, in the same language.
    const told = [
      because('chain.terms.saleWithoutRoyalty', { price: '0.5 ETH', seller: PLANTED_ADDRESS }),
      because('chain.terms.resale', { percent: fixedAmount(2.5, 2), receiver: PLANTED_ADDRESS }),
      because('chain.owed', { owed: '1.5 ETH' }),
    ]
    const bought = questionPage({ kind: 'sign', request: { ...description, told } }, 'nonce', 'de')
    expect(bought).toContain(
      `<h2>Was die Kette dazu sagt</h2><ul><li>Preis: 0,5 ETH, jetzt zu zahlen; ${PLANTED_ADDRESS}`,
    )
    expect(bought).toContain('gehen 2,50 % des Preises')
    expect(bought).toContain('<li>Der Markt schuldet Ihnen 1,5 ETH.</li>')
    const english = questionPage({ kind: 'sign', request: description }, 'nonce', 'en')
    for (const text of [description.title, description.network, ...description.words]) {
      expect(english).toContain(`>${text}<`)
      expect(german).not.toContain(text)
    }
    const slotsOf = (message: Message): string[] => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort()
    for (const [code, message] of Object.entries<Message>(STATEMENTS_IN.en)) {
      const translated: Message = STATEMENTS_IN.de[code as keyof typeof STATEMENTS_IN.de]
      expect(slotsOf(translated), code).toEqual(slotsOf(message))
      if (JSON.stringify(message).length > 30) expect(translated, code).not.toEqual(message)
    }
  })

  it('has words for all that is told beside what is signed', () => {
    const folder = join(import.meta.dirname, '../../electron/engine/chain')
    const told = globSync('**/*.ts', { cwd: folder }).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/because\(\s*'(chain\.[\w.]+)'/g)].map(([, code]) => code!),
    )
    expect(told.length).toBeGreaterThan(10)
    for (const code of told) expect(Object.keys(STATEMENTS_IN.en), code).toContain(code)
  })

  it('lets a window choose among the known languages, and nothing of the words', async () => {
    const home = mkdtempSync(join(tmpdir(), 'asterism-language-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    expect(await preferredLanguage(home)).toBe('en')
    const kept = async (text: string): Promise<string> => {
      writeFileSync(preferencesPath(home), text)
      return await preferredLanguage(home)
    }
    expect(await kept('{"language":"de","theme":"light"}')).toBe('de')
    for (const hostile of ['"><script>', 'pseudo', '../../de', 'constructor', '__proto__', 1, ['de'], { de: 1 }])
      expect(await kept(JSON.stringify({ language: hostile }))).toBe('en')
    expect(await kept('{"language":"de"')).toBe('en')
  })

  it('fetches nothing and runs nothing, by its headers', () => {
    expect(CONFIRM_HEADERS['Content-Security-Policy']).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
  })
})
