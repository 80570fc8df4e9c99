/**
 * The state of an unfinished upload, one small file each, so that two uploads never overwrite each other. It is written
 * to a temporary name, flushed and renamed: a process killed while writing loses nothing.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { fileError, isMissing, withFileErrors } from '../../file-errors.ts'

export class UploadJournal<T> {
  readonly #path: string
  readonly #directory: string
  readonly #schema: z.ZodType<T>

  /** @param key Text that identifies what is sent where; its digest is the file's name. */
  constructor(directory: string, key: string, schema: z.ZodType<T>) {
    this.#directory = directory
    this.#schema = schema
    this.#path = join(directory, `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`)
  }

  /** The last state, or null. Without a readable journal an upload starts again: slower, never wrong. */
  async read(): Promise<T | null> {
    try {
      const parsed = this.#schema.safeParse(JSON.parse(await readFile(this.#path, 'utf8')))
      return parsed.success ? parsed.data : null
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return null
      throw fileError(error, this.#path)
    }
  }

  async write(state: T): Promise<void> {
    const part = `${this.#path}.${process.pid}.part`
    await withFileErrors(this.#path, async () => {
      await mkdir(this.#directory, { recursive: true })
      const handle = await open(part, 'w', 0o600)
      try {
        await handle.writeFile(JSON.stringify(state))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(part, this.#path)
    })
  }

  async forget(): Promise<void> {
    await withFileErrors(this.#path, () => rm(this.#path, { force: true }))
  }
}
