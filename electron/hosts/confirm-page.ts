/**
 * The confirmation page: an origin of its own that holds no other code, so that nothing in the studio's window can
 * press its button. It is made of text only; every value is escaped.
 */
import type { SigningDescription } from '../engine/chain/signer/description.ts'
import type { Question } from './question.ts'

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.2rem; }
  ul { padding-left: 1.2rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; font: 12px/1.5 ui-monospace, monospace; }
  dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
  form { display: inline-block; margin: 0 .6rem .6rem 0; }
  input { font: inherit; padding: .4rem; margin: .4rem 0; }
  button { font: inherit; padding: .5rem 1.2rem; border-radius: .4rem; border: 1px solid; cursor: pointer; }
  .sign { background: #0a7d4f; color: #fff; border-color: #0a7d4f; }
  .note { opacity: .8; }`

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

function refreshAfter(seconds: number, to?: string): string {
  return `<meta http-equiv="refresh" content="${seconds}${to ? `; url=${to}` : ''}">`
}

function page(body: string, refresh = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">${refresh}<title>Asterism: confirm</title><style>${STYLE}</style></head><body>${body}</body></html>`
}

interface Buttons {
  readonly yes: string
  readonly no: string
  /** What the person fills in before the yes. */
  readonly field?: string
}

/** Two forms of one button each; the one that agrees is never where the focus begins, but in a field. */
function buttons(nonce: string, { yes, no, field }: Buttons): string {
  const form = (verdict: 'sign' | 'refuse', label: string, inside: string, focus: string): string =>
    `<form method="post" action="/answer" autocomplete="off"><input type="hidden" name="nonce" value="${nonce}"><input type="hidden" name="verdict" value="${verdict}">${inside}<button class="${verdict}"${focus}>${label}</button></form>`
  return `<p>${form('sign', yes, field ?? '', '')}${form('refuse', no, '', field ? '' : ' autofocus')}</p>`
}

function signingBody(request: SigningDescription, nonce: string): string {
  const words = request.words.map((word) => `<li>${escape(word)}</li>`).join('')
  const fields = request.fields.map((field) => `<dt>${escape(field.name)}</dt><dd>${escape(field.value)}</dd>`).join('')
  const note = request.practice
    ? 'Practice network: nothing of value moves.'
    : 'This is a real network: what is sent cannot be taken back.'
  const { toBeTyped } = request
  const field =
    toBeTyped === undefined
      ? undefined
      : `<label>Type <strong>${escape(toBeTyped)}</strong> to agree: <input name="typed" required autofocus></label> `
  return `<h1>${escape(request.title)}</h1><p class="note">${note}</p><ul>${words}</ul>
     <dl><dt>network</dt><dd>${escape(request.network)}</dd><dt>account</dt><dd>${escape(request.account)}</dd>${fields}</dl>
     ${buttons(nonce, { yes: 'Sign', no: 'Do not sign', ...(field ? { field } : {}) })}`
}

function passphraseBody(purpose: string, nonce: string): string {
  const field = `<label>${escape(purpose)} <input type="password" name="passphrase" required autofocus></label> `
  return `<h1>Unlock the wallet</h1><p class="note">The pass phrase goes to the process that holds keys and nowhere else. What is signed is shown after this.</p>
     ${buttons(nonce, { yes: 'Unlock', no: 'Not now', field })}`
}

/** @param nonce ties the answer to exactly what is shown here */
export function questionPage(question: Question, nonce: string): string {
  return page(question.kind === 'sign' ? signingBody(question.request, nonce) : passphraseBody(question.purpose, nonce))
}

export const waitingPage = page(
  '<h1>Nothing to confirm now</h1><p class="note">This page shows what is to be signed as soon as there is something. When the studio says that it is done you can close it.</p>',
  refreshAfter(1),
)

/** @param next where the same window asks the next question, for work that has several; null when it is done after one */
export const answeredPage = (agreed: boolean, next: string | null = null): string =>
  page(
    `<h1>${agreed ? 'Agreed.' : 'Not agreed.'}</h1><p class="note">${next ? 'Looking whether there is more…' : 'You can close this window.'}</p>`,
    next ? refreshAfter(1, next) : '',
  )
