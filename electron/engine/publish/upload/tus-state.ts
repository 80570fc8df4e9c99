/**
 * Which uploads are under way where, in one small file of our own. It is written to a temporary name and renamed, so
 * that a process killed while writing loses nothing of what was known.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { fileError, isMissing, withFileErrors } from '../file-errors.ts'

const stateSchema = z.object({
  format: z.literal('asterism-uploads/1'),
  uploads: z.record(z.string(), z.object({ url: z.string(), bytes: z.number(), startedAt: z.string() })),
})
type State = z.infer<typeof stateSchema>

export class TusState {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** The URL of an upload that was begun, or null. */
  async find(key: string): Promise<string | null> {
    return (await this.#read()).uploads[key]?.url ?? null
  }

  async remember(key: string, url: string, bytes: number): Promise<void> {
    const state = await this.#read()
    state.uploads[key] = { url, bytes, startedAt: new Date().toISOString() }
    await this.#write(state)
  }

  async forget(key: string): Promise<void> {
    const state = await this.#read()
    delete state.uploads[key]
    await this.#write(state)
  }

  async #read(): Promise<State> {
    try {
      const parsed = stateSchema.safeParse(JSON.parse(await readFile(this.#path, 'utf8')))
      // Without a readable state an upload begins anew: slower, never wrong.
      return parsed.success ? parsed.data : { format: 'asterism-uploads/1', uploads: {} }
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return { format: 'asterism-uploads/1', uploads: {} }
      throw fileError(error, this.#path)
    }
  }

  async #write(state: State): Promise<void> {
    const part = `${this.#path}.${process.pid}.part`
    await withFileErrors(this.#path, async () => {
      await mkdir(dirname(this.#path), { recursive: true })
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
}
