/** Tokens for the paths that a host showed to the engine; the window never sees a path. */
import { randomBytes } from 'node:crypto'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

export class FileTokens {
  readonly #pathOf = new Map<string, string>()
  readonly #tokenOf = new Map<string, string>()

  /** The token of an absolute path; it stays the same as long as the engine runs. */
  grant(path: string): string {
    const known = this.#tokenOf.get(path)
    if (known) return known
    const token = `file-${randomBytes(16).toString('hex')}`
    this.#pathOf.set(token, path)
    this.#tokenOf.set(path, token)
    return token
  }

  /** @throws AsterismError not_found for a token that was never granted. */
  resolve(token: string): string {
    const path = this.#pathOf.get(token)
    if (!path) throw new AsterismError('not_found', say('file.notOpened'), { fix: say('file.fix.chooseAgain') })
    return path
  }
}
