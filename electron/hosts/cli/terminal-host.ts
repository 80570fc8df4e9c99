/** What the engine may ask of a terminal: a pass phrase without echo, and a yes to what is to be signed. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { AsterismError } from '../../../shared/errors.ts'
import type { EngineHost } from '../../engine/session.ts'
import { readNamedFile } from './named-files.ts'

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

function passphraseFromFile(path: string): string {
  const text = readNamedFile(path).replace(/\r?\n$/, '')
  if (!text) throw new AsterismError('bad_input', `The file named by ${PASSPHRASE_FILE} is empty.`, { path })
  return text
}

/** @param purpose what it is the pass phrase of */
export async function askOnTerminal(purpose: string, signal: AbortSignal): Promise<string> {
  const file = process.env[PASSPHRASE_FILE]
  if (file) return passphraseFromFile(file)
  if (!process.stdin.isTTY) {
    throw new AsterismError('bad_input', 'A pass phrase is needed and there is no terminal to ask on.', {
      fix: `Name a file that holds it in ${PASSPHRASE_FILE}.`,
    })
  }
  return await ask(`${purpose}: `, false, signal)
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
        ...request.fields.map((field) => `    ${field.name}: ${field.value}`),
        `  network: ${request.network}   account: ${request.account}`,
      ]
      process.stderr.write(`${lines.join('\n')}\n`)
      // The practice chain holds nothing of value; everywhere else a person must be there to say yes.
      if (request.practice) return true
      if (!process.stdin.isTTY) return false
      const { toBeTyped = 'sign' } = request
      const answer = await ask(`Sign this? Type "${toBeTyped}" to agree: `, true, signal)
      return answer.trim() === toBeTyped
    },
  }
}
