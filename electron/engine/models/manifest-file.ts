/** A file that says what a model is made of and where each part is to be had. */
import { readFile, stat } from 'node:fs/promises'
import { modelManifestSchema, type ModelManifest } from '../../../shared/contract/models.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { fileError } from '../file-errors.ts'
import { assertSafePaths } from './brought.ts'
import { assertFetchable } from './download.ts'

const LARGEST_BYTES = 1e6

/** @throws AsterismError `bad_input` naming what is wrong with it */
export async function readManifest(path: string): Promise<ModelManifest> {
  const parsed = modelManifestSchema.safeParse(await contentOf(path))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.join('.')
    throw new AsterismError('bad_input', say('model.noManifest', { why: `${where || 'it'} ${issue?.message ?? ''}` }), {
      path,
    })
  }
  assertSafePaths(parsed.data)
  for (const { url } of parsed.data.files) assertFetchable(url)
  return parsed.data
}

async function contentOf(path: string): Promise<unknown> {
  try {
    if ((await stat(path)).size > LARGEST_BYTES)
      throw new AsterismError('too_large', say('model.largeManifest'), { path })
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new AsterismError('bad_input', say('model.manifestNotJson'), { path })
    throw fileError(error, path)
  }
}
