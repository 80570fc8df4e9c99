/** A file that says what a model is made of and where each part is to be had. */
import { modelManifestSchema, type ModelManifest } from '../../../shared/contract/models.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readNamedFile } from '../named-file.ts'
import { assertSafePaths } from './user-models.ts'
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
  const text = (await readNamedFile(path, LARGEST_BYTES, say('model.largeManifest'))).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new AsterismError('bad_input', say('model.manifestNotJson'), { path })
  }
}
