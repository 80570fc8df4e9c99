/** The JSON files of a model that a person brought, read with care. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

/** The tokenizers of large models have some 40 MB. */
const MOST_BYTES = 100e6

/** @throws AsterismError `corrupt_file` naming the file and what is wrong with it */
export async function readModelText<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(folder, name)
  const bad = (why: string): AsterismError =>
    new AsterismError('corrupt_file', say('model.unusableFile', { name, why }), {
      path,
      fix: say('model.fix.removeAndOther'),
    })
  let content: unknown
  try {
    if ((await stat(path)).size > MOST_BYTES) throw new RangeError('it is too large')
    content = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw bad(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}
