/** What the engine can ask of a terminal: a pass phrase without echo, and consent to a signature. */
import { statSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { AsterismError } from '../../../shared/errors.ts'
import { visibleLine } from '../../../shared/visible-text.ts'
import type { EngineHost } from '../../engine/session.ts'
import { readNamedText } from './named-files.ts'

const PASSPHRASE_FILE = 'ASTERISM_PASSPHRASE_FILE'

async function ask(question: string, echo: boolean, signal: AbortSignal): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const line = createInterface({ input: process.stdin, output: echo ? process.stderr : silent, terminal: true })
  try {
    return await line.question('', { signal })
  } finally {
    line.close()
    if (!echo) process.stderr.write('\n')
  }
}

/**
 * The content of a one-line file. What cannot be typed elsewhere is refused: a wallet made with it could be opened only
 * by this file. @throws AsterismError `bad_input`
 */
export async function passphraseFromFile(path: string): Promise<string> {
  const refuse = (what: string): AsterismError =>
    new AsterismError('bad_input', `The file named by ${PASSPHRASE_FILE} ${what}.`, {
      path,
      fix: 'It holds the pass phrase, in UTF-8, and nothing else.',
    })
  // Some editors start every file with a byte order mark.
  const text = (await readNamedText(path)).replace(/^\uFEFF/, '').replace(/\r?\n$/, '')
  if (!text) throw refuse('is empty')
  if (/[\r\n]/.test(text)) throw refuse('holds several lines')
  if (/[\p{Cc}\uFFFD]/u.test(text)) throw refuse('is no text in UTF-8')
  return text
}

/** @param purpose what it is the pass phrase of */
export async function askOnTerminal(purpose: string, signal: AbortSignal): Promise<string> {
  const file = process.env[PASSPHRASE_FILE]
  if (file) {
    if (isOpenToOthers(file)) process.stderr.write(`warning: others on this machine can read ${file}: chmod 600 it\n`)
    return await passphraseFromFile(file)
  }
  if (!process.stdin.isTTY) {
    throw new AsterismError('bad_input', 'A pass phrase is needed and there is no terminal to ask on.', {
      fix: `Name a file that holds it in ${PASSPHRASE_FILE}.`,
    })
  }
  return await ask(`${purpose}: `, false, signal)
}

/** Typed twice: a typing error would lock the wallet for good. */
export async function askNewOnTerminal(purpose: string, signal: AbortSignal): Promise<string> {
  const first = await askOnTerminal(purpose, signal)
  if (process.env[PASSPHRASE_FILE] || (await askOnTerminal('The same again', signal)) === first) return first
  throw new AsterismError('bad_input', 'The two are not the same.', { kept: 'Nothing was made.' })
}

/** Windows keeps no such bits; what is no file (a pipe of the shell) is nobody else's. */
function isOpenToOthers(path: string): boolean {
  const entry = statSync(path, { throwIfNoEntry: false })
  return process.platform !== 'win32' && entry?.isFile() === true && (entry.mode & 0o044) !== 0
}

export function terminalHost(): EngineHost {
  return {
    async askPassphrase({ address, isWrong }, signal) {
      // A file would give the same again, and a command is typed again as quickly as a pass phrase.
      if (isWrong) throw new AsterismError('wrong_passphrase', 'The pass phrase is not the one of this wallet.')
      return await askOnTerminal(`Pass phrase of ${address}`, signal)
    },

    async confirmSigning(request, signal) {
      const lines = [
        '',
        request.title,
        ...request.words.map((word) => `  ${word}`),
        ...(request.told ?? []).map(({ reason }) => `  ${reason}`),
        ...request.fields.map((field) => `    ${field.name}: ${field.value}`),
        `  network: ${request.network}   account: ${request.account}`,
      ]
      process.stderr.write(`${lines.map(visibleLine).join('\n')}\n`)
      // The practice chain holds nothing of value; everywhere else a person must be present to agree.
      if (request.practice) return true
      if (!process.stdin.isTTY) return false
      const { toBeTyped = 'sign' } = request
      const answer = await ask(`Sign this? Type "${toBeTyped}" to agree: `, true, signal)
      return answer.trim() === toBeTyped
    },
  }
}
