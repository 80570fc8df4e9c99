/** JSON files of captures, parsed within limits and checked against a schema. */
import { say } from '../../../../shared/sayings/saying.ts'
import type { z } from 'zod'
import { readText } from './byte-stream.ts'
import { corruptFile } from '../refusals.ts'

const MAX_JSON_BYTES = 128 << 20

/** @throws `corrupt_file` naming the first place that does not fit, `too_large`. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const text = await readText(path, MAX_JSON_BYTES, signal)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw corruptFile(path, say('file.jsonCutOff'), error)
  }
  const checked = schema.safeParse(json)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const { message } = issue
  const place = issue.path.join('.')
  throw corruptFile(
    path,
    place === '' ? say('broken.jsonContent', { message }) : say('broken.jsonPlace', { place, message }),
  )
}
